"""Tables: reading them, and laying merged cells on a grid so that no column ever shifts."""

from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from lxml.etree import _Element as Element

from mainstem.convert import nodes
from mainstem.convert.flow import Flow, blocks_of, read

_WIDEST: Final = 1000
"""Columns or rows that one cell may span, as in HTML."""

_SECTIONS: Final = frozenset({"thead", "tbody", "tfoot"})


def table(element: Element, flow: Flow) -> None:
    """`table`. Its caption stands before it; text that is in no cell stands before it too, rather than nowhere."""
    rows: list[nodes.Row] = []
    heads = 0
    flow.close()
    _own_words(element, flow)
    for child in element:
        if child.tag in _SECTIONS:
            _own_words(child, flow)
            begun = len(rows)
            for row in child:
                _row(row, rows, flow)
                _stray(row, flow)
            _end_spans(rows, begun)
            if child.tag == "thead":
                heads = len(rows)
        else:
            _row(child, rows, flow)
        _stray(child, flow)
    flow.close()
    if rows:
        heads = heads or _leading_heads(rows)
        if element.get("data-number-column") == "true":
            rows = _numbered(rows, heads)
        flow.blocks.append(nodes.Table(tuple(rows), heads))


def _row(element: Element, rows: list[nodes.Row], flow: Flow) -> None:
    """One row; a caption and the like go to `flow`, the widths of columns nowhere."""
    if element.tag == "tr":
        _own_words(element, flow)
        cells: list[nodes.Cell] = []
        for cell in element:
            cells.append(_cell(cell, flow))
            _stray(cell, flow)
        rows.append(nodes.Row(tuple(cells)))
    elif element.tag not in ("colgroup", "col"):
        read(element, flow)
        flow.close()


def _own_words(element: Element, flow: Flow) -> None:
    if (text := element.text) and not text.isspace():
        flow.text(text)
        flow.close()


def _stray(element: Element, flow: Flow) -> None:
    if (tail := element.tail) and not tail.isspace():
        flow.text(tail)
        flow.close()


def _cell(element: Element, flow: Flow) -> nodes.Cell:
    return nodes.Cell(
        blocks_of(element, flow),
        element.tag == "th",
        _span(element.get("colspan")) or 1,
        _span(element.get("rowspan")) or _WIDEST,  # 0: to the end of its section
    )


def _span(written: str | None) -> int:
    if not written:
        return 1
    digits = written.strip()
    if not digits.isascii() or not digits.isdigit():
        return 1
    return min(int(digits[:9]), _WIDEST)


def _end_spans(rows: list[nodes.Row], begun: int) -> None:
    """End at the end of a section what would reach beyond it, as browsers do."""
    for number in range(begun, len(rows)):
        left = len(rows) - number
        if any(cell.rowspan > left for cell in rows[number].cells):
            cells = (replace(cell, rowspan=min(cell.rowspan, left)) for cell in rows[number].cells)
            rows[number] = nodes.Row(tuple(cells))


def _leading_heads(rows: list[nodes.Row]) -> int:
    """The header rows at the top: the first, and those that a cell of the last one reaches into or is divided in.

    A lone row or column of headers has none to speak of.
    """
    first = rows[0].cells
    if not _is_head(rows[0]) or (len(first) == 1 and len(rows) == 1):
        return 0
    heads = 1
    while heads < len(rows) - 1 and _is_head(rows[heads]) and _goes_on(rows, heads):
        heads += 1
    return heads


def _is_head(row: nodes.Row) -> bool:
    return bool(row.cells) and all(cell.header for cell in row.cells)


def _goes_on(rows: list[nodes.Row], heads: int) -> bool:
    above = rows[heads - 1].cells
    reaches = any(cell.rowspan > heads - number for number in range(heads) for cell in rows[number].cells)
    return reaches or (len(rows[heads].cells) > len(above) > 1 and any(cell.colspan > 1 for cell in above))


def _numbered(rows: list[nodes.Row], heads: int) -> list[nodes.Row]:
    """The rows behind the numbers that the editor shows beside them, and stores as a mere attribute."""
    corner = nodes.Cell((), header=True)
    numbers = (nodes.Cell((nodes.Paragraph((str(number),)),)) for number in count(1))
    return [nodes.Row((corner if at < heads else next(numbers), *row.cells)) for at, row in enumerate(rows)]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of the grid; `first` is False where a merged cell goes on."""

    cell: nodes.Cell
    first: bool


def grid(table: nodes.Table, *, whole: bool = False) -> list[list[Slot | None]]:
    """The rows as places, merged cells laid out; columns that no cell begins in are left out.

    Rows may be shorter than the widest: they end with a cell that begins there or, `whole`, that reaches there. A table
    whose merged cells would cover far more places than it has cells comes back with its own cells alone, row by row.
    """
    cells = sum(len(row.cells) for row in table.rows)
    if all(cell.colspan == 1 == cell.rowspan for row in table.rows for cell in row.cells):
        return _plain(table)
    places = _places(table, budget=8 * cells + 1000)
    if places is None:
        return _plain(table)
    begun = sorted({column for row in places for column, slot in row.items() if slot.first})
    return [_dense(row, begun, whole=whole) for row in places]


def _plain(table: nodes.Table) -> list[list[Slot | None]]:
    return [[Slot(cell, first=True) for cell in row.cells] for row in table.rows]


def _dense(row: dict[int, Slot], columns: list[int], *, whole: bool) -> list[Slot | None]:
    """The slots of one row under `columns`, without blanks at its end."""
    dense = [row.get(column) for column in columns]
    while dense and (dense[-1] is None or not (whole or dense[-1].first)):
        dense.pop()
    return dense


def _places(table: nodes.Table, budget: int) -> list[dict[int, Slot]] | None:
    """Column to slot for each row, or None when there would be more than `budget`."""
    places: list[dict[int, Slot]] = [{} for _ in table.rows]
    used = 0
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while column in places[number]:
                column += 1
            height = min(cell.rowspan, len(places) - number)
            used += height * cell.colspan
            if used > budget:
                return None
            for below in range(number, number + height):
                for beside in range(column, column + cell.colspan):
                    first = below == number and beside == column
                    if first or beside not in places[below]:
                        places[below][beside] = Slot(cell, first)
            column += cell.colspan
    return places
