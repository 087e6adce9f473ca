"""What is stored of each content, without bodies: the side of the comparison that sync plans from."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, func, select

from mainstem.store.audiences import restriction_digests
from mainstem.store.chains import RulesState
from mainstem.store.tables import documents, labels
from mainstem.wiki.content import Kind, Status


@dataclass(frozen=True, slots=True)
class Head:
    """One stored content, tombstones (`deleted`) included, of which some are shown again (`restored`).

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
    restored: bool = False


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
    rows = db.execute(_HEADS.where(chosen)).mappings().all()
    restricted = [row["source_id"] for row in rows if row["rules_state"] == RulesState.RESTRICTED]
    restrictions = restriction_digests(db, connection_id, restricted)
    return {row["source_id"]: _head(row, tuple(named[row["document_id"]]), restrictions) for row in rows}


def documents_of_spaces(db: Connection, connection_id: int) -> dict[str, int]:
    """How many contents that are no tombstones are stored of each space, by Confluence's id of the space."""
    statement = select(documents.c.space_id, func.count()).where(
        documents.c.connection_id == connection_id, documents.c.deleted_at.is_(None)
    )
    return dict(db.execute(statement.group_by(documents.c.space_id)).all())


def _head(row: RowMapping, named: tuple[str, ...], restrictions: Mapping[str, str]) -> Head:
    words = {
        "kind": Kind(row["kind"]),
        "status": Status(row["status"]),
        "rules_state": RulesState(row["rules_state"]),
        "restriction": restrictions.get(row["source_id"]),
        "labels": named,
    }
    return Head(**{**row, **words})


_HEADS = select(
    documents.c.id.label("document_id"),
    documents.c.source_id,
    documents.c.kind,
    documents.c.space_id,
    documents.c.container_id,
    documents.c.parent_id,
    documents.c.title,
    documents.c.version,
    documents.c.status,
    documents.c.url,
    documents.c.position,
    documents.c.modified_at,
    documents.c.body_hash,
    documents.c.extraction,
    documents.c.rules_state,
    documents.c.in_scope,
    documents.c.deleted_at.is_not(None).label("deleted"),
    documents.c.restored_at.is_not(None).label("restored"),
)
