"""Stores what a row of sources gives, batch by batch in their order, and tells which of them cannot be believed whole.

A source that breaks off costs its own spaces their completeness, and nothing else (Y5).
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from mainstem.confluence.errors import Gone, ListingBroken, ServerBroken
from mainstem.errors import SkipItem
from mainstem.store.chains import rebuild_chains
from mainstem.store.connections import SavedConnection
from mainstem.store.runs import Failure, Run
from mainstem.sync.ahead import Prepared, ReadAhead, Source
from mainstem.sync.completeness import Listed
from mainstem.sync.durable import Outcome
from mainstem.sync.ledger import BATCHES, Ledger, Writing, Written, note_failures
from mainstem.sync.side_by_side import together

BREAKS_OFF = (SkipItem, ServerBroken, ListingBroken, Gone)
"""What says of one source that it gives no more; every other error says that of the whole site."""


def _showing() -> Iterator[int]:
    batch = 1
    while batch < 1 << 20:
        yield batch
        batch = max(batch + 1, batch * 3 // 2)


SHOWING = frozenset(_showing())
"""After these batches of a source new pages show, 1, 2, 3, 4, 6, 9 ...: soon, at a bounded cost for all of them."""


@dataclass(slots=True)
class Drained:
    """What came of the sources, by space id.

    `broken`: a list of the space broke off. `doubtful`: one ended where a server that cuts lists short would end it.
    `short`: Confluence counts more than that.
    `current`: how many current contents of the space were listed. `put_off`: how many contents are to be fetched.
    """

    broken: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)
    current: Counter[str] = field(default_factory=Counter)
    put_off: int = 0

    def add(self, source: Source, listed: Listed, *, broken: bool) -> None:
        """What one source came to."""
        if broken:
            self.broken.update(source.space_ids)
        if listed.ends_full:
            self.doubtful.update(source.space_ids)
        self.current.update(listed.current)
        self.put_off += listed.put_off

    def forget(self, space_ids: Collection[str]) -> None:
        """Start anew with some spaces, which are listed once more."""
        self.broken.difference_update(space_ids)
        self.doubtful.difference_update(space_ids)
        for space_id in space_ids:
            del self.current[space_id]


class Drain:
    """Takes from sources until they are empty."""

    def __init__(self, connection: SavedConnection, run: Run, ledger: Ledger) -> None:
        """Every batch is written through `ledger`."""
        self._connection = connection
        self._run = run
        self._ledger = ledger
        # A process before this one may have been killed before it let new pages show.
        self._hidden = bool(run.counters.get(BATCHES))

    async def all(
        self,
        sources: Sequence[Source],
        *,
        first: Callable[[], Awaitable[None]] | None = None,
        apart: Callable[[str], Iterable[Source]] | None = None,
    ) -> Drained:
        """Store everything from these sources. `first` is done before, while the first of them is being read.

        `apart` gives the sources of one space alone: for those of a list of several that broke off.
        """
        drained = Drained()
        several: set[str] = set()
        async with together() as tasks:
            ahead = ReadAhead(sources, tasks)
            if first is not None:
                if not self._ledger.replaying:
                    ahead.begin()
                await first()
            for number, source in enumerate(sources):
                grouped = apart is not None and len(source.space_ids) > 1
                listed, broken = await self._one(ahead, number, note=not grouped)
                drained.add(source, listed, broken=broken)
                several |= set(source.space_ids) if grouped and broken else set()
        if apart is not None and several:
            drained.forget(several)
            again = await self.all([source for space_id in sorted(several) for source in apart(space_id)])
            drained.broken |= again.broken
            drained.doubtful |= again.doubtful
            drained.current.update(again.current)
            drained.put_off += again.put_off
        return drained

    async def _one(self, ahead: ReadAhead, number: int, *, note: bool) -> tuple[Listed, bool]:
        """Everything from one source; what it listed and whether it broke off, which is a failure to `note`."""
        listed, batch = Listed(), 0
        facts: Outcome = {"last": False, "cursor": None, "broken": False}
        while not facts["last"]:
            batch += 1
            take = partial(self._take, ahead, number, facts["cursor"], batch, note=note)
            facts = await self._ledger.write(ahead.sources[number].name, take)
            listed.add(facts["listed"], facts["current"], facts["put_off"])
        return listed, facts["broken"]

    async def _take(self, ahead: ReadAhead, number: int, cursor: str | None, batch: int, *, note: bool) -> Writing:
        try:
            taken = await ahead.take(number, cursor)
        except BREAKS_OFF as error:
            name = ahead.sources[number].name
            failure = Failure(f"listing: {name}", name, self._connection.url, str(error))
            return partial(self._break_off, [failure] if note else [])
        prepared = taken.prepared

        def write(db: Connection, now: datetime) -> Written:
            written = Written() if prepared is None else prepared.write(db, now)
            self._hidden |= written.hidden
            if self._hidden and (taken.last or batch in SHOWING):
                rebuild_chains(db, self._connection.id)
                self._hidden = False
            return Written(counts=written.counts, facts={"last": taken.last, "broken": False, **_told(prepared)})

        return write

    def _break_off(self, failures: list[Failure], db: Connection, now: datetime) -> Written:
        note_failures(db, self._run, failures, now)
        return Written(facts={"last": True, "broken": True, **_told(None)})


def _told(prepared: Prepared | None) -> dict[str, Any]:
    if prepared is None:
        return {"cursor": None, "listed": 0, "current": {}, "put_off": 0}
    return {
        "cursor": prepared.cursor,
        "listed": prepared.listed,
        "current": dict(prepared.current),
        "put_off": prepared.put_off,
    }
