"""Which syncs of a connection come next by themselves: its plan and its latest run, under its schedule."""

from datetime import datetime

from mainstem.store.plans import Plan
from mainstem.store.runs import Aim, Run
from mainstem.sync.schedule import BadSchedule, Rhythm, Schedule, next_runs

FORESEEN = 5
"""Syncs that are told in advance."""


def schedule_of(plan: Plan, aim: Aim = Aim.EVERYTHING) -> Schedule:
    """The schedule of a plan; one that this version cannot read waits until somebody chooses another."""
    try:
        return Schedule.parse(plan.schedule if aim is Aim.EVERYTHING else plan.rules_schedule)
    except BadSchedule:
        return Schedule(Rhythm.MANUAL)


def upcoming(
    plan: Plan, run: Run | None, now: datetime, *, number: int = FORESEEN, aim: Aim = Aim.EVERYTHING
) -> list[datetime]:
    """When a connection is synced next by itself, or its permissions alone; never while it rests.

    `run` is the latest that read as much.
    """
    since = plan.since if aim is Aim.EVERYTHING else plan.rules_since
    if plan.paused_at is not None or since is None:
        return []
    last = None if run is None else run.started_at
    return next_runs(schedule_of(plan, aim), since=since, last=last, now=now, number=number)
