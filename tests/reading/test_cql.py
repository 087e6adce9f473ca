"""The query language: what is understood, and that nothing is understood by halves."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.reading.cql import DEEPEST, LONGEST, MOST, Asker, NotUnderstood, criterion_of
from mainstem.wiki.content import Kind
from mainstem.wiki.criteria import (
    All,
    Any,
    Below,
    By,
    Criterion,
    Deed,
    HangsOn,
    InSpace,
    InSpacesOf,
    Labelled,
    Mentions,
    Named,
    Not,
    OfKind,
    Since,
    Titled,
)

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
"""A Wednesday."""

ASKER = Asker("ENG", "77", frozenset({"u-2", "u-1"}), NOW)
A, B, C = Labelled("a"), Labelled("b"), Labelled("c")


def at(*day: int) -> datetime:
    return datetime(*day, tzinfo=UTC)  # type: ignore[misc, arg-type]


UNDERSTOOD: dict[str, Criterion] = {
    "": All(()),
    "label = a": A,
    'LABEL = "a"': A,
    "label = 'a' order by title": A,
    "label != a": Not(A),
    "label in (a, b)": Any((A, B)),
    'label NOT IN ("a","b")': Not(Any((A, B))),
    "label = a and label = b or label = c": Any((All((A, B)), C)),
    "label = a and (label = b or label = c)": All((A, Any((B, C)))),
    "not label = a and not (label = b)": All((Not(A), Not(B))),
    "space = ENG": InSpace("ENG"),
    'space.key = "~ann"': InSpace("~ann"),
    "space = currentSpace()": InSpace("ENG"),
    "space in (currentSpace(), OPS)": Any((InSpace("ENG"), InSpace("OPS"))),
    "space.type = personal": InSpacesOf(personal=True),
    "type = page": OfKind(Kind.PAGE),
    "type in (blogpost, attachment)": Any((OfKind(Kind.BLOGPOST), OfKind(Kind.ATTACHMENT))),
    "ancestor = 12": Below("12"),
    "ancestor = currentContent()": Below("77"),
    "parent = 12": Below("12", straight=True),
    "id = 12": Named("12"),
    "content = currentContent()": Named("77"),
    "container = 12": HangsOn("12"),
    "creator = ann": By("ann", Deed.CREATED),
    "contributor = currentUser()": Any((By("u-1", Deed.CHANGED), By("u-2", Deed.CHANGED))),
    "mention = ann": Mentions("ann"),
    'title = "A \\"b\\""': Titled('A "b"', exactly=True),
    "title ~ run*": Titled("run*", exactly=False),
    "title !~ run": Not(Titled("run", exactly=False)),
    'created >= "2026-02-01"': Since(Deed.CREATED, at(2026, 2, 1)),
    'lastmodified > "2026/02/01 10:30"': Since(Deed.CHANGED, at(2026, 2, 1, 10, 31)),
    'lastmodified >= now("-4w")': Since(Deed.CHANGED, at(2026, 2, 4, 15, 30)),
    "lastmodified >= now()": Since(Deed.CHANGED, NOW),
    'lastmodified >= "-2d"': Since(Deed.CHANGED, at(2026, 3, 2, 15, 30)),
    "created >= startOfWeek()": Since(Deed.CREATED, at(2026, 3, 2)),
    'created >= startOfMonth("-1d")': Since(Deed.CREATED, at(2026, 2, 28)),
    "created >= startOfYear()": Since(Deed.CREATED, at(2026, 1, 1)),
    "created >= endOfDay()": Since(Deed.CREATED, at(2026, 3, 5)),
    "created >= endOfWeek()": Since(Deed.CREATED, at(2026, 3, 9)),
    "created >= endOfMonth()": Since(Deed.CREATED, at(2026, 4, 1)),
    "created >= endOfYear()": Since(Deed.CREATED, at(2027, 1, 1)),
    'created < "2026-02-01"': All((Since(Deed.CREATED, at(1970, 1, 1)), Not(Since(Deed.CREATED, at(2026, 2, 1))))),
    'created = "2026-02-01"': All((Since(Deed.CREATED, at(2026, 2, 1)), Not(Since(Deed.CREATED, at(2026, 2, 2))))),
}


@pytest.mark.parametrize("query", UNDERSTOOD)
def test_a_query_is_understood(query: str) -> None:
    assert criterion_of(query, ASKER) == UNDERSTOOD[query]


def test_a_day_before_which_something_happened_does_not_count_what_never_did() -> None:
    found = criterion_of('created <= "2026-02-01 00:00"', ASKER)
    assert found == All((Since(Deed.CREATED, at(1970, 1, 1)), Not(Since(Deed.CREATED, at(2026, 2, 1, 0, 1)))))


@pytest.mark.parametrize(
    "query",
    [
        "favourite = currentUser()",
        "text ~ river",
        "label = a and watcher = ann",
        "label = a or text ~ b",
        "label ~ a",
        "label >= a",
        "label",
        "label =",
        "label = (",
        "label = a label = b",
        "label = a and",
        "label in a",
        "label in (a",
        "label in ()",
        "label = currentUser()",
        "space = favouriteSpaces()",
        "space ~ ENG",
        "space.type = odd",
        "type = sandwich",
        "parent = currentUser()",
        "parent != 1 and parent < 2",
        "creator ~ ann",
        "creator = currentSpace()",
        "title > a",
        'title ~ "*"',
        "created ~ now()",
        'created >= "2026-02-31"',
        'created >= "never"',
        "created >= now(-3)",
        'created >= now("-99999y")',
        "created >= startOfCentury()",
        "(label = a",
        "label = a)",
        'label = "a',
        "not",
        f"label in ({','.join('a' for _ in range(MOST + 1))})",
        " and ".join("label = a" for _ in range(MOST + 1)),
        "(" * (DEEPEST + 2) + "label = a" + ")" * (DEEPEST + 2),
        "label = " + "a" * LONGEST,
    ],
)
def test_a_query_that_is_not_known_as_a_whole_is_not_understood(query: str) -> None:
    with pytest.raises(NotUnderstood):
        criterion_of(query, ASKER)


@given(st.text(st.sampled_from("abel= ()!~<>,\"'\\notidr-2026"), max_size=80))
def test_no_text_fails_otherwise(query: str) -> None:
    with suppress(NotUnderstood):
        criterion_of(query, ASKER)
