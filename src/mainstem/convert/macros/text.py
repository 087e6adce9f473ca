"""Macros that are words in a line, or a place in it."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow
from mainstem.convert.macros.macro import Macro, MacroHandler
from mainstem.convert.macros.wrappers import silent


def _status(macro: Macro, flow: Flow) -> None:
    colour = macro.text("colour", "color")
    if title := macro.text("title") or colour:
        flow.run.append(nodes.Status(title, colour.lower()))


def _anchor(macro: Macro, flow: Flow) -> None:
    if name := macro.text("", "anchor", "name"):
        flow.run.append(nodes.Anchor(flow.reading.ids.give(name)))


def _date(macro: Macro, flow: Flow) -> None:
    if written := macro.text("", "date"):
        flow.run.append(nodes.Date(written))


def _words(macro: Macro, flow: Flow) -> None:
    """A tooltip or a button: the words it shows are a parameter."""
    if text := macro.text("text", "linkText", "title"):
        flow.run.append(text)
    silent(macro, flow)


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(("tooltip", "cfm-tooltip", "ui-button", "auibutton", "cfm-footnote"), _words),
    "status": _status,
    "anchor": _anchor,
    "date": _date,
}
