"""What search needs beside its index: whom a viewer passes, what the index has not heard of yet, and what hits show.

The index may lag behind the store by a moment; so whatever it finds is read here again, under the rules of now.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, tuple_

from mainstem.store.parts import authors, described, filed_of, labels_of
from mainstem.store.tables import connections, documents, journal, passages, spaces
from mainstem.store.upsert import chunks
from mainstem.store.visibility import readable, readable_chains, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.documents import Passage
from mainstem.wiki.filing import Filed, with_defaults


@dataclass(frozen=True, slots=True)
class Card:
    """A document as a list of results shows it, with one of its passages (None when it has none of that ordinal).

    `author` is a display name, "" when unknown. `url` is its address in Confluence. `on` is the title of what a file or
    comment hangs on, "" for what stands by itself.
    """

    document_id: int
    source_id: str
    kind: Kind
    title: str
    space_key: str
    space_name: str
    source: str
    url: str
    author: str
    updated_at: datetime | None
    tags: tuple[str, ...]
    passage: Passage | None
    on: str = ""


def readable_chain_ids(db: Connection, *, viewer: Viewer) -> frozenset[int] | None:
    """The chains this viewer passes, in one statement; None for the operator, whom nothing stops."""
    if viewer.unrestricted:
        return None
    return frozenset(row.id for row in db.execute(readable_chains(viewer), seen_by(viewer)))


def unreadable_since(db: Connection, position: int, *, viewer: Viewer) -> frozenset[int]:
    """The documents that changed after this journal entry and that the viewer cannot read, or that are gone."""
    changed = db.execute(_unreadable(readable(viewer)), seen_by(viewer) | {"position": position})
    return frozenset(changed.scalars())


@cache
def _unreadable(readable: ColumnElement[bool]) -> Select[int]:
    seen = select(documents.c.id).where(documents.c.id == journal.c.document_id, readable).exists()
    return select(journal.c.document_id).where(journal.c.seq > bindparam("position"), ~seen).distinct()


def titles(db: Connection, document_ids: Collection[int], *, viewer: Viewer) -> dict[int, str]:
    """What those of these documents are called that the viewer can read now, by id."""
    wanted = seen_by(viewer) | {"ids": list(document_ids)}
    return {row.id: row.title for row in db.execute(_named(readable(viewer)), wanted)}


@cache
def _named(readable: ColumnElement[bool]) -> Select[int, str]:
    return select(documents.c.id, documents.c.title).where(
        documents.c.id.in_(bindparam("ids", expanding=True)), readable
    )


def cards(db: Connection, found: Sequence[tuple[int, int]], *, viewer: Viewer) -> dict[int, Card]:
    """The documents of these (document id, passage ordinal) that the viewer can read now, by id. One page of hits."""
    if not found:
        return {}
    wanted = {"ids": [document_id for document_id, _ in found]}
    rows = [dict(row) for row in db.execute(_cards(readable(viewer)), seen_by(viewer) | wanted).mappings()]
    above = [(row.pop("connection_id"), row.pop("container_id")) for row in rows]
    titles = _titles(db, {pair for pair in above if pair[1]}, viewer=viewer)
    ids = [row["document_id"] for row in rows]
    labelled, filed = labels_of(db, ids), filed_of(db, ids)
    shown = _passages(db, found)
    return {
        row["document_id"]: Card(
            **(row | {"kind": Kind(row["kind"])}),
            tags=_tags(filed[row["document_id"]], labelled[row["document_id"]]),
            passage=shown.get(row["document_id"]),
            on=titles.get(pair, ""),
        )
        for row, pair in zip(rows, above, strict=True)
    }


def _tags(own: Filed, labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(each.name for each in with_defaults(own, labels=labels, space="").tags)


@cache
def _cards(readable: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            documents.c.id.label("document_id"),
            documents.c.source_id,
            documents.c.kind,
            documents.c.title,
            func.coalesce(spaces.c.key, "").label("space_key"),
            func.coalesce(spaces.c.name, "").label("space_name"),
            connections.c.name.label("source"),
            documents.c.url,
            func.coalesce(authors.c.display_name, "").label("author"),
            documents.c.modified_at.label("updated_at"),
            documents.c.connection_id,
            documents.c.container_id,
        )
        .select_from(described)
        .where(documents.c.id.in_(bindparam("ids", expanding=True)), readable)
    )


def _titles(db: Connection, named: Collection[tuple[int, str]], *, viewer: Viewer) -> dict[tuple[int, str], str]:
    """The titles of documents by (connection id, Confluence's id), of those that the viewer can read."""
    if not named:
        return {}
    found = db.execute(_titled(readable(viewer)), seen_by(viewer) | {"named": sorted(named)})
    return {(connection_id, source_id): title for connection_id, source_id, title in found}


@cache
def _titled(readable: ColumnElement[bool]) -> Select[Any]:
    columns = documents.c.connection_id, documents.c.source_id
    return select(*columns, documents.c.title).where(tuple_(*columns).in_(bindparam("named", expanding=True)), readable)


def _passages(db: Connection, found: Sequence[tuple[int, int]]) -> dict[int, Passage]:
    shown: dict[int, Passage] = {}
    for some in chunks(found):
        asked = {"pairs": some, "ids": [document_id for document_id, _ in some]}
        for document_id, ordinal, path, anchor, text in db.execute(_these(), asked):
            shown[document_id] = Passage(ordinal, tuple(path), anchor, text)
    return shown


@cache
def _these() -> Select[Any]:
    pairs = tuple_(passages.c.document_id, passages.c.ordinal).in_(bindparam("pairs", expanding=True))
    # The pairs say it all, but SQLite finds rows by one column at a time.
    return select(passages).where(passages.c.document_id.in_(bindparam("ids", expanding=True)), pairs)
