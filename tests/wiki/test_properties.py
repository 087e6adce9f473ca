"""What texts are: numbers, days, or text wherever it could be more than one thing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.wiki.properties import PropertyType, day_of, number_of, type_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0),
        (" -3.50 ", -3.5),
        ("\u2212 4", -4.0),
        ("1,234,567.5", 1234567.5),
        ("1\u00a0200", 1200.0),
        ("€ 40", 40.0),
        ("-$1,200.00", -1200.0),
        ("1'200", 1200.0),
        ("0.125", 0.125),
        ("1234.567", 1234.567),
        ("1.200", None),
        ("1,200", None),
        ("0,125", None),
        ("-€ 12.500 %", None),
        ("85 %", 85.0),
        ("-0", 0.0),
        ("12,5", None),
        ("1,2345", None),
        ("1.2.3", None),
        ("3 days", None),
        ("", None),
        ("-", None),
        ("inf", None),
        ("١٢", 12.0),
        ("9" * 400, None),
    ],
)
def test_a_number_is_told_where_it_can_be_only_one(text: str, number: float | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text", ["2026-05-31", "2026/05/31", "31.05.2026", "31 May 2026", "May 31, 2026", " 31 May 2026 "]
)
def test_a_day_is_told_in_each_way_to_write_it_that_means_one_day(text: str) -> None:
    assert (day_of(text), type_of(text)) == (date(2026, 5, 31), PropertyType.DATE)


@pytest.mark.parametrize("text", ["05/06/2026", "2026-02-30", "2026-05", "31.05.26", "tomorrow", "", "20260531"])
def test_what_may_be_another_day_is_none(text: str) -> None:
    assert day_of(text) is None


@given(st.text(max_size=40))
def test_any_text_has_one_type(text: str) -> None:
    known = {PropertyType.NUMBER: number_of(text) is not None, PropertyType.DATE: day_of(text) is not None}
    assert [type_ for type_, told in known.items() if told] in ([], [type_of(text)])


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_come_back(number: int) -> None:
    assert number_of(str(number)) == number_of(f"{number:,}.0") == number
