"""When a connection is synced by itself: every so often, at a time of day somewhere in the world, once, or never (Y1).

Pure: whoever asks says from which instant on. A schedule is kept as the text that `str` makes of it and `parse` reads,
such as "every 30 minutes", "hourly", "daily 02:00 Europe/Berlin", "weekly mon 02:00 UTC", "once" and "manual".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from mainstem.errors import TellPerson

SHORTEST, LONGEST = 5, 1440
"""Minutes between two syncs."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

UNREADABLE = "This is no schedule: write it like “every 30 minutes”, “hourly”, “daily 02:00 Europe/Berlin” or “once”."


class BadSchedule(TellPerson):
    """What was given is no schedule, or none that can be kept."""


class Rhythm(StrEnum):
    """How often. ONCE loads a connection and leaves it as it is then; MANUAL waits until somebody asks."""

    MINUTES = "every"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    ONCE = "once"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rhythm, and what it needs: `minutes` between syncs; `at` a time of day on a `weekday` (0 is Monday) in `zone`.

    Raises BadSchedule where it cannot be kept.
    """

    rhythm: Rhythm = Rhythm.HOURLY
    minutes: int = 30
    at: time = time(2)
    weekday: int = 0
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if not SHORTEST <= self.minutes <= LONGEST:
            raise BadSchedule(f"Sync every {SHORTEST} to {LONGEST:,} minutes.")
        if not 0 <= self.weekday < len(DAYS):
            raise BadSchedule("Choose a day of the week.")
        _place(self.zone)

    @classmethod
    def parse(cls, text: str) -> "Schedule":
        """Read what `str` wrote. Raises BadSchedule."""
        match text.split():
            case ["every", minutes, "minutes"] if minutes.isdecimal():
                return cls(Rhythm.MINUTES, minutes=int(minutes))
            case ["daily", at, zone]:
                return cls(Rhythm.DAILY, at=clock_time(at), zone=zone)
            case ["weekly", day, at, zone]:
                return cls(Rhythm.WEEKLY, at=clock_time(at), weekday=_day(day), zone=zone)
            case [("hourly" | "once" | "manual") as rhythm]:
                return cls(Rhythm(rhythm))
            case _:
                raise BadSchedule(UNREADABLE)

    def __str__(self) -> str:
        match self.rhythm:
            case Rhythm.MINUTES:
                return f"every {self.minutes} minutes"
            case Rhythm.DAILY:
                return f"daily {self.at:%H:%M} {self.zone}"
            case Rhythm.WEEKLY:
                return f"weekly {DAYS[self.weekday][:3].lower()} {self.at:%H:%M} {self.zone}"
            case rhythm:
                return rhythm.value

    @property
    def words(self) -> str:
        """The schedule as people say it."""
        match self.rhythm:
            case Rhythm.MINUTES:
                return f"Every {self.minutes} minutes"
            case Rhythm.HOURLY:
                return "Every hour"
            case Rhythm.DAILY:
                return f"Every day at {self.at:%H:%M} ({self.zone})"
            case Rhythm.WEEKLY:
                return f"Every {DAYS[self.weekday]} at {self.at:%H:%M} ({self.zone})"
            case Rhythm.ONCE:
                return "Loaded once"
            case Rhythm.MANUAL:
                return "Only when asked"

    @property
    def recurs(self) -> bool:
        """Whether it ever comes again by itself."""
        return self.rhythm not in {Rhythm.ONCE, Rhythm.MANUAL}

    def after(self, instant: datetime) -> Iterator[datetime]:
        """The instants at which it is due, counted from the beginning of the last sync; none where it never recurs."""
        match self.rhythm:
            case Rhythm.MINUTES | Rhythm.HOURLY:
                step = timedelta(minutes=self.minutes if self.rhythm is Rhythm.MINUTES else 60)
                while True:
                    instant += step
                    yield instant
            case Rhythm.DAILY | Rhythm.WEEKLY:
                yield from (due for due in self._times(instant) if due > instant)

    def _times(self, instant: datetime) -> Iterator[datetime]:
        zone = _place(self.zone)
        day = instant.astimezone(zone).date()
        step = 1
        if self.rhythm is Rhythm.WEEKLY:
            day += timedelta(days=(self.weekday - day.weekday()) % 7)
            step = 7
        while True:
            yield _instant(day, self.at, zone)
            day += timedelta(days=step)


def due(schedule: Schedule, *, since: datetime, last: datetime | None) -> datetime | None:
    """When the next sync is due: `since` when the schedule stands, and when the `last` sync began; None: not by itself.

    A connection that was never synced is due at once, unless somebody must ask; and what was missed while nobody
    worked, however often, is due once.
    """
    if last is None:
        return None if schedule.rhythm is Rhythm.MANUAL else since
    return next(schedule.after(max(since, last)), None)


def next_runs(
    schedule: Schedule, *, since: datetime, last: datetime | None, now: datetime, number: int
) -> list[datetime]:
    """The next few syncs, as far as they can be foreseen: one that is overdue comes now."""
    first = due(schedule, since=since, last=last)
    if first is None:
        return []
    first = max(first, now)
    return [first, *islice(schedule.after(first), number - 1)]


def clock_time(text: str) -> time:
    """A time of day, from hours and minutes. Raises BadSchedule."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise BadSchedule("Give the time of day as hours and minutes, such as 02:30.") from None


def _day(text: str) -> int:
    known = [day[:3].lower() for day in DAYS]
    if text not in known:
        raise BadSchedule(UNREADABLE)
    return known.index(text)


def _place(zone: str) -> tzinfo:
    if zone == "UTC":
        return UTC
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise BadSchedule(f"There is no time zone “{zone}”: choose one such as Europe/Berlin, or UTC.") from None


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    """A time of day as an instant; one that the clocks leap over is that much later, one that comes twice the first."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
