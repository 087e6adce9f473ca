"""What the search index takes in: live documents with chain ids, by which it filters; so there is no viewer here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from mainstem.store.parts import authors, described, filed_of, labels_of, passages_of, properties_of
from mainstem.store.tables import connections, documents, spaces
from mainstem.store.visibility import live
from mainstem.wiki.content import Kind, Status
from mainstem.wiki.documents import Passage
from mainstem.wiki.filing import Filed
from mainstem.wiki.properties import PageProperty

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Indexable:
    """One live document as the index takes it in. A document without passages is found by its title.

    `document_id`, `chain_id` and `connection_id` are ours, `source_id` is Confluence's; `author` is a name, None when
    unknown; `space_key` and `space_name` are "" when unknown.
    """

    document_id: int
    chain_id: int
    connection_id: int
    connection_name: str
    source_id: str
    space_key: str
    space_name: str
    kind: Kind
    title: str
    url: str
    author: str | None
    modified_at: datetime | None
    status: Status
    labels: tuple[str, ...]
    passages: tuple[Passage, ...]
    properties: tuple[PageProperty, ...]
    filed: Filed


def passages_for_index(db: Connection, document_ids: Sequence[int]) -> Iterator[Indexable]:
    """What the index should hold of these documents; one that is not in the answer should not be in the index."""
    for start in range(0, len(document_ids), _BATCH):
        batch = document_ids[start : start + _BATCH]
        rows = db.execute(_LIVE.where(documents.c.id.in_(batch))).mappings().all()
        present = [row["document_id"] for row in rows]
        labels, passages, properties = labels_of(db, present), passages_of(db, present), properties_of(db, present)
        filed = filed_of(db, present)
        for row in rows:
            document_id = row["document_id"]
            parts = {
                "labels": labels[document_id],
                "passages": passages[document_id],
                "properties": properties[document_id],
                "filed": filed[document_id],
            }
            words = {"kind": Kind(row["kind"]), "status": Status(row["status"])}
            yield Indexable(**{**row, **words, **parts})


def due_in_index(db: Connection) -> int:
    """How many documents the index should hold: one that waits for its chain, hidden from everybody, is not yet due."""
    due = select(func.count()).select_from(documents).where(live(), documents.c.chain_id.is_not(None))
    return db.execute(due).scalar_one()


_LIVE = (
    select(
        documents.c.id.label("document_id"),
        documents.c.chain_id,
        documents.c.connection_id,
        connections.c.name.label("connection_name"),
        documents.c.source_id,
        func.coalesce(spaces.c.key, "").label("space_key"),
        func.coalesce(spaces.c.name, "").label("space_name"),
        documents.c.kind,
        documents.c.title,
        documents.c.url,
        authors.c.display_name.label("author"),
        documents.c.modified_at,
        documents.c.status,
    )
    .select_from(described)
    .where(live(), documents.c.chain_id.is_not(None))
    .order_by(documents.c.id)
)
