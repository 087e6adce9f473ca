"""What is due: which connection is synced next, and what of it is read."""

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from mainstem.store import openings, plans, runs, workers
from mainstem.store.plans import Plan
from mainstem.store.runs import Aim
from mainstem.sync.schedule import BadSchedule, Schedule, due

log = logging.getLogger(__name__)


class Due(NamedTuple):
    """A connection, and what of it is to be read."""

    connection_id: int
    aim: Aim


Tried = Mapping[Due, datetime]
"""When each was last begun in this process, also where no run came of it."""


def next_due(db: Connection, now: datetime, *, tried: Tried) -> Due | None:
    """The connection that waits longest, of those that nobody is at: for whoever asked, else by its schedules."""
    taken = workers.claimed(db)
    every = plans.every(db).values()
    active = [plan for plan in every if plan.paused_at is None and plan.connection_id not in taken]
    waiting = [each for plan in active for each in _asked(plan)]
    if not waiting:
        waiting = [each for plan in active for each in _scheduled(db, plan, now, tried)]
    return min(waiting)[1] if waiting else None


def _asked(plan: Plan) -> Iterator[tuple[datetime, Due]]:
    # Who asked for a sync of everything waits for the permissions too, so the one comes in place of the other.
    if plan.asked_at is not None:
        yield plan.asked_at, Due(plan.connection_id, Aim.EVERYTHING)
    elif plan.rules_asked_at is not None:
        yield plan.rules_asked_at, Due(plan.connection_id, Aim.PERMISSIONS)


def _scheduled(db: Connection, plan: Plan, now: datetime, tried: Tried) -> Iterator[tuple[datetime, Due]]:
    """What is due; permissions are read by every run, so their own schedule counts from the latest of any aim."""
    everything, alone = (Due(plan.connection_id, aim) for aim in Aim)
    begun = _begun(db, plan, Aim.EVERYTHING), tried.get(everything)
    when = _when(plan.schedule, plan.since, begun, now)
    if when is not None:
        yield when, everything
    elif plan.rules_since is not None and openings.opening(db, plan.connection_id) is None:
        when = _when(plan.rules_schedule, plan.rules_since, (_begun(db, plan), *begun, tried.get(alone)), now)
        if when is not None:
            yield when, alone


def _begun(db: Connection, plan: Plan, aim: Aim | None = None) -> datetime | None:
    run = runs.latest(db, plan.connection_id, aim)
    return None if run is None else run.started_at


def _when(said: str, since: datetime | None, begun: tuple[datetime | None, ...], now: datetime) -> datetime | None:
    """When it was due; None where it is not, or never is, and where its hours are not now."""
    if since is None:
        return None
    try:
        schedule = Schedule.parse(said)
    except BadSchedule as bad:
        log.warning("A schedule cannot be kept: %s", bad)
        return None
    when = due(schedule, since=since, last=max((at for at in begun if at), default=None))
    return when if when is not None and when <= now and schedule.opening(now) == now else None
