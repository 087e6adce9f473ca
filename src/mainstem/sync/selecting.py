"""What the filter of a connection makes of stored pages, once a run has read their places and labels anew (S2, S3).

A listing tells dates and no labels, and a changed filter concerns pages that did not change. So every page is weighed
here once a run: one that the filter leaves out goes out of scope with what belongs to it, and one that it lets in is
fetched. Nothing is deleted: what Confluence still shows is only not shown here.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from mainstem.store import content, events, seen, selection
from mainstem.store.runs import Run
from mainstem.store.tombstones import Why
from mainstem.sync import log
from mainstem.sync.ledger import Writing, Written
from mainstem.sync.saving import CHANGED
from mainstem.sync.weighing import weigh
from mainstem.wiki.content import Kind
from mainstem.wiki.selection import Selection


async def select(run: Run, chosen: Selection) -> Writing:
    """Weigh everything in one batch; its fact `entering` is how many are to be fetched."""

    def write(db: Connection, now: datetime) -> Written:
        if chosen.everything:
            return Written(facts={"entering": 0})
        weighed = weigh(selection.candidates(db, run.connection_id, run.id, by_place=chosen.by_place), chosen)
        selection.leave_out(db, [each.document_id for each in weighed.leaving], now)
        for kind, aspect in CHANGED.items():
            seen.strike(db, run.id, [each.source_id for each in weighed.leaving if each.kind is kind], aspect)
            seen.note(db, run.id, [each.source_id for each in weighed.entering if each.kind is kind], aspect)
        events.log(db, log.selected(run, now, leaving=len(weighed.leaving), entering=len(weighed.entering)))
        kept_before = sum(each.listed and not each.put_off for each in weighed.leaving)
        counts = {"deleted": len(weighed.leaving), "unchanged": -kept_before}
        return Written(counts=counts, facts={"entering": len(weighed.entering)})

    return write


def leave_out_other_kinds(db: Connection, connection_id: int, kinds: Iterable[Kind], now: datetime) -> int:
    """Hide the documents of kinds that a connection no longer takes; how many. They come back with their kind."""
    others = selection.of_other_kinds(db, connection_id, frozenset(kinds))
    return content.tombstone(db, others, now, Why.LEFT_OUT)
