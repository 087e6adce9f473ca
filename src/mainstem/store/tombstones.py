"""Tombstones: what left Confluence, why and when, and who could read it last; how it is restored.

It is hidden from everybody until somebody restores it. Then those see it again who pass the rules as they were read
last before it left: what was not known then stays hidden. No sync touches it any more, unless Confluence has it again.
How it is purged is for `purging` to say.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, exists, func, literal, or_, select, update

from mainstem.store import journal, seen
from mainstem.store.chains import freeze, rebuild_chains
from mainstem.store.openings import opening
from mainstem.store.seen import Aspect
from mainstem.store.tables import documents, spaces, tombstones
from mainstem.store.upsert import chunks, insertion
from mainstem.store.visibility import VIEWABLE, readable_chains, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind, Status

_RULED = (Kind.PAGE, Kind.BLOGPOST)


class State(StrEnum):
    """How far something is: a listing MISSED it, its leaving WAITS for a person's word, or it LEFT."""

    MISSED = "missed"
    WAITS = "waits"
    LEFT = "left"


class Why(StrEnum):
    """Why something left. UNSEEN: deleted for good, or shown to the account no more, which Confluence does not tell."""

    TRASHED = "trashed"
    UNSEEN = "unseen"
    ARCHIVED = "archived"
    MOVED = "moved"
    LEFT_OUT = "left out"
    WITH_ITS_PAGE = "with its page"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Something that left, or was restored after it had. `title` is None where the viewer was not among its readers.

    `document_id` is ours, `source_id` Confluence's; `space_key` may be "". `parts` are the comments and files that left
    with it. `standing`: it can be restored.
    """

    document_id: int
    source_id: str
    kind: Kind
    title: str | None
    space_key: str
    why: Why
    left_at: datetime
    restored_at: datetime | None
    parts: int
    standing: bool


@dataclass(frozen=True, slots=True)
class Question:
    """So many documents of a space would leave at once that a person is asked: of its `live` ones these.

    Confluence says of the `trashed` ones that they are in its trash; the `unseen` ones it shows no more.
    """

    space_id: str
    space_key: str
    live: int
    trashed: int
    unseen: int

    @property
    def number(self) -> int:
        """How many would leave."""
        return self.trashed + self.unseen


def note(db: Connection, document_ids: Collection[int], why: Why, now: datetime, *, state: State = State.LEFT) -> None:
    """Note that documents of one connection leave, or may, with those who can read them as far as that is known now.

    Where it is not, they are those that were noted before, and so are they while the connection goes without
    permissions: what stands in its rules then is old. What left already stays noted as it was, and what was restored is
    not noted.
    """
    columns = documents.c.id, documents.c.connection_id, documents.c.space_id, documents.c.chain_id
    noting = insertion(db, tombstones)
    changes: dict[str, Any] = {name: noting.excluded[name] for name in ("why", "state", "left_at", "space_id")}
    changes["chain_id"] = func.coalesce(noting.excluded.chain_id, tombstones.c.chain_id)
    noting = noting.on_conflict_do_update(
        index_elements=["document_id"], set_=changes, where=tombstones.c.state != State.LEFT
    )
    for some in chunks(sorted(document_ids)):
        mine = documents.c.id.in_(some), documents.c.restored_at.is_(None)
        found = db.execute(select(*columns).where(*mine)).all()
        if not found:
            continue
        site = found[0].connection_id
        ruling = set() if opening(db, site) else {row.chain_id for row in found if row.chain_id is not None}
        last = freeze(db, site, ruling)
        fixed = {"why": why, "left_at": now, "state": state}
        rows = [
            fixed | {"document_id": row.id, "space_id": row.space_id, "chain_id": last.get(row.chain_id)}
            for row in found
        ]
        db.execute(noting, rows)


def forget(db: Connection, document_ids: Collection[int]) -> None:
    """Note that Confluence has these documents again, as far as their listing tells."""
    for some in chunks(sorted(document_ids)):
        db.execute(delete(tombstones).where(tombstones.c.document_id.in_(some)))


def note_missed(db: Connection, connection_id: int, run_id: int, now: datetime) -> None:
    """Note who can read what a run has not listed, before anything that it asks for tells that it is gone.

    And nothing any more of what it has listed, but for what left.
    """
    listed = documents.c.source_id.in_(seen.noted(run_id, Aspect.LISTED))
    again = select(documents.c.id).where(documents.c.connection_id == connection_id, listed)
    db.execute(delete(tombstones).where(tombstones.c.state != State.LEFT, tombstones.c.document_id.in_(again)))
    mine = select(documents.c.id).where(documents.c.connection_id == connection_id)
    asked = tombstones.c.document_id.in_(mine), tombstones.c.state == State.WAITS
    waiting = set(db.execute(select(tombstones.c.document_id).where(*asked)).scalars())
    absent = db.execute(mine.where(documents.c.source_id.in_(seen.absent(db, run_id, _RULED)))).scalars()
    note(db, set(absent) - waiting, Why.UNSEEN, now, state=State.MISSED)


def every(db: Connection, connection_id: int, *, viewer: Viewer, limit: int, offset: int = 0) -> list[Tombstone]:
    """What left by a connection and can still be looked at, the latest first; comments and files stand with their page.

    What waits for an answer has not left.
    """
    part = documents.alias("part")
    parts = (
        select(func.count())
        .where(part.c.connection_id == documents.c.connection_id, part.c.container_id == documents.c.source_id)
        .where(part.c.id.in_(select(tombstones.c.document_id).correlate(None)))
        .correlate(documents)
        .scalar_subquery()
    )
    known = or_(literal(viewer.unrestricted), tombstones.c.chain_id.in_(readable_chains(viewer)))
    space = and_(spaces.c.connection_id == documents.c.connection_id, spaces.c.source_id == tombstones.c.space_id)
    statement = (
        select(
            documents.c.id.label("document_id"),
            documents.c.source_id,
            documents.c.kind,
            case((known, documents.c.title)).label("title"),
            func.coalesce(spaces.c.key, "").label("space_key"),
            tombstones.c.why,
            tombstones.c.left_at,
            documents.c.restored_at,
            parts.label("parts"),
            standing().label("standing"),
        )
        .select_from(tombstones.join(documents).outerjoin(spaces, space))
        .where(*_left(connection_id))
        .order_by(tombstones.c.left_at.desc(), documents.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        Tombstone(**{**row, "kind": Kind(row["kind"]), "why": Why(row["why"]), "standing": bool(row["standing"])})
        for row in db.execute(statement, seen_by(viewer)).mappings()
    ]


def count(db: Connection, connection_id: int) -> int:
    """How many `every` would name, whoever may read them."""
    found = select(func.count()).select_from(tombstones.join(documents)).where(*_left(connection_id))
    return db.execute(found).scalar_one()


def standing() -> ColumnElement[bool]:
    """The condition under which a tombstone can be restored.

    What the connection's own choice leaves out comes back by that choice, and comments and files come with their page.
    What documents of Confluence stand below is still a part of the tree there.
    """
    below = documents.alias("below")
    stands = and_(
        below.c.connection_id == documents.c.connection_id,
        below.c.parent_id == documents.c.source_id,
        below.c.deleted_at.is_(None),
        below.c.in_scope,
    )
    still_there = and_(documents.c.deleted_at.is_(None), exists().where(stands).correlate(documents))
    own = tombstones.c.why.not_in((Why.LEFT_OUT, Why.WITH_ITS_PAGE))
    left = tombstones.c.state == State.LEFT
    known = tombstones.c.state != State.MISSED
    return and_(own, known, documents.c.restored_at.is_(None), ~and_(left, still_there))


def restore(db: Connection, connection_id: int, document_ids: Collection[int], now: datetime) -> list[int]:
    """Show documents again to those who could read them last, with the comments and files that left with them.

    The ids of those that can be restored, and are now; see `standing`.
    """
    own: list[int] = []
    for some in chunks(sorted(document_ids)):
        mine = documents.c.connection_id == connection_id, documents.c.id.in_(some), standing()
        own += db.execute(select(documents.c.id).select_from(tombstones.join(documents)).where(*mine)).scalars()
    for some in chunks(own):
        last = select(tombstones.c.chain_id).where(tombstones.c.document_id == documents.c.id).scalar_subquery()
        stood = select(tombstones.c.space_id).where(tombstones.c.document_id == documents.c.id).scalar_subquery()
        db.execute(update(documents).where(documents.c.id.in_(some)).values(chain_id=last, space_id=stood))
    all_ = [*own, *_parts(db, connection_id, own)]
    for some in chunks(all_):
        shown = {
            "restored_at": now,
            "deleted_at": func.coalesce(documents.c.deleted_at, now),
            "status": case((documents.c.status.in_(VIEWABLE), documents.c.status), else_=Status.CURRENT.value),
            "held": False,
        }
        db.execute(update(documents).where(documents.c.id.in_(some)).values(shown))
        db.execute(update(tombstones).where(tombstones.c.document_id.in_(some)).values(state=State.LEFT))
    rebuild_chains(db, connection_id)
    journal.append(db, all_)
    return own


def questions(db: Connection, connection_id: int) -> list[Question]:
    """Of which spaces more would leave at once than may unasked."""
    ruled = documents.c.kind.in_(_RULED).label("ruled")
    space_id, key, why = documents.c.space_id, spaces.c.key, tombstones.c.why
    waiting = (
        select(space_id, func.coalesce(key, space_id).label("key"), ruled, why, func.count().label("number"))
        .select_from(tombstones.join(documents).outerjoin(spaces, _its_space()))
        .where(documents.c.connection_id == connection_id, tombstones.c.state == State.WAITS)
        .group_by(space_id, key, ruled, why)
        .order_by(space_id, ruled)
    )
    asked: dict[tuple[str, str, bool], dict[str, int]] = {}
    for row in db.execute(waiting):
        asked.setdefault((row.space_id, row.key, bool(row.ruled)), {})[row.why] = row.number
    held = select(space_id, ruled, func.count()).where(documents.c.connection_id == connection_id)
    held = held.where(documents.c.deleted_at.is_(None), documents.c.in_scope, space_id.in_([of for of, *_ in asked]))
    live = {(of, bool(own)): number for of, own, number in db.execute(held.group_by(space_id, ruled))}
    return [
        Question(of, key, live.get((of, own), 0), numbers.get(Why.TRASHED, 0), numbers.get(Why.UNSEEN, 0))
        for (of, key, own), numbers in asked.items()
    ]


def count_waiting(db: Connection, connection_id: int) -> int:
    """How many documents a person is asked about."""
    asked = select(func.count()).select_from(tombstones.join(documents))
    mine = documents.c.connection_id == connection_id, tombstones.c.state == State.WAITS
    return db.execute(asked.where(*mine)).scalar_one()


def waiting(db: Connection, connection_id: int, space_id: str | None = None) -> dict[Why, list[int]]:
    """Our ids of the documents (of a space) about which a person is asked, by why they would leave."""
    mine = [documents.c.connection_id == connection_id, tombstones.c.state == State.WAITS]
    if space_id is not None:
        mine.append(documents.c.space_id == space_id)
    found: dict[Why, list[int]] = {}
    asked = select(tombstones.c.why, documents.c.id).select_from(tombstones.join(documents)).where(*mine)
    for why, document_id in db.execute(asked.order_by(documents.c.id)):
        found.setdefault(Why(why), []).append(document_id)
    return found


def parts_of(db: Connection, connection_id: int, document_ids: Collection[int]) -> Iterator[int]:
    """Our ids of the comments and files of these documents; a comment on a file is two steps from its page."""
    of, passed = documents.alias("of"), set(document_ids)
    whose: Collection[int] = document_ids
    while whose:
        found: list[int] = []
        for some in chunks(sorted(whose)):
            same = and_(of.c.connection_id == connection_id, documents.c.container_id == of.c.source_id)
            mine = documents.c.connection_id == connection_id, of.c.id.in_(some)
            found += db.execute(select(documents.c.id).join_from(documents, of, same).where(*mine)).scalars()
        whose = set(found) - passed
        passed |= whose
        yield from whose


def _parts(db: Connection, connection_id: int, document_ids: Collection[int]) -> list[int]:
    """Those of their comments and files that left with them, or would."""
    alone = documents.c.id.in_(
        select(tombstones.c.document_id).where(tombstones.c.why != Why.WITH_ITS_PAGE, tombstones.c.state == State.LEFT)
    )
    found: list[int] = []
    for some in chunks(sorted(parts_of(db, connection_id, document_ids))):
        mine = documents.c.id.in_(some), ~alone
        found += db.execute(select(documents.c.id).where(*mine)).scalars()
    return found


def _left(connection_id: int) -> Iterator[ColumnElement[bool]]:
    yield documents.c.connection_id == connection_id
    yield tombstones.c.state == State.LEFT
    yield tombstones.c.why != Why.WITH_ITS_PAGE


def _its_space() -> ColumnElement[bool]:
    return and_(spaces.c.connection_id == documents.c.connection_id, spaces.c.source_id == documents.c.space_id)
