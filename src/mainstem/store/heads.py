"""What is stored of each content, without bodies: the side of the comparison that sync plans from."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

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
    columns = documents.c
    chosen = columns.connection_id == connection_id
    if space_id is not None:
        chosen = and_(chosen, columns.space_id == space_id)
    if kinds is not None:
        chosen = and_(chosen, columns.kind.in_(kinds))
    if source_ids is not None:
        chosen = and_(chosen, columns.source_id.in_(source_ids))
    own_holder = and_(
        holders.c.connection_id == columns.connection_id,
        holders.c.kind == HolderKind.CONTENT,
        holders.c.source_id == columns.source_id,
        columns.rules_state == RulesState.RESTRICTED,
    )
    statement = (
        select(
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
            columns.deleted_at,
        )
        .join_from(documents, holders, own_holder, isouter=True)
        .where(chosen)
    )
    found_labels: defaultdict[int, list[str]] = defaultdict(list)
    named = select(labels.c.document_id, labels.c.label).join_from(labels, documents).where(chosen)
    for document_id, label in db.execute(named.order_by(labels.c.label)):
        found_labels[document_id].append(label)
    found: dict[str, Head] = {}
    for row in db.execute(statement).mappings():
        head = dict(row)
        head |= {
            "kind": Kind(head["kind"]),
            "status": Status(head["status"]),
            "rules_state": RulesState(head["rules_state"]),
            "labels": tuple(found_labels[head["document_id"]]),
            "deleted": head.pop("deleted_at") is not None,
        }
        found[head["source_id"]] = Head(**head)
    return found
