"""What is about the same as a document: what shares labels with it, and what leads to the same places.

A label or place says the more, the fewer documents share it; only those that the viewer can read are counted, so the
order tells nothing about the others.
"""

from typing import Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, case, func, literal, select, union_all

from mainstem.store.tables import documents, labels, links
from mainstem.store.tree import Place
from mainstem.store.visibility import readable
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind, Status

LABEL: Final = 1.0
PLACE: Final = 0.6
"""What one shared label or place weighs, before it is divided by how many share it."""

_TO_PAGES: Final = ("page", "content")


def related(db: Connection, document_id: int, *, viewer: Viewer, limit: int) -> tuple[Place, ...]:
    """Pages and posts about the same as a document that the viewer can read, the nearest first; one statement."""
    shared = union_all(
        _sharing(labels, labels.c.label, LABEL, document_id, viewer=viewer),
        _sharing(links, _PLACE, PLACE, document_id, viewer=viewer),
    ).subquery()
    nearness = func.sum(shared.c.weight)
    near = select(shared.c.id, nearness.label("nearness")).group_by(shared.c.id).subquery()
    statement = (
        select(documents.c.id, documents.c.source_id, documents.c.kind, documents.c.title)
        .join(near, near.c.id == documents.c.id)
        .where(readable(viewer))
        .order_by(near.c.nearness.desc(), documents.c.modified_at.desc().nulls_last(), documents.c.id)
        .limit(limit)
    )
    return tuple(Place(id_, source_id, Kind(kind), title) for id_, source_id, kind, title in db.execute(statement))


def _sharing(
    table: FromClause, what: ColumnElement[str], weight: float, document_id: int, *, viewer: Viewer
) -> Select[tuple[int, float]]:
    """The other documents that share something with this one, and how much each share weighs."""
    own = select(what).where(table.c.document_id == document_id, what.is_not(None))
    sharers = (
        select(table.c.document_id.label("id"), what.label("shared"))
        .join(documents, documents.c.id == table.c.document_id)
        .where(
            what.in_(own),
            documents.c.id != document_id,
            documents.c.kind.in_((Kind.PAGE, Kind.BLOGPOST)),
            documents.c.status == Status.CURRENT,
            readable(viewer),
        )
        .distinct()
        .subquery()
    )
    many = func.count().over(partition_by=sharers.c.shared)
    return select(sharers.c.id, (literal(weight) / many).label("weight"))


_PLACE: Final = case(
    (links.c.kind.not_in(_TO_PAGES), None),
    else_=func.coalesce(links.c.title, links.c.content_id),
)
"""Where a link leads, by title or by id."""
