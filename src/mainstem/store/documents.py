"""Reading documents: one in full, how many there are, which there are.

Everything takes `viewer`, and what the viewer may not read is not there. Finding by words is the index's work.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, bindparam, func, select

from mainstem.store.parts import authors, described, filed_of, labels_of, passages_of, properties_of
from mainstem.store.tables import bodies, connections, documents, passages, people, spaces, tombstones
from mainstem.store.visibility import readable, readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import AttachmentFile, Kind, Status
from mainstem.wiki.conversion import ConversionOptions, options_of
from mainstem.wiki.documents import Passage
from mainstem.wiki.filing import Filed
from mainstem.wiki.properties import PageProperty


@dataclass(frozen=True, slots=True)
class Document:
    """One document as a reader meets it.

    `id` and `connection_id` are ours; `source_id`, `space_id`, `homepage_id` (of its space), `parent_id` and
    `container_id` Confluence's. `author` and `editor` are names, None when unknown. `source` is the body in the format
    `representation` names, None without; `conversion` says how its connection wants it converted. `left_at`: it was
    restored, having left Confluence then; None where it is there, as far as listings tell.
    """

    id: int
    connection_id: int
    connection_name: str
    source_id: str
    kind: Kind
    space_id: str
    space_key: str
    space_name: str
    homepage_id: str | None
    parent_id: str | None
    container_id: str | None
    title: str
    version: int
    status: Status
    url: str
    author: str | None
    editor: str | None
    created_at: datetime | None
    modified_at: datetime | None
    file: AttachmentFile | None
    inline_selection: str | None
    resolved: bool
    labels: tuple[str, ...]
    properties: tuple[PageProperty, ...]
    passages: tuple[Passage, ...]
    representation: str | None
    source: str | None
    conversion: ConversionOptions
    filed: Filed
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is. `others` are folders, whiteboards, databases and embeds."""

    spaces: int
    pages: int
    blogposts: int
    comments: int
    attachments: int
    others: int
    passages: int


def document(db: Connection, which: int | tuple[int, str], *, viewer: Viewer) -> Document | None:
    """One document, by our id or by (connection id, Confluence's id); None when this viewer cannot read it."""
    if isinstance(which, int):
        statement, ids = _with_id(readable(viewer)), dict[str, Any](id=which)
    else:
        statement, ids = _with_source_id(readable(viewer)), {"connection_id": which[0], "source_id": which[1]}
    row = db.execute(statement, seen_by(viewer) | ids).mappings().one_or_none()
    if row is None:
        return None
    return _document(
        row,
        labels=labels_of(db, [row["id"]])[row["id"]],
        passages=passages_of(db, [row["id"]])[row["id"]],
        properties=properties_of(db, [row["id"]])[row["id"]],
        filed=filed_of(db, [row["id"]])[row["id"]],
    )


def counts(db: Connection, connection_id: int | None = None, *, viewer: Viewer) -> Counts:
    """How much of a connection, or of all, this viewer can read."""
    chosen, asked = readable_among_all(viewer), seen_by(viewer)
    if connection_id is not None:
        chosen = and_(chosen, documents.c.connection_id == connection_id)
    kinds = select(documents.c.kind, func.count()).where(chosen).group_by(documents.c.kind)
    by_kind: dict[str, int] = dict(db.execute(kinds, asked).all())
    used = select(documents.c.connection_id, documents.c.space_id).where(chosen).distinct().subquery()
    all_passages = select(func.count()).select_from(passages.join(documents)).where(chosen)
    main = (Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT)
    return Counts(
        spaces=db.execute(select(func.count()).select_from(used), asked).scalar_one(),
        pages=by_kind.get(Kind.PAGE, 0),
        blogposts=by_kind.get(Kind.BLOGPOST, 0),
        comments=by_kind.get(Kind.COMMENT, 0),
        attachments=by_kind.get(Kind.ATTACHMENT, 0),
        others=sum(number for kind, number in by_kind.items() if kind not in main),
        passages=db.execute(all_passages, asked).scalar_one(),
    )


def counts_by_space(db: Connection, connection_id: int, *, viewer: Viewer) -> dict[str, int]:
    """How many current pages and posts of each space of a connection this viewer can read, by Confluence's space id."""
    chosen = (
        documents.c.connection_id == connection_id,
        documents.c.kind.in_((Kind.PAGE, Kind.BLOGPOST)),
        documents.c.status == Status.CURRENT,
        readable_among_all(viewer),
    )
    found = select(documents.c.space_id, func.count()).where(*chosen).group_by(documents.c.space_id)
    return dict(db.execute(found, seen_by(viewer)).all())


def document_ids(db: Connection, connection_id: int | None = None, *, viewer: Viewer) -> list[int]:
    """The ids of all documents (of a connection) this viewer can read, in order."""
    statement = select(documents.c.id).where(readable_among_all(viewer)).order_by(documents.c.id)
    if connection_id is not None:
        statement = statement.where(documents.c.connection_id == connection_id)
    return list(db.execute(statement, seen_by(viewer)).scalars())


def _document(row: RowMapping, **parts: Any) -> Document:
    file = None
    if row["media_type"] is not None:
        file = AttachmentFile(row["media_type"], row["file_size"], row["file_id"], row["download"], row["file_comment"])
    own = {"kind": Kind(row["kind"]), "status": Status(row["status"]), "file": file} | parts
    own["conversion"] = options_of(row["conversion"] or {})
    own["left_at"] = (row["left_at"] or row["deleted_at"]) if row["restored_at"] else None
    plain = {name: value for name, value in row.items() if name in _PLAIN}
    return Document(**plain, **own)


@cache
def _with_id(readable: ColumnElement[bool]) -> Select[Any]:
    return _in_full().where(documents.c.id == bindparam("id"), readable)


@cache
def _with_source_id(readable: ColumnElement[bool]) -> Select[Any]:
    there = documents.c.connection_id == bindparam("connection_id"), documents.c.source_id == bindparam("source_id")
    return _in_full().where(*there, readable)


def _in_full() -> Select[Any]:
    editors = people.alias("editors")
    edited = and_(editors.c.connection_id == documents.c.connection_id, editors.c.source_id == documents.c.editor_id)
    return select(
        documents,
        connections.c.name.label("connection_name"),
        connections.c.conversion,
        func.coalesce(spaces.c.key, "").label("space_key"),
        func.coalesce(spaces.c.name, "").label("space_name"),
        spaces.c.homepage_id,
        authors.c.display_name.label("author"),
        editors.c.display_name.label("editor"),
        bodies.c.representation,
        bodies.c.source,
        tombstones.c.left_at,
    ).select_from(
        described.outerjoin(editors, edited)
        .outerjoin(bodies, bodies.c.document_id == documents.c.id)
        .outerjoin(tombstones, tombstones.c.document_id == documents.c.id),
    )


_PLAIN = frozenset(field.name for field in fields(Document)) - {"kind", "status", "file", "conversion", "left_at"}
