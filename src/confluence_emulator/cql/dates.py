"""What a date in a query means: literals and date functions, read in the calling person's time zone.

The grammar has minutes and no zone, so everything here is cut to the minute: a query cannot tell 10:00:05 from
10:00:55. Instants come in and go out with a zone; the zone of the person decides only where a day begins.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from confluence_emulator.cql.syntax import Call, CqlError, Operator, Value

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LITERAL = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2}))?")
INCREMENT = re.compile(r"([+-]?)(\d+)([yMwdhm]?)")
NATURAL_UNITS = {"day": "d", "week": "w", "month": "M", "year": "y"}
FIXED_UNITS = {"w": timedelta(weeks=1), "d": DAY, "h": timedelta(hours=1), "m": MINUTE}
MONTHS = {"M": 1, "y": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of time a date names: a minute, or a whole day for a literal without a time."""

    start: datetime
    length: timedelta = MINUTE

    def admits(self, operator: Operator, instant: datetime) -> bool:
        """Whether `instant operator date` holds: `=` anywhere in the span, order as seen from its first minute."""
        if operator is Operator.EQUALS:
            return self.start <= instant < self.start + self.length
        if operator is Operator.DIFFERS:
            return not self.start <= instant < self.start + self.length
        if operator is Operator.ABOVE:
            return instant >= self.start + MINUTE
        if operator is Operator.AT_LEAST:
            return instant >= self.start
        if operator is Operator.BELOW:
            return instant < self.start
        return instant < self.start + MINUTE


def span(value: Value, *, now: datetime, zone: ZoneInfo) -> Span:
    """The span a literal (`yyyy-MM-dd`, `yyyy/MM/dd`, either with ` HH:mm`) or a date function names, or CqlError."""
    local = now.astimezone(zone).replace(second=0, microsecond=0)
    if isinstance(value, Call):
        return Span(_called(value, local))
    found = LITERAL.fullmatch(value.strip())
    if found is None:
        raise CqlError(f"could not parse '{value}' as a date: yyyy-MM-dd or yyyy-MM-dd HH:mm is expected")
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        start = datetime(year, month, day, hour, minute, tzinfo=zone)
    except ValueError as error:
        raise CqlError(f"'{value}' is not a date: {error}") from error
    return Span(start, DAY if found[4] is None else MINUTE)


def _called(call: Call, local: datetime) -> datetime:
    increment = call.arguments[0] if call.arguments else ""
    if call.name == "now":
        return _moved(local, increment, "d")
    for edge, at_end in (("startof", False), ("endof", True)):
        period = call.name.removeprefix(edge)
        if period != call.name and period in NATURAL_UNITS:
            start = _floor(local, period)
            start = _floor(_moved(start, f"+1{NATURAL_UNITS[period]}", ""), period) - MINUTE if at_end else start
            return _moved(start, increment, NATURAL_UNITS[period])
    raise CqlError(f"there is no date function called '{call.name}'")


def _floor(local: datetime, period: str) -> datetime:
    midnight = local.replace(hour=0, minute=0)
    if period == "week":
        return midnight - timedelta(days=midnight.weekday())
    if period == "month":
        return midnight.replace(day=1)
    if period == "year":
        return midnight.replace(month=1, day=1)
    return midnight


def _moved(moment: datetime, increment: str, natural_unit: str) -> datetime:
    if not increment:
        return moment
    found = INCREMENT.fullmatch(increment.strip())
    if found is None:
        raise CqlError(f"'{increment}' is not an increment such as -4w")
    sign, number, unit = found.groups()
    amount = -int(number) if sign == "-" else int(number)
    unit = unit or natural_unit
    return _months_later(moment, amount * MONTHS[unit]) if unit in MONTHS else moment + amount * FIXED_UNITS[unit]


def _months_later(moment: datetime, months: int) -> datetime:
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))
