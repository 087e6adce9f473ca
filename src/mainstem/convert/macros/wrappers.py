"""Macros around content that reads on without them: containers, decoration, and whatever nobody knows."""

from typing import Final

from mainstem.convert import nodes
from mainstem.convert.flow import Flow, walk
from mainstem.convert.macros.macro import Macro, MacroHandler, placeholder, simplified, title_of
from mainstem.wiki.macros import Reason


def unknown(macro: Macro, flow: Flow) -> None:
    placeholder(macro, flow, Reason.UNKNOWN)
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


_TRANSPARENT: Final = ("scroll-title", "legend", "scroll-tablelayout", "aura-background", "aura-title")
_SILENT: Final = (
    *("toc-zone", "scroll-ignore", "scroll-ignore-inline", "scroll-portrait", "scroll-landscape", "clickable", "div"),
    *("scroll-content-block", "center", "bgcolor", "lozenge", "auibuttongroup", "convertedtoblock", "highlight", "p"),
    *(
        "color",
        "strike",
        "rw-highlight",
        "align",
        "indent",
        "span",
        "ul",
        "ol",
        "li",
        "float",
        "aura-background-content",
    ),
)
_FOR_SOME: Final = (
    *("scroll-only", "scroll-only-inline", "scroll-pdf-ignore", "scroll-pdf-only", "scroll-html-only", "show-if"),
    *("scroll-pdf-ignore-inline", "scroll-pdf-only-inline", "hide-if", "sv-translation", "sv-block", "hidden-content"),
)
_LANGUAGES: Final = (
    *("english", "english-us", "canadian-en", "canadian-fr", "french", "german", "italian", "spanish", "portuguese"),
    *("portuguese-br", "dutch", "danish", "swedish", "norwegian", "norwegian-nb", "finnish", "polish", "czech"),
    *("slovak", "slovenian", "croatian", "hungarian", "romanian", "bulgarian", "greek", "turkish", "russian"),
    *("ukrainian", "belarusian", "estonian", "latvian", "lithuanian", "icelandic", "irish", "welsh", "maltese"),
    *("catalan", "hindi", "thai", "vietnamese", "chinese", "japanese", "korean"),
)
_TABLES: Final = (
    *("table-filter", "pivot-table", "table-joiner", "tableenhancer", "table-plus", "table-transformer"),
    *("table-toolbox", "table-excerpt", "table-spreadsheet"),
)
_NOTHING: Final = (
    *("toc", "easy-heading-free", "easy-heading-macro", "scroll-pagebreak", "pagebreak", "scroll-bookmark"),
    *("scroll-pagetitle", "scroll-indexterm", "clear", "viewtracker", "bookmark-toolbar", "aura-divider"),
)
_CONTROLS: Final = (
    *("floatmenu", "create-from-template", "spacejump"),
    *("create-space-button", "scroll-exportbutton", "add-page-form"),
)

HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(_TRANSPARENT, transparent),
    **dict.fromkeys(_SILENT, silent),
    **dict.fromkeys((*_FOR_SOME, *_LANGUAGES), simplified(silent, Reason.AUDIENCE)),
    **dict.fromkeys(_TABLES, simplified(transparent, Reason.CONTROLS)),
    **dict.fromkeys(("chart", "table-chart"), simplified(transparent, Reason.CHART)),
    **dict.fromkeys(_NOTHING, dropped),
    **dict.fromkeys(_CONTROLS, simplified(dropped, Reason.LEFT_OUT)),
}
