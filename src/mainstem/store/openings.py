"""Connections that go without permissions: all who have an account in the hub see all of it, by a person's word (P6).

What that means for a reader is in the one statement, in `visibility`. Whether somebody may choose it is for others.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from mainstem.store import audiences
from mainstem.store.tables import openings


@dataclass(frozen=True, slots=True)
class Opening:
    """Since when a connection goes without permissions; `opened_by` is the name of who chose that."""

    opened_at: datetime
    opened_by: str


def opening(db: Connection, connection_id: int) -> Opening | None:
    """Since when, and by whose word; None where its permissions hold."""
    row = db.execute(select(openings).where(openings.c.connection_id == connection_id)).one_or_none()
    return None if row is None else Opening(row.opened_at, row.opened_by)


def open_to_members(db: Connection, connection_id: int, by: str, now: datetime) -> bool:
    """Show all of a connection to all who have an account in the hub; False where it is so."""
    if opening(db, connection_id) is not None:
        return False
    db.execute(insert(openings).values(connection_id=connection_id, opened_at=now, opened_by=by))
    return True


def close(db: Connection, connection_id: int) -> bool:
    """Let permissions hold again; False where they do. Until a sync has read them, nobody sees anything."""
    gone = db.execute(delete(openings).where(openings.c.connection_id == connection_id))
    if not gone.rowcount:
        return False
    audiences.forget_rules(db, connection_id)
    return True
