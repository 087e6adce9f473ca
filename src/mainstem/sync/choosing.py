"""Which spaces a run is about: those that a person chose, as far as Confluence still shows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import UnknownSpace
from mainstem.store import audiences, connections, content, events, met_spaces
from mainstem.store.connections import SavedConnection
from mainstem.store.heads import documents_of_spaces
from mainstem.store.runs import Failure, Run
from mainstem.sync import log
from mainstem.sync.changing import takes
from mainstem.sync.ledger import Writing, Written, note_failures
from mainstem.sync.meeting import asks_for_public, expected, gone_since, meet
from mainstem.sync.missing import ask
from mainstem.sync.plan import Scope
from mainstem.sync.selecting import leave_out_other_kinds
from mainstem.wiki.audience import NOBODY
from mainstem.wiki.content import Space

SMALL = 250
"""Documents of a space that fit one answer; a larger one has its own list, so that no other waits for it or with it."""

TOGETHER = 100
"""So many spaces are listed in one go at most; where their list breaks off, each is listed alone."""

SIDE_BY_SIDE = 8


@dataclass(frozen=True, slots=True)
class Chosen:
    """The spaces of a run. `known` are the ids of those of which something is stored; the others load with bodies.

    `large` are those of the known that are worth a list of their own. `gone` are the ids of spaces that were chosen and
    are shown no more. `empty`: the hub holds nothing of this site yet, so nothing stale can stand above a page.
    """

    spaces: tuple[Space, ...]
    known: frozenset[str]
    large: frozenset[str]
    gone: frozenset[str]
    empty: bool
    scope: Scope

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the spaces."""
        return frozenset(space.id for space in self.spaces)

    @property
    def known_alone(self) -> "Chosen":
        """The same without the spaces of which nothing is stored."""
        return replace(self, spaces=tuple(space for space in self.spaces if space.id in self.known))

    def groups(self) -> list[tuple[Space, ...]]:
        """The spaces in groups that are listed together, each all known or all new.

        Many small spaces then cost few requests; many new ones, of unknown size, still leave several lists to be read
        side by side.
        """
        new = [space for space in self.spaces if space.id not in self.known]
        large = [space for space in self.spaces if space.id in self.large]
        small = [space for space in self.spaces if space.id in self.known - self.large]
        several = min(TOGETHER, len(new) // SIDE_BY_SIDE + 1)
        return [*_parts(new, several), *_parts(large, 1), *_parts(small, TOGETHER)]

    def but(self, space_ids: set[str]) -> frozenset[str]:
        """The ids of the spaces without some of them."""
        return self.ids - space_ids


async def find_spaces(confluence: Confluence, engine: Engine, connection: SavedConnection, run: Run) -> Writing:
    """Ask for all spaces, let the rule for later ones speak, and save the chosen ones.

    One that is gone fails alone: its pages are asked for like others.
    """
    known = await ask(engine, partial(met_spaces.met, connection_id=connection.id))
    found, gone = await _found(confluence, {*(connection.chosen_spaces or ()), *expected(known)})
    public = await confluence.anonymous_spaces() if asks_for_public(connection, known, found) else frozenset[str]()

    def write(db: Connection, now: datetime) -> Written:
        before, held = met_spaces.met(db, connection.id), documents_of_spaces(db, connection.id)
        as_it_was = connections.connection(db, connection.id)
        meeting = meet(as_it_was, before, found, public=public, held=held, now=now)
        after = meeting.connection
        if after != as_it_was:
            connections.change(db, connection.id, after)
        met_spaces.save(db, connection.id, [*meeting.changed, *gone_since(before, found, gone, now)])
        events.log(db, log.met(run, now, meeting.new))
        wanted, there = after.chosen_spaces, {space.key for space in found}
        lost = [key for key in wanted or () if key not in there]
        spaces = _in_order([space for space in found if takes(after, space)], wanted)
        saved = content.saved_spaces(db, connection.id)
        content.save_spaces(db, connection.id, spaces)
        note_failures(db, run, [_failure(key, connection) for key in lost], now)
        left = leave_out_other_kinds(db, connection.id, connection.kinds, now)
        ids = [space.id for space in spaces]
        # What was read of readers long ago, when there was nothing to see, counts for nothing that loads now.
        unread = [id_ for id_ in ids if id_ not in held]
        audiences.save_clauses(db, connection.id, audiences.HolderKind.SPACE, dict.fromkeys(unread, NOBODY))
        return Written(
            counts={"deleted": left},
            facts={
                "spaces": ids,
                "known": [id_ for id_ in ids if id_ in held],
                "large": [id_ for id_ in ids if held.get(id_, 0) > SMALL],
                "gone": [space.id for space in saved if space.key in lost],
                "outside": None if wanted is not None else [space.id for space in found if space not in spaces],
                "empty": not held,
                "archived": after.filter.archived,
            },
        )

    return write


async def _found(confluence: Confluence, wanted: Collection[str]) -> tuple[list[Space], tuple[str, ...]]:
    """All spaces, and those of the wanted keys that are shown no more: what a list omits is asked for by its key."""
    found = {space.id: space for space in await confluence.spaces()}
    missing = sorted(set(wanted) - {space.key for space in found.values()})
    if not missing:
        return list(found.values()), ()
    gone: tuple[str, ...] = ()
    try:
        more = await confluence.spaces(missing)
    except UnknownSpace as unknown:
        gone = unknown.keys
        left = [key for key in missing if key not in gone]
        more = await confluence.spaces(left) if left else []
    return list((found | {space.id: space for space in more if space.id not in found}).values()), gone


def _in_order(spaces: list[Space], wanted: Sequence[str] | None) -> list[Space]:
    """The spaces in the order in which somebody named them."""
    return spaces if wanted is None else sorted(spaces, key=lambda space: wanted.index(space.key))


def _failure(key: str, connection: SavedConnection) -> Failure:
    cause = "It is gone, or the account may no longer view it; nothing of it is removed without a person's word"
    return Failure(f"space: {key}", f"Space {key}", connection.url, cause)


def chosen_spaces(db: Connection, connection_id: int, facts: dict[str, Any]) -> Chosen:
    """What `find_spaces` found, from the facts it committed."""
    saved = {space.id: space for space in content.saved_spaces(db, connection_id)}
    outside = facts["outside"]
    scope = Scope(
        frozenset(facts["spaces"] + facts["gone"]),
        None if outside is None else frozenset(outside),
        archived=facts.get("archived", False),
    )
    spaces = tuple(saved[id_] for id_ in facts["spaces"])
    return Chosen(
        spaces,
        known=frozenset(facts["known"]),
        large=frozenset(facts["large"]),
        gone=frozenset(facts["gone"]),
        empty=facts["empty"],
        scope=scope,
    )


def _parts(spaces: Sequence[Space], most: int) -> list[tuple[Space, ...]]:
    return [tuple(spaces[start : start + most]) for start in range(0, len(spaces), most)]
