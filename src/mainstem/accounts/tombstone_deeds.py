"""What people do about what left Confluence, as the audit log has it: each deed in the transaction that does it.

The log keeps numbers and Confluence's ids: what was purged must not go on standing there by its title.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from mainstem.accounts.connection_deeds import done
from mainstem.accounts.deeds import Done
from mainstem.accounts.members import Member
from mainstem.store import content, purging, tombstones
from mainstem.store.chains import rebuild_chains
from mainstem.sync.absence import strand

TOLD = 100
"""Ids that one entry names at most."""


def restore(db: Connection, by: Member | None, connection_id: int, document_ids: Collection[int], now: datetime) -> int:
    """Show documents again to those who could read them last; how many could be restored. Raises ConnectionGone."""
    restored = tombstones.restore(db, connection_id, document_ids, now)
    if restored:
        ids = content.source_ids(db, restored[:TOLD])
        done(db, by, Done.REMOVED_RESTORED, connection_id, now, number=len(restored), ids=ids)
    return len(restored)


def purge(db: Connection, by: Member | None, connection_id: int, document_ids: Collection[int], now: datetime) -> int:
    """Let documents that left go for good; how many did. Raises ConnectionGone."""
    ids = content.source_ids(db, sorted(document_ids)[:TOLD])
    number = purging.purge(db, connection_id, document_ids)
    if number:
        done(db, by, Done.REMOVED_PURGED, connection_id, now, number=number, ids=ids)
    return number


def let_go(db: Connection, by: Member | None, connection_id: int, space_id: str | None, now: datetime) -> int:
    """Answer that the documents (of a space) about which was asked may leave; how many do. Raises ConnectionGone."""
    number = sum(
        content.tombstone(db, ids, now, why) for why, ids in tombstones.waiting(db, connection_id, space_id).items()
    )
    if number:
        strand(db, connection_id, now)
        rebuild_chains(db, connection_id)
        done(db, by, Done.DELETIONS_APPROVED, connection_id, now, number=number)
    return number


def keep(db: Connection, by: Member | None, connection_id: int, space_id: str | None, now: datetime) -> int:
    """Answer that they stay for good, for those who can read them; how many do. Raises ConnectionGone."""
    asked = [id_ for ids in tombstones.waiting(db, connection_id, space_id).values() for id_ in ids]
    kept = len(tombstones.restore(db, connection_id, asked, now))
    if kept:
        done(db, by, Done.DELETIONS_REFUSED, connection_id, now, number=kept)
    return kept
