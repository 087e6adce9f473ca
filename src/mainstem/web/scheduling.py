"""The part of a form in which somebody says when a connection is synced; what it sends, and what stands in it."""

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from pydantic import BaseModel

from mainstem.sync.schedule import DAYS, LONGEST, SHORTEST, BadSchedule, Rhythm, Schedule, clock_time

RHYTHMS = (
    (Rhythm.MINUTES, "Every few minutes"),
    (Rhythm.HOURLY, "Every hour"),
    (Rhythm.DAILY, "Every day"),
    (Rhythm.WEEKLY, "Every week"),
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

    def schedule(self) -> Schedule:
        """What was chosen. Raises BadSchedule."""
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
            case Rhythm.HOURLY | Rhythm.ONCE | Rhythm.MANUAL as rhythm:
                return Schedule(Rhythm(rhythm))
            case _:
                raise BadSchedule("Choose how often to sync.")

    @property
    def _zone(self) -> str:
        return self.zone.strip() or "UTC"


@dataclass(frozen=True, slots=True)
class ScheduleFields:
    """The fields as they are shown, with every choice that they offer."""

    chosen: Schedule
    rhythms: tuple[tuple[Rhythm, str], ...] = RHYTHMS
    days: tuple[str, ...] = DAYS
    shortest: int = SHORTEST
    longest: int = LONGEST

    @property
    def zones(self) -> tuple[str, ...]:
        """The names of time zones that this machine knows."""
        return _zones()


@cache
def _zones() -> tuple[str, ...]:
    """Places, without the older names that some of them have besides."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
