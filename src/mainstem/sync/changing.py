"""What another choice of spaces, kinds and filter makes of a connection, before it is saved (S3).

What leaves is counted exactly, among what is stored and by the rules that the next sync goes by. What comes in only
Confluence knows; here stands whether anything may.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from mainstem.store import content, selection
from mainstem.store.connections import SavedConnection
from mainstem.store.selection import Kept
from mainstem.sync.weighing import weigh
from mainstem.wiki.content import Kind, Space, Status
from mainstem.wiki.selection import SELECTED, Filter, Selection


@dataclass(frozen=True, slots=True)
class Difference:
    """What leaves with the next sync: pages and posts, and comments and files; and the pages and posts that stay.

    `spaces` are the names of those of which nothing stays. `wider`: pages or posts may come in that were outside;
    `kinds` are those beside them that come in anew.
    """

    pages: int
    others: int
    staying: int
    spaces: tuple[str, ...]
    wider: bool
    kinds: frozenset[Kind]

    @property
    def leaving(self) -> int:
        """How many documents leave in all."""
        return self.pages + self.others


def difference(db: Connection, before: SavedConnection, after: SavedConnection, now: datetime) -> Difference:
    """What changes when a connection that was `before` becomes `after`."""
    spaces, kept = content.saved_spaces(db, before.id), selection.kept(db, before.id)
    outside = {space.id for space in spaces if not takes(after, space)}
    going = {each.document_id for each in kept if each.kind not in after.kinds or each.space_id in outside}
    chosen = Selection(after.filter, now)
    weighed = weigh(selection.candidates(db, before.id, None, by_place=chosen.by_place), chosen)
    going |= {each.document_id for each in weighed.leaving}
    going |= _contained(kept, going)
    held = {each.space_id for each in kept}
    own = [each for each in kept if each.kind in SELECTED]
    pages = sum(each.document_id in going for each in own)
    return Difference(
        pages=pages,
        others=len(going) - pages,
        staying=len(own) - pages,
        spaces=tuple(space.name for space in spaces if space.id in outside & held),
        wider=_wider(before, after),
        kinds=after.kinds - before.kinds - SELECTED,
    )


def bringing(
    connection: SavedConnection, *, spaces: Sequence[str] | None, kinds: frozenset[Kind], narrowed: Filter
) -> SavedConnection:
    """A connection by which this comes in; `spaces` None: all. In what order they are named is no change."""
    before, chosen = connection.chosen_spaces, None if spaces is None else tuple(spaces)
    if before is not None and chosen is not None and set(before) == set(chosen):
        chosen = before
    return replace(connection, chosen_spaces=chosen, kinds=kinds, filter=narrowed)


def named(connection: SavedConnection, key: str) -> bool:
    """Whether the choice of a connection names a space, be it to come in or to stay outside."""
    return connection.filter.leaves_out(key) or key in (connection.chosen_spaces or ())


def taking_in(connection: SavedConnection, key: str) -> SavedConnection:
    """A connection by which the space of this key comes in."""
    without = frozenset(each for each in connection.filter.without_spaces if each.casefold() != key.casefold())
    after = replace(connection, filter=replace(connection.filter, without_spaces=without))
    chosen = connection.chosen_spaces
    return after if chosen is None or key in chosen else replace(after, chosen_spaces=(*chosen, key))


def leaving_out(connection: SavedConnection, key: str) -> SavedConnection:
    """A connection by which the space of this key stays outside; where only some are chosen, it must be one of others.

    Raises ValueError where it is chosen: the difference of that is to be said first.
    """
    if connection.chosen_spaces is not None:
        if key in connection.chosen_spaces:
            raise ValueError(key)
        return connection
    without = connection.filter.without_spaces | {key}
    return replace(connection, filter=replace(connection.filter, without_spaces=without))


def takes(connection: SavedConnection, space: Space) -> bool:
    """Whether a connection brings in a space; of what is archived only what was named."""
    if connection.filter.leaves_out(space.key):
        return False
    chosen = connection.chosen_spaces
    return space.status is Status.CURRENT if chosen is None else space.key in chosen


def _wider(before: SavedConnection, after: SavedConnection) -> bool:
    if (after.kinds - before.kinds) & SELECTED or not before.filter.covers(after.filter):
        return True
    if after.chosen_spaces is not None:
        return any(_leaves_out(before, key) for key in after.chosen_spaces)
    return before.chosen_spaces is not None or not before.filter.without_spaces <= after.filter.without_spaces


def _leaves_out(connection: SavedConnection, key: str) -> bool:
    named = connection.chosen_spaces is None or key in connection.chosen_spaces
    return not named or connection.filter.leaves_out(key)


def _contained(kept: Iterable[Kept], going: Collection[int]) -> set[int]:
    """What goes with the pages and files that it belongs to; a comment on a file is two steps from its page."""
    contained = [each for each in kept if each.container_id is not None]
    gone = {each.source_id for each in kept if each.document_id in going}
    more = {each.source_id for each in contained if each.container_id in gone}
    more |= {each.source_id for each in contained if each.container_id in more}
    return {each.document_id for each in contained if each.source_id in more}
