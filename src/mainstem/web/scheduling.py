"""The part of a form in which somebody says when a connection is synced; what it sends, and what stands in it.

While it is filled in, it says which syncs would come of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import islice, pairwise
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from mainstem.sync.coming import FORESEEN
from mainstem.sync.schedule import DAYS, LONGEST, SHORTEST, BadSchedule, Rhythm, Schedule, clock_time, window_of
from mainstem.web.asking import SignedIn
from mainstem.web.office import office_of
from mainstem.web.pages import Part, page
from mainstem.wiring.hub import Hub

router = APIRouter()


RHYTHMS = (
    (Rhythm.MINUTES, "Every few minutes"),
    (Rhythm.HOURLY, "Every hour"),
    (Rhythm.DAILY, "Every day"),
    (Rhythm.WEEKLY, "Every week"),
    (Rhythm.CRON, "By a cron line"),
    (Rhythm.ONCE, "Load once, then leave as it is"),
    (Rhythm.MANUAL, "Only when asked"),
)


class SentSchedule(BaseModel):
    """What the fields of `partials/schedule.html` send. Fields that do not belong to the rhythm count for nothing."""

    rhythm: str = Rhythm.HOURLY
    minutes: str = ""
    at: str = ""
    weekday: str = ""
    zone: str = ""
    line: str = ""
    first: str = ""
    last: str = ""

    def schedule(self) -> Schedule:
        """What was chosen. Raises BadSchedule."""
        chosen = self._chosen()
        if not (self.first or self.last) or chosen.rhythm is Rhythm.MANUAL:
            return chosen
        return replace(chosen, window=window_of(self.first, self.last), zone=self._zone)

    def _chosen(self) -> Schedule:
        match self.rhythm:
            case Rhythm.MINUTES:
                if not self.minutes.strip().isdecimal():
                    raise BadSchedule(f"Sync every {SHORTEST} to {LONGEST:,} minutes.")
                return Schedule(Rhythm.MINUTES, minutes=int(self.minutes))
            case Rhythm.DAILY:
                return Schedule(Rhythm.DAILY, at=clock_time(self.at), zone=self._zone)
            case Rhythm.WEEKLY:
                weekday = int(self.weekday) if self.weekday.isdecimal() else 0
                return Schedule(Rhythm.WEEKLY, at=clock_time(self.at), weekday=weekday, zone=self._zone)
            case Rhythm.CRON:
                return Schedule(Rhythm.CRON, line=" ".join(self.line.split()), zone=self._zone)
            case Rhythm.HOURLY | Rhythm.ONCE | Rhythm.MANUAL as rhythm:
                return Schedule(Rhythm(rhythm))
            case _:
                raise BadSchedule("Choose how often to sync.")

    @property
    def _zone(self) -> str:
        return self.zone.strip() or "UTC"


@dataclass(frozen=True, slots=True)
class Coming:
    """The next syncs, by the clocks of `zone`. `hides`: between two of them, rules become too old to be believed.

    `trouble` says why the form makes no schedule; else there are no `times` where none comes by itself.
    """

    times: tuple[datetime, ...] = ()
    zone: str = "UTC"
    believed_hours: float = 0
    hides: bool = False
    trouble: str = ""


def coming(schedule: Schedule, times: Sequence[datetime], believed_hours: float) -> Coming:
    """The next syncs as they are shown. View rules are believed for so many hours after each."""
    believed = timedelta(hours=believed_hours)
    return Coming(
        tuple(at.astimezone(schedule.place) for at in times),
        schedule.zone,
        believed_hours,
        hides=any(later - earlier > believed for earlier, later in pairwise(times)),
    )


def coming_from_now(hub: Hub, schedule: Schedule) -> Coming:
    """The next syncs by a schedule that would be chosen now."""
    times = list(islice(schedule.after(hub.clock()), FORESEEN))
    return coming(schedule, times, hub.settings.permissions_max_age)


@router.post("/schedule")
def foresee(request: Request, asking: SignedIn, sent: Annotated[SentSchedule, Form()]) -> Response:
    """Say which syncs would come of a form, and change nothing."""
    hub = office_of(request).hub
    try:
        content = coming_from_now(hub, sent.schedule())
    except BadSchedule as bad:
        content = Coming(trouble=str(bad))
    return page(request, "schedule.html", content, asking=asking, part=Part("coming"))


@dataclass(frozen=True, slots=True)
class ScheduleFields:
    """The fields as they are shown, with every choice that they offer; `coming` is asked for where it is not known.

    `alone`: they are of reading permissions alone.
    """

    chosen: Schedule
    coming: Coming | None = None
    alone: bool = False
    days: tuple[str, ...] = DAYS
    shortest: int = SHORTEST
    longest: int = LONGEST

    @property
    def rhythms(self) -> tuple[tuple[Rhythm, str], ...]:
        """What one can choose among."""
        if not self.alone:
            return RHYTHMS
        often = tuple((rhythm, says) for rhythm, says in RHYTHMS if rhythm not in {Rhythm.ONCE, Rhythm.MANUAL})
        return (*often, (Rhythm.MANUAL, "Only with each sync, and when asked"))

    @property
    def zones(self) -> tuple[str, ...]:
        """The names of time zones that this machine knows."""
        return _zones()


@cache
def _zones() -> tuple[str, ...]:
    """Places, without the older names that some of them have besides."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
