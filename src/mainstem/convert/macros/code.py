"""Macros that hold the text of a program or of another language.

Code stays code; HTML, Markdown and comma-separated values are read as what they show. Scripts and styles are no text of
the page.
"""

import csv
from typing import Final

from mainstem.convert import nodes, storage_format
from mainstem.convert.flow import Flow, walk
from mainstem.convert.macros.macro import Macro, MacroHandler, by_language, lost, simplified
from mainstem.convert.macros.wrappers import dropped, silent
from mainstem.wiki.macros import Reason

_LONGEST_MARKDOWN: Final = 50_000
_DEEPEST_MARKDOWN: Final = 60
"""Characters and levels of Markdown that are read as such; what is longer or deeper is shown as it stands."""

_DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "whitespace": " "}


def _code(macro: Macro, flow: Flow) -> None:
    text = macro.plain
    if text is None:
        text = "" if macro.rich is None else "".join(macro.rich.itertext())
    flow.block(nodes.Code(text, macro.text("language", "lang", ""), macro.text("title")))


def _listing(language: str) -> MacroHandler:
    """The source of something that Confluence shows in another form."""

    def handler(macro: Macro, flow: Flow) -> None:
        lost(macro, flow, Reason.SOURCE)
        if macro.plain and macro.plain.strip():
            flow.block(nodes.Code(macro.plain, language, macro.text("title")))
        elif macro.rich is not None:
            walk(macro.rich, flow)

    return handler


def _html(macro: Macro, flow: Flow) -> None:
    """HTML that somebody wrote into the page: what it shows, but nothing that runs or styles."""
    root = storage_format.tree(macro.plain) if macro.plain else macro.rich
    if root is None:
        return
    if next(root.iter("script", "style"), None) is not None:
        lost(macro, flow, Reason.SCRIPT)
    flow.close()
    walk(root, flow)
    flow.close()


def _markdown(macro: Macro, flow: Flow) -> None:
    rendered = _rendered(macro.plain or "")
    if not rendered:
        _listing("markdown")(macro, flow)
        return
    flow.close()
    walk(storage_format.tree(rendered), flow)
    flow.close()


def _rendered(text: str) -> str:
    """Markdown as HTML; "" where it is too much."""
    if len(text) > _LONGEST_MARKDOWN:
        return ""
    from markdown_it import MarkdownIt  # noqa: PLC0415  few pages hold any, and it takes some hundredths of a second

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST_MARKDOWN})
    tokens = parser.enable(["table", "strikethrough"]).parse(text)
    # The parser drops what is nested more deeply.
    if any(token.level >= _DEEPEST_MARKDOWN - 2 for token in tokens):
        return ""
    return str(parser.renderer.render(tokens, parser.options, {}))


def _table(macro: Macro, flow: Flow) -> None:
    """Comma-separated values, shown as a table."""
    text = (macro.plain or "").strip("\r\n")
    written = macro.text("delimiter")
    delimiter = _DELIMITERS.get(written.lower(), written[:1]) or ","
    try:
        rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if row]
    except (csv.Error, ValueError, TypeError):
        rows = []
    if not rows or not (macro.plain or "").strip():
        silent(macro, flow)
        return
    heads = 0 if macro.text("heading", "firstLineIsHeading", "heading-row") in ("0", "false") else 1
    flow.block(nodes.Table(tuple(_row(row, header=number < heads) for number, row in enumerate(rows)), heads))


def _row(values: list[str], *, header: bool) -> nodes.Row:
    return nodes.Row(tuple(nodes.Cell(_paragraph(value.strip()), header) for value in values))


def _paragraph(text: str) -> tuple[nodes.Block, ...]:
    return (nodes.Paragraph((text,)),) if text else ()


_LISTINGS: Final = {
    "yaml": ("openapi", "open-api", "swagger-open-api", "confluence-open-api", "swagger-integration"),
    "sql": ("sql", "sql-query", "pocketquery"),
    "json": ("json-table", "json"),
    "xml": ("xslt", "xml"),
    "asciidoc": ("asciidoc", "asciidoc-macro"),
    "": ("unmigrated-wiki-markup",),
}

HANDLERS: Final[dict[str, MacroHandler]] = {
    **dict.fromkeys(
        (*("code", "noformat", "paste-code-macro", "code-block", "codeblock", "preformatted", "newcode", "code-pro"),),
        _code,
    ),
    **by_language(_listing, _LISTINGS),
    **dict.fromkeys(("html", "html-bobswift", "html-macro"), _html),
    **dict.fromkeys(("markdown", "markdown-macro"), _markdown),
    **dict.fromkeys(("csv", "csv-table"), _table),
    **dict.fromkeys(
        ("style", "css", "css-stylesheet", "stylesheet", "script", "javascript"),
        simplified(dropped, Reason.SCRIPT),
    ),
}
