"""Hours of the day somewhere in the world between which something may begin, such as 22:00 to 06:00.

Pure. Says nothing of when it has to end: what has begun goes on.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Window:
    """Open from `first` until `last` by the clocks there; through midnight where `last` is the earlier of them."""

    first: time
    last: time

    def has(self, clock: time) -> bool:
        """Whether it is open at a time of day."""
        if self.first < self.last:
            return self.first <= clock < self.last
        return clock >= self.first or clock < self.last

    def opening(self, instant: datetime, zone: tzinfo) -> datetime:
        """This instant where it is open then, else the first behind it at which it opens."""
        if self.has(instant.astimezone(zone).time()):
            return instant
        today = instant.astimezone(zone).date()
        # A time of day that comes twice opens it twice; one that the clocks leap over does so that much later.
        days = [today + timedelta(days=later) for later in range(3)]
        firsts = [instant_of(day, self.first, zone) for day in days]
        seconds = (instant_of(day, self.first.replace(fold=1), zone) for day in days)
        repeated = [opening for opening in seconds if opening.astimezone(zone).time() == self.first]
        return min(opening for opening in (*firsts, *repeated) if opening > instant)


def instant_of(day: date, at: time, zone: tzinfo) -> datetime:
    """A time of day as an instant; one that the clocks leap over is that much later, one that comes twice the first."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
