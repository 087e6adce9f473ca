"""Macros that are words in a line, or a place in it."""

from typing import Final

from mainstem.convert import links, nodes
from mainstem.convert.flow import Flow, line_of
from mainstem.convert.macros.macro import Macro, MacroHandler, linked_page
from mainstem.convert.macros.wrappers import silent
from mainstem.wiki.documents import Target, UrlTarget


def _status(macro: Macro, flow: Flow) -> None:
    colour = macro.text("colour", "color", "Color", "Colour")
    if title := macro.text("title", "Status", "status") or colour:
        flow.run.append(nodes.Status(title, colour.lower()))


def _anchor(macro: Macro, flow: Flow) -> None:
    if name := macro.text("", "anchor", "name"):
        flow.run.append(nodes.Anchor(flow.reading.ids.give(name)))


def _date(macro: Macro, flow: Flow) -> None:
    if written := macro.text("", "date"):
        flow.run.append(nodes.Date(written))


def _tooltip(macro: Macro, flow: Flow) -> None:
    """Words with others that pop up over them: those follow in brackets."""
    shown, popping = macro.text("linkText", "label"), macro.text("text", "tooltip", "content", "title")
    if shown and popping:
        flow.run.append(f"{shown} ({popping})")
    elif shown or popping:
        flow.run.append(shown or popping)
    silent(macro, flow)


def _footnote(macro: Macro, flow: Flow) -> None:
    """A footnote stands in brackets where its mark stood."""
    inside: tuple[nodes.Inline, ...] = (text,) if (text := macro.text("text")) else ()
    if macro.rich is not None:
        inside += line_of(macro.rich, flow)
    if inside:
        flow.run.extend((" (", *inside, ")"))


def _button(macro: Macro, flow: Flow) -> None:
    """A button: a link that says what the button says."""
    url = macro.text("url", "link-url", "href")
    target: Target | None = UrlTarget(url) if url else linked_page(macro)
    title = macro.text("title", "label", "text", "buttonText", "name")
    if target is not None:
        links.remember(target, flow)
        flow.run.append(nodes.Link(target, (title,) if title else ()))
    elif title:
        flow.run.append(title)
    silent(macro, flow)


HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(("status", "status-handy", "aura-status"), _status),
    "anchor": _anchor,
    **dict.fromkeys(("date", "handy-date"), _date),
    **dict.fromkeys(("tooltip", "cfm-tooltip", "aura-tooltip"), _tooltip),
    **dict.fromkeys(("footnote", "cfm-footnote"), _footnote),
    **dict.fromkeys(("ui-button", "auibutton", "button", "aura-button", "handy-button"), _button),
}
