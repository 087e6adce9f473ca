"""Leases: at most one workflow syncs a connection, and one that was taken over can write nothing more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, or_, select, update

from mainstem.store.errors import LeaseLost
from mainstem.store.tables import claims, leases
from mainstem.store.upsert import insertion


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to sync one connection. Each taking has a higher `fence` than the ones before."""

    connection_id: int
    workflow_id: str
    fence: int


def take(
    db: Connection,
    connection_id: int,
    workflow_id: str,
    now: datetime,
    *,
    stale_before: datetime,
    worker_id: str | None = None,
) -> Lease | None:
    """Take the lease when it is free, ours already, or not renewed since `stale_before`; None: another holds it.

    A worker takes it by its claim of the connection, whoever held it before, and not without; None: it has none.
    Taking it again for the same workflow shuts out the process that took it first.
    """
    begin = insertion(db, leases).values(connection_id=connection_id, workflow_id=None, fence=0, renewed_at=now)
    db.execute(begin.on_conflict_do_nothing(index_elements=("connection_id",)))
    free = or_(leases.c.workflow_id.is_(None), leases.c.workflow_id == workflow_id, leases.c.renewed_at < stale_before)
    claim = exists().where(claims.c.connection_id == connection_id, claims.c.worker_id == worker_id)
    taken = db.execute(
        update(leases)
        .where(leases.c.connection_id == connection_id, free if worker_id is None else claim)
        .values(workflow_id=workflow_id, fence=leases.c.fence + 1, renewed_at=now)
        .returning(leases.c.fence)
    ).scalar_one_or_none()
    return None if taken is None else Lease(connection_id, workflow_id, taken)


def check(db: Connection, lease: Lease, now: datetime) -> None:
    """Renew the lease in a batch's transaction, which then excludes any other holder's. Raises LeaseLost."""
    renewal = update(leases).where(*_ours(lease)).values(renewed_at=now)
    if db.execute(renewal).rowcount != 1:
        raise LeaseLost(lease.connection_id)


def release(db: Connection, lease: Lease) -> None:
    """Give the lease back; nothing happens when it was lost already."""
    db.execute(update(leases).where(*_ours(lease)).values(workflow_id=None))


def free(db: Connection, connection_id: int, workflow_id: str) -> None:
    """Take the lease from a workflow that nobody works on any more, if it has it."""
    held = (leases.c.connection_id == connection_id, leases.c.workflow_id == workflow_id)
    db.execute(update(leases).where(*held).values(workflow_id=None))


def holder(db: Connection, connection_id: int) -> str | None:
    """The workflow that holds a connection's lease, if any."""
    return db.execute(select(leases.c.workflow_id).where(leases.c.connection_id == connection_id)).scalar_one_or_none()


def _ours(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        leases.c.connection_id == lease.connection_id,
        leases.c.workflow_id == lease.workflow_id,
        leases.c.fence == lease.fence,
    )
