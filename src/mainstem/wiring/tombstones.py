"""What is done about what left Confluence, whichever face it is done by: restored, purged, answered for, or overdue.

What is purged is gone wherever it lies: in the database and its log, and among the objects of files. The index follows
the journal, as it does behind everything. `by` is whom the audit log names, None being the command line.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mainstem.store import events, purging
from mainstem.store.content import saved_spaces
from mainstem.store.database import reading, write_out
from mainstem.store.events import Event, Level
from mainstem.store.tombstones import Tombstone
from mainstem.wiring.hub import Hub
from mainstem.wiring.objects import sweep

if TYPE_CHECKING:  # members bring what hashes passwords, which no sync waits for
    from mainstem.accounts.members import Member

log = logging.getLogger(__name__)

OVER = "Nothing of it is left here: it left Confluence {days:g} days ago, or before"


def until(hub: Hub, stone: Tombstone) -> datetime | None:
    """Until when something that left can be restored; None where it was."""
    return None if stone.restored_at else stone.left_at + timedelta(days=hub.settings.restore_days)


def restore(hub: Hub, connection_id: int, document_ids: Collection[int], by: "Member | None") -> int:
    """Show documents that left to those again who could read them last; how many. Raises ConnectionGone."""
    from mainstem.accounts import tombstone_deeds  # noqa: PLC0415  as above

    with hub.engine.begin() as db:
        return tombstone_deeds.restore(db, by, connection_id, document_ids, hub.clock())


def answer(hub: Hub, connection_id: int, space_key: str | None, *, keep: bool, by: "Member | None") -> int:
    """Say whether what waits (of a space) stays for good or leaves; how many documents. Raises ConnectionGone."""
    from mainstem.accounts import tombstone_deeds  # noqa: PLC0415  as above

    with hub.engine.begin() as db:
        ids = {space.key: space.id for space in saved_spaces(db, connection_id)}
        space_id = None if space_key is None else ids.get(space_key, space_key)
        deed = tombstone_deeds.keep if keep else tombstone_deeds.let_go
        return deed(db, by, connection_id, space_id, hub.clock())


def purge(hub: Hub, connection_id: int, document_ids: Collection[int] | None, by: "Member | None") -> int:
    """Let documents that left go for good at once, None: all of a connection; how many. Raises ConnectionGone."""
    from mainstem.accounts import tombstone_deeds  # noqa: PLC0415  as above

    with hub.engine.begin() as db:
        chosen = purging.all_of(db, connection_id) if document_ids is None else document_ids
        number = tombstone_deeds.purge(db, by, connection_id, chosen, hub.clock())
    _drop_rest(hub)
    return number


def purge_overdue(hub: Hub) -> None:
    """Let go for good what left so long ago that it cannot be restored any more."""
    now, days = hub.clock(), hub.settings.restore_days
    with reading(hub.engine) as db:
        over = purging.overdue(db, now - timedelta(days=days))
    for connection_id, document_ids in over.items():
        with hub.engine.begin() as db:
            purging.purge(db, connection_id, document_ids)
            text = f"Purged: {len(document_ids):,} that had left Confluence"
            events.log(db, [Event(connection_id, None, now, Level.INFO, text, OVER.format(days=days))])
        log.info("Purged of connection %s: %s that had left Confluence", connection_id, len(document_ids))
    if over:
        _drop_rest(hub)


def _drop_rest(hub: Hub) -> None:
    sweep(hub.engine, hub.objects)
    write_out(hub.engine)
