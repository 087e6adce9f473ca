"""Consents: which spaces of which connections may be given to language models, and where their text may be sent.

Without one nothing goes. Who may give one is not decided here: `mainstem.accounts` does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, and_, delete, or_, select

from mainstem.store.tables import consents, documents
from mainstem.store.upsert import upsert
from mainstem.store.visibility import readable, seen_by
from mainstem.wiki.audience import Viewer

ALL = ""
"""In the place of a space's id: all spaces of a connection, and those that come later."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What of one connection may go. `spaces` are Confluence's ids, or ALL; `member` let the newest of it go.

    `at` is when they did; None where nobody ever has.
    """

    spaces: frozenset[str] = frozenset()
    member: str = ""
    at: datetime | None = None

    @property
    def scope(self) -> Literal["none", "some", "all"]:
        """How much that is."""
        return "all" if ALL in self.spaces else "some" if self.spaces else "none"


NO_CONSENT = Consent()


def given(db: Connection, destination: str) -> dict[int, Consent]:
    """What may be sent somewhere, by connection; a connection of which nothing may is not there."""
    rows = db.execute(select(consents).where(consents.c.destination == destination).order_by(consents.c.at)).all()
    found: dict[int, Consent] = {}
    for row in rows:
        before = found.get(row.connection_id)
        spaces = (before.spaces if before else frozenset()) | {row.space_id}
        found[row.connection_id] = Consent(spaces, row.member, row.at)
    return found


def give(
    db: Connection, connection_id: int, destination: str, spaces: Collection[str], member: str, now: datetime
) -> None:
    """Let these spaces of a connection be sent somewhere, and no others of it. What is as before stays whose it is."""
    own = consents.c.connection_id == connection_id, consents.c.destination == destination
    db.execute(delete(consents).where(*own, consents.c.space_id.not_in(spaces)))
    rows = [
        {"connection_id": connection_id, "space_id": space, "destination": destination, "member": member, "at": now}
        for space in sorted(spaces)
    ]
    upsert(db, consents, rows, key=("connection_id", "space_id", "destination"), keep=("member", "at"))


def documents_given(
    db: Connection, document_ids: Collection[int], destination: str, *, viewer: Viewer
) -> frozenset[int]:
    """Those of some documents that may be sent somewhere, among those that the viewer may read."""
    same = and_(
        consents.c.connection_id == documents.c.connection_id,
        or_(consents.c.space_id == ALL, consents.c.space_id == documents.c.space_id),
    )
    statement = (
        select(documents.c.id)
        .join_from(documents, consents, same)
        .where(documents.c.id.in_(document_ids), consents.c.destination == destination, readable(viewer))
    )
    return frozenset(db.execute(statement, seen_by(viewer)).scalars())
