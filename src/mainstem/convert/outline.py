"""The headings of a document, for a table of contents."""

from collections.abc import Iterator
from dataclasses import dataclass

from mainstem.convert import nodes
from mainstem.convert.plain import inline_text
from mainstem.wiki.documents import LinkResolver


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: `level` 1 to 6, `anchor` its id in our own HTML, `text` its words on one line, never empty."""

    level: int
    anchor: str
    text: str


def outline(document: nodes.Document, links: LinkResolver) -> tuple[Heading, ...]:
    """All headings that a reader sees, in order, wherever they stand; those without words are left out."""
    return tuple(_headings(document.blocks, links))


def _headings(blocks: tuple[nodes.Block, ...], links: LinkResolver) -> Iterator[Heading]:
    for block in blocks:
        if isinstance(block, nodes.Heading):
            text = " ".join(inline_text(block.content, links).split())
            if text:
                yield Heading(block.level, block.anchor, text)
        else:
            for inner in _within(block):
                yield from _headings(inner, links)


def _within(block: nodes.Block) -> Iterator[tuple[nodes.Block, ...]]:
    match block:
        case nodes.List(items=parts) | nodes.TaskList(tasks=parts) | nodes.DecisionList(decisions=parts):
            yield from (part.blocks for part in parts)
        case nodes.Table(rows=rows):
            yield from (cell.blocks for row in rows for cell in row.cells)
        case nodes.Columns(columns=columns):
            yield from columns
        case nodes.Excerpt(hidden=True):
            return
        case nodes.Quote() | nodes.Panel() | nodes.Expand() | nodes.Excerpt() | nodes.Properties() | nodes.Unknown():
            yield block.blocks
