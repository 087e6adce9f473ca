"""Macros around content that reads on without them: containers, decoration, and whatever nobody knows."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow, walk
from mainstem.convert.macros.macro import Macro, MacroHandler, placeholder, title_of


def unknown(macro: Macro, flow: Flow) -> None:
    placeholder(macro, flow)
    if macro.rich is not None:
        walk(macro.rich, flow)
    if macro.plain and macro.plain.strip():
        flow.block(nodes.Code(macro.plain))


def dropped(_macro: Macro, flow: Flow) -> None:
    """Decoration, or what the hub shows in a way of its own (a table of contents); it parts words all the same."""
    flow.run.append(" ")


def transparent(macro: Macro, flow: Flow) -> None:
    """A container: its title, if readers see one, then its content."""
    if title := title_of(macro):
        flow.block(nodes.Paragraph((nodes.Styled("strong", (title,)),)))
    silent(macro, flow)


def silent(macro: Macro, flow: Flow) -> None:
    """A container without a title."""
    if macro.rich is not None:
        walk(macro.rich, flow)
    if macro.plain and macro.plain.strip():
        flow.block(nodes.Code(macro.plain))


_TRANSPARENT: Final = (
    *("ui-tabs", "ui-tab", "auitabs", "auitabspage", "deck", "card", "ui-steps", "ui-step", "ui-text-box", "tab"),
    *("tabs", "tab-group", "tab-pane", "localtabgroup", "localtab", "chart", "table-chart", "table-filter"),
    *("pivot-table", "table-joiner", "tableenhancer", "table-plus", "table-transformer", "aura-tab", "aura-card"),
    *("aura-tab-collection", "aura-panel", "aura-background", "auihorizontalnav", "auihorizontalnavpage"),
    *("scroll-title", "legend", "cloak", "numberedheadings", "footnote", "card-group"),
)
_SILENT: Final = (
    *("toc-zone", "column", "scroll-ignore", "scroll-only", "scroll-ignore-inline", "scroll-only-inline", "div"),
    *("scroll-portrait", "scroll-landscape", "scroll-content-block", "scroll-tablelayout", "scroll-pdf-ignore"),
    *("scroll-pdf-only", "scroll-html-only", "sv-translation", "sv-block", "show-if", "hide-if", "center", "bgcolor"),
    *("span", "align", "indent", "clickable", "lozenge", "auibuttongroup", "convertedtoblock", "highlight", "color"),
    *("strike", "rw-highlight", "column-layout", "hidden-content"),
)
_DROPPED: Final = (
    *("toc", "style", "scroll-pagebreak", "pagebreak", "viewtracker", "floatmenu", "livesearch", "search"),
    *("pagetreesearch", "create-from-template", "create-space-button", "spacejump", "scroll-exportbutton"),
    *("scroll-bookmark", "scroll-pagetitle", "easy-heading-free", "easy-heading-macro", "clear", "bookmark-toolbar"),
)

HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(_TRANSPARENT, transparent),
    **dict.fromkeys(_SILENT, silent),
    **dict.fromkeys(_DROPPED, dropped),
}
