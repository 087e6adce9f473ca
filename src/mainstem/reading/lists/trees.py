"""Lists of what stands below a page: `children` and `pagetree`."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from mainstem.convert import Part, nodes
from mainstem.reading.lists import lines
from mainstem.reading.lists.place import Asked, Blocks, Parts, Place, Plan
from mainstem.store.branches import Branch, Grown, Leaf

DEEPEST: Final = 8
"""Levels of a tree that are shown within each other."""

MOST: Final = 200
"""Pages of one tree."""

NOTHING: Final = "There are no pages below."


@dataclass(frozen=True, slots=True)
class _Look:
    """How a tree is shown: the order, the most on its first level, a heading's level or 0, levels that stand open."""

    order: Callable[[Leaf], Any]
    descending: bool
    first: int
    heading: int
    excerpt: str
    folded_below: int = DEEPEST


def children(asked: Asked, place: Place) -> Plan:
    """`children`: pages below a page, so many levels of them."""
    root = asked.page("page")
    everything = asked.flag("all", "allchildren")
    depth = DEEPEST if everything else asked.number("depth", default=1, most=DEEPEST)
    style = asked.text("style").lower()
    look = _Look(
        order=_ORDERS.get(asked.text("sort", "sortandreverse").lower(), _by_hand),
        descending=asked.flag("reverse"),
        first=asked.number("first", default=MOST, most=MOST),
        heading=int(style[1]) if style in ("h1", "h2", "h3", "h4", "h5", "h6") else 0,
        excerpt=_excerpt(asked),
    )
    return _plan(root, depth, look, place)


def pagetree(asked: Asked, place: Place) -> Plan:
    """`pagetree`: the tree below a page, at first that of the space; what is deep in it is folded."""
    root = asked.page("root") if asked.given("root") else place.sheet.homepage_id or place.sheet.home.content_id
    look = _Look(
        order=_ORDERS.get(asked.text("sort").lower(), _by_hand),
        descending=asked.flag("reverse"),
        first=MOST,
        heading=0,
        excerpt=_excerpt(asked),
        folded_below=asked.number("startdepth", default=1, most=DEEPEST),
    )
    return _plan(root, DEEPEST, look, place)


def _excerpt(asked: Asked) -> str:
    said = asked.text("excerpttype", "excerpt").lower()
    return {"true": "simple", "rich content": "rich"}.get(said, said)


def _plan(root: str | None, depth: int, look: _Look, place: Place) -> Plan:
    if root is None:
        return Plan(None, lambda _answer, _parts: lines.remark(NOTHING))
    part = Part.EXCERPTS if look.excerpt in ("simple", "rich") else None
    return Plan(Branch(root, depth), partial(_shown, root, look, place), part)


def _shown(root: str, look: _Look, place: Place, grown: Grown, parts: Parts) -> Blocks:
    tree = _Tree(grown, look, place, parts)
    blocks = tree.below(root, 1)
    return lines.or_nothing((*blocks, *tree.more()), NOTHING)


class _Tree:
    """Shows a tree level by level, until there is no room for more pages."""

    def __init__(self, grown: Grown, look: _Look, place: Place, parts: Parts) -> None:
        self._grown, self._look, self._place, self._parts = grown, look, place, parts
        self._left = MOST
        self._by_parent: defaultdict[str, list[Leaf]] = defaultdict(list)
        for leaf in grown.leaves:
            self._by_parent[leaf.parent_id].append(leaf)
        for siblings in self._by_parent.values():
            siblings.sort(key=look.order, reverse=look.descending)

    def below(self, source_id: str, level: int) -> Blocks:
        """What stands below a page. A page that is its own descendant is met once, so this ends."""
        siblings = self._by_parent.pop(source_id, [])
        if level == 1:
            siblings = siblings[: self._look.first]
        shown, self._left = siblings[: self._left], max(0, self._left - len(siblings))
        if self._look.heading:
            return tuple(block for leaf in shown for block in self._headed(leaf, level))
        return lines.bullets([*self._line(leaf, level)] for leaf in shown)

    def more(self) -> Blocks:
        """How many pages there was no room for."""
        hidden = len(self._grown.leaves) - (MOST - self._left)
        if not self._grown.whole:
            return lines.remark(f"and more than {hidden:,} more")
        first = self._look.first
        return lines.more(len(self._grown.leaves), MOST - self._left, self._place) if first == MOST else ()

    def _line(self, leaf: Leaf, level: int) -> Iterator[nodes.Inline | Blocks]:
        yield lines.link(leaf, self._place)
        said = lines.excerpt(leaf.document_id, self._parts)
        if self._look.excerpt == "rich":
            yield said
        elif said:
            yield from lines.beside(lines.in_words(said))
        further = self.below(leaf.source_id, level + 1)
        if further and level >= self._look.folded_below:
            yield (nodes.Expand(f"{_count(further)} below", further),)
        else:
            yield further

    def _headed(self, leaf: Leaf, level: int) -> Iterator[nodes.Block]:
        link = lines.link(leaf, self._place)
        yield nodes.Heading(min(self._look.heading + level - 1, 6), (link,), f"page-{leaf.document_id}")
        yield from lines.excerpt(leaf.document_id, self._parts)
        yield from self.below(leaf.source_id, level + 1)


def _count(blocks: Blocks) -> int:
    return sum(len(block.items) for block in blocks if isinstance(block, nodes.List))


def _by_hand(leaf: Leaf) -> Any:
    return (leaf.position is None, leaf.position or 0, lines.natural(leaf.title))


_ORDERS: Final[dict[str, Callable[[Leaf], Any]]] = {
    "title": lambda leaf: lines.natural(leaf.title),
    "natural": lambda leaf: lines.natural(leaf.title),
    "bitwise": lambda leaf: leaf.title,
    "creation": lambda leaf: (leaf.created_at is None, leaf.created_at, leaf.document_id),
    "modified": lambda leaf: (leaf.modified_at is None, leaf.modified_at, leaf.document_id),
}
