"""What links may lead to, many at once: pages by id or title, files, spaces; only what the viewer can read is there.

Confluence's ids, keys and titles come in, because bodies hold nothing else. Everything stays within one connection.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select

from mainstem.store.tables import connections, documents, former_titles, kept_files, passages, spaces
from mainstem.store.upsert import chunks
from mainstem.store.visibility import readable, readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.conversion import options_of
from mainstem.wiki.files import FileOptions


@dataclass(frozen=True, slots=True)
class Found:
    """A document that a link may mean. `space_key` is "" when the space is unknown; `created_at` tells a post's day."""

    document_id: int
    source_id: str
    kind: Kind
    space_key: str
    title: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment. `container_id` is Confluence's id of what it hangs on; `size` in bytes.

    `download` is relative to the site's base, "" when Confluence told none; `url` the address that people open.
    `digest` is the hash under which this version is kept, or "". `conversion` is stored with its connection.
    """

    document_id: int
    connection_id: int
    container_id: str
    filename: str
    media_type: str
    size: int
    download: str
    source_id: str
    version: int
    url: str
    digest: str
    conversion: Mapping[str, Any] | None

    @property
    def choice(self) -> FileOptions:
        """What its connection takes of files."""
        return options_of(self.conversion or {}).files


def by_id(db: Connection, connection_id: int, source_ids: Collection[str], *, viewer: Viewer) -> list[Found]:
    """Documents of any kind by Confluence's ids."""
    return [
        found
        for some in chunks(sorted(source_ids))
        for found in _found(db, _WITH_IDS, {"connection_id": connection_id, "ids": some}, viewer=viewer)
    ]


def by_title(db: Connection, connection_id: int, named: Collection[tuple[str, str]], *, viewer: Viewer) -> list[Found]:
    """Pages and posts by (space key, title); several posts may share both."""
    found: list[Found] = []
    keys = sorted({key for key, _ in named})
    for some in chunks(sorted({title for _, title in named})):
        asked = {"connection_id": connection_id, "keys": keys, "titles": some}
        found += _found(db, _WITH_TITLES, asked, viewer=viewer)
    return [each for each in found if (each.space_key, each.title) in named]


def by_former_title(
    db: Connection, connection_id: int, named: Collection[tuple[str, str]], *, viewer: Viewer
) -> list[tuple[tuple[str, str], Found]]:
    """Pages and posts by the (space key, title) that they had before, whatever they are called now, newest first."""
    found: list[tuple[tuple[str, str], Found]] = []
    keys = sorted({key for key, _ in named})
    for some in chunks(sorted({title for _, title in named})):
        asked = {"connection_id": connection_id, "keys": keys, "titles": some}
        rows = db.execute(_formerly(readable(viewer)), seen_by(viewer) | asked)
        found += [
            ((key, title), Found(id_, source_id, Kind(kind), *rest)) for key, title, id_, source_id, kind, *rest in rows
        ]
    return [each for each in found if each[0] in named]


def heading_anchors(db: Connection, document_ids: Collection[int], *, viewer: Viewer) -> list[tuple[int, str, str]]:
    """The headings of documents, as (our id, the words, the id in our page), in the order of the text."""
    rows = db.execute(_headings(readable(viewer)), seen_by(viewer) | {"ids": sorted(document_ids)})
    return [(document_id, path[-1], anchor) for document_id, path, anchor in rows if path]


def files_on(
    db: Connection,
    connection_id: int,
    container_ids: Collection[str],
    filenames: Collection[str] | None = None,
    *,
    viewer: Viewer,
) -> list[StoredFile]:
    """The attachments of some documents by Confluence's ids, all or those of these names, in the order of names."""
    found: list[StoredFile] = []
    for some in chunks(sorted(container_ids)):
        asked = {"connection_id": connection_id, "containers": some, "names": sorted(filenames or ())}
        found += _stored(db, _HANGING if filenames is None else _HANGING_SO_NAMED, asked, viewer=viewer)
    return found


def stored_file(db: Connection, document_id: int, *, viewer: Viewer) -> StoredFile | None:
    """One attachment by our id; None when it is something else, or not there for this viewer."""
    return next(iter(_stored(db, _ITSELF, {"id": document_id}, viewer=viewer)), None)


def sites(db: Connection, *, viewer: Viewer) -> list[tuple[int, str]]:
    """The connections of which this viewer can read anything, with the addresses of their sites."""
    statement = _sites(readable_among_all(viewer))
    return [(id_, url) for id_, url in db.execute(statement, seen_by(viewer))]


@cache
def _sites(readable: ColumnElement[bool]) -> Select[int, str]:
    something = select(documents.c.id).where(documents.c.connection_id == connections.c.id, readable).exists()
    return select(connections.c.id, connections.c.url).where(something).order_by(connections.c.id)


def space_names(
    db: Connection, keys: Collection[str], *, viewer: Viewer, connection_id: int | None = None
) -> dict[str, str]:
    """The names, by key, of the spaces of one connection, or of all, in which this viewer can read anything.

    Of several spaces with one key, it is that of one.
    """
    names: dict[str, str] = {}
    statement = _space_names(readable_among_all(viewer))
    if connection_id is not None:
        statement = statement.where(spaces.c.connection_id == connection_id)
    for some in chunks(sorted(keys)):
        names.update(db.execute(statement, seen_by(viewer) | {"keys": some}).all())
    return names


@cache
def _space_names(readable: ColumnElement[bool]) -> Select[str, str]:
    inside = and_(documents.c.connection_id == spaces.c.connection_id, documents.c.space_id == spaces.c.source_id)
    something = select(documents.c.id).where(inside, readable).exists()
    return select(spaces.c.key, spaces.c.name).where(_KEYED, something).order_by(spaces.c.id)


def _found(db: Connection, chosen: ColumnElement[bool], asked: dict[str, Any], *, viewer: Viewer) -> list[Found]:
    rows = db.execute(_documents(chosen, readable(viewer)), seen_by(viewer) | asked)
    return [Found(id_, source_id, Kind(kind), *rest) for id_, source_id, kind, *rest in rows]


@cache
def _documents(chosen: ColumnElement[bool], readable: ColumnElement[bool]) -> Select[Any]:
    return select(*_FOUND).select_from(_PLACED).where(_HERE, chosen, readable).order_by(documents.c.id)


@cache
def _formerly(readable: ColumnElement[bool]) -> Select[Any]:
    then = spaces.alias("then")
    known = and_(then.c.connection_id == documents.c.connection_id, then.c.source_id == former_titles.c.space_id)
    titled = _any_of(former_titles.c.title, "titles"), _any_of(then.c.key, "keys")
    return (
        select(then.c.key, former_titles.c.title, *_FOUND)
        .select_from(_PLACED.join(former_titles, former_titles.c.document_id == documents.c.id).join(then, known))
        .where(_HERE, *titled, readable)
        .order_by(documents.c.id.desc())
    )


@cache
def _headings(readable: ColumnElement[bool]) -> Select[Any]:
    return (
        select(passages.c.document_id, passages.c.heading_path, passages.c.anchor)
        .join(documents)
        .where(_any_of(passages.c.document_id, "ids"), passages.c.anchor != "", readable)
        .order_by(passages.c.document_id, passages.c.ordinal)
    )


def _stored(db: Connection, chosen: ColumnElement[bool], asked: dict[str, Any], *, viewer: Viewer) -> list[StoredFile]:
    return [StoredFile(*row) for row in db.execute(_files(chosen, readable(viewer)), seen_by(viewer) | asked)]


@cache
def _files(chosen: ColumnElement[bool], readable: ColumnElement[bool]) -> Select[Any]:
    kept = and_(kept_files.c.document_id == documents.c.id, kept_files.c.version == documents.c.version)
    return (
        select(
            documents.c.id,
            documents.c.connection_id,
            func.coalesce(documents.c.container_id, ""),
            documents.c.title,
            func.coalesce(documents.c.media_type, ""),
            func.coalesce(documents.c.file_size, 0),
            func.coalesce(documents.c.download, ""),
            documents.c.source_id,
            documents.c.version,
            documents.c.url,
            func.coalesce(kept_files.c.digest, ""),
            connections.c.conversion,
        )
        .select_from(documents.join(connections).outerjoin(kept_files, kept))
        .where(chosen, documents.c.kind == Kind.ATTACHMENT, readable)
        .order_by(documents.c.title, documents.c.id)
    )


def _any_of(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


_FOUND = (
    documents.c.id,
    documents.c.source_id,
    documents.c.kind,
    func.coalesce(spaces.c.key, ""),
    documents.c.title,
    documents.c.created_at,
)
"""The columns of `Found`."""

_PLACED = documents.outerjoin(
    spaces, and_(spaces.c.connection_id == documents.c.connection_id, spaces.c.source_id == documents.c.space_id)
)
_HERE = documents.c.connection_id == bindparam("connection_id")
_KEYED = _any_of(spaces.c.key, "keys")
_WITH_IDS = _any_of(documents.c.source_id, "ids")
_WITH_TITLES = and_(
    _any_of(documents.c.title, "titles"),
    documents.c.space_id.in_(
        select(spaces.c.source_id).where(spaces.c.connection_id == bindparam("connection_id"), _KEYED)
    ),
    documents.c.kind.in_((Kind.PAGE, Kind.BLOGPOST)),
)
_ITSELF = documents.c.id == bindparam("id")
_HANGING = and_(_HERE, _any_of(documents.c.container_id, "containers"))
_HANGING_SO_NAMED = and_(_HANGING, _any_of(documents.c.title, "names"))
