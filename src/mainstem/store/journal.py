"""The journal: which documents the search index must look at again, in the order of their transactions.

An entry says that something searchable changed, not what; whoever follows reads the present state.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, insert, select, text

from mainstem.store.tables import documents, journal


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `seq` only grows; the document may be gone by now."""

    seq: int
    document_id: int


def append(db: Connection, document_ids: Collection[int]) -> None:
    """Tell the index that these documents changed."""
    if document_ids:
        take_turn(db)
        db.execute(insert(journal), [{"document_id": document_id} for document_id in sorted(document_ids)])


def append_where(db: Connection, chosen: ColumnElement[bool]) -> None:
    """Tell the index that the documents of this condition changed."""
    take_turn(db)
    ids = select(documents.c.id).where(chosen).order_by(documents.c.id)
    db.execute(insert(journal).from_select(["document_id"], ids))


def since(db: Connection, seq: int, limit: int) -> list[Entry]:
    """The next `limit` entries after `seq`, oldest first; 0 starts at the beginning."""
    rows = db.execute(
        select(journal.c.seq, journal.c.document_id).where(journal.c.seq > seq).order_by(journal.c.seq).limit(limit)
    )
    return [Entry(*row) for row in rows]


def last(db: Connection) -> int:
    """The newest `seq`, 0 when nothing was ever written."""
    newest: int | None = db.execute(select(func.max(journal.c.seq))).scalar_one()
    return newest or 0


def take_turn(db: Connection) -> None:
    """Be the only one who appends, until the transaction ends."""
    if db.dialect.name == "postgresql":
        # A number is drawn before its transaction commits. Were two to append at once, a follower could see the
        # higher number first and pass over the lower one for ever.
        db.execute(text("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE"))
