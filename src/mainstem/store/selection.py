"""What a filter has to weigh once a run knows everything, and what it lets in or leaves out, as rows.

What is left out stays stored out of scope: hidden from everyone, there for the tree and its restrictions alone.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, update

from mainstem.store import journal, seen, tombstones
from mainstem.store.chains import RulesState
from mainstem.store.seen import Aspect
from mainstem.store.tables import documents, labels
from mainstem.store.tombstones import Why
from mainstem.store.upsert import chunks
from mainstem.wiki.content import Kind, Status
from mainstem.wiki.selection import SELECTED


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored page or post. `labels` None: they could not be read. `listed`: this run's listing named it.

    `put_off`: it is new or changed and still to be fetched, so its stored dates are those of before. `lineage`: it and
    all that stands above it, by Confluence's ids; None where that was not asked for, or is not known to the top.
    """

    document_id: int
    source_id: str
    kind: Kind
    created_at: datetime | None
    modified_at: datetime | None
    labels: frozenset[str] | None
    in_scope: bool
    listed: bool
    put_off: bool
    status: Status = Status.CURRENT
    lineage: frozenset[str] | None = None


def candidates(db: Connection, connection_id: int, run_id: int | None, *, by_place: bool = False) -> list[Candidate]:
    """All pages and posts of a connection that are in scope, or could be, as this run's listing names them.

    `run_id` None: no run is under way, so nothing is listed. `by_place`: with their lineage.
    """
    above = parents(db, connection_id) if by_place else {}
    columns = documents.c
    listed = _noted(run_id, Aspect.LISTED)
    chosen = and_(
        columns.connection_id == connection_id,
        columns.kind.in_(SELECTED),
        columns.deleted_at.is_(None),
        columns.status.in_((Status.CURRENT, Status.ARCHIVED)),
        or_(columns.in_scope, listed),
    )
    put_off = or_(_noted(run_id, Aspect.CHANGED_PAGE), _noted(run_id, Aspect.CHANGED_BLOGPOST))
    named: defaultdict[int, set[str]] = defaultdict(set)
    for document_id, label in db.execute(select(labels.c.document_id, labels.c.label).join(documents).where(chosen)):
        named[document_id].add(label)
    found = db.execute(select(documents, listed.label("listed"), put_off.label("put_off")).where(chosen))
    known = (RulesState.OPEN, RulesState.RESTRICTED)
    return [
        Candidate(
            document_id=row.id,
            source_id=row.source_id,
            kind=Kind(row.kind),
            created_at=row.created_at,
            modified_at=row.modified_at,
            labels=frozenset(named[row.id]) if row.rules_state in known else None,
            in_scope=row.in_scope,
            listed=bool(row.listed),
            put_off=bool(row.put_off),
            status=Status(row.status),
            lineage=lineage(row.source_id, above) if by_place else None,
        )
        for row in found
    ]


def parents(db: Connection, connection_id: int) -> dict[str, str | None]:
    """What stands above each content that is there, be it in scope or not, by Confluence's ids."""
    columns = documents.c
    chosen = select(columns.source_id, columns.parent_id).where(
        columns.connection_id == connection_id, columns.deleted_at.is_(None), columns.kind != Kind.COMMENT
    )
    return dict(db.execute(chosen).all())


def lineage(source_id: str, above: Mapping[str, str | None]) -> frozenset[str] | None:
    """A content and all that stands above it; None where that is not known up to the top."""
    found = set[str]()
    at: str | None = source_id
    while at is not None:
        if at in found or at not in above:
            return None
        found.add(at)
        at = above[at]
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that is shown, or would be to whoever may read it; ids are Confluence's but `document_id`."""

    document_id: int
    source_id: str
    kind: Kind
    space_id: str
    container_id: str | None


def kept(db: Connection, connection_id: int) -> list[Kept]:
    """All documents of a connection that are no tombstones and in scope."""
    columns = documents.c
    chosen = select(columns.id, columns.source_id, columns.kind, columns.space_id, columns.container_id).where(
        columns.connection_id == connection_id, columns.deleted_at.is_(None), columns.in_scope
    )
    return [Kept(row.id, row.source_id, Kind(row.kind), row.space_id, row.container_id) for row in db.execute(chosen)]


def leave_out(db: Connection, document_ids: Collection[int], now: datetime) -> None:
    """Put documents out of scope, as they are; the index is told."""
    tombstones.note(db, document_ids, Why.LEFT_OUT, now)
    for some in chunks(sorted(document_ids)):
        db.execute(update(documents).where(documents.c.id.in_(some)).values(in_scope=False))
    journal.append(db, document_ids)


def of_other_kinds(db: Connection, connection_id: int, kinds: Collection[Kind]) -> list[int]:
    """Our ids of the live documents of a connection that are of none of these kinds."""
    statement = select(documents.c.id).where(
        documents.c.connection_id == connection_id,
        documents.c.deleted_at.is_(None),
        documents.c.in_scope,
        documents.c.kind.not_in(kinds),
    )
    return list(db.execute(statement.order_by(documents.c.id)).scalars())


def _noted(run_id: int | None, aspect: Aspect) -> ColumnElement[bool]:
    return false() if run_id is None else documents.c.source_id.in_(seen.noted(run_id, aspect))
