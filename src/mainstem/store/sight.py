"""Why somebody else may or may not read a document, step by step, from the same rows as `visibility` (P5).

The answer is put together of its steps, and never asks the one statement, so that a test can hold the one to the other.
What a restricted content is called, and by what somebody passes it, is told only where the asker can read it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, exists, select

from mainstem.store.audiences import HolderKind
from mainstem.store.openings import Opening, opening
from mainstem.store.tables import (
    chain_holders,
    clause_principals,
    connections,
    documents,
    holders,
    removals,
    spaces,
)
from mainstem.store.visibility import VIEWABLE, names, readable, seen_by
from mainstem.wiki.audience import Principal, Viewer


class Absent(StrEnum):
    """Why a document is there for nobody, whatever the rules say."""

    DELETED = "deleted"
    LEFT_OUT = "left out"
    STATUS = "not published"
    REMOVED = "connection removed"
    UNREAD = "rules unread"
    FORGOTTEN = "last readers unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule above a document. `source_id` is Confluence's id of what has it, "" for the site.

    `passes`: it names the viewer, by `principals`, which like `name` and `document_id` are told as the asker may know
    them. `believed` is False where it was last read too long ago, or never: then it lets nobody pass.
    """

    kind: HolderKind
    source_id: str
    name: str
    document_id: int | None
    passes: bool
    principals: tuple[Principal, ...]
    read_at: datetime | None
    believed: bool

    @property
    def lets_in(self) -> bool:
        """Whether the viewer gets past it."""
        return self.passes and self.believed


@dataclass(frozen=True, slots=True)
class Sight:
    """A document for one viewer: what is in its way besides rules, and the rules above it, in no order of contents.

    `opening` is set where the rules are not asked, for the viewer is a member and the connection goes without.
    """

    document_id: int
    connection_id: int
    source_id: str
    absent: tuple[Absent, ...]
    steps: tuple[Step, ...]
    opening: Opening | None

    @property
    def sees(self) -> bool:
        """Whether the viewer may read it."""
        passed = bool(self.steps) and all(step.lets_in for step in self.steps)
        away = set(self.absent) - {Absent.UNREAD, Absent.FORGOTTEN}
        return not away and (self.opening is not None or passed)


def sight(db: Connection, content: tuple[int, str], *, viewer: Viewer, asker: Viewer) -> Sight | None:
    """Why a viewer may or may not read a content, by its connection and Confluence's id; None where none is stored."""
    connection_id, source_id = content
    own = documents.c.connection_id == connection_id, documents.c.source_id == source_id
    row = db.execute(select(documents).where(*own)).one_or_none()
    if row is None:
        return None
    removed = db.execute(select(exists().where(removals.c.connection_id == connection_id))).scalar_one()
    steps = _steps(db, content, row.chain_id, viewer=viewer, asker=asker)
    restored = row.restored_at is not None
    forgotten = restored and all(step.kind is HolderKind.NOBODY for step in steps)
    hindered = {
        Absent.DELETED: not restored and row.deleted_at is not None,
        Absent.LEFT_OUT: not restored and not row.in_scope,
        Absent.STATUS: not restored and row.status not in VIEWABLE,
        Absent.REMOVED: removed,
        Absent.UNREAD: not restored and not steps,
        Absent.FORGOTTEN: forgotten,
    }
    absent = tuple(why for why, hinders in hindered.items() if hinders)
    open_to_all = opening(db, connection_id) if viewer.member else None
    return Sight(row.id, connection_id, source_id, absent, () if forgotten else steps, open_to_all)


def _steps(
    db: Connection, content: tuple[int, str], chain_id: int | None, *, viewer: Viewer, asker: Viewer
) -> tuple[Step, ...]:
    connection_id, own_id = content
    above = select(chain_holders.c.holder_id).where(chain_holders.c.chain_id == chain_id)
    found = db.execute(select(holders).where(holders.c.id.in_(above)).order_by(holders.c.id)).all()
    passing = (
        select(holders.c.id, clause_principals.c.principal)
        .join(clause_principals, clause_principals.c.clause_id == holders.c.clause_id)
        .where(holders.c.id.in_(above), names())
        .order_by(clause_principals.c.principal)
    )
    ways: defaultdict[int, list[Principal]] = defaultdict(list)
    for holder_id, principal in db.execute(passing, seen_by(viewer)):
        ways[holder_id].append(Principal(principal))
    called = _called(db, connection_id, [own_id, *(each.source_id for each in found)], asker=asker)
    # Of which contents frozen rules were, is not known; whoever reads what they stand above passes them all.
    of_all = {HolderKind.FROZEN: (HolderKind.CONTENT, own_id) in called, HolderKind.CONTENT: False}
    steps = []
    for each in found:
        kind = HolderKind(each.kind)
        aged = kind in (HolderKind.SITE, HolderKind.SPACE) and viewer.rules_since is not None
        believed = not aged or (each.read_at is not None and each.read_at >= viewer.rules_since)
        name, document_id = called.get((kind, each.source_id), ("", None))
        told = ways[each.id] if document_id is not None or of_all.get(kind, True) else []
        passes = bool(ways[each.id])
        steps.append(Step(kind, each.source_id, name, document_id, passes, tuple(told), each.read_at, believed))
    return tuple(sorted(steps, key=lambda step: list(HolderKind).index(step.kind)))


def _called(
    db: Connection, connection_id: int, source_ids: list[str], *, asker: Viewer
) -> dict[tuple[HolderKind, str], tuple[str, int | None]]:
    """What the site and spaces are called, and the contents that the asker can read, with our ids of these."""
    site = db.execute(select(connections.c.name).where(connections.c.id == connection_id)).scalar_one()
    called: dict[tuple[HolderKind, str], tuple[str, int | None]] = {(HolderKind.SITE, ""): (site, None)}
    of_spaces = select(spaces).where(spaces.c.connection_id == connection_id, spaces.c.source_id.in_(source_ids))
    for space in db.execute(of_spaces):
        called[HolderKind.SPACE, space.source_id] = (space.name or space.key, None)
    here = documents.c.connection_id == connection_id, documents.c.source_id.in_(source_ids)
    for content in db.execute(select(documents).where(*here, readable(asker)), seen_by(asker)):
        called[HolderKind.CONTENT, content.source_id] = (content.title, content.id)
    return called
