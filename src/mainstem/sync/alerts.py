"""What is worth an alert: looked for in the rows that syncs leave, and compared with what was found before.

Somebody is told when a matter begins, not again at each sync that meets it anew. Who is told, and how, is not decided
here. Texts name connections and numbers, never documents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from mainstem.confluence.checks import State
from mainstem.store import alerts, checkups, connections, plans, runs, tombstones
from mainstem.store.alerts import Alert, Condition
from mainstem.store.checkups import Checkup
from mainstem.store.connections import SavedConnection
from mainstem.store.runs import Run, RunState
from mainstem.sync.log import ANSWER, cause_and_repair


class Kind(StrEnum):
    """What somebody may want to be told of."""

    FAILED = "sync failed"
    ATTENTION = "needs attention"
    BRAKE = "deletions wait"
    EXPIRY = "token expires"
    OVERDUE = "sync overdue"


DAYS = (1, 7, 30)
"""So many days before a token expires somebody is told, each time once."""

LATE = 2 / 3
"""Of the time for which view rules are believed: a sync that is as long ago is overdue, and there is time to act."""

NEW_TOKEN = "Make a new token in Confluence, and give it to the connection."  # noqa: S105  a sentence
ANEW = "Connect with Atlassian again, in the settings of the connection."


@dataclass(frozen=True, slots=True)
class Standing:
    """One connection as far as alerts go. `run` is the last one that ended, well or not; `failures` what it lacks.

    `waiting` is how many deletions somebody is asked about.
    """

    connection: SavedConnection
    run: Run | None
    failures: int
    paused_because: str
    tested: Checkup | None = None
    waiting: int = 0


def look(db: Connection, now: datetime, believed: timedelta) -> None:
    """Note what has begun to be the matter and what is over. View rules are `believed` for so long."""
    found = {each.key: each for one in connections.every(db) for each in conditions(_standing(db, one), now, believed)}
    new, over = changes(tuple(found.values()), alerts.lasting(db))
    alerts.begin(db, new, now)
    alerts.end(db, over, now)


def changes(found: Sequence[Condition], lasting: Sequence[Alert]) -> tuple[list[Condition], list[int]]:
    """What is the matter since now, and the ids of alerts that are over."""
    known, there = {alert.key for alert in lasting}, {condition.key for condition in found}
    return [one for one in found if one.key not in known], [one.id for one in lasting if one.key not in there]


def conditions(standing: Standing, now: datetime, believed: timedelta) -> Iterator[Condition]:
    """Everything that is the matter with a connection."""
    yield from _of_run(standing)
    yield from _expiry(standing.connection, now.date())
    yield from _overdue(standing, now, believed)
    yield from _test(standing)


def _of_run(standing: Standing) -> Iterator[Condition]:
    name, id_, run = standing.connection.name, standing.connection.id, standing.run
    failed = run is not None and run.state is RunState.FAILED
    if standing.paused_because and not failed:
        cause, repair = cause_and_repair(standing.paused_because)
        yield Condition(id_, Kind.ATTENTION, "paused", f"{name} was paused", cause, repair)
    if run is None:
        return
    if run.state is RunState.FAILED:
        cause, repair = cause_and_repair(run.message or "")
        rests = ", and it is paused" if standing.paused_because else ""
        yield Condition(id_, Kind.FAILED, "", f"The sync of {name} failed{rests}", cause, repair)
    elif standing.failures:
        things = "1 thing" if standing.failures == 1 else f"{standing.failures:,} things"
        text = f"{things} of {name} could not be read"
        yield Condition(id_, Kind.ATTENTION, "failures", text, repair="The integration logs name them, with the cause.")
    if waiting := standing.waiting:
        text = f"{waiting:,} deletions of {name} wait for an answer" if waiting > 1 else f"A deletion of {name} waits"
        cause = "More of a space would go at once than the brake lets through"
        yield Condition(id_, Kind.BRAKE, "", text, cause, ANSWER)


def _expiry(connection: SavedConnection, today: date) -> Iterator[Condition]:
    expires = connection.token_expires_on
    if expires is None:
        return
    repair = ANEW if connection.credential_kind == "oauth" else NEW_TOKEN
    left = (expires - today).days
    if left < 0:
        yield Condition(
            connection.id, Kind.EXPIRY, f"{expires} over", f"The token of {connection.name} has expired", "", repair
        )
    elif left <= DAYS[-1]:
        near = next(days for days in DAYS if left <= days)
        when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
        text = f"The token of {connection.name} expires {when}"
        yield Condition(connection.id, Kind.EXPIRY, f"{expires} {near}", text, f"Its last day is {expires}", repair)


def _test(standing: Standing) -> Iterator[Condition]:
    """A test that failed, unless a sync has gone well since, or that is told of already."""
    tested, last = standing.tested, standing.connection.last_sync_at
    if tested is None or tested.passed or standing.paused_because or (last is not None and last > tested.tested_at):
        return
    failed = next(check for check in tested.checks if check["state"] == State.FAILED)
    id_, text, repair = standing.connection.id, f"The test of {standing.connection.name} failed", failed["fixes"]
    yield Condition(id_, Kind.ATTENTION, "test", text, failed["detail"], next(iter(repair), ""))


def _overdue(standing: Standing, now: datetime, believed: timedelta) -> Iterator[Condition]:
    last = standing.connection.last_sync_at
    if last is None or now - last < believed * LATE:
        return
    hidden = last + believed
    text = f"{standing.connection.name} was last in step {last:%Y-%m-%d %H:%M} UTC"
    tense = "have been hidden since" if hidden <= now else "are hidden from"
    cause = f"Who may read its documents is believed for {believed / timedelta(hours=1):g} hours: they {tense}"
    cause += f" {hidden:%Y-%m-%d %H:%M} UTC"
    yield Condition(standing.connection.id, Kind.OVERDUE, "", text, cause, "Sync it, or look why it does not.")


def _standing(db: Connection, connection: SavedConnection) -> Standing:
    return Standing(
        connection=connection,
        run=runs.concluded(db, connection.id),
        failures=len(runs.standing_failures(db, connection.id)),
        paused_because=plans.plan(db, connection.id).paused_because,
        tested=checkups.last(db, connection.id),
        waiting=tombstones.count_waiting(db, connection.id),
    )
