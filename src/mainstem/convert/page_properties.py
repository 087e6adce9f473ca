"""Keys and values from the tables inside a page-properties macro, and what type the values are.

A row with a header cell (or just two cells) is a key and its value; a table whose header row holds all the keys is
read column by column, as Confluence's own report does. Each item of a list, and each line, is a value of its own; and
so is each of several mentions or lozenges in one line.
"""

from collections.abc import Iterable, Iterator, Sequence

from mainstem.convert import nodes
from mainstem.convert.plain import inline_text, text_of
from mainstem.wiki.documents import LinkResolver
from mainstem.wiki.properties import PageProperty, PropertyType, type_of

_TELLING = {
    nodes.Mention: PropertyType.PERSON,
    nodes.Status: PropertyType.STATUS,
    nodes.Date: PropertyType.DATE,
    nodes.Link: PropertyType.LINK,
}
_BETWEEN = frozenset({"", ",", ";", "/", "&", "+", "and", "|"})
"""Words between values of one line that belong to none of them."""

_Run = tuple[nodes.Inline, ...]


def properties(block: nodes.Block, people: LinkResolver) -> Iterator[PageProperty]:
    """The properties that a block holds; values as plain text on one line, "" when empty."""
    for head, values in cells(block):
        if name := _line(head, people):
            found = [each for cell in values for each in _values(cell.blocks, people)]
            types = {type_ for type_, _ in found}
            yield PageProperty(
                name,
                " ".join(filter(None, (_line(value, people) for value in values))),
                types.pop() if len(types) == 1 else PropertyType.TEXT,
                tuple(dict.fromkeys(text for _, text in found)),
            )


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


def _values(blocks: Sequence[nodes.Block], people: LinkResolver) -> Iterator[tuple[PropertyType, str]]:
    """Each value in some blocks, and its type."""
    for block in blocks:
        match block:
            case nodes.Paragraph(content=content) | nodes.Heading(content=content):
                for run in _lines(content):
                    yield from _of_run(run, people)
            case nodes.List(items=items):
                for item in items:
                    yield from _values(item.blocks, people)
            case _:
                if text := " ".join(text_of((block,), people).split()):
                    yield PropertyType.TEXT, text


def _lines(content: _Run) -> Iterator[_Run]:
    line: list[nodes.Inline] = []
    for part in content:
        if isinstance(part, nodes.Break):
            yield tuple(line)
            line = []
        else:
            line.append(part)
    yield tuple(line)


def _of_run(run: _Run, people: LinkResolver) -> Iterator[tuple[PropertyType, str]]:
    told = [part for part in _bare(run) if not (isinstance(part, str) and part.strip().casefold() in _BETWEEN)]
    types = {_TELLING.get(type(part)) for part in told}
    type_ = types.pop() if len(types) == 1 else None
    if type_ is not None:
        texts = (" ".join(inline_text((part,), people).split()) for part in told)
        yield from ((type_, text.removeprefix("@")) for text in texts if text.removeprefix("@"))
    elif text := " ".join(inline_text(run, people).split()):
        yield type_of(text), text


def _bare(run: Iterable[nodes.Inline]) -> Iterator[nodes.Inline]:
    """What a run is made of, whatever its style."""
    for part in run:
        if isinstance(part, nodes.Styled):
            yield from _bare(part.content)
        elif not isinstance(part, nodes.Anchor):
            yield part
