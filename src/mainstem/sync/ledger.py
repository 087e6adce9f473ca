"""Writes the batches of one run: under its lease, each with the run's counters, so progress is never ahead of data.

What a batch counts is a difference; the ledger adds it up. A replayed batch counts nothing, for the run's row holds it
already.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from mainstem.confluence.client import Traffic
from mainstem.store import events, leases, runs
from mainstem.store.leases import Lease
from mainstem.store.runs import Failure, Run
from mainstem.sync import log
from mainstem.sync.durable import Checkpoints, Outcome
from mainstem.sync.stopping import Stopped

BATCHES = "batches"
REQUESTS = "requests"


@dataclass(slots=True)
class Written:
    """What one batch did: numbers to add to the run's counters, and facts that the run needs to go on.

    `hidden`: documents wait for their chain, hidden from everybody, until the chains are next rebuilt.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    hidden: bool = False


Writing = Callable[[Connection, datetime], Written]
"""Writes one batch, given the transaction and the instant it happens at."""


class Ledger:
    """The one way in which a run writes."""

    def __init__(
        self, checkpoints: Checkpoints, run: Run, lease: Lease, traffic: Traffic, clock: Callable[[], datetime]
    ) -> None:
        """`run` as it is in the database: its counters are where this process goes on from."""
        self._checkpoints = checkpoints
        self._run = run
        self._lease = lease
        self._traffic = traffic
        self._clock = clock
        self._counters = dict(run.counters)
        self._requests_before = self._counters.get(REQUESTS, 0)
        self._phases: set[str] = set()

    @property
    def replaying(self) -> bool:
        """Whether the next batch was committed by an earlier process."""
        return self._checkpoints.replaying

    async def write(self, phase: str, prepare: Callable[[], Awaitable[Writing]]) -> Outcome:
        """Commit the next batch; its facts, or those it had when it was committed before. Raises Stopped."""
        counters = self._counters

        async def prepared() -> Callable[[Connection], Outcome]:
            writing = await prepare()
            return lambda db: self._apply(db, phase, writing, counters)

        replayed = self.replaying
        outcome = await self._checkpoints.commit(phase, prepared)
        if not replayed:
            self._counters = outcome["counters"]
        facts: Outcome = outcome["facts"]
        return facts

    def _apply(self, db: Connection, phase: str, writing: Writing, before: Mapping[str, int]) -> Outcome:
        now = self._clock()
        leases.check(db, self._lease, now)
        written = writing(db, now)
        counters = dict(before)
        for name, number in written.counts.items():
            counters[name] = counters.get(name, 0) + number
        counters[BATCHES] = counters.get(BATCHES, 0) + 1
        counters[REQUESTS] = self._requests_before + self._traffic.requests
        stop = runs.progress(db, self._run.id, now, phase=phase, counters=counters)
        if stop is not None:
            raise Stopped(stop)
        self._tell(db, now, phase, written.counts)
        return {"facts": dict(written.facts), "counters": counters}

    def _tell(self, db: Connection, now: datetime, phase: str, counts: Mapping[str, int]) -> None:
        """A line in the log for each phase that begins, and for what it changes."""
        told = {name: number for name, number in counts.items() if number}
        if phase not in self._phases or told.keys() - {"unchanged"}:
            events.log(db, [log.at_work(self._run, now, phase, told)])
        self._phases.add(phase)


def note_failures(db: Connection, run: Run, failures: list[Failure], now: datetime) -> None:
    """Record items that could not be had, and say so in the run's log."""
    runs.record_failures(db, run.connection_id, failures, now)
    events.log(db, log.not_had(run, now, failures))
