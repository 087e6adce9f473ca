"""What search needs beside its index: whom a viewer passes, what the index has not heard of yet, and what hits show.

The index may lag behind the store by a moment; so whatever it finds is read here again, under the rules of now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from mainstem.store.tables import connections, documents, journal, labels, passages, people, spaces
from mainstem.store.upsert import chunks
from mainstem.store.visibility import readable, readable_chains
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.documents import Passage


@dataclass(frozen=True, slots=True)
class Card:
    """A document as a list of results shows it, with one of its passages (None when it has none of that ordinal).

    `author` is a display name, "" when unknown. `url` is its address in Confluence.
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
    labels: tuple[str, ...]
    passage: Passage | None


def readable_chain_ids(db: Connection, *, viewer: Viewer) -> frozenset[int] | None:
    """The chains this viewer passes, in one statement; None for the operator, whom nothing stops."""
    if viewer.unrestricted:
        return None
    return frozenset(row.id for row in db.execute(readable_chains(viewer)))


def unreadable_since(db: Connection, position: int, *, viewer: Viewer) -> frozenset[int]:
    """The documents that changed after this journal entry and that the viewer cannot read, or that are gone."""
    seen = select(documents.c.id).where(documents.c.id == journal.c.document_id, readable(viewer)).exists()
    changed = select(journal.c.document_id).where(journal.c.seq > position, ~seen).distinct()
    return frozenset(db.execute(changed).scalars())


def cards(db: Connection, found: Sequence[tuple[int, int]], *, viewer: Viewer) -> dict[int, Card]:
    """The documents of these (document id, passage ordinal) that the viewer can read now, by id. One page of hits."""
    if not found:
        return {}
    author = and_(people.c.connection_id == documents.c.connection_id, people.c.source_id == documents.c.author_id)
    space = and_(spaces.c.connection_id == documents.c.connection_id, spaces.c.source_id == documents.c.space_id)
    statement = (
        select(
            documents.c.id.label("document_id"),
            documents.c.source_id,
            documents.c.kind,
            documents.c.title,
            func.coalesce(spaces.c.key, "").label("space_key"),
            func.coalesce(spaces.c.name, "").label("space_name"),
            connections.c.name.label("source"),
            documents.c.url,
            func.coalesce(people.c.display_name, "").label("author"),
            documents.c.modified_at.label("updated_at"),
        )
        .select_from(documents.join(connections).outerjoin(spaces, space).outerjoin(people, author))
        .where(documents.c.id.in_([document_id for document_id, _ in found]), readable(viewer))
    )
    rows = db.execute(statement).mappings().all()
    labelled = _labels(db, [row["document_id"] for row in rows])
    shown = _passages(db, found)
    return {
        row["document_id"]: Card(
            **(dict(row) | {"kind": Kind(row["kind"])}),
            labels=labelled.get(row["document_id"], ()),
            passage=shown.get(row["document_id"]),
        )
        for row in rows
    }


def _labels(db: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    own = select(labels.c.document_id, labels.c.label).where(labels.c.document_id.in_(ids)).order_by(labels.c.label)
    found: dict[int, tuple[str, ...]] = {}
    for document_id, label in db.execute(own):
        found[document_id] = (*found.get(document_id, ()), label)
    return found


def _passages(db: Connection, found: Sequence[tuple[int, int]]) -> dict[int, Passage]:
    shown: dict[int, Passage] = {}
    for some in chunks(found):
        these = or_(*(and_(passages.c.document_id == one, passages.c.ordinal == ordinal) for one, ordinal in some))
        for document_id, ordinal, path, anchor, text in db.execute(select(passages).where(these)):
            shown[document_id] = Passage(ordinal, tuple(path), anchor, text)
    return shown
