"""What leads to a document: the pages, posts and comments whose bodies link to it, as far as a viewer may read them.

Links that were typed as addresses are not counted, for their rows name no page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    bindparam,
    false,
    func,
    select,
    union,
)

from mainstem.store.documents import Document
from mainstem.store.tables import documents, links
from mainstem.store.tree import Place
from mainstem.store.visibility import readable, seen_by
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
    known = {name: getattr(to, name) for name in ("connection_id", "id", "source_id", "title", "space_id", "space_key")}
    posted = to.created_at.date() if to.created_at else None
    days = {"first": posted - DAY, "last": posted + DAY} if posted else {"first": date.max, "last": date.min}
    statement = _leading(_DAYS.get(to.kind, _NO_DAY), readable(viewer))
    rows = db.execute(statement, seen_by(viewer) | known | days | {"limit": limit}).all()
    newest = tuple(Place(row.id, row.source_id, Kind(row.kind), row.title) for row in rows)
    return Backlinks(newest, rows[0].total if rows else 0)


@cache
def _leading(day: ColumnElement[bool], readable: ColumnElement[bool]) -> Select[Any]:
    columns = (documents.c.id, documents.c.source_id, documents.c.kind, documents.c.title)
    return (
        select(*columns, func.count().over().label("total"))
        .where(
            documents.c.id.in_(_linking(day)),
            documents.c.id != bindparam("id"),
            func.coalesce(documents.c.container_id, "") != bindparam("source_id"),
            readable,
        )
        .order_by(documents.c.modified_at.desc().nulls_last(), documents.c.id.desc())
        .limit(bindparam("limit", type_=Integer()))
    )


def _linking(day: ColumnElement[bool]) -> CompoundSelect[int]:
    """By id; by title and the space's key; or by title alone, which means the space of whoever links.

    The connection is asked for here, beside the links: it would lead to all of its documents.
    """
    linker = documents.alias("linker")
    here = linker.c.connection_id == bindparam("connection_id"), links.c.kind.in_(_TO_PAGES)
    some = select(links.c.document_id).join(linker, linker.c.id == links.c.document_id).where(*here)
    titled = some.where(links.c.title == bindparam("title"), day)
    return union(
        some.where(links.c.content_id == bindparam("source_id")),
        titled.where(links.c.space_key == bindparam("space_key")),
        titled.where(links.c.space_key.is_(None), linker.c.space_id == bindparam("space_id")),
    )


_NO_DAY = false()
_DAYS: Mapping[Kind, ColumnElement[bool]] = {
    Kind.PAGE: links.c.posting_day.is_(None),
    Kind.BLOGPOST: links.c.posting_day.between(bindparam("first"), bindparam("last")),
}
"""Whether a link by title can mean a document: a post is named with its day, a page without, anything else never."""
