"""Workers: the processes that sync, each with a heartbeat, and the one connection at a time that each has claimed.

A claim is the right to sync a connection at all; the lease of `leases` is that of one run, and stops the writes of a
worker that lost its claim without noticing. Instants are of the database's clock (`now`), for those of machines differ.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from mainstem.store.tables import claims, connections, workers
from mainstem.store.upsert import insertion


@dataclass(frozen=True, slots=True)
class Worker:
    """One process that works. `place` says for people where it runs."""

    id: str
    place: str
    begun_at: datetime
    heartbeat_at: datetime


def clock(db: Connection) -> datetime:
    """What time it is for all workers: that of a PostgreSQL server."""
    now: datetime = db.execute(select(func.clock_timestamp())).scalar_one()
    return now


@dataclass(frozen=True, slots=True)
class Sharing:
    """How many syncs of one site are under way, and until when it wants none of them to ask; None: they may."""

    number: int
    rests_until: datetime | None


def join(db: Connection, worker_id: str, place: str, now: datetime) -> None:
    """Begin to work."""
    row = {"id": worker_id, "place": place, "begun_at": now, "heartbeat_at": now}
    db.execute(insert(workers).values(row))


def join_alone(db: Connection, worker_id: str, place: str, now: datetime) -> None:
    """Begin to work as the only one there is: whoever did before has ended."""
    db.execute(delete(workers))
    join(db, worker_id, place, now)


def beat(db: Connection, worker_id: str, now: datetime) -> bool:
    """Show life; False where this worker was taken for dead meanwhile, and has lost its claims."""
    return db.execute(update(workers).where(workers.c.id == worker_id).values(heartbeat_at=now)).rowcount == 1


def leave(db: Connection, worker_id: str) -> None:
    """End to work; what it had claimed is free."""
    db.execute(delete(workers).where(workers.c.id == worker_id))


def bury(db: Connection, silent_since: datetime) -> list[Worker]:
    """Take for dead who has shown no life since then, and free what they had claimed; who that is.

    However many do so at once, each worker is buried by one of them.
    """
    dead = delete(workers).where(workers.c.heartbeat_at < silent_since).returning(workers)
    return [Worker(*row) for row in db.execute(dead)]


def every(db: Connection) -> list[Worker]:
    """All who work, the longest at it first."""
    return [Worker(*row) for row in db.execute(select(workers).order_by(workers.c.begun_at, workers.c.id))]


def claim(db: Connection, connection_id: int, worker_id: str) -> bool:
    """Claim a connection; False where somebody has, or the worker was taken for dead."""
    row = {"connection_id": connection_id, "worker_id": worker_id}
    claiming = insertion(db, claims).values(row).on_conflict_do_nothing(index_elements=("connection_id",))
    try:
        with db.begin_nested():
            return db.execute(claiming.returning(claims.c.connection_id)).first() is not None
    except IntegrityError:
        return False


def release(db: Connection, worker_id: str) -> None:
    """Free whatever a worker had claimed."""
    db.execute(delete(claims).where(claims.c.worker_id == worker_id))


def claimed(db: Connection) -> dict[int, str]:
    """The connections that somebody syncs just now, with the ids of the workers."""
    return {row.connection_id: row.worker_id for row in db.execute(select(claims))}


def call_off(db: Connection, connection_id: int, why: str) -> bool:
    """Want the sync of a connection to end, whoever is at it; False where nobody is. `why` is for people."""
    return db.execute(update(claims).where(claims.c.connection_id == connection_id).values(stop=why)).rowcount == 1


def called_off(db: Connection, connection_id: int) -> str | None:
    """Why somebody wants the sync of a connection to end; None where nobody does."""
    return db.execute(select(claims.c.stop).where(claims.c.connection_id == connection_id)).scalar_one_or_none()


def rest(db: Connection, connection_id: int, until: datetime) -> None:
    """Note that the site of a connection wants to be left alone by all who sync from it."""
    db.execute(update(claims).where(claims.c.connection_id == connection_id).values(rests_until=until))


def sharing(db: Connection, connection_id: int) -> Sharing:
    """Who shares the limits of the site of this connection."""
    site = select(connections.c.api_url).where(connections.c.id == connection_id).scalar_subquery()
    at_it = select(func.count(), func.max(claims.c.rests_until)).select_from(
        claims.join(connections, connections.c.id == claims.c.connection_id)
    )
    return Sharing(*db.execute(at_it.where(connections.c.api_url == site)).one())
