"""Which run a sync works on: the one that was left unfinished, where it can still be finished, else a new one.

The caller owns the home, so nobody else is at an unfinished run. Whether its workflow is still alive is for the caller
to find out, who can ask `durable`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mainstem.store import leases, runs, seen
from mainstem.store.runs import ENDED, Run, RunState
from mainstem.sync.order import APPROVED

OTHER_VERSION = "Another version of Mainstem had begun this sync; a new one took its place"
NEW_APPROVAL = "Its deletions waited for a person, who has allowed them since; a new sync took its place"
BROKE_OFF = "It broke off and could not note why; a new sync took its place"


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a new run is begun with: an id that no workflow had before, and the version of this program's order."""

    workflow_id: str
    version: str
    now: datetime


def take_up(db: Connection, connection_id: int, fresh: Fresh, *, approved: bool) -> Run:
    """The run to work on. An approval of deletions counts for whichever run that is."""
    latest = runs.latest(db, connection_id)
    if latest is None or latest.state in ENDED:
        return _begin(db, connection_id, fresh, approved=approved)
    reason = _why_not(latest, fresh.version, approved=approved)
    if reason is not None:
        return replace(db, latest, fresh, approved=approved, because=reason)
    if approved:
        runs.progress(db, latest.id, fresh.now, counters={**latest.counters, APPROVED: 1})
    return latest


def replace(db: Connection, run: Run, fresh: Fresh, *, because: str, approved: bool = False) -> Run:
    """End a run that nobody can finish, and begin another. What it stored is kept, and so is an approval."""
    runs.finish(db, run.id, RunState.CANCELLED, fresh.now, because)
    seen.forget(db, run.id)
    leases.free(db, run.connection_id, run.workflow_id)
    return _begin(db, run.connection_id, fresh, approved=approved or bool(run.counters.get(APPROVED)))


def _begin(db: Connection, connection_id: int, fresh: Fresh, *, approved: bool) -> Run:
    counters = {APPROVED: 1} if approved else {}
    return runs.start(db, connection_id, fresh.workflow_id, fresh.version, fresh.now, counters=counters)


def _why_not(run: Run, version: str, *, approved: bool) -> str | None:
    if run.version != version:
        return OTHER_VERSION
    if approved and run.counters.get("waiting_deletions") and not run.counters.get(APPROVED):
        return NEW_APPROVAL
    return None
