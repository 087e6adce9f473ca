"""Markdown: CommonMark with GitHub's tables, task lists, callouts and `details`.

What a cell of such a table cannot hold as Markdown (lists, code, further tables) is written on lines of its own, parted
by `<br>`; a merged cell is said in each of its places when it is short, else once, where it begins.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import escape as escape_html
from typing import Any, Final, TypeAlias

from mainstem.convert import html, nodes
from mainstem.convert.bounds import bounded
from mainstem.convert.listings import LISTINGS
from mainstem.convert.markdown_cells import Cells
from mainstem.convert.markdown_inline import (
    InlineMarkdown,
    escape,
    escape_line_starts,
    longest_run,
    placeholder,
)
from mainstem.convert.plain import MISSING, cell_text, inline_text, to_text
from mainstem.convert.table_forms import lines_in
from mainstem.convert.tables import grid
from mainstem.wiki.conversion import TableForm
from mainstem.wiki.documents import LinkResolver

_EMPTY_LINE: Final = re.compile(r"\n(?=[ \t]*\n)")
_INNER_LINES: Final = re.compile(r"\n(?=[^\n])")
_CALLOUTS: Final = {
    "info": "NOTE",
    "note": "IMPORTANT",
    "tip": "TIP",
    "success": "TIP",
    "warning": "WARNING",
    "error": "CAUTION",
}
_HIGHEST_NUMBER: Final = 999_999_999

_AnyList: TypeAlias = nodes.List | nodes.TaskList | nodes.DecisionList
_LISTS: Final = (nodes.List, nodes.TaskList, nodes.DecisionList)


def to_markdown(document: nodes.Document, links: LinkResolver) -> str:
    """The whole document; ends with a line feed unless it is empty. Longer than the bound: its plain text, escaped."""
    text = _Emitter(document, links).blocks(document.blocks)
    return bounded(f"{text}\n" if text else "", document.size, lambda: _escaped_lines(to_text(document, links)))


def _escaped_lines(text: str) -> str:
    return "\n\n".join(escape_line_starts(escape(line.strip())) for line in text.splitlines())


class _Emitter:
    """Renders blocks to strings without a final line feed."""

    def __init__(self, document: nodes.Document, links: LinkResolver) -> None:
        self.document, self.links = document, links
        self.inline = InlineMarkdown(document, links)
        self.heading_inline = InlineMarkdown(document, links, " ")
        self.cells = Cells(InlineMarkdown(document, links, "<br>"))

    def blocks(self, blocks: Iterable[nodes.Block]) -> str:
        """Blocks with a blank line between; two lists in a row get different marks, or they would be one."""
        rendered: list[str] = []
        last: nodes.Block | None = None
        other = False
        for block in blocks:
            if isinstance(block, _LISTS):
                other = _is_numbered(block) is _is_numbered(last) and not other
                text = self._items(block, other_mark=other)
            else:
                other = False
                text = _BLOCKS[type(block)](self, block)
            if text:
                rendered.append(text)
                last = block
        return "\n\n".join(rendered)

    def _items(self, block: _AnyList, *, other_mark: bool) -> str:
        items = []
        for mark, word, content in _marked(block, other_mark=other_mark):
            text = self._item(content)
            if not text:
                continue
            if word and (type(content[0]) is not nodes.Paragraph or text.startswith("```")):
                word = f"{word.rstrip()}\n\n"
            text = mark + word + text
            items.append(_INNER_LINES.sub("\n" + " " * len(mark), text) if "\n" in text else text)
        return "\n".join(items)

    def _item(self, blocks: tuple[nodes.Block, ...]) -> str:
        """An item: a list right below a paragraph needs no blank line, when it begins as lists may there."""
        if len(blocks) < 2:
            return self.blocks(blocks)
        first, rest = self.blocks(blocks[:1]), self.blocks(blocks[1:])
        listed = len(blocks) == 2 and type(blocks[0]) is nodes.Paragraph and type(blocks[1]) is nodes.List
        tight = listed and rest.startswith(("- ", "1. "))
        return ("\n" if tight else "\n\n").join(filter(None, (first, rest)))

    def paragraph(self, block: nodes.Paragraph) -> str:
        only = block.content[0]
        if type(only) is nodes.Formula and only.display and len(block.content) == 1:
            return _fenced(only.tex, "math")
        return escape_line_starts(self.inline.line(block.content))

    def heading(self, block: nodes.Heading) -> str:
        text = self.heading_inline.line(block.content)
        return f"{'#' * block.level} {text[:-1] + chr(92) + '#' if text.endswith('#') else text}" if text else ""

    def quote(self, block: nodes.Quote) -> str:
        return _quoted(self.blocks(block.blocks))

    def rule(self, _block: nodes.Rule) -> str:
        return "***"

    def code(self, block: nodes.Code) -> str:
        text = _fenced(block.text, re.sub(r"[`\s]+", "-", block.language.strip()))
        return f"{self._bold(block.title)}\n\n{text}" if block.title else text

    def preformatted(self, block: nodes.Preformatted) -> str:
        return _fenced(inline_text(block.content, self.inline.links), "")

    def table(self, block: nodes.Table) -> str:
        match self.document.options.tables:
            case TableForm.HTML:
                return self._html(block)
            case TableForm.RECORDS if (records := self._records(block)) is not None:
                return records
        rows = grid(block, whole=True)
        width = max(map(len, rows), default=0)
        if not width:
            return ""
        lines = self.cells.rows(rows, head=block.heads > 0)
        head = lines.pop(0) if block.heads else "|" + "  |" * width
        return "\n".join((head, "|" + " --- |" * width, *lines))

    def _html(self, block: nodes.Table) -> str:
        """The real table. An empty line would end it, so that the one that code has is written as a sign."""
        table = html.to_html(replace(self.document, blocks=(block,)), self.links)
        return _EMPTY_LINE.sub("&#10;", table.strip())

    def _records(self, block: nodes.Table) -> str | None:
        """An item of a list for each row."""
        lines = lines_in(TableForm.RECORDS, block, self._cell, self._name)
        if lines is None:
            return None
        items = (f"- {escape_line_starts(line)}" for line in lines.rows)
        return "\n\n".join(filter(None, (*map(escape_line_starts, lines.head), "\n".join(items))))

    def _cell(self, cell: nodes.Cell) -> str:
        return self.cells.lines(cell.blocks).replace("\n", " ")

    def _name(self, cell: nodes.Cell) -> str:
        return " ".join(escape(cell_text(cell, self.links)).split())

    def panel(self, block: nodes.Panel) -> str:
        callout = _CALLOUTS.get(block.kind)
        title = self._bold(block.title)
        text = "\n\n".join(filter(None, (title, self.blocks(block.blocks))))
        return _quoted("\n".join(filter(None, (callout and f"[!{callout}]", text))))

    def expand(self, block: nodes.Expand) -> str:
        title = escape_html(block.title, quote=False) or "Details"
        opening = f"<details>\n<summary>{' '.join(title.split())}</summary>"
        return "\n\n".join(filter(None, (opening, self.blocks(block.blocks), "</details>")))

    def columns(self, block: nodes.Columns) -> str:
        return self.blocks(inner for column in block.columns for inner in column)

    def inside(self, block: Any) -> str:
        return self.blocks(block.blocks)

    def include(self, block: nodes.Include) -> str:
        source = f"↪ {self.inline.line((nodes.Link(block.target),))}"
        if not block.blocks:
            return source if block.blocks is None else f"*{MISSING}*"
        return "\n\n".join(filter(None, (source if block.framed else "", self.blocks(block.blocks))))

    def listing(self, block: nodes.Listing) -> str:
        if block.blocks is None:
            return placeholder(LISTINGS[block.macro], block.title)
        return "\n\n".join(filter(None, (self._bold(block.title), self.blocks(block.blocks))))

    def unknown(self, block: nodes.Unknown) -> str:
        return self.blocks(block.blocks) or placeholder(block.tag, "")

    def _bold(self, title: str) -> str:
        return self.inline.line((nodes.Styled("strong", (title,)),)) if title else ""


def _marked(block: _AnyList, *, other_mark: bool) -> Iterator[tuple[str, str, tuple[nodes.Block, ...]]]:
    """The mark of each item, the word that its text begins with, and its blocks."""
    bullet = "+ " if other_mark else "- "
    match block:
        case nodes.TaskList(tasks=tasks):
            yield from ((bullet, "[x] " if task.done else "[ ] ", task.blocks) for task in tasks)
        case nodes.DecisionList(decisions=decisions):
            yield from ((bullet, "◆ ", decision.blocks) for decision in decisions)
        case nodes.List(items=items, ordered=False):
            yield from ((bullet, "", item.blocks) for item in items)
        case nodes.List(items=items, start=start):
            sign = ") " if other_mark else ". "
            for number, item in enumerate(items, start):
                yield f"{min(number, _HIGHEST_NUMBER)}{sign}", "", item.blocks


def _is_numbered(block: nodes.Block | None) -> bool | None:
    """Whether a list is numbered; None for anything else."""
    if type(block) is nodes.List:
        return block.ordered
    return False if isinstance(block, nodes.TaskList | nodes.DecisionList) else None


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n")) if text else ""


def _fenced(text: str, language: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    fence = "`" * max(3, longest_run(text) + 1) if "`" in text else "```"
    return f"{fence}{language}\n{text}\n{fence}"


_BLOCKS: Final[dict[type, Callable[[_Emitter, Any], str]]] = {
    nodes.Paragraph: _Emitter.paragraph,
    nodes.Heading: _Emitter.heading,
    nodes.Quote: _Emitter.quote,
    nodes.Rule: _Emitter.rule,
    nodes.Code: _Emitter.code,
    nodes.Preformatted: _Emitter.preformatted,
    nodes.Table: _Emitter.table,
    nodes.Panel: _Emitter.panel,
    nodes.Expand: _Emitter.expand,
    nodes.Columns: _Emitter.columns,
    nodes.Excerpt: _Emitter.inside,
    nodes.Include: _Emitter.include,
    nodes.Listing: _Emitter.listing,
    nodes.Properties: _Emitter.inside,
    nodes.Unknown: _Emitter.unknown,
}
