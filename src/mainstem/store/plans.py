"""Plans: by which schedule a connection is synced, whether that rests, and whether somebody waits for a sync.

A connection without a row waits until it is asked. What a schedule means is for `sync.schedule` to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, exists, select, update

from mainstem.store.errors import ConnectionGone
from mainstem.store.runs import Aim
from mainstem.store.tables import connections, plans
from mainstem.store.upsert import upsert

MANUAL = "manual"
"""The schedule of a connection for which none was ever chosen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of one connection. `schedule` counts from `since`; `paused_because` is for people, "" unsaid.

    `asked_at` is when somebody asked for a sync that has not begun yet; `approved_at` when, with a word for deletions.
    `rules_...` are the same for its permissions alone, which every sync reads besides; they rest where it rests.
    """

    connection_id: int
    schedule: str = MANUAL
    since: datetime | None = None
    paused_at: datetime | None = None
    paused_because: str = ""
    asked_at: datetime | None = None
    approved_at: datetime | None = None
    rules_schedule: str = MANUAL
    rules_since: datetime | None = None
    rules_asked_at: datetime | None = None


def plan(db: Connection, connection_id: int) -> Plan:
    """The plan of one connection."""
    row = db.execute(select(plans).where(plans.c.connection_id == connection_id)).mappings().one_or_none()
    return Plan(connection_id) if row is None else _plan(row)


def every(db: Connection) -> dict[int, Plan]:
    """All plans that were ever made, by connection."""
    return {row["connection_id"]: _plan(row) for row in db.execute(select(plans)).mappings()}


def schedule(db: Connection, connection_id: int, schedule: str, now: datetime, aim: Aim = Aim.EVERYTHING) -> None:
    """Sync a connection, or read its permissions alone, by this schedule from now on. Raises ConnectionGone."""
    if aim is Aim.EVERYTHING:
        _set(db, connection_id, {"schedule": schedule, "since": now})
    else:
        _set(db, connection_id, {"rules_schedule": schedule, "rules_since": now}, since=now)


def pause(db: Connection, connection_id: int, now: datetime, because: str = "") -> None:
    """Let a connection rest until it is resumed; nobody waits for a sync any more. Raises ConnectionGone."""
    resting = {"paused_at": now, "paused_because": because or None} | dict.fromkeys(_ASKED)
    _set(db, connection_id, resting, since=now)


def resume(db: Connection, connection_id: int, now: datetime) -> None:
    """End a pause. Raises ConnectionGone."""
    _set(db, connection_id, {"paused_at": None, "paused_because": None}, since=now)


def relieve(db: Connection, connection_id: int, now: datetime) -> None:
    """End a pause that had a cause, which is gone; one that a person wanted stays. Raises ConnectionGone."""
    if plan(db, connection_id).paused_because:
        resume(db, connection_id, now)


def ask(db: Connection, connection_id: int, now: datetime, aim: Aim = Aim.EVERYTHING) -> bool:
    """Wait for a sync, or for the permissions alone; False where somebody does already. Raises ConnectionGone."""
    asked = "asked_at" if aim is Aim.EVERYTHING else "rules_asked_at"
    if getattr(plan(db, connection_id), asked) is not None:
        return False
    _set(db, connection_id, {asked: now}, since=now)
    return True


def approve(db: Connection, connection_id: int, now: datetime) -> None:
    """Note that the next sync may let go what waits for a person's word. Raises ConnectionGone."""
    _set(db, connection_id, {"approved_at": now}, since=now)


def answered(db: Connection, connection_id: int, aim: Aim = Aim.EVERYTHING) -> None:
    """Nobody waits for a sync any more: it begins, or it is called off, and with it what was allowed.

    Where that reads the permissions alone, whoever waits for the rest still does.
    """
    over = dict.fromkeys(_ASKED if aim is Aim.EVERYTHING else ("rules_asked_at",))
    db.execute(update(plans).where(plans.c.connection_id == connection_id).values(over))


_ASKED = ("asked_at", "approved_at", "rules_asked_at")


def _set(db: Connection, connection_id: int, values: Mapping[str, Any], *, since: datetime | None = None) -> None:
    if not db.execute(select(exists().where(connections.c.id == connection_id))).scalar_one():
        raise ConnectionGone(connection_id)
    row = {"connection_id": connection_id, "schedule": MANUAL, "since": since, **values}
    kept = () if since is None else ("schedule", "since")
    upsert(db, plans, [row], key=("connection_id",), keep=kept)


def _plan(row: RowMapping) -> Plan:
    said = {"paused_because": row["paused_because"] or "", "rules_schedule": row["rules_schedule"] or MANUAL}
    return Plan(**{**row, **said})
