"""Keys and values from the tables inside a page-properties macro.

A row with a header cell (or just two cells) is a key and its value; a table whose header row holds all the keys is
read column by column, as Confluence's own report does.
"""

from collections.abc import Iterator

from mainstem.convert import nodes
from mainstem.convert.plain import text_of
from mainstem.wiki.documents import LinkResolver


def pairs(block: nodes.Block, people: LinkResolver) -> Iterator[tuple[str, str]]:
    """The (key, value) pairs that a block holds; values as plain text on one line, "" when empty."""
    for head, values in cells(block):
        if name := _line(head, people):
            yield name, " ".join(filter(None, (_line(value, people) for value in values)))


def cells(block: nodes.Block) -> Iterator[tuple[nodes.Cell, tuple[nodes.Cell, ...]]]:
    """The cells of each key and of its values that a block holds."""
    match block:
        case nodes.Table():
            yield from _across(block) if _reads_across(block) else _down(block)
        case nodes.Columns(columns=columns):
            for column in columns:
                for inner in column:
                    yield from cells(inner)
        case nodes.Panel(blocks=blocks) | nodes.Expand(blocks=blocks) | nodes.Excerpt(blocks=blocks):
            for inner in blocks:
                yield from cells(inner)
        case _:
            return


def _reads_across(table: nodes.Table) -> bool:
    """All keys in the first row, values below."""
    return table.heads == 1 and len(table.rows) > 1 and not any(cell.header for cell in table.rows[1].cells)


def _across(table: nodes.Table) -> Iterator[tuple[nodes.Cell, tuple[nodes.Cell, ...]]]:
    for head, *values in zip(*(row.cells for row in table.rows), strict=False):
        yield head, tuple(values)


def _down(table: nodes.Table) -> Iterator[tuple[nodes.Cell, tuple[nodes.Cell, ...]]]:
    for row in table.rows:
        if len(row.cells) > 1:
            yield row.cells[0], row.cells[1:]


def _line(cell: nodes.Cell, people: LinkResolver) -> str:
    return " ".join(text_of(cell.blocks, people).split())
