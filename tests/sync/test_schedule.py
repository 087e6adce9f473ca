"""When a connection is due, from tables of cases: in every rhythm, where clocks are changed, after downtime."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.sync.schedule import BadSchedule, Rhythm, Schedule, clock_time, due, next_runs

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
TEXTS = ["every 30 minutes", "hourly", "daily 02:00 Europe/Berlin", "weekly fri 23:30 UTC", "once", "manual"]


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


@pytest.mark.parametrize("text", TEXTS[:-1])
def test_what_was_never_synced_is_due_at_once(text: str) -> None:
    assert due(Schedule.parse(text), since=NOON, last=None) == NOON


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
