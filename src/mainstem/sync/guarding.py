"""How well the permissions of a connection are known: whether they hold, how old they are, and what could not be read.

All from rows of the store; what they say to people is for the faces.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mainstem.store import audiences, content, members, openings, plans, runs
from mainstem.store.heads import documents_of_spaces
from mainstem.store.openings import Opening
from mainstem.store.runs import Aim, StandingFailure
from mainstem.sync.coming import schedule_of, upcoming
from mainstem.sync.rules import UNREAD
from mainstem.sync.schedule import Schedule

_ABOVE_PAGES = ("site", "space ", "group ")


@dataclass(frozen=True, slots=True)
class SpaceRules:
    """A space of which something is here, and when all rules above its pages were last read, None where never."""

    key: str
    name: str
    read_at: datetime | None
    believed: bool


@dataclass(frozen=True, slots=True)
class Guarding:
    """The permissions of one connection. `opening` is set where it goes without them.

    `people` are the names of all who have an account in the hub, who see all of it then. `schedule` is that of reading
    them alone, `coming` when that is next. `troubles` are what of them could not be read.
    """

    opening: Opening | None
    people: tuple[str, ...]
    spaces: tuple[SpaceRules, ...]
    schedule: Schedule
    coming: tuple[datetime, ...]
    troubles: tuple[StandingFailure, ...]

    @property
    def read_at(self) -> datetime | None:
        """When they were last read in full, of the space where that is longest ago; None where one never was."""
        ages = [space.read_at for space in self.spaces]
        known = [at for at in ages if at is not None]
        return min(known) if known and len(known) == len(ages) else None

    @property
    def hidden(self) -> int:
        """Of how many spaces they are too old to be believed, or were never read, so that nobody sees them."""
        return sum(not space.believed for space in self.spaces)


def guarding(db: Connection, connection_id: int, now: datetime, *, since: datetime) -> Guarding:
    """The permissions of one connection; those last read before `since` are believed no more."""
    plan, latest = plans.plan(db, connection_id), runs.latest(db, connection_id)
    opening = openings.opening(db, connection_id)
    return Guarding(
        opening=opening,
        people=tuple(member.name for member in members.every(db) if member.active),
        spaces=_spaces(db, connection_id, since),
        schedule=schedule_of(plan, Aim.PERMISSIONS),
        coming=() if opening else tuple(upcoming(plan, latest, now, aim=Aim.PERMISSIONS)),
        troubles=tuple(troubles(db, connection_id)),
    )


def troubles(db: Connection, connection_id: int) -> list[StandingFailure]:
    """What of the permissions of a connection could not be read so far."""
    standing = runs.standing_failures(db, connection_id)
    return [each for each in standing if each.source_id.startswith(_ABOVE_PAGES) or each.cause.startswith(UNREAD)]


def _spaces(db: Connection, connection_id: int, since: datetime) -> tuple[SpaceRules, ...]:
    held, read = documents_of_spaces(db, connection_id), audiences.when_read(db, connection_id)
    found = [
        SpaceRules(space.key, space.name, at := read.get(space.id), believed=at is not None and at >= since)
        for space in content.saved_spaces(db, connection_id)
        if held.get(space.id)
    ]
    return tuple(sorted(found, key=lambda one: (one.believed, one.name.casefold())))
