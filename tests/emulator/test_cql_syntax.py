"""The grammar and the dates of CQL."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_emulator.cql.dates import span
from confluence_emulator.cql.syntax import Any, Call, Comparison, CqlError, Every, Not, Operator, Ordering, parse

NOW = datetime(2026, 11, 21, 10, 15, 42, tzinfo=UTC)  # a Saturday
UTC_ZONE = ZoneInfo("UTC")
NEW_YORK = ZoneInfo("America/New_York")


def test_and_binds_stronger_than_or_and_not_strongest() -> None:
    query = parse("type = page and not label = x or id = 7")
    page, label, seven = (
        Comparison("type", Operator.EQUALS, ("page",)),
        Comparison("label", Operator.EQUALS, ("x",)),
        Comparison("id", Operator.EQUALS, ("7",)),
    )
    assert query.clause == Any((Every((page, Not(label))), seven))


def test_brackets_lists_functions_and_orders_are_read() -> None:
    query = parse('(space in (ENG, "~me")) and created >= now("-4w") order by lastModified desc, title')
    assert query.clause == Every(
        (
            Comparison("space", Operator.IN, ("ENG", "~me")),
            Comparison("created", Operator.AT_LEAST, (Call("now", ("-4w",)),)),
        )
    )
    assert query.orderings == (Ordering("lastmodified", descending=True), Ordering("title"))


@given(st.text(max_size=30))
def test_any_text_survives_quoting_with_backslashes(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    clause = parse(f'title = "{escaped}"').clause
    assert isinstance(clause, Comparison)
    assert clause.values == (text,)


@pytest.mark.parametrize(
    "text",
    ["", "type", "type =", "type = page and", "(type = page", 'title = "open', "type page", "order by", "space in ()",
     "type = page order lastmodified", "not in (a)", "type = page page"],
)  # fmt: skip
def test_what_is_not_cql_is_refused(text: str) -> None:
    with pytest.raises(CqlError):
        parse(text)


@pytest.mark.parametrize("text", ["2026-11-21 10:15", "2026/11/21 10:15", "2026-11-21 5:15"])
def test_a_date_means_a_minute_in_the_persons_zone(text: str) -> None:
    zone = NEW_YORK if text.endswith("5:15") and " 5" in text else UTC_ZONE
    assert span(text, now=NOW, zone=zone).start == datetime(2026, 11, 21, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-21T10:15:00Z", "2026-11-21 10:15:30", "21.11.2026", "2026-02-30", "soon"])
def test_dates_with_seconds_zones_or_other_forms_are_refused(text: str) -> None:
    with pytest.raises(CqlError):
        span(text, now=NOW, zone=UTC_ZONE)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (Call("now"), (2026, 11, 21, 10, 15)),
        (Call("now", ("-4w",)), (2026, 10, 24, 10, 15)),
        (Call("now", ("-1M",)), (2026, 10, 21, 10, 15)),
        (Call("now", ("2h",)), (2026, 11, 21, 12, 15)),
        (Call("startofday"), (2026, 11, 21, 0, 0)),
        (Call("startofday", ("-1d",)), (2026, 11, 20, 0, 0)),
        (Call("startofweek"), (2026, 11, 16, 0, 0)),
        (Call("startofmonth", ("-1",)), (2026, 10, 1, 0, 0)),
        (Call("startofyear"), (2026, 1, 1, 0, 0)),
        (Call("endofday"), (2026, 11, 21, 23, 59)),
        (Call("endofmonth"), (2026, 11, 30, 23, 59)),
        (Call("endofyear", ("-1y",)), (2025, 12, 31, 23, 59)),
    ],
)
def test_date_functions_count_from_now(call: Call, expected: tuple[int, ...]) -> None:
    assert span(call, now=NOW, zone=UTC_ZONE).start == datetime(*expected, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year to minute, as parametrised


def test_a_day_begins_where_the_person_lives() -> None:
    assert span(Call("startofday"), now=NOW, zone=NEW_YORK).start == datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("operator", "second_before", "within", "minute_after"),
    [
        (Operator.EQUALS, False, True, False),
        (Operator.DIFFERS, True, False, True),
        (Operator.ABOVE, False, False, True),
        (Operator.AT_LEAST, False, True, True),
        (Operator.BELOW, True, False, False),
        (Operator.AT_MOST, True, True, False),
    ],
)
def test_comparisons_do_not_see_seconds(
    operator: Operator, second_before: bool, within: bool, minute_after: bool
) -> None:
    minute = span("2026-11-21 10:15", now=NOW, zone=UTC_ZONE)
    instants = [NOW.replace(minute=14, second=59), NOW, NOW.replace(minute=16, second=0)]
    assert [minute.admits(operator, instant) for instant in instants] == [second_before, within, minute_after]
