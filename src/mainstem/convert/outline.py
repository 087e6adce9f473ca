"""The headings of a document, for a table of contents, and what stands below one of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

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


def section(document: nodes.Document, anchor: str) -> nodes.Document | None:
    """The document from the heading of this anchor up to the next one beside it, of its level or a higher one.

    None where no heading that a reader sees has that anchor.
    """
    blocks = _section(document.blocks, anchor)
    return replace(document, blocks=blocks) if blocks else None


def _section(blocks: tuple[nodes.Block, ...], anchor: str) -> tuple[nodes.Block, ...]:
    for number, block in enumerate(blocks):
        if isinstance(block, nodes.Heading):
            if block.anchor == anchor:
                return (block, *takewhile(partial(_within_section, block.level), blocks[number + 1 :]))
        elif found := next(filter(None, (_section(inner, anchor) for inner in _within(block))), ()):
            return found
    return ()


def _within_section(level: int, block: nodes.Block) -> bool:
    return not isinstance(block, nodes.Heading) or block.level > level


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
        case nodes.Include(blocks=blocks) | nodes.Listing(blocks=blocks):
            yield blocks or ()
        case nodes.Quote() | nodes.Panel() | nodes.Expand() | nodes.Excerpt() | nodes.Properties() | nodes.Unknown():
            yield block.blocks
