"""What people say about a document: its comments with their bodies, as one list."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, select

from mainstem.store.content import STORAGE_FORMAT
from mainstem.store.parts import authors, described
from mainstem.store.tables import bodies, documents
from mainstem.store.visibility import readable, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. `source` is its body in storage format, "" without one.

    `document_id` is ours; `source_id` and `parent_id`, the comment it answers if any, are Confluence's.
    """

    document_id: int
    source_id: str
    parent_id: str | None
    author: str | None
    created_at: datetime | None
    source: str
    inline_selection: str | None
    resolved: bool


def comments_on(db: Connection, connection_id: int, source_id: str, *, viewer: Viewer) -> list[Comment]:
    """The comments on a document, by Confluence's id, answers among them; the oldest first."""
    asked = {"connection_id": connection_id, "source_id": source_id}
    rows = db.execute(_comments(readable(viewer)), seen_by(viewer) | asked)
    return [
        Comment(id_, own, parent, author or None, created_at, source or "", selection, resolved)
        for id_, own, parent, author, created_at, source, selection, resolved in rows
    ]


@cache
def _comments(readable: ColumnElement[bool]) -> Select[Any]:
    body = and_(bodies.c.document_id == documents.c.id, bodies.c.representation == STORAGE_FORMAT)
    return (
        select(
            documents.c.id,
            documents.c.source_id,
            documents.c.parent_id,
            authors.c.display_name,
            documents.c.created_at,
            bodies.c.source,
            documents.c.inline_selection,
            documents.c.resolved,
        )
        .select_from(described.outerjoin(bodies, body))
        .where(
            documents.c.connection_id == bindparam("connection_id"),
            documents.c.container_id == bindparam("source_id"),
            documents.c.kind == Kind.COMMENT,
            readable,
        )
        .order_by(documents.c.created_at.nulls_last(), documents.c.id)
    )
