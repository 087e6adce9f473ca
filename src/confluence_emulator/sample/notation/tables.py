r"""Pipe tables.

| Level | Colour |        the first row is a header when a row of dashes follows
| ----- | ------ |
|! L1   | {#e3fcef} green |   `!` makes a header cell, `{#...}` colours it
| ^^    | - one \\ - two  |   `^^` joins the cell above, `<<` the one to the left; `\\` breaks lines: cells hold lists
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from confluence_emulator.sample.notation.writing import element

COLOUR = re.compile(r"\{(#[0-9a-f]{6})\}\s*")
INSIDE = re.compile(r"\{[^{}]*\}|\[\[[^\]]*\]\]|`[^`]*`")
"""Where a pipe does not end a cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell before it is written; `rows` and `columns` count what it spans."""

    source: str
    header: bool
    rows: int = 1
    columns: int = 1


def is_row(source: str) -> bool:
    """Whether a line belongs to a table."""
    return source.startswith("|")


def table(rows: list[str], write: Callable[[str], str]) -> str:
    """Storage format of a table; `write` turns a cell's text into blocks."""
    headed = len(rows) > 1 and not rows[1].strip("|-: ")
    kept = [rows[0], *rows[2:]] if headed else rows
    grid = [[_cell(source, headed and number == 0) for source in _split(row)] for number, row in enumerate(kept)]
    spans = _join(grid)
    body = "".join(
        element("tr", content="".join(_written(spans[at], write) for at in _row_places(number, row) if at in spans))
        for number, row in enumerate(grid)
    )
    return element("table", {"data-layout": "default"}, element("tbody", content=body))


def _split(row: str) -> list[str]:
    kept = INSIDE.sub(lambda match: match[0].replace("|", "\0"), row.strip().removeprefix("|").removesuffix("|"))
    return [part.strip().replace("\0", "|") for part in kept.split("|")]


def _cell(source: str, header: bool) -> Cell:  # noqa: FBT001 - a cell either is one or is not
    return Cell(source.removeprefix("!").strip(), header=header or source.startswith("!"))


def _row_places(number: int, row: list[Cell]) -> list[tuple[int, int]]:
    return [(number, column) for column in range(len(row))]


def _join(grid: list[list[Cell]]) -> dict[tuple[int, int], Cell]:
    """The cells that remain, by place, after `<<` and `^^` have been given to the cell that they extend."""
    origin: dict[tuple[int, int], tuple[int, int]] = {}
    cells: dict[tuple[int, int], Cell] = {}
    for row, line in enumerate(grid):
        for column, cell in enumerate(line):
            step = {"<<": (row, column - 1), "^^": (row - 1, column)}.get(cell.source)
            origin[row, column] = start = origin[step] if step else (row, column)
            first = cells.get(start, cell)
            cells[start] = replace(first, rows=row - start[0] + 1, columns=column - start[1] + 1)
    return cells


def _written(cell: Cell, write: Callable[[str], str]) -> str:
    attributes = {}
    if cell.rows > 1:
        attributes["rowspan"] = str(cell.rows)
    if cell.columns > 1:
        attributes["colspan"] = str(cell.columns)
    source = cell.source
    if colour := COLOUR.match(source):
        attributes["data-highlight-colour"] = colour[1]
        source = source[colour.end() :]
    written = write(source.replace(" \\\\ ", "\n"))
    return element("th" if cell.header else "td", attributes, written or "<p />")
