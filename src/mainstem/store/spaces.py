"""Spaces as somebody meets them who reads: those in which they can read anything, and how much."""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, Subquery, and_, func, select

from mainstem.store.tables import connections, documents, spaces
from mainstem.store.visibility import readable_among_all, seen_by
from mainstem.wiki.audience import Viewer


@dataclass(frozen=True, slots=True)
class ReadSpace:
    """One space. `connection` is its connection's name, `documents` how many of its documents the viewer can read."""

    id: int
    connection_id: int
    connection: str
    key: str
    name: str
    url: str
    documents: int


def spaces_read(db: Connection, *, viewer: Viewer, limit: int, offset: int = 0) -> list[ReadSpace]:
    """Some of the spaces of all connections in which this viewer can read anything, by name."""
    counted = _counted(viewer)
    statement = (
        select(
            spaces.c.id,
            spaces.c.connection_id,
            connections.c.name.label("connection"),
            spaces.c.key,
            spaces.c.name,
            spaces.c.url,
            counted.c.documents,
        )
        .select_from(spaces.join(connections).join(counted, counted.c.id == spaces.c.id))
        .order_by(spaces.c.name, spaces.c.id)
    )
    return [ReadSpace(**row) for row in db.execute(statement.limit(limit).offset(offset), seen_by(viewer)).mappings()]


def count_spaces(db: Connection, *, viewer: Viewer) -> int:
    """How many spaces there are in which this viewer can read anything."""
    return db.execute(select(func.count()).select_from(_counted(viewer)), seen_by(viewer)).scalar_one()


def _counted(viewer: Viewer) -> Subquery:
    inside = and_(documents.c.connection_id == spaces.c.connection_id, documents.c.space_id == spaces.c.source_id)
    some: Select[tuple[int, int]] = select(spaces.c.id, func.count().label("documents"))
    return some.join_from(spaces, documents, inside).where(readable_among_all(viewer)).group_by(spaces.c.id).subquery()
