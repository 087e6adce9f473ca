"""Tables in the forms that a connection may choose for passages and exports: rows as HTML, or as records (T3).

Each line stands alone: what a merged cell says is said again in every row that it reaches into.
"""

from collections.abc import Callable, Iterator
from html import escape
from typing import Final, NamedTuple, TypeAlias

from mainstem.convert import nodes
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
    made = _records(rows, table.heads, words, name or text) if form is TableForm.RECORDS else _html(rows, words)
    lines = Lines([], [])
    for number, line in enumerate(made):
        room -= len(line)
        if room < 0:
            return None
        if line:
            (lines.head if number < table.heads else lines.rows).append(line)
    return lines


def _html(rows: list[list[Slot | None]], words: dict[int, str]) -> Iterator[str]:
    for row in rows:
        said = [(slot.cell.header, words[id(slot.cell)]) if slot else (False, "") for slot in row]
        cells = (f"<{tag}>{escape(text, quote=False)}</{tag}>" for tag, text in map(_tagged, said))
        yield f"<tr>{''.join(cells)}</tr>" if any(text for _, text in said) else ""


def _tagged(said: tuple[bool, str]) -> tuple[str, str]:
    return ("th" if said[0] else "td"), said[1]


def _records(rows: list[list[Slot | None]], heads: int, words: dict[int, str], name: CellText) -> Iterator[str]:
    """`Name: value; name: value`. Without a row of names, cells that are headers name what stands beside them.

    A head whose names are too long to be said whole, or that is all there is, stands before them.
    """
    names = [_names(row, name) for row in rows[:heads]]
    long = len(rows) == heads or any(len(each) > _NAMED for row in names for each in row)
    for head in names:
        yield "; ".join(filter(None, head)) if long else ""
    columns = [_short(column) for column in _together(names)]
    for row in rows[heads:]:
        said = [words[id(slot.cell)] if slot else "" for slot in row]
        pairs = zip(columns + [""] * len(said), said, strict=False) if columns else _beside(row, said)
        yield "; ".join(f"{column}: {text}" if column else text for column, text in pairs if text)


def _names(row: list[Slot | None], name: CellText) -> list[str]:
    return [name(slot.cell) if slot else "" for slot in row]


def _together(names: list[list[str]]) -> list[str]:
    """The name of each column: what all rows of the head say above it, each once."""
    width = max(map(len, names), default=0)
    said = ([row[column] for row in names if column < len(row) and row[column]] for column in range(width))
    return [" / ".join(dict.fromkeys(each)) for each in said]


def _short(name: str) -> str:
    return name if len(name) <= _NAMED else f"{name[: _NAMED - 1].rstrip()}…"


def _beside(row: list[Slot | None], said: list[str]) -> Iterator[tuple[str, str]]:
    name = ""
    for slot, text in zip(row, said, strict=True):
        if slot and slot.cell.header and text:
            if name:
                yield "", name
            name = text
        elif text:
            yield name, text
            name = ""
    if name:
        yield "", name
