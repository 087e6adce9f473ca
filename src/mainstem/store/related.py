"""What is about the same as a document: what shares labels with it, and what leads to the same places.

A label or place says the more, the fewer documents share it; only those that the viewer can read are counted, so the
order tells nothing about the others.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from mainstem.store.tables import documents, labels, links
from mainstem.store.tree import Place
from mainstem.store.visibility import readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind, Status

LABEL: Final = 1.0
PLACE: Final = 0.6
"""What one shared label or place weighs, before it is divided by how many share it."""

_TO_PAGES: Final = ("page", "content")


def related(db: Connection, document_id: int, *, viewer: Viewer, limit: int) -> tuple[Place, ...]:
    """Pages and posts about the same as a document that the viewer can read, the nearest first; one statement."""
    rows = db.execute(_nearest(readable_among_all(viewer)), seen_by(viewer) | {"id": document_id, "limit": limit})
    return tuple(Place(id_, source_id, Kind(kind), title) for id_, source_id, kind, title in rows)


@cache
def _nearest(readable: ColumnElement[bool]) -> Select[Any]:
    to_page = links.c.kind.in_(_TO_PAGES)
    # Not `is_(None)`: SQLite would rather go through all links that have no title than look for a few ids.
    untitled = func.coalesce(links.c.title, "") == ""
    shared = union_all(
        _sharing(labels, labels.c.label, LABEL),
        _sharing(links, links.c.title, PLACE, to_page),
        _sharing(links, links.c.content_id, PLACE, to_page, untitled),
    ).subquery()
    sharers = (
        select(shared.c.id, shared.c.what, shared.c.weight)
        .join(documents, documents.c.id == shared.c.id)
        .where(
            documents.c.id != bindparam("id"),
            documents.c.kind.in_((Kind.PAGE, Kind.BLOGPOST)),
            documents.c.status == Status.CURRENT,
            readable,
        )
        .distinct()
        .subquery()
    )
    many = func.count().over(partition_by=(sharers.c.weight, sharers.c.what))
    worth = select(sharers.c.id, (sharers.c.weight / many).label("worth")).subquery()
    nearness = func.sum(worth.c.worth)
    return (
        select(documents.c.id, documents.c.source_id, documents.c.kind, documents.c.title)
        .join(worth, worth.c.id == documents.c.id)
        .group_by(documents.c.id)
        .order_by(nearness.desc(), documents.c.modified_at.desc().nulls_last(), documents.c.id)
        .limit(bindparam("limit", type_=Integer()))
    )


def _sharing(
    table: FromClause, what: ColumnElement[str], weight: float, *such: ColumnElement[bool]
) -> Select[tuple[int, str, float]]:
    """All documents that have something in common with one, itself among them, and how much that weighs."""
    own = select(what).where(table.c.document_id == bindparam("id"), what.is_not(None), *such)
    columns = table.c.document_id.label("id"), what.label("what"), literal(weight).label("weight")
    return select(*columns).where(what.in_(own), *such)
