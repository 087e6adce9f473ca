"""Tables in the forms that a connection may choose for passages and exports: rows as HTML, or as records (T3).

Each line stands alone: what a short merged cell says is said again in every row that it reaches into.
"""

from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from itertools import groupby, zip_longest
from typing import Final, NamedTuple, TypeAlias

from mainstem.convert import nodes
from mainstem.convert.plain import LONGEST_AGAIN
from mainstem.convert.tables import Slot, grid
from mainstem.wiki.conversion import TableForm

CellText: TypeAlias = Callable[[nodes.Cell], str]
"""The words of a cell, on one line."""

_NAMED: Final = 40
"""Characters of a column's name at most, for it stands in every record."""

_ROOM, _AROUND = 8, 5
"""A table may take so many times its words, and so many signs of markup around each cell: less than the bound (T8)."""


class Lines(NamedTuple):
    """The head of a table, which is said again where a table is parted, and a line for each row that has words."""

    head: list[str]
    rows: list[str]


def lines_in(form: TableForm, table: nodes.Table, text: CellText, name: CellText | None = None) -> Lines | None:
    """A table in one of the forms that are not Markdown; `name` gives the name of a column, `text` unless told.

    None where that would be too much: merged cells and names of columns are said often.
    """
    rows = grid(table, whole=True)
    words = {id(cell): text(cell) for row in table.rows for cell in row.cells}
    room = _ROOM * sum(len(said) + _AROUND for said in words.values())
    records = _Records(rows[: table.heads], words, name or text)
    line = records.line if form is TableForm.RECORDS else partial(_html, words=words)
    lines = Lines([], [])
    for row in rows[table.heads :]:
        made = line(row)
        room -= len(made)
        if room < 0:
            return None
        if made:
            lines.rows.append(made)
    lines.head.extend(records.unsaid() if form is TableForm.RECORDS else filter(None, map(line, rows[: table.heads])))
    return lines


def _apart(row: list[Slot | None]) -> Iterator[tuple[Slot | None, int]]:
    """The places of a row, each merged cell once, and how many columns it has."""
    for _, group in groupby(row, key=lambda slot: id(slot.cell) if slot else 0):
        slots = list(group)
        if slots[0] is None:
            yield from ((None, 1) for _ in slots)
        else:
            yield slots[0], len(slots)


def _said(slot: Slot | None, words: dict[int, str]) -> str:
    """What a place says in a row: a long text only where its cell begins."""
    text = words[id(slot.cell)] if slot else ""
    return text if slot and (slot.first or len(text) <= LONGEST_AGAIN) else ""


def _html(row: list[Slot | None], words: dict[int, str]) -> str:
    cells: list[str] = []
    empty = True
    for slot, width in _apart(row):
        tag = "th" if slot and slot.cell.header else "td"
        said = _said(slot, words)
        empty = empty and not said
        spans = f' colspan="{width}"' if width > 1 else ""
        cells.append(f"<{tag}{spans}>{escape(said, quote=False)}</{tag}>")
    return "" if empty else f"<tr>{''.join(cells)}</tr>"


class _Records:
    """`Name: value; name: value`. Without a row of names, cells that are headers name what stands beside them."""

    def __init__(self, heads: list[list[Slot | None]], words: dict[int, str], name: CellText) -> None:
        self._words = words
        self._names = [_together(column, name) for column in zip_longest(*heads)]
        self._unsaid = dict.fromkeys(filter(None, self._names))

    def unsaid(self) -> list[str]:
        """A line of the names that no value stands under, or that are too long to be said whole with each."""
        return ["; ".join(self._unsaid)] if self._unsaid else []

    def line(self, row: list[Slot | None]) -> str:
        """The record of one row."""
        pairs = self._named(row) if self._names else _beside(row, self._words)
        return "; ".join(f"{name}: {said}" if name else said for name, said in pairs if said)

    def _named(self, row: list[Slot | None]) -> Iterator[tuple[str, str]]:
        column = 0
        for slot, width in _apart(row):
            names = [name for name in self._names[column : column + width] if name]
            column += width
            # What stands in all columns at once is a heading of the rows below, and of no column.
            name = ", ".join(dict.fromkeys(names)) if width < max(len(self._names), 2) else ""
            said = _said(slot, self._words)
            if said and 0 < len(name) <= _NAMED:
                for each in names:
                    self._unsaid.pop(each, None)
            yield _short(name), said


def _together(column: tuple[Slot | None, ...], name: CellText) -> str:
    """The name of a column: what all rows of the head say above it, each once."""
    cells = {id(slot.cell): slot.cell for slot in column if slot}
    return " / ".join(dict.fromkeys(filter(None, map(name, cells.values()))))


def _short(name: str) -> str:
    return name if len(name) <= _NAMED else f"{name[: _NAMED - 1].rstrip()}…"


def _beside(row: list[Slot | None], words: dict[int, str]) -> Iterator[tuple[str, str]]:
    name = ""
    for slot, _ in _apart(row):
        said = _said(slot, words)
        if slot and slot.cell.header and said:
            if name:
                yield "", name
            name = said
        elif said:
            yield name, said
            name = ""
    if name:
        yield "", name
