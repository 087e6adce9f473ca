"""Removals: connections that are hidden from everybody, and go for good after a week unless they are brought back.

Nothing of a removed connection is read, shown or synced; what it was called can be given to another one at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, insert, select, update

from mainstem.store import connections, journal
from mainstem.store.errors import ConnectionGone
from mainstem.store.tables import connections as rows
from mainstem.store.tables import documents, removals

WEEK = timedelta(days=7)
"""How long a removal can be undone."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A connection that was removed. `name` is what it was called; `removed_by` is a member's name."""

    connection_id: int
    name: str
    removed_at: datetime
    removed_by: str

    @property
    def gone_at(self) -> datetime:
        """When it goes for good."""
        return self.removed_at + WEEK


def remove(db: Connection, connection_id: int, now: datetime, by: str) -> None:
    """Hide a connection with all that it holds. Raises ConnectionGone."""
    name = connections.connection(db, connection_id).name
    db.execute(insert(removals).values(connection_id=connection_id, name=name, removed_at=now, removed_by=by))
    _call(db, connection_id, f"{name} (removed {connection_id})")


def restore(db: Connection, connection_id: int) -> datetime:
    """Bring a connection back under its name, or a similar one where that was given away; when it had been removed.

    Raises ConnectionGone.
    """
    row = db.execute(select(removals).where(removals.c.connection_id == connection_id)).one_or_none()
    if row is None:
        raise ConnectionGone(connection_id)
    name: str = row.name
    removed_at: datetime = row.removed_at
    db.execute(delete(removals).where(removals.c.connection_id == connection_id))
    taken = db.execute(select(exists().where(rows.c.name == name))).scalar_one()
    _call(db, connection_id, f"{name} (restored {connection_id})" if taken else name)
    return removed_at


def every(db: Connection) -> list[Removal]:
    """All removals that can still be undone, the newest first."""
    return [Removal(**row) for row in db.execute(select(removals).order_by(removals.c.removed_at.desc())).mappings()]


def complete(db: Connection, now: datetime) -> list[Removal]:
    """Let go for good what was removed a week ago; what that was."""
    over = [removal for removal in every(db) if removal.gone_at <= now]
    for removal in over:
        connections.remove(db, removal.connection_id)
    return over


def _call(db: Connection, connection_id: int, name: str) -> None:
    """Give it a name, and let the index look again at all that it holds."""
    db.execute(update(rows).where(rows.c.id == connection_id).values(name=name))
    journal.append_where(db, documents.c.connection_id == connection_id)
