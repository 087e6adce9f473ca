"""Passages: the document cut into stretches of plain text that are found, shown and cited as a unit.

Cut at every heading, then at block boundaries near `TARGET` characters; tables between rows, their header said again;
code between lines; a word is never split, however long.
"""

from collections.abc import Iterator
from typing import Final

from mainstem.convert import nodes
from mainstem.convert.plain import cell_text, inline_text, item_text, row_text, text_of
from mainstem.convert.table_forms import Lines, lines_in
from mainstem.convert.tables import grid
from mainstem.wiki.conversion import TableForm
from mainstem.wiki.documents import LinkResolver, Passage

TARGET: Final = 1000
"""Characters after which a passage is full."""

LONGEST: Final = 1200
"""Characters that a passage exceeds only for the sake of one word."""

_LONGEST_HEADER: Final = 300


def passages(document: nodes.Document, people: LinkResolver) -> tuple[Passage, ...]:
    """All passages in order. Every word of the document is in the text or the heading path of one."""
    cutter = _Cutter(people, document.options.tables)
    cutter.blocks(document.blocks)
    cutter.leave(1)
    cutter.cut()
    return tuple(cutter.passages)


class _Cutter:
    """Takes blocks in order, keeps the headings above, and closes a passage when it is full."""

    def __init__(self, people: LinkResolver, tables: TableForm) -> None:
        self.passages: list[Passage] = []
        self._people = people
        self._tables = tables
        self._headings: list[tuple[int, str, str, int]] = []
        self._pieces: list[str] = []
        self._size = 0

    def blocks(self, blocks: tuple[nodes.Block, ...]) -> None:
        for block in blocks:
            if type(block) is nodes.Paragraph:
                self._add(inline_text(block.content, self._people))
            else:
                self._block(block)

    def leave(self, level: int) -> None:
        """Leave the headings at `level` and deeper; one with nothing below it becomes a passage of its own."""
        while self._headings and self._headings[-1][0] >= level:
            _, title, _, before = self._headings[-1]
            if len(self.passages) == before and not self._pieces:
                self._add(title)
            self.cut()
            self._headings.pop()

    def cut(self) -> None:
        """Close the open passage, if it holds anything."""
        if not self._pieces:
            return
        path = tuple(title for _, title, _, _ in self._headings)
        anchor = self._headings[-1][2] if self._headings else ""
        self.passages.append(Passage(len(self.passages), path, anchor, "\n".join(self._pieces)))
        self._pieces = []
        self._size = 0

    def _block(self, block: nodes.Block) -> None:
        match block:
            case nodes.Heading():
                self._heading(block)
            case nodes.Table():
                self._table(block)
            case nodes.Panel(title=title, blocks=blocks) | nodes.Expand(title=title, blocks=blocks):
                self._add(title)
                self.blocks(blocks)
            case nodes.Columns(columns=columns):
                for column in columns:
                    self.blocks(column)
            case nodes.Excerpt() | nodes.Properties() | nodes.Quote() | nodes.Unknown():
                self.blocks(block.blocks)
            case nodes.List():
                for number in range(len(block.items)):
                    self._add(item_text(block, number, self._people))
            case _:
                self._add(text_of((block,), self._people))

    def _heading(self, block: nodes.Heading) -> None:
        title = " ".join(inline_text(block.content, self._people).split())
        self.cut()
        self.leave(block.level)
        if title:
            self._headings.append((block.level, title, block.anchor, len(self.passages)))

    def _table(self, block: nodes.Table) -> None:
        rows = grid(block)
        header = "\n".join(row_text(row, self._people) for row in rows[: block.heads])
        lead = header if len(header) <= _LONGEST_HEADER else ""
        # A header too long to be said again goes piece by piece with the values below it.
        form = TableForm.RECORDS if self._tables is TableForm.MARKDOWN and lead != header else self._tables
        if form is not TableForm.MARKDOWN:
            lines = lines_in(form, block, lambda cell: cell_text(cell, self._people).strip())
            if lines is not None:
                self._lines(lines, form)
                return
        begun = len(self.passages)
        if header:
            self._add(header)
        for row in rows[block.heads :]:
            text = row_text(row, self._people)
            if not text:
                continue
            self._make_room(text)
            if len(self.passages) > begun and not self._pieces:
                text = row_text(row, self._people, repeat=True)
                if lead:
                    self._append(lead)
            self._add(text)

    def _lines(self, lines: Lines, form: TableForm) -> None:
        header = "\n".join(lines.head)
        begun = len(self.passages)
        self._add(header)
        for row in lines.rows:
            long_record = len(row) > LONGEST and form is TableForm.RECORDS
            text = row.replace("; ", ";\n") if long_record else row  # so that it is cut between its values
            self._make_room(text)
            if 0 < len(header) <= _LONGEST_HEADER and len(self.passages) > begun and not self._pieces:
                self._append(header)
            self._add(text)

    def _add(self, text: str) -> None:
        self._make_room(text)
        if len(text) <= LONGEST:
            if text:
                self._append(text)
        else:
            for part in split(text, LONGEST):
                self._make_room(part)
                self._append(part)
        if self._size >= TARGET:
            self.cut()

    def _make_room(self, text: str) -> None:
        if self._size + len(text) > LONGEST:
            self.cut()

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._size += len(text) + 1


def split(text: str, longest: int) -> Iterator[str]:
    """Parts of at most `longest` characters: cut after a line, else at a blank, else after a too long word."""
    start = 0
    while len(text) - start > longest:
        stop = max(text.rfind("\n", start, start + longest + 1), start)
        if stop - start < longest // 3:
            stop = max(text.rfind(" ", start, start + longest + 1), stop)
        if stop <= start:
            stop = next((at for at in range(start + longest, len(text)) if text[at].isspace()), len(text))
        if part := text[start:stop].strip("\n "):
            yield part
        start = stop + 1
    if part := text[start:].strip("\n "):
        yield part
