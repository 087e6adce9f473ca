"""What the pages of connections show: rows of the store, in words for admins. Nothing here asks Confluence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mainstem.store import connections, documents, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.runs import ENDED, Run, RunState, StandingFailure
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.content import Deployment

SHOWN_RUNS = 10
SHOWN_FAILURES = 50


@dataclass(frozen=True, slots=True)
class Badge:
    """How something stands: a word, an icon and a colour, each of which says it alone. `live` while it moves."""

    word: str
    icon: str
    kind: str
    live: bool = False


SYNCING = Badge("Syncing", "refresh-cw", "accent", live=True)
QUEUED = Badge("Waiting for its turn", "clock", "accent", live=True)
DRAFT = Badge("Not synced yet", "circle-help", "")
ACTIVE = Badge("Active", "check", "ok")
ATTENTION = Badge("Needs attention", "triangle-alert", "warn")

RESULTS: Mapping[RunState, Badge] = {
    RunState.RUNNING: Badge("Running", "refresh-cw", "accent", live=True),
    RunState.WAITING: Badge("Waiting for Confluence", "clock", "accent", live=True),
    RunState.DONE: Badge("Succeeded", "check", "ok"),
    RunState.FAILED: Badge("Failed", "x", "bad"),
    RunState.CANCELLED: Badge("Superseded", "x", ""),
}

DEPLOYMENTS: Mapping[Deployment, str] = {
    Deployment.CLOUD: "Confluence Cloud",
    Deployment.DATA_CENTER: "Confluence Data Center",
}


@dataclass(frozen=True, slots=True)
class Sync:
    """One run in the history. `seconds` None while it runs."""

    badge: Badge
    partial: bool
    phase: str
    message: str
    started_at: datetime
    seconds: float | None
    added: int
    changed: int
    unchanged: int
    deleted: int
    waiting_deletions: int
    requests: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One connection as it stands. The numbers are of what the hub holds of it, whoever may read that."""

    id: int
    name: str
    site: str
    deployment: str
    account: str
    chosen: tuple[str, ...]
    badge: Badge
    pages: int
    others: int
    spaces: int
    passages: int
    last_sync_at: datetime | None
    sync: Sync | None
    failures: int

    @property
    def live(self) -> bool:
        """Whether it is about to change by itself."""
        return self.badge.live


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of connections."""

    connections: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """One connection with its history and with what could not be had."""

    now: Standing
    history: tuple[Sync, ...]
    failed: tuple[StandingFailure, ...]


def listed(db: Connection, work: Callable[[int], str | None]) -> Listed:
    """All connections, the newest first. `work` tells what the worker says of one."""
    return Listed(
        tuple(
            _standing(db, each, work(each.id), runs.latest(db, each.id), len(runs.standing_failures(db, each.id)))
            for each in connections.every(db)
        )
    )


def overview(db: Connection, connection: SavedConnection, work: str | None) -> Overview:
    """One connection in full."""
    past = runs.history(db, connection.id, limit=SHOWN_RUNS)
    failed = runs.standing_failures(db, connection.id)
    return Overview(
        _standing(db, connection, work, past[0] if past else None, len(failed)),
        tuple(_sync(run) for run in past if run.state in ENDED),
        tuple(failed[:SHOWN_FAILURES]),
    )


def _standing(
    db: Connection, connection: SavedConnection, work: str | None, run: Run | None, failures: int
) -> Standing:
    held = documents.counts(db, connection.id, viewer=OPERATOR)
    return Standing(
        id=connection.id,
        name=connection.name,
        site=connection.url,
        deployment=DEPLOYMENTS[connection.deployment],
        account=connection.account_name or "",
        chosen=connection.chosen_spaces or (),
        badge=_badge(run, work, failures),
        pages=held.pages + held.blogposts,
        others=held.comments + held.attachments + held.others,
        spaces=held.spaces,
        passages=held.passages,
        last_sync_at=connection.last_sync_at,
        sync=None if run is None else _sync(run),
        failures=failures,
    )


def _badge(run: Run | None, work: str | None, failures: int) -> Badge:
    if work == "waiting":
        return QUEUED
    if work == "syncing":
        return RESULTS[run.state] if run is not None and run.state is RunState.WAITING else SYNCING
    if run is None:
        return DRAFT
    if run.state is not RunState.DONE or failures or run.counters.get("waiting_deletions"):
        return ATTENTION
    return ACTIVE


def _sync(run: Run) -> Sync:
    ended = run.finished_at
    count = run.counters.get
    return Sync(
        badge=RESULTS[run.state],
        partial=bool(count("waiting_deletions") or count("omitted")),
        phase=run.phase,
        message=run.message or "",
        started_at=run.started_at,
        seconds=None if ended is None else (ended - run.started_at).total_seconds(),
        added=count("added", 0),
        changed=count("changed", 0),
        unchanged=count("unchanged", 0),
        deleted=count("deleted", 0),
        waiting_deletions=count("waiting_deletions", 0),
        requests=count("requests", 0),
    )
