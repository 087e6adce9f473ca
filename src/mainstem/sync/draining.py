"""Stores what a row of sources gives, batch by batch in their order, and tells which of them cannot be believed whole.

A source that breaks off costs its own spaces their completeness, and nothing else (Y5).
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
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
from mainstem.sync.ledger import Ledger, Writing, Written, note_failures
from mainstem.sync.side_by_side import together

BREAKS_OFF = (SkipItem, ServerBroken, ListingBroken, Gone)
"""What says of one source that it gives no more; every other error says that of the whole site."""


@dataclass(slots=True)
class Drained:
    """What came of the sources: the numbers of those that broke off, and what each one listed."""

    broken: set[int] = field(default_factory=set)
    listed: list[Listed] = field(default_factory=list)

    def spaces(self, sources: Sequence[Source], numbers: set[int]) -> set[str]:
        """The ids of the spaces that some of the sources are about."""
        return {space_id for number in numbers for space_id in sources[number].space_ids}

    @property
    def full(self) -> set[int]:
        """The sources whose end looks as one does that was cut short."""
        return {number for number, listed in enumerate(self.listed) if listed.ends_full}

    def current(self) -> dict[str, int]:
        """How many current contents of each space were listed."""
        total: Counter[str] = Counter()
        for listed in self.listed:
            total.update(listed.current)
        return dict(total)


class Drain:
    """Takes from sources until they are empty."""

    def __init__(self, connection: SavedConnection, run: Run, ledger: Ledger) -> None:
        """Every batch is written through `ledger`."""
        self._connection = connection
        self._run = run
        self._ledger = ledger
        self._hidden = False

    async def all(self, sources: Sequence[Source], *, first: Callable[[], Awaitable[None]] | None = None) -> Drained:
        """Store everything from these sources. `first` is done before, while the first of them is being read."""
        drained = Drained()
        async with together() as tasks:
            ahead = ReadAhead(sources, tasks)
            if first is not None:
                if not self._ledger.replaying:
                    ahead.begin()
                await first()
            for number in range(len(sources)):
                await self._one(ahead, number, drained)
        return drained

    async def _one(self, ahead: ReadAhead, number: int, drained: Drained) -> None:
        listed, cursor, batch, last = Listed(), None, 0, False
        while not last:
            batch += 1
            take = partial(self._take, ahead, number, cursor, batch)
            facts = await self._ledger.write(ahead.sources[number].name, take)
            cursor, last = facts["cursor"], facts["last"]
            listed.add(facts["listed"], facts["current"])
            if facts["broken"]:
                drained.broken.add(number)
        drained.listed.append(listed)

    async def _take(self, ahead: ReadAhead, number: int, cursor: str | None, batch: int) -> Writing:
        try:
            taken = await ahead.take(number, cursor)
        except BREAKS_OFF as error:
            name = ahead.sources[number].name
            return partial(self._break_off, Failure(f"listing: {name}", name, self._connection.url, str(error)))
        prepared = taken.prepared

        def write(db: Connection, now: datetime) -> Written:
            written = Written() if prepared is None else prepared.write(db, now)
            self._hidden |= written.hidden
            if self._hidden and (taken.last or batch & (batch - 1) == 0):
                # New pages show after the batches 1, 2, 4, 8 ... and the last: soon, at a bounded cost for all.
                rebuild_chains(db, self._connection.id)
                self._hidden = False
            return Written(counts=written.counts, facts={"last": taken.last, "broken": False, **_told(prepared)})

        return write

    def _break_off(self, failure: Failure, db: Connection, now: datetime) -> Written:
        note_failures(db, self._run, [failure], now)
        return Written(facts={"last": True, "broken": True, **_told(None)})


def _told(prepared: Prepared | None) -> dict[str, Any]:
    if prepared is None:
        return {"cursor": None, "listed": 0, "current": {}}
    return {"cursor": prepared.cursor, "listed": prepared.listed, "current": dict(prepared.current)}
