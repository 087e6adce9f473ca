"""Spaces as somebody meets them who reads: those in which they can read anything, and how much."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, Subquery, and_, func, select, true

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


@dataclass(frozen=True, slots=True)
class SpacesOf:
    """The spaces of a site: the one of this key, whose case does not count, or (None) all."""

    key: str | None


@dataclass(frozen=True, slots=True)
class SiteSpace:
    """A space as a list names it. `homepage_id` is Confluence's; `documents` are those that the viewer can read."""

    key: str
    name: str
    homepage_id: str | None
    documents: int


def spaces_of(
    db: Connection, connection_id: int, wanted: Sequence[SpacesOf], *, viewer: Viewer
) -> dict[SpacesOf, tuple[SiteSpace, ...]]:
    """Spaces of one connection in which this viewer can read anything, by name; one statement for all that is asked."""
    if not wanted:
        return {}
    counted = _counted(viewer)
    keys = None if SpacesOf(None) in wanted else sorted({each.key.lower() for each in wanted if each.key})
    statement = (
        select(spaces.c.key, spaces.c.name, spaces.c.homepage_id, counted.c.documents)
        .select_from(spaces.join(counted, counted.c.id == spaces.c.id))
        .where(spaces.c.connection_id == connection_id, true() if keys is None else func.lower(spaces.c.key).in_(keys))
        .order_by(func.lower(spaces.c.name), spaces.c.id)
    )
    found = [SiteSpace(*row) for row in db.execute(statement, seen_by(viewer))]
    return {
        each: tuple(space for space in found if each.key is None or space.key.lower() == each.key.lower())
        for each in wanted
    }


def count_spaces(db: Connection, *, viewer: Viewer) -> int:
    """How many spaces there are in which this viewer can read anything."""
    return db.execute(select(func.count()).select_from(_counted(viewer)), seen_by(viewer)).scalar_one()


def _counted(viewer: Viewer) -> Subquery:
    inside = and_(documents.c.connection_id == spaces.c.connection_id, documents.c.space_id == spaces.c.source_id)
    some: Select[tuple[int, int]] = select(spaces.c.id, func.count().label("documents"))
    return some.join_from(spaces, documents, inside).where(readable_among_all(viewer)).group_by(spaces.c.id).subquery()
