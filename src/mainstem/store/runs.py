"""Runs: what a sync does just now and did before, as rows that any process can show; and who may sync.

Progress and failures are facts, not sentences for people. Nothing here starts or stops work.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, or_, select, true, update

from mainstem.store.tables import run_failures, runs
from mainstem.store.upsert import chunks, upsert
from mainstem.wiki.content import Kind


class RunState(StrEnum):
    """Where a run stands. WAITING lets Confluence rest."""

    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Aim(StrEnum):
    """What a run is to read. PERMISSIONS: places and rules alone, no text; EVERYTHING has them in it."""

    EVERYTHING = "everything"
    PERMISSIONS = "permissions"


ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Run:
    """One sync. `counters` are named numbers of sync's own choosing; `message` says why it waits or failed.

    `version` is of the order of its batches, which only the same version can repeat. `stop` says that a person wants it
    to end, and why.
    """

    id: int
    connection_id: int
    workflow_id: str
    version: str
    state: RunState
    phase: str
    counters: Mapping[str, int]
    message: str | None
    started_at: datetime
    heartbeat_at: datetime
    finished_at: datetime | None
    stop: str | None
    aim: Aim = Aim.EVERYTHING


@dataclass(frozen=True, slots=True)
class Failure:
    """A content that could not be had. `source_id` is Confluence's id; with its `kind` it can be read again alone."""

    source_id: str
    title: str
    url: str
    cause: str
    kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFailure(Failure):
    """A failure that no later run repaired, with when it was first and last met."""

    first_seen: datetime
    last_seen: datetime


def start(
    db: Connection,
    connection_id: int,
    workflow_id: str,
    version: str,
    now: datetime,
    *,
    counters: Mapping[str, int] | None = None,
    aim: Aim = Aim.EVERYTHING,
) -> Run:
    """Begin a run of a new workflow."""
    row = {
        "connection_id": connection_id,
        "workflow_id": workflow_id,
        "version": version,
        "state": RunState.RUNNING,
        "phase": "Starting",
        "counters": dict(counters or {}),
        "started_at": now,
        "heartbeat_at": now,
        "aim": aim,
    }
    return _run(db.execute(insert(runs).values(row).returning(runs)).mappings().one())


def progress(
    db: Connection,
    run_id: int,
    now: datetime,
    *,
    phase: str | None = None,
    counters: Mapping[str, int] | None = None,
    state: RunState = RunState.RUNNING,
    message: str | None = None,
) -> str | None:
    """Show life: heartbeat, state, message and, where given, phase and counters (which replace the old ones).

    A run that has ended stays as it ended: a wait may be told of too late. The answer says why somebody wants it to
    end, None where nobody does.
    """
    values: dict[str, Any] = {"heartbeat_at": now, "state": state, "message": message}
    if phase is not None:
        values["phase"] = phase
    if counters is not None:
        values["counters"] = dict(counters)
    showing = update(runs).where(runs.c.id == run_id, runs.c.state.not_in(ENDED)).values(**values)
    return db.execute(showing.returning(runs.c.stop)).scalar_one_or_none()


def stop(db: Connection, run_id: int, why: str) -> None:
    """Want a run to end before it writes anything more; `why` is a sentence for people."""
    db.execute(update(runs).where(runs.c.id == run_id, runs.c.state.not_in(ENDED)).values(stop=why))


def finish(db: Connection, run_id: int, state: RunState, now: datetime, message: str | None = None) -> None:
    """End a run, in one of the ENDED states."""
    ended = {"state": state, "finished_at": now, "heartbeat_at": now, "message": message}
    db.execute(update(runs).where(runs.c.id == run_id).values(**ended))


def run(db: Connection, run_id: int) -> Run | None:
    """One run by id."""
    row = db.execute(select(runs).where(runs.c.id == run_id)).mappings().one_or_none()
    return None if row is None else _run(row)


def latest(db: Connection, connection_id: int, aim: Aim | None = None) -> Run | None:
    """The newest run of a connection, of any aim or of one."""
    return _newest(db, runs.c.connection_id == connection_id, true() if aim is None else runs.c.aim == aim)


def concluded(db: Connection, connection_id: int) -> Run | None:
    """The newest run that went to an end of its own, well or not: nobody called it off, and no other took its place.

    One that read permissions alone, and well, says nothing of all else: so it is the newest before that.
    """
    own = runs.c.connection_id == connection_id, runs.c.state.in_((RunState.DONE, RunState.FAILED))
    return _newest(db, *own, or_(runs.c.aim == Aim.EVERYTHING, runs.c.state == RunState.FAILED))


def _newest(db: Connection, *chosen: ColumnElement[bool]) -> Run | None:
    row = db.execute(select(runs).where(*chosen).order_by(runs.c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else _run(row)


def history(db: Connection, connection_id: int, *, limit: int, offset: int = 0) -> list[Run]:
    """Runs of a connection, the newest first."""
    statement = select(runs).where(runs.c.connection_id == connection_id).order_by(runs.c.id.desc())
    return [_run(row) for row in db.execute(statement.limit(limit).offset(offset)).mappings()]


def count(db: Connection, connection_id: int) -> int:
    """How many runs of a connection there are."""
    return db.execute(select(func.count()).where(runs.c.connection_id == connection_id)).scalar_one()


def record_failures(db: Connection, connection_id: int, failures: Iterable[Failure], now: datetime) -> None:
    """Note contents that could not be had; one met before keeps its first time."""
    rows = {
        failure.source_id: {
            "connection_id": connection_id,
            "source_id": failure.source_id,
            "title": failure.title,
            "url": failure.url,
            "cause": failure.cause,
            "kind": failure.kind,
            "first_seen": now,
            "last_seen": now,
        }
        for failure in failures
    }
    upsert(db, run_failures, list(rows.values()), key=("connection_id", "source_id"), keep=("first_seen",))


def clear_failures(db: Connection, connection_id: int, source_ids: Collection[str]) -> None:
    """Forget the failures of contents that were had after all."""
    for some in chunks(list(source_ids)):
        db.execute(
            delete(run_failures).where(
                run_failures.c.connection_id == connection_id, run_failures.c.source_id.in_(some)
            )
        )


def forget_failures(db: Connection, connection_id: int, before: datetime) -> None:
    """Forget the failures that were last met before an instant: a run that went to its end has met all there are."""
    db.execute(
        delete(run_failures).where(run_failures.c.connection_id == connection_id, run_failures.c.last_seen < before)
    )


def standing_failures(db: Connection, connection_id: int) -> list[StandingFailure]:
    """What could not be had so far, by id."""
    statement = select(run_failures).where(run_failures.c.connection_id == connection_id)
    return [_failure(row) for row in db.execute(statement.order_by(run_failures.c.source_id)).mappings()]


def standing_failure(db: Connection, connection_id: int, source_id: str) -> StandingFailure | None:
    """What could not be had of one content, by Confluence's id; None where nothing is the matter with it."""
    own = run_failures.c.connection_id == connection_id, run_failures.c.source_id == source_id
    row = db.execute(select(run_failures).where(*own)).mappings().one_or_none()
    return None if row is None else _failure(row)


def retryable(db: Connection, some: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these pairs of connection and Confluence's id that still fail and can be read again alone."""
    ids = {source_id for _, source_id in some}
    statement = select(run_failures.c.connection_id, run_failures.c.source_id).where(
        run_failures.c.kind.is_not(None), run_failures.c.source_id.in_(ids)
    )
    return {(row.connection_id, row.source_id) for row in db.execute(statement)} & set(some)


def _failure(row: RowMapping) -> StandingFailure:
    columns = {name: value for name, value in row.items() if name != "connection_id"}
    return StandingFailure(**columns | {"kind": None if row["kind"] is None else Kind(row["kind"])})


def _run(row: RowMapping) -> Run:
    return Run(**{**row, "state": RunState(row["state"]), "aim": Aim(row["aim"])})
