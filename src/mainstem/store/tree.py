"""Where a document stands: what is above it, up to the root of its space's tree, and what is right below it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Select, and_, bindparam, case, select

from mainstem.store.tables import documents
from mainstem.store.visibility import readable, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind

_ATTACHED = (Kind.COMMENT, Kind.ATTACHMENT)
IN_THE_TREE = (Kind.PAGE, Kind.FOLDER, Kind.WHITEBOARD, Kind.DATABASE, Kind.EMBED)

_ABOVE = case(
    (documents.c.kind.in_(_ATTACHED), documents.c.container_id),
    (documents.c.kind == Kind.BLOGPOST, None),
    else_=documents.c.parent_id,
)
"""Confluence's id of what a document hangs on: a blog post stands alone, a comment or file hangs on its page."""


@dataclass(frozen=True, slots=True)
class Place:
    """One document as a list or a path names it. `document_id` is ours, `source_id` Confluence's."""

    document_id: int
    source_id: str
    kind: Kind
    title: str


def ancestors(db: Connection, document_id: int, *, viewer: Viewer) -> tuple[Place, ...]:
    """What stands above a document, the root first, without itself and without what this viewer cannot read.

    One statement, however deep. Empty as well when the viewer cannot read the document itself.
    """
    rows = db.execute(_trail(readable(viewer)), seen_by(viewer) | {"id": document_id})
    left = {row.source_id: row for row in rows}
    own = next((source_id for source_id, row in left.items() if row.id == document_id), None)
    above = None if own is None else left.pop(own).above
    path: list[Place] = []
    while row := left.pop(above, None):
        if row.id is not None:
            path.append(Place(row.id, row.source_id, Kind(row.kind), row.title))
        above = row.above
    return tuple(reversed(path))


@cache
def _trail(readable: ColumnElement[bool]) -> Select[Any]:
    columns = (documents.c.connection_id, documents.c.source_id, _ABOVE.label("above"))
    start = select(*columns).where(documents.c.id == bindparam("id"), readable)
    trail = start.cte("trail", recursive=True)
    # UNION, not UNION ALL: a parent may be its own descendant.
    trail = trail.union(select(*columns).where(documents.c.source_id == trail.c.above, _same_site(trail)))
    shown = and_(documents.c.source_id == trail.c.source_id, _same_site(trail), readable)
    named = (documents.c.id, documents.c.kind, documents.c.title)
    return select(trail.c.source_id, trail.c.above, *named).outerjoin_from(trail, documents, shown)


def _same_site(trail: CTE) -> ColumnElement[bool]:
    return documents.c.connection_id == trail.c.connection_id


def children(db: Connection, document_id: int, *, viewer: Viewer) -> tuple[Place, ...]:
    """What stands right below a document in the tree and the viewer can read, in Confluence's order."""
    rows = db.execute(_below(readable(viewer)), seen_by(viewer) | {"id": document_id})
    return tuple(Place(id_, source_id, Kind(kind), title) for id_, source_id, kind, title in rows)


@cache
def _below(readable: ColumnElement[bool]) -> Select[Any]:
    above = documents.alias("above")
    parent = select(above.c.connection_id, above.c.source_id).where(above.c.id == bindparam("id")).subquery()
    columns = (documents.c.id, documents.c.source_id, documents.c.kind, documents.c.title)
    below = and_(documents.c.connection_id == parent.c.connection_id, documents.c.parent_id == parent.c.source_id)
    return (
        select(*columns)
        .join(parent, below)
        .where(documents.c.kind.in_(IN_THE_TREE), documents.c.id != bindparam("id"), readable)
        .order_by(documents.c.position.nulls_last(), documents.c.title, documents.c.id)
    )
