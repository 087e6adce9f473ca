"""A table as HTML lays it out: each merged cell in every place that it covers."""

from lxml.html import HtmlElement

from bench.fidelity.shown import text_of

_WIDEST = 1000


def rows_of(table: HtmlElement) -> list[list[str]]:
    """What is said in each place, row by row; rows are equally long. Tables within a cell are words of that cell."""
    places: dict[tuple[int, int], str] = {}
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while (number, column) in places:
                column += 1
            said = text_of(cell)
            below, width = _span(cell, "rowspan"), _span(cell, "colspan") or 1
            for down in range(min(below or _WIDEST, len(rows) - number)):  # 0: to the end
                for across in range(width):
                    places.setdefault((number + down, column + across), said)
            column += width
    width = max((column for _, column in places), default=-1) + 1
    return [[places.get((number, column), "") for column in range(width)] for number in range(len(rows))]


def _span(cell: HtmlElement, name: str) -> int:
    written = (cell.get(name) or "1").strip()
    return min(int(written), _WIDEST) if written.isdigit() else 1
