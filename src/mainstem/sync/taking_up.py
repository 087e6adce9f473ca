"""Which run a sync works on: the one that was left unfinished, where it can still be finished, else a new one.

The caller owns the home, so nobody else is at an unfinished run. Whether its workflow is still alive is for the caller
to find out, who can ask `durable`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mainstem.store import audiences, leases, runs, seen
from mainstem.store.runs import ENDED, Aim, Run, RunState
from mainstem.sync import log
from mainstem.sync.ledger import REQUESTS
from mainstem.sync.order import APPROVED

OTHER_VERSION = "Another version of Mainstem had begun this sync; a new one took its place"
NEW_APPROVAL = "Its deletions waited for a person, who has allowed them since; a new sync took its place"
BROKE_OFF = "It broke off and could not note why; a new sync took its place"


TOO_LONG_AGO = timedelta(hours=1)
"""What was read of rules so long before the rest would be mixed with readers of now."""

WANTS_MORE = "It was to read permissions alone; a whole sync, which reads them too, took its place"
AGED = "It was interrupted more than an hour ago; a new sync began instead"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for, and with what a new run begins: an id of no workflow before, the version of the order.

    `approved`: deletions need not wait. `requests` were spent on connecting already. `aim`: what it is to read.
    """

    workflow_id: str
    version: str
    now: datetime
    approved: bool = False
    requests: int = 0
    aim: Aim = Aim.EVERYTHING


def take_up(db: Connection, connection_id: int, asked: Asked) -> Run:
    """The run to work on. What is asked for counts for whichever run that is."""
    latest = runs.latest(db, connection_id)
    if latest is None or latest.state in ENDED:
        return _begin(db, connection_id, asked, {})
    reason = _why_not(latest, asked)
    if reason is not None:
        return supersede(db, latest, asked, reason)
    runs.progress(db, latest.id, asked.now, counters=_counters(asked, latest.counters))
    return latest


def supersede(db: Connection, run: Run, asked: Asked, reason: str) -> Run:
    """End a run that nobody can finish, and begin another. What it stored is kept.

    So is what it was allowed, unless that is long ago: by now something else may be missing than a person looked at.
    """
    abandon(db, run, asked.now, reason)
    allowed = {APPROVED: 1} if run.counters.get(APPROVED) and reason != AGED else {}
    return _begin(db, run.connection_id, asked, allowed)


def abandon(db: Connection, run: Run, now: datetime, reason: str) -> None:
    """End a run that nobody works on. What it stored is kept."""
    log.finish(db, run, RunState.CANCELLED, now, reason)
    seen.forget(db, run.id)
    leases.free(db, run.connection_id, run.workflow_id)


def _begin(db: Connection, connection_id: int, asked: Asked, before: Mapping[str, int]) -> Run:
    counters = _counters(asked, before)
    # Behind all that was read before, also where the clock was put back: by its beginning a run knows what it has read.
    last = audiences.last_read(db, connection_id)
    begun = asked.now if last is None else max(asked.now, last + timedelta(microseconds=1))
    return runs.start(db, connection_id, asked.workflow_id, asked.version, begun, counters=counters, aim=asked.aim)


def _counters(asked: Asked, before: Mapping[str, int]) -> dict[str, int]:
    requests = before.get(REQUESTS, 0) + asked.requests
    return {**before, REQUESTS: requests, **({APPROVED: 1} if asked.approved else {})}


def _why_not(run: Run, asked: Asked) -> str | None:
    if run.version != asked.version:
        return OTHER_VERSION
    if run.heartbeat_at < asked.now - TOO_LONG_AGO:
        return AGED
    if asked.approved and run.counters.get("waiting_deletions") and not run.counters.get(APPROVED):
        return NEW_APPROVAL
    if run.aim is not asked.aim and asked.aim is Aim.EVERYTHING:
        return WANTS_MORE
    return None
