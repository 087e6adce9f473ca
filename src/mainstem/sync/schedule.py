"""When a connection is synced by itself: every so often, at a time of day somewhere in the world, once, or never (Y1).

Pure: whoever asks says from which instant on. A schedule is kept as the text that `str` makes of it and `parse` reads,
such as "every 30 minutes", "hourly", "daily 02:00 Europe/Berlin", "weekly mon 02:00 UTC", "cron 0 2 * * mon-fri UTC",
"once" and "manual"; any of them but the last may end with the hours that it keeps to, as in
"hourly between 22:00 and 06:00 Europe/Berlin".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from mainstem.errors import TellPerson
from mainstem.sync.window import Window, instant_of

SHORTEST, LONGEST = 5, 1440
"""Minutes between two syncs."""

FIELDS = 5

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

UNREADABLE = (
    "This is no schedule: write it like “every 30 minutes”, “hourly”, “daily 02:00 Europe/Berlin”, "
    "“cron 0 2 * * mon-fri Europe/Berlin” or “once”, and after it, where you like, “between 22:00 and 06:00”."
)
NO_LINE = "A cron line has five fields, for minute, hour, day of the month, month and day of the week: 0 2 * * mon-fri."


class BadSchedule(TellPerson):
    """What was given is no schedule, or none that can be kept."""


class Rhythm(StrEnum):
    """How often. ONCE loads a connection and leaves it as it is then; MANUAL waits until somebody asks."""

    MINUTES = "every"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    CRON = "cron"
    ONCE = "once"
    MANUAL = "manual"


ZONED = frozenset({Rhythm.DAILY, Rhythm.WEEKLY, Rhythm.CRON})
"""What names times of day, and so a time zone."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rhythm, and what it needs: `minutes` between syncs; `at` a time of day on a `weekday` (0 is Monday) in `zone`.

    `line` is that of cron, in `zone` too. What would begin outside the `window`, which is in `zone`, waits for it.
    Raises BadSchedule where it cannot be kept.
    """

    rhythm: Rhythm = Rhythm.HOURLY
    minutes: int = 30
    at: time = time(2)
    weekday: int = 0
    zone: str = "UTC"
    line: str = ""
    window: Window | None = None

    def __post_init__(self) -> None:
        if not SHORTEST <= self.minutes <= LONGEST:
            raise BadSchedule(f"Sync every {SHORTEST} to {LONGEST:,} minutes.")
        if not 0 <= self.weekday < len(DAYS):
            raise BadSchedule("Choose a day of the week.")
        place = _place(self.zone)
        if self.rhythm is Rhythm.CRON:
            _check(self.line, place)

    @classmethod
    def parse(cls, text: str) -> "Schedule":
        """Read what `str` wrote. Raises BadSchedule."""
        rhythm, _, hours = text.partition(" between ")
        said = cls._rhythm(rhythm.split())
        match hours.split():
            case []:
                return cls(**said)
            case [first, "and", last, *zone] if len(zone) <= 1 and said["rhythm"] is not Rhythm.MANUAL:
                window = window_of(first, last)
                return cls(**({"zone": "".join(zone)} if zone else {}) | said, window=window)
            case _:
                raise BadSchedule(UNREADABLE)

    @staticmethod
    def _rhythm(words: list[str]) -> dict[str, Any]:
        match words:
            case ["every", minutes, "minutes"] if minutes.isdecimal():
                return {"rhythm": Rhythm.MINUTES, "minutes": int(minutes)}
            case ["daily", at, zone]:
                return {"rhythm": Rhythm.DAILY, "at": clock_time(at), "zone": zone}
            case ["weekly", day, at, zone]:
                return {"rhythm": Rhythm.WEEKLY, "at": clock_time(at), "weekday": _day(day), "zone": zone}
            case ["cron", *fields, zone] if fields:
                return {"rhythm": Rhythm.CRON, "line": " ".join(fields), "zone": zone}
            case [("hourly" | "once" | "manual") as rhythm]:
                return {"rhythm": Rhythm(rhythm)}
            case _:
                raise BadSchedule(UNREADABLE)

    def __str__(self) -> str:
        if self.window is None:
            return self._text
        zone = "" if self.rhythm in ZONED else f" {self.zone}"
        return f"{self._text} between {self.window.first:%H:%M} and {self.window.last:%H:%M}{zone}"

    @property
    def _text(self) -> str:
        match self.rhythm:
            case Rhythm.MINUTES:
                return f"every {self.minutes} minutes"
            case Rhythm.DAILY:
                return f"daily {self.at:%H:%M} {self.zone}"
            case Rhythm.WEEKLY:
                return f"weekly {DAYS[self.weekday][:3].lower()} {self.at:%H:%M} {self.zone}"
            case Rhythm.CRON:
                return f"cron {self.line} {self.zone}"
            case rhythm:
                return rhythm.value

    @property
    def words(self) -> str:
        """The schedule as people say it."""
        hours = f", between {self.window.first:%H:%M} and {self.window.last:%H:%M}" if self.window else ""
        place = f" ({self.zone})" if self.rhythm in ZONED or self.window else ""
        return f"{self._words}{hours}{place}"

    @property
    def _words(self) -> str:
        match self.rhythm:
            case Rhythm.MINUTES:
                return f"Every {self.minutes} minutes"
            case Rhythm.HOURLY:
                return "Every hour"
            case Rhythm.DAILY:
                return f"Every day at {self.at:%H:%M}"
            case Rhythm.WEEKLY:
                return f"Every {DAYS[self.weekday]} at {self.at:%H:%M}"
            case Rhythm.CRON:
                return f"By the cron line {self.line}"
            case Rhythm.ONCE:
                return "Loaded once"
            case Rhythm.MANUAL:
                return "Only when asked"

    @property
    def place(self) -> tzinfo:
        """Where its times of day are those of the clocks."""
        return _place(self.zone)

    @property
    def recurs(self) -> bool:
        """Whether it ever comes again by itself."""
        return self.rhythm not in {Rhythm.ONCE, Rhythm.MANUAL}

    def after(self, instant: datetime) -> Iterator[datetime]:
        """The instants at which it is due, counted from the beginning of the last sync; none where it never recurs."""
        while (due := next(self._without_window(instant), None)) is not None:
            instant = self.opening(due)
            yield instant

    def opening(self, instant: datetime) -> datetime:
        """This instant, or the first behind it at which the window is open."""
        return instant if self.window is None else self.window.opening(instant, self.place)

    def _without_window(self, instant: datetime) -> Iterator[datetime]:
        match self.rhythm:
            case Rhythm.MINUTES | Rhythm.HOURLY:
                yield instant + timedelta(minutes=self.minutes if self.rhythm is Rhythm.MINUTES else 60)
            case Rhythm.DAILY | Rhythm.WEEKLY:
                yield from (due for due in self._times(instant) if due > instant)
            case Rhythm.CRON:
                # Where clocks are set back, the library begins with the first of two equal times of day.
                times = (due.astimezone(UTC) for due in CronSim(self.line, instant.astimezone(self.place)))
                yield from (due for due in times if due > instant)

    def _times(self, instant: datetime) -> Iterator[datetime]:
        zone = self.place
        day = instant.astimezone(zone).date()
        step = 1
        if self.rhythm is Rhythm.WEEKLY:
            day += timedelta(days=(self.weekday - day.weekday()) % 7)
            step = 7
        while True:
            yield instant_of(day, self.at, zone)
            day += timedelta(days=step)


def due(schedule: Schedule, *, since: datetime, last: datetime | None) -> datetime | None:
    """When the next sync is due: `since` when the schedule stands, and when the `last` sync began; None: not by itself.

    A connection that was never synced is due at once, unless somebody must ask; and what was missed while nobody
    worked, however often, is due once. What is overdue still waits for the window: see `Schedule.opening`.
    """
    if last is None:
        return None if schedule.rhythm is Rhythm.MANUAL else schedule.opening(since)
    return next(schedule.after(max(since, last)), None)


def next_runs(
    schedule: Schedule, *, since: datetime, last: datetime | None, now: datetime, number: int
) -> list[datetime]:
    """The next few syncs, as far as they can be foreseen: one that is overdue comes now, or when the window opens."""
    first = due(schedule, since=since, last=last)
    if first is None:
        return []
    first = schedule.opening(max(first, now))
    return [first, *islice(schedule.after(first), number - 1)]


def clock_time(text: str) -> time:
    """A time of day, from hours and minutes. Raises BadSchedule."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise BadSchedule("Give the time of day as hours and minutes, such as 02:30.") from None


def window_of(first: str, last: str) -> Window:
    """Hours of the day, from their times. Raises BadSchedule."""
    window = Window(clock_time(first), clock_time(last))
    if window.first == window.last:
        raise BadSchedule("Give two different times between which it may begin, such as 22:00 and 06:00.")
    return window


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


def _check(line: str, place: tzinfo) -> None:
    """Raise BadSchedule for what cron would not understand, for what never comes, and for what comes too often."""
    if len(line.split()) != FIELDS:
        raise BadSchedule(NO_LINE)
    try:
        read = CronSim(line, datetime(2000, 1, 1, tzinfo=place))
    except CronSimError as bad:
        raise BadSchedule(f"{bad} in the cron line “{line}”. {NO_LINE}") from None
    around = [min(read.minutes) + 60] if len(read.hours) > 1 else []
    if any(later - earlier < SHORTEST for earlier, later in pairwise([*sorted(read.minutes), *around])):
        raise BadSchedule(f"This cron line comes more often than every {SHORTEST} minutes: */15 * * * * is every 15.")
    if next(read, None) is None:
        raise BadSchedule(f"The cron line “{line}” names no day that ever comes.")
