"""What Confluence's server puts into a page when it is shown, put there when somebody reads, for them alone.

Other pages, parts of them, and lists: each under the rights of what it shows. Whoever may not read a page sees of it
what everybody sees of a page that is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from mainstem.convert import nodes
from mainstem.convert.flow import DEEPEST
from mainstem.convert.grafts import height, ids_in, moved, rewritten, targets_in, weight
from mainstem.reading.addresses import Addresses
from mainstem.reading.includes import Sheet, Shelf, sheet_of, shelf_of, shown_of
from mainstem.reading.lists import TOO_MANY, lists_of
from mainstem.reading.lists.lines import remark
from mainstem.reading.lists.place import Blocks, Place
from mainstem.store.documents import Document
from mainstem.wiki.audience import Clause, Viewer

MOST: Final = 1_000_000
"""Characters that all included pages together add to one, and no more than..."""

FACTOR: Final = 5
"""... so many times what is stored of all of them."""

_EMPTY: Final = "This page has no text."
_NO_EXCERPT: Final = "This page has no such excerpt any more."


def filled(
    db: Connection,
    found: Document,
    trees: Sequence[nodes.Document],
    *,
    viewer: Viewer,
    addresses: Addresses,
    now: datetime,
) -> tuple[nodes.Document, ...]:
    """The trees of a page that the viewer can read, and of what is said on it, with everything live filled for them.

    The number of statements is bounded, whatever the trees hold; there is none where nothing is live.
    """
    if not any(tree.live for tree in trees):
        return tuple(trees)
    sheets = [sheet_of(found, tree) for tree in trees]
    shelf = shelf_of(db, sheets, viewer=viewer)
    own = frozenset(principal for site, principal in viewer.principals if site == found.connection_id)
    accounts = Clause(own).users
    asking: dict[tuple[int, nodes.Listing], Place] = {}
    for sheet in (*sheets, *shelf.sheets.values()):
        place = Place(sheet, shelf, accounts, now, addresses)
        asking |= {
            (sheet.document_id, sheet.spelled(node)): place
            for node in sheet.document.live
            if isinstance(node, nodes.Listing)
        }
    shown = lists_of(db, [(node, place) for (_, node), place in asking.items()], viewer=viewer)
    filling = _Filling(shelf, sheets, dict(zip(asking, shown, strict=True)))
    return tuple(filling.document(sheet) for sheet in sheets)


class _Filling:
    """Fills the sheets of one page, within one room for all."""

    def __init__(
        self, shelf: Shelf, sheets: Sequence[Sheet], lists: Mapping[tuple[int, nodes.Listing], Blocks]
    ) -> None:
        self._shelf, self._lists = shelf, lists
        self._listed = self._number = 0
        read = (*sheets, *shelf.sheets.values())
        self._left = min(MOST, FACTOR * sum(sheet.document.size for sheet in read))
        self._measures: dict[tuple[int, str | None], tuple[int, int]] = {}
        self._times: dict[int, int] = {}
        self._places: dict[str, str] = {}

    def document(self, sheet: Sheet) -> nodes.Document:
        """The whole tree of a sheet, filled."""
        tree, before = sheet.document, self._left - self._listed
        if not tree.live:
            return tree
        self._places = {}
        blocks = self._blocks(tree.blocks, sheet, ((sheet.document_id, None),), DEEPEST - height(tree.blocks))
        return replace(
            tree,
            blocks=blocks,
            size=tree.size + before - self._left + self._listed,
            links=targets_in(blocks),
            anchors={**tree.anchors, **self._places},
        )

    def _blocks(
        self, blocks: tuple[nodes.Block, ...], sheet: Sheet, chain: tuple[tuple[int, str | None], ...], room: int
    ) -> tuple[nodes.Block, ...]:
        def change(part: Any) -> Any:
            if isinstance(part, nodes.Include):
                return replace(part, blocks=self._included(sheet.spelled(part), chain, room))
            if isinstance(part, nodes.Listing):
                return replace(part, blocks=self._list(sheet, sheet.spelled(part), room))
            return part

        return rewritten(blocks, change)

    def _included(
        self, node: nodes.Include, chain: tuple[tuple[int, str | None], ...], room: int
    ) -> tuple[nodes.Block, ...] | None:
        """What stands for another page: () where it is not there for the viewer, None where it stays a link."""
        if node.target not in self._shelf.pages:
            return ()
        sheet = self._shelf.included(node)
        if sheet is None or (sheet.document_id, node.excerpt) in chain:
            return None
        blocks = shown_of(sheet, node.excerpt)
        if not blocks:
            return remark(_EMPTY if node.excerpt is None else _NO_EXCERPT)
        heavy, high = self._measured(sheet, node.excerpt, blocks)
        if heavy > self._left or high > room:
            return None
        self._left -= heavy
        here = moved(blocks, sheet.home, sheet.document.anchors, self._under(sheet.document_id))
        self._places |= {id_: id_ for id_ in ids_in(here)}
        return self._blocks(here, sheet, (*chain, (sheet.document_id, node.excerpt)), room - high)

    def _list(self, sheet: Sheet, node: nodes.Listing, room: int) -> Blocks:
        """What a list shows here, under ids of its own."""
        blocks = self._lists[sheet.document_id, node]
        heavy = weight(blocks)
        if heavy > MOST - self._listed or height(blocks) > room:
            return remark(TOO_MANY)
        self._listed += heavy
        self._number += 1
        places = {id_: id_ for id_ in ids_in(blocks)}
        here = moved(blocks, sheet.home, places, f"list-{self._number}.")
        self._places |= {id_: id_ for id_ in ids_in(here)}
        return here

    def _measured(self, sheet: Sheet, excerpt: str | None, blocks: tuple[nodes.Block, ...]) -> tuple[int, int]:
        key = (sheet.document_id, excerpt)
        if key not in self._measures:
            self._measures[key] = weight(blocks), height(blocks)
        return self._measures[key]

    def _under(self, document_id: int) -> str:
        """What goes before the ids of a page here: no id of a page of its own has a dot, so none is there twice."""
        times = self._times[document_id] = self._times.get(document_id, 0) + 1
        return f"from-{document_id}." if times == 1 else f"from-{document_id}-{times}."
