"""What readers type means what they expect, and nothing they type is an error."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.index.query import Field, Filter, Phrase, Query, Word
from mainstem.search.query import LONGEST_TEXT, MOST_WORDS, operators, parse, with_filters, without, written

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wanted(field: Field, *values: str, excluded: bool = False) -> Filter:
    return Filter(field, frozenset(values), excluded)


def test_words_phrases_and_exclusions() -> None:
    query = parse('roll back "blue green" -draft -"old plan" ', NOW)
    assert query.required == (Word("roll"), Word("back"), Phrase("blue green"))
    assert query.excluded == (Word("draft"), Phrase("old plan"))


@pytest.mark.parametrize(
    ("text", "beginning"), [("deplo", True), ("deplo ", False), ("x -deplo", False), ('"deplo"', False)]
)
def test_the_last_word_may_be_unfinished_until_a_blank_follows(text: str, beginning: bool) -> None:
    assert any(getattr(term, "beginning", False) for term in parse(text, NOW).required) is beginning


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("space:ENG", [wanted(Field.SPACE, "ENG")]),
        ("SPACE:eng space:OPS,~ana", [wanted(Field.SPACE, "eng", "OPS", "~ana")]),
        ("label:a label:b,c", [wanted(Field.LABEL, "a"), wanted(Field.LABEL, "b", "c")]),
        ("-label:a -label:b", [wanted(Field.LABEL, "a", "b", excluded=True)]),
        ('author:"Ana López"', [wanted(Field.AUTHOR, "Ana López")]),
        ("author:\u201cAna López\u201d", [wanted(Field.AUTHOR, "Ana López")]),
        ('author:"Ana', [wanted(Field.AUTHOR, "Ana")]),
        ("type:blog,page", [wanted(Field.KIND, "blogpost", "page")]),
        ('source:"Acme wiki" tag:x', [wanted(Field.SOURCE, "Acme wiki"), wanted(Field.LABEL, "x")]),
    ],
)
def test_operators_filter(text: str, filters: list[Filter]) -> None:
    assert parse(text, NOW) == Query(filters=tuple(filters))


@pytest.mark.parametrize(
    ("text", "since", "before"),
    [
        ("updated:7d", NOW - timedelta(days=7), None),
        ("updated:<2w", NOW - timedelta(days=14), None),
        ("updated:>1y", None, NOW - timedelta(days=365)),
        ("updated:>2026-01-01", day("2026-01-02"), None),
        ("updated:>=2026-01-01", day("2026-01-01"), None),
        ("updated:<2026-01", None, day("2026-01-01")),
        ("updated:<=2026-12", None, day("2027-01-01")),
        ("updated:2026", day("2026-01-01"), day("2027-01-01")),
        ("updated:2026-02-28", day("2026-02-28"), day("2026-03-01")),
        ("updated:2026-01..2026-03", day("2026-01-01"), day("2026-04-01")),
        ("updated:..2026-03-05", None, day("2026-03-06")),
        ("updated:2026-03-05..", day("2026-03-05"), None),
        ("updated:>2026-01-01 updated:<2026-02-01 updated:2026", day("2026-01-02"), day("2026-02-01")),
    ],
)
def test_times_span(text: str, since: datetime | None, before: datetime | None) -> None:
    assert parse(text, NOW) == Query(since=since, before=before)


@pytest.mark.parametrize(
    "text",
    [
        "chain_id:5",
        "foo:bar",
        "space:",
        "updated:2026-13",
        "updated:99999y",
        "updated:9999",
        "updated:..",
        "https://x.y/z",
    ],
)
def test_what_is_no_operator_is_a_word(text: str) -> None:
    query = parse(text, NOW)
    assert query == Query(required=(Word(text, beginning=True),))


@given(st.text() | st.text(alphabet=':-",.<>=0123456789dwy acehlpstu~'))
def test_any_text_is_a_query(text: str) -> None:
    query = parse(text, NOW)
    assert len(query.required) <= MOST_WORDS


def test_documents_are_asked_for_by_their_numbers() -> None:
    query = parse("tea document:12,7 document:7", NOW)
    assert (query.documents, [term.text for term in query.required]) == (frozenset({7, 12}), ["tea"])
    assert [one.values for one in operators("tea document:12,7", NOW)] == [("12", "7")]


@pytest.mark.parametrize(
    "text", ["document:0", "document:x", "document:-1", "document:1,x", "document:1.5", "document:9999999999999999999"]
)
def test_what_is_no_number_of_a_document_is_a_word(text: str) -> None:
    assert parse(text, NOW) == Query(required=(Word(text, beginning=True),))


def test_filters_from_elsewhere_count_as_more_operators() -> None:
    query = parse("tea space:ENG label:a", NOW)
    more = with_filters(query, (wanted(Field.SPACE, "OPS"), wanted(Field.LABEL, "b")))
    assert more == parse("tea space:ENG label:a space:OPS label:b", NOW)


VALUES = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters='"\u201c\u201d\u201e\u00ab\u00bb'), min_size=1
)


@given(
    st.sampled_from((Field.SPACE, Field.LABEL, Field.AUTHOR, Field.SOURCE)), st.sets(VALUES, min_size=1), st.booleans()
)
def test_filters_are_written_as_operators_that_mean_the_same(field: Field, values: set[str], excluded: bool) -> None:
    kept = frozenset(" ".join(value.split()) for value in values) - {""}
    filters = (Filter(field, kept, excluded),) if kept else ()
    text = written(filters)
    if len(text) < LONGEST_TEXT:
        assert parse(text, NOW).filters == filters


def test_a_text_without_its_operators_is_its_words() -> None:
    text = 'space:ENG how do I  label:"two words",x rotate it updated:<30d nonsense:1'
    assert without(text, operators(text, NOW)) == "how do I rotate it nonsense:1"
    [space, *_] = operators(text, NOW)
    assert without(text, [space]) == text.removeprefix("space:ENG ")
    assert without("plain", []) == "plain"
