"""What the pages of connections show: rows of the store, in words for admins. Nothing here asks Confluence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mainstem.store import (
    checkups,
    connections,
    documents,
    drafts,
    members,
    openings,
    plans,
    removals,
    runs,
    tombstones,
)
from mainstem.store.checkups import Checkup
from mainstem.store.connections import SavedConnection
from mainstem.store.openings import Opening
from mainstem.store.plans import Plan
from mainstem.store.removals import Removal
from mainstem.store.runs import ENDED, Aim, Run, RunState
from mainstem.sync.coming import schedule_of, upcoming
from mainstem.sync.schedule import Rhythm
from mainstem.web.renewing import Expiry, expiry_of, kind_of
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.content import Deployment

STEADY = 10.0
"""Seconds after which the speed of a sync says something."""

BY_HAND = "Somebody paused it. What is stored stays, and can be searched."


@dataclass(frozen=True, slots=True)
class Badge:
    """How something stands: a word, an icon and a colour, each of which says it alone. `live` while it moves."""

    word: str
    icon: str
    kind: str
    live: bool = False


SYNCING = Badge("Syncing", "refresh-cw", "accent", live=True)
QUEUED = Badge("Waiting for its turn", "clock", "accent", live=True)
DRAFT = Badge("Draft", "circle-help", "")
PAUSED = Badge("Paused", "pause", "")
ONCE = Badge("Loaded once", "check", "ok")
ACTIVE = Badge("Active", "check", "ok")
ATTENTION = Badge("Needs attention", "triangle-alert", "warn")
ASKS = Badge("Waits for your answer", "circle-help", "warn")

RESULTS: Mapping[RunState, Badge] = {
    RunState.RUNNING: Badge("Running", "refresh-cw", "accent", live=True),
    RunState.WAITING: Badge("Waiting for Confluence", "clock", "accent", live=True),
    RunState.DONE: Badge("Succeeded", "check", "ok"),
    RunState.FAILED: Badge("Failed", "x", "bad"),
    RunState.CANCELLED: Badge("Superseded", "x", ""),
}

CALLED_OFF = Badge("Cancelled", "circle-stop", "")

DEPLOYMENTS: Mapping[Deployment, str] = {
    Deployment.CLOUD: "Confluence Cloud",
    Deployment.DATA_CENTER: "Confluence Data Center",
}


@dataclass(frozen=True, slots=True)
class Sync:
    """One run. `seconds` are those until it ended, or last showed life; `stopping`: it was told to end, and will.

    `alone`: it reads permissions and nothing else.
    """

    badge: Badge
    partial: bool
    phase: str
    message: str
    started_at: datetime
    seconds: float
    stopping: bool
    alone: bool
    added: int
    changed: int
    unchanged: int
    deleted: int
    requests: int


@dataclass(frozen=True, slots=True)
class Held:
    """How much the hub holds of a connection, whoever may read it. `others` are comments, files and the like.

    `by_space` counts current pages and posts, by Confluence's id of their space.
    """

    pages: int
    others: int
    spaces: int
    passages: int
    by_space: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """One connection as it stands. `schedule` is in words; `next_at` is None where it is not synced by itself.

    `paused` says why it rests, in a sentence; "" where it does not. `opening` is set where it goes without permissions,
    and `people` is how many have an account here, who see all of it then. `waiting` is how many
    deletions wait for an answer.
    """

    id: int
    name: str
    site: str
    deployment: str
    account: str
    chosen: tuple[str, ...]
    badge: Badge
    held: Held
    last_sync_at: datetime | None
    sync: Sync | None
    failures: int
    waiting: int
    schedule: str
    next_at: datetime | None
    paused: str
    credential: str
    expiry: Expiry
    opening: Opening | None
    people: int
    tested: Checkup | None

    @property
    def refused(self) -> bool:
        """Whether it rests because its credential is not accepted any more."""
        return self.paused not in ("", BY_HAND)

    @property
    def live(self) -> bool:
        """Whether it is about to change by itself."""
        return self.badge.live

    @property
    def done(self) -> int:
        """How much the sync under way has dealt with."""
        return self.sync.added + self.sync.changed + self.sync.unchanged if self.sync else 0

    @property
    def expected(self) -> int | None:
        """How much that will be, where an earlier sync has gone to its end: about as much as is held."""
        held = self.held.pages + self.held.others
        return max(held, self.done) if self.last_sync_at and held else None

    @property
    def rate(self) -> float | None:
        """Documents a second, once there is enough to tell by."""
        known = self.sync is not None and self.sync.seconds >= STEADY and self.done
        return self.done / self.sync.seconds if self.sync and known else None

    @property
    def left(self) -> float | None:
        """Seconds that the sync under way will still take, as far as can be told."""
        return (self.expected - self.done) / self.rate if self.expected and self.rate else None


@dataclass(frozen=True, slots=True)
class Begun:
    """A connection that somebody began to fill in."""

    id: int
    name: str
    site: str
    changed_at: datetime
    badge: Badge = Badge("Draft", "pencil", "")


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of connections, and of those that are not finished."""

    connections: tuple[Standing, ...]
    drafts: tuple[Begun, ...] = ()
    removed: tuple[Removal, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is asked of the rows and of the worker to say how a connection stands.

    `run` is the latest sync, `concluded` the latest that nobody called off and no other took the place of.
    """

    plan: Plan
    work: str | None
    run: Run | None
    concluded: Run | None
    failures: int
    waiting: int
    held: Held
    now: datetime


def listed(db: Connection, states: Mapping[int, str], now: datetime) -> Listed:
    """All connections, the newest first. `states` is what the worker says of them."""
    return Listed(
        tuple(standing(db, each, states.get(each.id), now) for each in connections.every(db)),
        tuple(Begun(each.id, each.answers.name, each.answers.url, each.changed_at) for each in drafts.every(db)),
        tuple(removals.every(db)),
    )


def standing(
    db: Connection, connection: SavedConnection, work: str | None, now: datetime, *, held: Held | None = None
) -> Standing:
    """How one connection stands."""
    run = runs.latest(db, connection.id, None if work == "syncing" else Aim.EVERYTHING)
    facts = Facts(
        plan=plans.plan(db, connection.id),
        work=work,
        run=run,
        concluded=runs.concluded(db, connection.id),
        failures=len(runs.standing_failures(db, connection.id)),
        waiting=tombstones.count_waiting(db, connection.id),
        held=held or held_of(db, connection.id),
        now=now,
    )
    coming = upcoming(facts.plan, facts.run, now, number=1)
    return Standing(
        id=connection.id,
        name=connection.name,
        site=connection.url,
        deployment=DEPLOYMENTS[connection.deployment],
        account=connection.account_name or "",
        chosen=connection.chosen_spaces or (),
        badge=_badge(connection, facts),
        held=facts.held,
        last_sync_at=connection.last_sync_at,
        sync=None if facts.run is None else sync_of(facts.run),
        failures=facts.failures,
        waiting=facts.waiting,
        schedule=schedule_of(facts.plan).words,
        next_at=next(iter(coming), None),
        credential=kind_of(connection),
        expiry=expiry_of(connection, now.date()),
        opening=openings.opening(db, connection.id),
        people=members.count_active(db),
        tested=checkups.last(db, connection.id),
        paused="" if facts.plan.paused_at is None else facts.plan.paused_because or BY_HAND,
    )


def held_of(db: Connection, connection_id: int) -> Held:
    """Count what is held of a connection, which takes a moment where that is much."""
    found = documents.counts(db, connection_id, viewer=OPERATOR)
    return Held(
        pages=found.pages + found.blogposts,
        others=found.comments + found.attachments + found.others,
        spaces=found.spaces,
        passages=found.passages,
        by_space=documents.counts_by_space(db, connection_id, viewer=OPERATOR),
    )


def _badge(connection: SavedConnection, facts: Facts) -> Badge:
    run = facts.run
    if facts.work == "waiting":
        return QUEUED
    if facts.work == "syncing":
        return RESULTS[run.state] if run is not None and run.state is RunState.WAITING else SYNCING
    if facts.plan.paused_at is not None:
        return DRAFT if run is None else PAUSED
    if run is None:
        return DRAFT
    last = facts.concluded
    if facts.waiting:
        return ASKS
    if facts.failures or (last and last.state is RunState.FAILED):
        return ATTENTION
    return ONCE if schedule_of(facts.plan).rhythm is Rhythm.ONCE and connection.last_sync_at else ACTIVE


def sync_of(run: Run) -> Sync:
    """One run in words and numbers."""
    count = run.counters.get
    called_off = run.state is RunState.CANCELLED and run.stop is not None
    return Sync(
        badge=CALLED_OFF if called_off else RESULTS[run.state],
        partial=bool(count("waiting_deletions") or count("omitted")),
        phase=run.phase,
        message=run.message or "",
        started_at=run.started_at,
        seconds=((run.finished_at or run.heartbeat_at) - run.started_at).total_seconds(),
        stopping=run.stop is not None and run.state not in ENDED,
        alone=run.aim is Aim.PERMISSIONS,
        added=count("added", 0),
        changed=count("changed", 0),
        unchanged=count("unchanged", 0),
        deleted=count("deleted", 0),
        requests=count("requests", 0),
    )
