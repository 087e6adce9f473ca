"""What is stored of each content, without bodies: the side of the comparison that sync plans from."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, select

from mainstem.store.audiences import HolderKind
from mainstem.store.chains import RulesState
from mainstem.store.tables import documents, holders, labels
from mainstem.wiki.content import Kind, Status


@dataclass(frozen=True, slots=True)
class Head:
    """One stored content, tombstones (`deleted`) included.

    `document_id` is ours; the other ids are Confluence's. `version` and `body_hash` are those of the stored body,
    `extraction` of the converter that read it; hash None: there is no body. `restriction` is the digest
    (`audiences.clause_digest`) of the principals that pass its own view restriction, None without one.
    """

    document_id: int
    source_id: str
    kind: Kind
    space_id: str
    container_id: str | None
    parent_id: str | None
    title: str
    version: int
    status: Status
    url: str
    position: int | None
    modified_at: datetime | None
    body_hash: str | None
    extraction: int | None
    rules_state: RulesState
    restriction: str | None
    labels: tuple[str, ...]
    in_scope: bool
    deleted: bool


def stored_heads(
    db: Connection,
    connection_id: int,
    space_id: str | None = None,
    kinds: Collection[Kind] | None = None,
    source_ids: Collection[str] | None = None,
) -> dict[str, Head]:
    """All that is stored of a connection (of one space, of some kinds, of some ids), by Confluence's id.

    `source_ids` is one batch of a listing: a few thousand at most.
    """
    chosen = documents.c.connection_id == connection_id
    if space_id is not None:
        chosen = and_(chosen, documents.c.space_id == space_id)
    if kinds is not None:
        chosen = and_(chosen, documents.c.kind.in_(kinds))
    if source_ids is not None:
        chosen = and_(chosen, documents.c.source_id.in_(source_ids))
    named: defaultdict[int, list[str]] = defaultdict(list)
    statement = select(labels.c.document_id, labels.c.label).join_from(labels, documents).where(chosen)
    for document_id, label in db.execute(statement.order_by(labels.c.label)):
        named[document_id].append(label)
    rows = db.execute(_statement().where(chosen)).mappings()
    return {row["source_id"]: _head(row, tuple(named[row["document_id"]])) for row in rows}


def spaces_with_documents(db: Connection, connection_id: int) -> set[str]:
    """Confluence's ids of the spaces that hold documents which are not tombstones."""
    statement = select(documents.c.space_id).where(
        documents.c.connection_id == connection_id, documents.c.deleted_at.is_(None)
    )
    return set(db.execute(statement.distinct()).scalars())


def _statement() -> Select[Any]:
    columns = documents.c
    own_holder = and_(
        holders.c.connection_id == columns.connection_id,
        holders.c.kind == HolderKind.CONTENT,
        holders.c.source_id == columns.source_id,
        columns.rules_state == RulesState.RESTRICTED,
    )
    return select(
        columns.id.label("document_id"),
        columns.source_id,
        columns.kind,
        columns.space_id,
        columns.container_id,
        columns.parent_id,
        columns.title,
        columns.version,
        columns.status,
        columns.url,
        columns.position,
        columns.modified_at,
        columns.body_hash,
        columns.extraction,
        columns.rules_state,
        holders.c.clause_digest.label("restriction"),
        columns.in_scope,
        columns.deleted_at.is_not(None).label("deleted"),
    ).join_from(documents, holders, own_holder, isouter=True)


def _head(row: RowMapping, named: tuple[str, ...]) -> Head:
    words = {
        "kind": Kind(row["kind"]),
        "status": Status(row["status"]),
        "rules_state": RulesState(row["rules_state"]),
        "labels": named,
    }
    return Head(**{**row, **words})
