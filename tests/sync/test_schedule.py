"""When a connection is due, from tables of cases: in every rhythm, where clocks are changed, after downtime."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mainstem.sync.schedule import BadSchedule, Rhythm, Schedule, clock_time, due, next_runs
from mainstem.sync.window import Window

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
TEXTS = [
    "every 30 minutes",
    "hourly",
    "hourly between 22:00 and 06:00 Europe/Berlin",
    "daily 02:00 Europe/Berlin",
    "daily 12:00 Europe/Berlin between 22:00 and 06:00",
    "weekly fri 23:30 UTC",
    "cron 0 2 * * mon-fri Europe/Berlin",
    "cron */15 8-18 * * * UTC between 12:00 and 13:00",
    "once",
    "once between 22:00 and 06:00 UTC",
    "manual",
]


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("text", TEXTS)
def test_a_schedule_comes_back_from_its_text(text: str) -> None:
    assert str(Schedule.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("every 30 minutes", "Every 30 minutes"),
        ("hourly", "Every hour"),
        ("daily 02:00 Europe/Berlin", "Every day at 02:00 (Europe/Berlin)"),
        ("weekly fri 23:30 UTC", "Every Friday at 23:30 (UTC)"),
        ("cron 0 2 * * mon-fri Europe/Berlin", "By the cron line 0 2 * * mon-fri (Europe/Berlin)"),
        ("hourly between 22:00 and 06:00 Asia/Tokyo", "Every hour, between 22:00 and 06:00 (Asia/Tokyo)"),
        ("once", "Loaded once"),
        ("manual", "Only when asked"),
    ],
)
def test_a_schedule_is_said_in_words(text: str, words: str) -> None:
    assert Schedule.parse(text).words == words


@pytest.mark.parametrize(
    ("text", "dues"),
    [
        ("every 30 minutes", [at(3, 2, 12, 30), at(3, 2, 13, 0)]),
        ("hourly", [at(3, 2, 13, 0), at(3, 2, 14, 0)]),
        ("daily 11:59 UTC", [at(3, 3, 11, 59), at(3, 4, 11, 59)]),
        ("daily 14:00 Europe/Berlin", [at(3, 2, 13, 0), at(3, 3, 13, 0)]),
        ("daily 00:30 Asia/Tokyo", [at(3, 2, 15, 30), at(3, 3, 15, 30)]),
        ("weekly mon 13:00 UTC", [at(3, 2, 13, 0), at(3, 9, 13, 0)]),
        ("weekly mon 12:00 UTC", [at(3, 9, 12, 0), at(3, 16, 12, 0)]),
        ("weekly sun 01:00 America/New_York", [at(3, 8, 6, 0), at(3, 15, 5, 0)]),
        ("cron 0 2 * * mon-fri Europe/Berlin", [at(3, 3, 1), at(3, 4, 1)]),
        ("cron 30 4 1 * * UTC", [at(4, 1, 4, 30), at(5, 1, 4, 30)]),
        ("every 30 minutes between 22:00 and 06:00 UTC", [at(3, 2, 22), at(3, 2, 22, 30)]),
        ("daily 14:00 UTC between 22:00 and 06:00", [at(3, 2, 22), at(3, 3, 22)]),
        ("hourly between 12:00 and 13:30 UTC", [at(3, 2, 13), at(3, 3, 12)]),
        ("once", []),
        ("manual", []),
    ],
)
def test_the_times_that_follow_an_instant(text: str, dues: list[datetime]) -> None:
    assert list(islice(Schedule.parse(text).after(NOON), 2)) == dues


def test_a_time_that_the_clocks_leap_over_or_repeat_comes_once() -> None:
    daily = Schedule.parse("daily 02:30 Europe/Berlin")
    assert list(islice(daily.after(at(3, 28, 12)), 2)) == [at(3, 29, 1, 30), at(3, 30, 0, 30)]
    assert list(islice(daily.after(at(10, 24, 12)), 2)) == [at(10, 25, 0, 30), at(10, 26, 1, 30)]


def test_a_cron_line_runs_right_after_what_the_clocks_leap_over_and_once_what_they_repeat() -> None:
    line = Schedule.parse("cron 30 2 * * * Europe/Berlin")
    assert list(islice(line.after(at(3, 28, 12)), 2)) == [at(3, 29, 1), at(3, 30, 0, 30)]
    assert list(islice(line.after(at(10, 24, 12)), 2)) == [at(10, 25, 0, 30), at(10, 26, 1, 30)]
    assert next(line.after(at(10, 25, 1, 10))) == at(10, 26, 1, 30)


@pytest.mark.parametrize("text", TEXTS[:-1])
def test_what_was_never_synced_is_due_at_once_or_when_its_hours_begin(text: str) -> None:
    hours = Schedule.parse(text).window
    begins = NOON if hours is None or hours.has(time(12)) else at(3, 2, 22 if "UTC" in text else 21)
    assert due(Schedule.parse(text), since=NOON, last=None) == begins


def test_what_waits_to_be_asked_and_what_was_loaded_once_is_not_due() -> None:
    assert due(Schedule(Rhythm.MANUAL), since=NOON, last=None) is None
    assert due(Schedule(Rhythm.ONCE), since=NOON, last=NOON) is None
    assert not Schedule(Rhythm.ONCE).recurs


def test_a_new_schedule_counts_from_when_it_was_chosen() -> None:
    hourly, long_ago = Schedule(Rhythm.HOURLY), NOON - timedelta(days=30)
    assert due(hourly, since=NOON, last=long_ago) == NOON + timedelta(hours=1)


def test_what_was_missed_is_made_up_for_once() -> None:
    hourly = Schedule(Rhythm.HOURLY)
    now = NOON + timedelta(hours=9, minutes=20)
    assert next_runs(hourly, since=NOON, last=NOON, now=now, number=3) == [
        now,
        now + timedelta(hours=1),
        now + timedelta(hours=2),
    ]
    assert next_runs(Schedule(Rhythm.MANUAL), since=NOON, last=NOON, now=now, number=3) == []
    nightly = Schedule.parse("hourly between 22:00 and 06:00 UTC")
    assert next_runs(nightly, since=NOON, last=at(3, 2, 3), now=at(3, 3, 9), number=2) == [at(3, 3, 22), at(3, 3, 23)]


@given(
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
    st.times(),
    st.integers(0, 6),
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  st wants it so
)
def test_every_day_and_every_week_come_round_in_their_time(
    zone: str, clock: time, weekday: int, instant: datetime
) -> None:
    for rhythm, length in ((Rhythm.DAILY, timedelta(days=1)), (Rhythm.WEEKLY, timedelta(days=7))):
        first, second = islice(Schedule(rhythm, at=clock, weekday=weekday, zone=zone).after(instant), 2)
        assert instant < first <= instant + length + timedelta(hours=2)
        assert abs(second - first - length) <= timedelta(hours=2)


ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "America/New_York", "Africa/Casablanca", "UTC"]
CHANGES = [
    datetime(year, month, day, tzinfo=UTC)
    for year in (2010, 2026)
    for month, day in ((2, 20), (3, 14), (3, 28), (4, 3), (4, 4), (10, 3), (10, 17), (10, 25), (11, 1))
]
"""Days about which clocks are changed somewhere."""

instants = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-1500, 1500)
)


def real(wall: datetime) -> datetime:
    """The first instant at which clocks show this time of day; where they leap over it, the one behind the leap."""
    while wall.astimezone(UTC).astimezone(wall.tzinfo).replace(tzinfo=None) != wall.replace(tzinfo=None):
        wall += timedelta(minutes=1)
    return wall.astimezone(UTC)


@given(st.sampled_from(ZONES), instants, st.lists(st.integers(0, 23), min_size=1, max_size=3), st.integers(0, 59))
def test_times_of_day_of_a_cron_line_are_those_of_the_time_zone(
    zone: str, instant: datetime, hours: list[int], minute: int
) -> None:
    line = Schedule(Rhythm.CRON, line=f"{minute} {','.join(map(str, hours))} * * *", zone=zone)
    today = instant.astimezone(ZoneInfo(zone)).date()
    walls = (
        datetime.combine(today + timedelta(days=later), time(hour, minute), ZoneInfo(zone))
        for later in range(-1, 5)
        for hour in hours
    )
    expected = sorted({real(wall) for wall in walls if real(wall) > instant})
    assert list(islice(line.after(instant), 3)) == expected[:3]


@given(st.sampled_from(ZONES), instants, st.sampled_from([5, 15, 30]), st.integers(1, 23))
def test_a_cron_line_of_steps_comes_whenever_the_clocks_show_one(
    zone: str, instant: datetime, step: int, to: int
) -> None:
    line = Schedule(Rhythm.CRON, line=f"*/{step} 0-{to} * * *", zone=zone)
    minutes = (instant + timedelta(minutes=later) for later in range(1, 3 * 1440))
    clocks = ((minute, minute.astimezone(ZoneInfo(zone))) for minute in minutes)
    expected = (minute for minute, clock in clocks if clock.minute % step == 0 and clock.hour <= to)
    assert list(islice(line.after(instant), 6)) == list(islice(expected, 6))


@given(st.sampled_from(ZONES), instants, st.times(), st.times())
def test_nothing_begins_outside_its_hours_but_where_the_clocks_leap_over_them(
    zone: str, instant: datetime, first: time, last: time
) -> None:
    window = Window(first.replace(second=0, microsecond=0), last.replace(second=0, microsecond=0))
    assume(window.first != window.last)
    place = ZoneInfo(zone)
    opening = window.opening(instant, place)
    waited = [instant + timedelta(minutes=later) for later in range(int((opening - instant) / timedelta(minutes=1)))]
    assert not any(window.has(minute.astimezone(place).time()) for minute in waited)
    leaps = {(opening - timedelta(hours=1)).astimezone(place).utcoffset(), opening.astimezone(place).utcoffset()}
    assert window.has(opening.astimezone(place).time()) or len(leaps) == 2
    assert opening - instant <= timedelta(days=1, hours=2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cron 0 2 * * UTC", "five fields"),
        ("cron 0 0 2 * * * UTC", "five fields"),
        ("cron 61 2 * * * UTC", "Bad minute"),
        ("cron * * * * * UTC", "more often than every 5 minutes"),
        ("cron 0,58 * * * * UTC", "more often than every 5 minutes"),
        ("cron 0 2 30 2 * UTC", "day-of-month"),
        ("cron 0 2 * * 1", "no time zone"),
        ("hourly between 22:00 and 22:00 UTC", "two different times"),
        ("hourly between 22:00 UTC", "write it like"),
        ("manual between 22:00 and 06:00 UTC", "write it like"),
    ],
)
def test_a_line_or_hours_that_cannot_be_kept_are_refused_with_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(BadSchedule, match=said):
        Schedule.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sometimes",
        "every 2 minutes",
        "every 2000 minutes",
        "every x minutes",
        "daily 25:00 UTC",
        "daily 02:00 Berlin",
        "daily 02:00 ../etc",
        "weekly xyz 02:00 UTC",
    ],
)
def test_what_is_no_schedule_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadSchedule, match=r"\.$"):
        Schedule.parse(text)


def test_a_day_of_no_week_and_a_time_of_no_day_are_refused() -> None:
    with pytest.raises(BadSchedule, match="day of the week"):
        Schedule(Rhythm.WEEKLY, weekday=7)
    with pytest.raises(BadSchedule, match="hours and minutes"):
        clock_time("noon")
