"""Bodies of several documents at once, each with where it stands: for pages that show parts of others."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select

from mainstem.store.tables import bodies, documents, spaces
from mainstem.store.upsert import chunks
from mainstem.store.visibility import readable, seen_by
from mainstem.wiki.audience import Viewer


@dataclass(frozen=True, slots=True)
class Body:
    """One document and its body, in the format that `representation` names; both "" where it has none.

    `document_id` is ours; `source_id`, `space_id`, `homepage_id` and `parent_id` are Confluence's.
    """

    document_id: int
    source_id: str
    space_id: str
    space_key: str
    space_name: str
    homepage_id: str | None
    parent_id: str | None
    url: str
    representation: str
    source: str


def bodies_of(db: Connection, document_ids: Collection[int], *, viewer: Viewer, longest: int) -> dict[int, Body]:
    """The bodies of documents by our ids, of those that this viewer can read; none longer than so many characters."""
    found: dict[int, Body] = {}
    for some in chunks(sorted(document_ids)):
        rows = db.execute(_bodies(readable(viewer)), seen_by(viewer) | {"ids": some, "longest": longest}).mappings()
        found |= {row["document_id"]: Body(**row) for row in rows}
    return found


@cache
def _bodies(readable: ColumnElement[bool]) -> Select[Any]:
    space = and_(spaces.c.connection_id == documents.c.connection_id, spaces.c.source_id == documents.c.space_id)
    body = and_(bodies.c.document_id == documents.c.id, func.length(bodies.c.source) <= bindparam("longest"))
    return (
        select(
            documents.c.id.label("document_id"),
            documents.c.source_id,
            documents.c.space_id,
            func.coalesce(spaces.c.key, "").label("space_key"),
            func.coalesce(spaces.c.name, "").label("space_name"),
            spaces.c.homepage_id,
            documents.c.parent_id,
            documents.c.url,
            func.coalesce(bodies.c.representation, "").label("representation"),
            func.coalesce(bodies.c.source, "").label("source"),
        )
        .select_from(documents.outerjoin(spaces, space).outerjoin(bodies, body))
        .where(documents.c.id.in_(bindparam("ids", expanding=True)), readable)
    )
