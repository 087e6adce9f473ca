"""Links that lead one viewer nowhere in the hub, of the documents of a connection that this viewer can read.

What is hidden from the viewer and what is not there are alike, so the list tells nobody what they may not know.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select

from mainstem.store.tables import connections, documents, former_titles, links, spaces
from mainstem.store.visibility import readable, readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind

_linker, _owner = documents.alias("linker"), documents.alias("owner")
_own_space, _named = spaces.alias("own_space"), spaces.alias("named")


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """One link. `document_id`, ours, is of the document it stands in, `title` that one's, `space_key` its space's.

    `kind` is page, content, attachment, space or url; of the others, what the link names: "" for what it does not.
    """

    document_id: int
    kind_of_document: Kind
    title: str
    space_key: str
    kind: str
    page: str
    page_space: str
    content_id: str
    filename: str
    address: str


def broken_links(
    db: Connection, connection_id: int, *, viewer: Viewer, limit: int, offset: int = 0
) -> tuple[list[BrokenLink], int]:
    """Some of the links that lead nowhere, by document, and how many there are."""
    columns = (
        _linker.c.id,
        _linker.c.kind,
        _linker.c.title,
        func.coalesce(_own_space.c.key, ""),
        links.c.kind,
        *(func.coalesce(links.c[name], "") for name in ("title", "space_key", "content_id", "filename", "address")),
    )
    statement = (
        select(*columns, func.count().over())
        .select_from(_placed())
        .where(*_leading_nowhere(connection_id, viewer))
        .order_by(_linker.c.title, _linker.c.id, links.c.ordinal)
    )
    rows = db.execute(statement.limit(limit).offset(offset), seen_by(viewer)).all()
    found = [BrokenLink(id_, Kind(kind), *rest) for id_, kind, *rest, _ in rows]
    return found, rows[0][-1] if rows else 0


def _placed() -> Any:
    own = and_(_own_space.c.connection_id == _linker.c.connection_id, _own_space.c.source_id == _linker.c.space_id)
    return links.join(_linker, _linker.c.id == links.c.document_id).outerjoin(_own_space, own)


def _leading_nowhere(connection_id: int, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """The conditions of such a link, as `reading.links` looks for what it names."""
    shown = select(documents.c.id).where(documents.c.connection_id == connection_id, readable_among_all(viewer))
    here = and_(documents.c.connection_id == connection_id, readable(viewer))
    site = select(connections.c.url).where(connections.c.id == connection_id).scalar_subquery()
    address = func.lower(links.c.address)
    of_the_site = or_(func.substr(address, 1, func.length(site)) == func.lower(site), func.substr(address, 1, 1) == "/")
    names_page = or_(links.c.content_id.is_not(None), links.c.title.is_not(None))
    led = case(
        (links.c.filename.is_not(None), _file(here, connection_id, names_page)),
        (names_page, or_(_by_id(here), _by_title(here), _by_former_title(here))),
        (links.c.space_key.is_not(None), _space(here)),
        else_=True,
    )
    looked_at = or_(
        links.c.kind.in_(("page", "content", "attachment", "space")), and_(links.c.kind == "url", of_the_site)
    )
    return _linker.c.connection_id == connection_id, _linker.c.id.in_(shown), looked_at, ~led


def _exists(statement: Select[Any]) -> ColumnElement[bool]:
    return exists(statement.correlate(links, _linker))


def _by_id(here: ColumnElement[bool]) -> ColumnElement[bool]:
    return _exists(select(documents.c.id).where(here, documents.c.source_id == links.c.content_id))


def _in_space(space_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a space, by Confluence's id, is the one that the link names, or its own where it names none."""
    keyed = select(_named.c.source_id).where(
        _named.c.connection_id == _linker.c.connection_id, _named.c.key == links.c.space_key
    )
    return or_(
        and_(links.c.space_key.is_(None), space_id == _linker.c.space_id),
        space_id.in_(keyed.correlate(links, _linker)),
    )


def _kind() -> ColumnElement[str]:
    return case((links.c.posting_day.is_(None), Kind.PAGE.value), else_=Kind.BLOGPOST.value)


def _by_title(here: ColumnElement[bool]) -> ColumnElement[bool]:
    titled = documents.c.title == links.c.title, documents.c.kind == _kind(), _in_space(documents.c.space_id)
    return _exists(select(documents.c.id).where(here, *titled))


def _by_former_title(here: ColumnElement[bool]) -> ColumnElement[bool]:
    known = select(documents.c.id).join(former_titles, former_titles.c.document_id == documents.c.id)
    titled = former_titles.c.title == links.c.title, documents.c.kind == _kind(), _in_space(former_titles.c.space_id)
    return _exists(known.where(here, *titled))


def _file(here: ColumnElement[bool], connection_id: int, names_page: ColumnElement[bool]) -> ColumnElement[bool]:
    named = and_(here, documents.c.kind == Kind.ATTACHMENT, documents.c.title == links.c.filename)
    on_itself = documents.c.container_id.in_((_linker.c.source_id, _linker.c.container_id))
    owners = select(_owner.c.source_id).where(
        _owner.c.connection_id == connection_id,
        or_(
            _owner.c.source_id == links.c.content_id,
            and_(_owner.c.title == links.c.title, _in_space(_owner.c.space_id)),
        ),
    )
    on_another = documents.c.container_id.in_(owners.correlate(links, _linker))
    return _exists(select(documents.c.id).where(named, or_(and_(~names_page, on_itself), and_(names_page, on_another))))


def _space(here: ColumnElement[bool]) -> ColumnElement[bool]:
    inside = and_(_named.c.connection_id == documents.c.connection_id, _named.c.source_id == documents.c.space_id)
    return _exists(select(documents.c.id).join(_named, inside).where(here, _named.c.key == links.c.space_key))
