"""What leads to a document: the pages, posts and comments whose bodies link to it, as far as a viewer may read them.

By its id, its title or an address of its site; and by a title that it had before, while no other page bears it.
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
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    union,
)

from mainstem.store.documents import Document
from mainstem.store.former_titles import TITLED
from mainstem.store.tables import connections, documents, former_titles, links, spaces
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
    linker, namesake, then = documents.alias("linker"), documents.alias("namesake"), spaces.alias("then")
    own = bindparam("connection_id", type_=Integer())
    site = select(connections.c.url).where(connections.c.id == own).scalar_subquery()
    address = func.lower(links.c.address)
    of_the_site = or_(func.substr(address, 1, func.length(site)) == func.lower(site), func.substr(address, 1, 1) == "/")
    here = linker.c.connection_id == own, or_(links.c.kind.in_(_TO_PAGES), and_(links.c.kind == "url", of_the_site))
    some = select(links.c.document_id).join(linker, linker.c.id == links.c.document_id).where(*here)
    titled = some.where(links.c.title == bindparam("title"), day)
    formerly = some.join(
        former_titles, and_(former_titles.c.title == links.c.title, former_titles.c.document_id == bindparam("id"))
    ).where(day)
    named_now = and_(
        namesake.c.connection_id == own,
        namesake.c.title == former_titles.c.title,
        namesake.c.space_id == former_titles.c.space_id,
        namesake.c.kind.in_(TITLED),
        namesake.c.deleted_at.is_(None),
    )
    nobodys = ~select(namesake.c.id).where(named_now).exists()
    known = and_(then.c.connection_id == own, then.c.source_id == former_titles.c.space_id)
    return union(
        some.where(links.c.content_id == bindparam("source_id")),
        titled.where(links.c.space_key == bindparam("space_key")),
        titled.where(links.c.space_key.is_(None), linker.c.space_id == bindparam("space_id")),
        formerly.join(then, known).where(links.c.space_key == then.c.key, nobodys),
        formerly.where(links.c.space_key.is_(None), linker.c.space_id == former_titles.c.space_id, nobodys),
    )


_NO_DAY = false()
_DAYS: Mapping[Kind, ColumnElement[bool]] = {
    Kind.PAGE: links.c.posting_day.is_(None),
    Kind.BLOGPOST: links.c.posting_day.between(bindparam("first"), bindparam("last")),
}
"""Whether a link by title can mean a document: a post is named with its day, a page without, anything else never."""
