"""Boxes with a colour or a title: panels, messages, decisions, what opens on a click."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler, body_of, title_of


def _panel(macro: Macro, flow: Flow) -> None:
    flow.block(nodes.Panel(macro.name.lower(), macro.text("title"), body_of(macro, flow)))


def _message(macro: Macro, flow: Flow) -> None:
    kind = macro.text("type").lower()
    kind = kind if kind in ("info", "note", "tip", "warning", "error", "success") else "info"
    flow.block(nodes.Panel(kind, title_of(macro), body_of(macro, flow)))


def _expand(macro: Macro, flow: Flow) -> None:
    flow.block(nodes.Expand(title_of(macro), body_of(macro, flow)))


def _decision(macro: Macro, flow: Flow) -> None:
    """A decision box of a marketplace app."""
    flow.block(nodes.Panel("note", title_of(macro), body_of(macro, flow)))


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(("info", "note", "tip", "warning", "panel", "success", "error"), _panel),
    **dict.fromkeys(("alert", "auimessage", "message-box", "ui-message"), _message),
    **dict.fromkeys(("expand", "ui-expand", "expand-macro", "aura-accordion", "spoiler"), _expand),
    "decision": _decision,
}
