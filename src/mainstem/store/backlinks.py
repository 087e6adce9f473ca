"""What leads to a document: the pages, posts and comments whose bodies link to it, as far as a viewer may read them.

Links that were typed as addresses are not counted, for their rows name no page.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select

from mainstem.store.documents import Document
from mainstem.store.tables import documents, links
from mainstem.store.tree import Place
from mainstem.store.visibility import readable
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind

DAY = timedelta(days=1)
"""A post's day is its author's, and ours is in UTC: they may differ by one."""

_TO_PAGES = ("page", "content")


@dataclass(frozen=True, slots=True)
class Backlinks:
    """The newest documents that lead somewhere, and how many there are in all that the viewer can read."""

    newest: tuple[Place, ...]
    total: int


def backlinks(db: Connection, to: Document, *, viewer: Viewer, limit: int) -> Backlinks:
    """What leads to a document that the viewer can read: newest first, without the document's own comments."""
    columns = (documents.c.id, documents.c.source_id, documents.c.kind, documents.c.title)
    statement = (
        select(*columns, func.count().over().label("total"))
        .where(
            documents.c.connection_id == to.connection_id,
            documents.c.id != to.id,
            func.coalesce(documents.c.container_id, "") != to.source_id,
            _leads(to),
            readable(viewer),
        )
        .order_by(documents.c.modified_at.desc().nulls_last(), documents.c.id.desc())
        .limit(limit)
    )
    rows = db.execute(statement).all()
    newest = tuple(Place(row.id, row.source_id, Kind(row.kind), row.title) for row in rows)
    return Backlinks(newest, rows[0].total if rows else 0)


def _leads(to: Document) -> ColumnElement[bool]:
    """By id; by title and the space's key; or by title alone, which means the space of whoever links."""
    titled = and_(links.c.title == to.title, _day(to))
    by_id = _linking(links.c.content_id == to.source_id)
    by_key = _linking(and_(titled, links.c.space_key == to.space_key))
    beside = and_(
        documents.c.space_id == to.space_id, documents.c.id.in_(_linking(titled, links.c.space_key.is_(None)))
    )
    return or_(documents.c.id.in_(by_id.union(by_key)), beside)


def _linking(*where: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(links.c.document_id).where(links.c.kind.in_(_TO_PAGES), *where)


def _day(to: Document) -> ColumnElement[bool]:
    """Whether a link by title can mean this document: a post is named with its day, a page without."""
    if to.kind is Kind.PAGE:
        return links.c.posting_day.is_(None)
    if to.kind is not Kind.BLOGPOST or to.created_at is None:
        return false()
    posted = to.created_at.date()
    return links.c.posting_day.between(posted - DAY, posted + DAY)
