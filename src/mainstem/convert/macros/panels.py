"""Boxes with a colour or a title: panels, messages, decisions, what opens on a click."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, body_of, title_of

_KINDS: Final = frozenset({"info", "note", "tip", "warning", "error", "success"})
_NAMED: Final = {"hint": "tip", "generic": "info", "danger": "error", "critical": "error", "caution": "warning"}


def _panel(macro: Macro, flow: Flow) -> None:
    title = " ".join(filter(None, (macro.text("panelIconText"), macro.text("title"))))
    flow.block(nodes.Panel(macro.name.lower(), title, body_of(macro, flow)))


def _box(macro: Macro, flow: Flow) -> None:
    """A box of an app, in a colour of its own."""
    flow.block(nodes.Panel("panel", title_of(macro), body_of(macro, flow)))


def _message(macro: Macro, flow: Flow) -> None:
    kind = macro.text("type", "style", "severity").lower()
    kind = _NAMED.get(kind, kind)
    flow.block(nodes.Panel(kind if kind in _KINDS else "info", title_of(macro), body_of(macro, flow)))


def _expand(macro: Macro, flow: Flow) -> None:
    flow.block(nodes.Expand(title_of(macro), body_of(macro, flow)))


def _decision(macro: Macro, flow: Flow) -> None:
    """A decision box of a marketplace app."""
    flow.block(nodes.Panel("note", title_of(macro), body_of(macro, flow)))


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(("info", "note", "tip", "warning", "panel", "success", "error"), _panel),
    **dict.fromkeys(("panelbox", "aura-panel", "aura-card"), _box),
    **dict.fromkeys(("alert", "auimessage", "message-box", "ui-message"), _message),
    **dict.fromkeys(
        (*("expand", "ui-expand", "expand-macro", "aura-accordion", "spoiler", "accordion", "cloak"),),
        _expand,
    ),
    "decision": _decision,
}
