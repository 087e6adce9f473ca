"""Schedules of connections, for admins: when each is synced by itself."""

from datetime import datetime

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection as Database

from mainstem.api.connections import Changes, ConnectionId, Sees, connection_of, worker_of
from mainstem.api.problems import problem
from mainstem.store import plans, runs
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.runs import Aim
from mainstem.sync.coming import schedule_of, upcoming
from mainstem.sync.schedule import BadSchedule, Schedule

router = APIRouter(tags=["connections"])


class Scheduled(BaseModel):
    """When a connection is synced by itself."""

    schedule: str = Field(
        description="Such as `every 30 minutes`, `hourly`, `daily 02:00 Europe/Berlin`, `weekly mon 02:00 UTC`, "
        "`cron 0 2 * * mon-fri Europe/Berlin`, `once` or `manual`; with ` between 22:00 and 06:00 Europe/Berlin` "
        "behind it, what would begin outside these hours waits for them."
    )
    says: str = Field(description="The same in words.")
    paused: bool = Field(description="Whether it rests, whatever its schedule says.")
    next_syncs: list[datetime] = Field(description="The next few, as far as they can be foreseen.")


class WantedSchedule(BaseModel):
    """A schedule, as `schedule` of a connection has it."""

    model_config = ConfigDict(extra="forbid")

    schedule: str = Field(max_length=200)


@router.get("/connections/{connection_id}/schedule")
def scheduled(who: Sees, connection_id: ConnectionId) -> Scheduled:
    """When it is synced by itself."""
    with reading(who.behind.reader.engine) as db:
        return _scheduled(db, connection_of(db, connection_id).id, who.behind.reader.clock())


@router.put("/connections/{connection_id}/schedule", responses={409: problem("This is no schedule that can be kept.")})
def schedule(who: Changes, connection_id: ConnectionId, wanted: WantedSchedule) -> Scheduled:
    """Sync it by another schedule from now on."""
    try:
        chosen = Schedule.parse(wanted.schedule)
    except BadSchedule as bad:
        raise HTTPException(409, str(bad)) from None
    try:
        worker_of(who).schedule(connection_id, chosen, who.member)
    except ConnectionGone:
        raise HTTPException(404) from None
    return scheduled(who, connection_id)


def _scheduled(db: Database, connection_id: int, now: datetime) -> Scheduled:
    plan, run = plans.plan(db, connection_id), runs.latest(db, connection_id, Aim.EVERYTHING)
    chosen = schedule_of(plan)
    return Scheduled(
        schedule=str(chosen),
        says=chosen.words,
        paused=plan.paused_at is not None,
        next_syncs=upcoming(plan, run, now),
    )
