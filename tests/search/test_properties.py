"""Page properties in a search: how they are written, what they find and count, and that nothing hidden shows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.index.passage_index import Count
from mainstem.index.query import Field, Filter, Phrase, PropertyFilter, Query, Sign, Word
from mainstem.search.complete import complete
from mainstem.search.properties import asked
from mainstem.search.query import LONGEST_TEXT, operators, parse, troubles, without, written
from mainstem.store.database import reading
from mainstem.wiki.audience import Viewer
from mainstem.wiki.properties import PageProperty, PropertyType
from tests.search.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, NOW


def having(name: str, sign: str, *values: str, excluded: bool = False) -> Query:
    return Query(properties=(PropertyFilter(name, Sign(sign), frozenset(values), excluded),))


def has(name: str, *, excluded: bool = False) -> Query:
    return Query(filters=(Filter(Field.PROPERTY, frozenset({name}), excluded),))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("property:owner=mara", having("owner", "=", "mara")),
        ('PROPERTY:"due date">2026-01-01', having("due date", ">", "2026-01-01")),
        ("property:\u201cdue date\u201d=\u201c31 May 2026\u201d", having("due date", "=", "31 May 2026")),
        ("property:cost<=100", having("cost", "<=", "100")),
        ('-property:owner="Ana López",ben', having("owner", "=", "Ana López", "ben", excluded=True)),
        ("property:owner", has("owner")),
        ("-property:owner", has("owner", excluded=True)),
        ("property:cost>dear", Query(required=(Word("property:cost>dear", beginning=True),))),
        ("property:cost>1,2", Query(required=(Word("property:cost>1,2", beginning=True),))),
        ("property:cost=", Query(required=(Word("property:cost=", beginning=True),))),
        ('property:" "=x', Query(required=(Phrase('property:" "=x'),))),
    ],
)
def test_an_operator_asks_for_properties_or_is_a_word(text: str, query: Query) -> None:
    assert parse(text, NOW) == query


def test_each_one_narrows_and_can_be_taken_out_of_the_text() -> None:
    text = 'tea property:owner=mara -property:"due date" property:owner=ben pot'
    found = parse(text, NOW)
    assert [sorted(one.values) for one in found.properties] == [["mara"], ["ben"]]
    assert without(text, operators(text, NOW)) == "tea pot"
    assert [(one.name, one.values, one.excluded) for one in operators(text, NOW)] == [
        ("property", ("owner=mara",), False),
        ("property", ('"due date"',), True),
        ("property", ("owner=ben",), False),
    ]


def test_what_is_no_operator_says_what_to_write() -> None:
    assert troubles("tea property:cost=1 property:owner colour:red") == ()
    no_number, no_value = troubles('property:"unit cost">dear property:owner=')
    assert no_number.startswith('property:"unit cost">dear compares with what is neither a number nor a day.')
    assert no_value.startswith("property:owner= names no value.")
    no_name, nothing, no_text = troubles('property:" "=x property:"" property:a="')
    assert no_text.startswith("property:a= names no value.")
    assert no_name == nothing
    assert no_name.startswith("property: names no property.")


def test_several_names_are_written_where_an_operator_can_say_them() -> None:
    several = Filter(Field.PROPERTY, frozenset({"due date", "owner"}), excluded=True)
    assert written([several]) == '-property:"due date" -property:owner'
    assert parse(written([several]), NOW) == Query(filters=(several,))
    with pytest.raises(ValueError, match="owner"):
        written([replace(several, excluded=False)])


NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters='"\u201c\u201d\u201e\u00ab\u00bb'), min_size=1
).map(lambda text: " ".join(text.split()))


@given(NAMES, st.sets(NAMES.filter(bool), min_size=1, max_size=3), st.booleans())
def test_filters_are_written_as_operators_that_mean_the_same(name: str, values: set[str], excluded: bool) -> None:
    one = PropertyFilter(name, Sign.IS, frozenset(values), excluded)
    if name and len(text := written([one])) < LONGEST_TEXT:
        assert parse(text, NOW) == Query(properties=(one,))
        assert asked(text.removeprefix("-").removeprefix("property:")) == PropertyFilter(name, Sign.IS, one.values)
        assert parse(written([Filter(Field.PROPERTY, frozenset({name}))]), NOW) == has(name)


@pytest.fixture
def filled(wiki: Wiki) -> Wiki:
    mara = PageProperty("Owner", "@Mara Lindt", PropertyType.PERSON, ("Mara Lindt",))
    ben = PageProperty("owner", "@Ben Ode", PropertyType.PERSON, ("Ben Ode",))
    wiki.save("1", "The broker greets.", properties=(mara, PageProperty("Unit cost", "12", parts=("12",))))
    wiki.save("2", "The broker rests.", properties=(mara, PageProperty("Unit cost", "€ 900", parts=("€ 900",))))
    wiki.save("3", "The merger.", properties=(ben, PageProperty("Rival", "Initech", parts=("Initech",))))
    wiki.restrict("3", ALICE.id)
    wiki.index_all()
    return wiki


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("property:owner=mara", 2),
        ("broker property:owner", 2),
        ('rests property:"unit cost">100', 1),
        ('property:"unit cost"<900', 1),
        ('property:"unit cost"=900', 1),
        ("property:owner=ben", 0),
        ("property:rival", 0),
        ("-property:rival", 2),
    ],
)
def test_a_search_finds_and_counts_what_has_the_property(filled: Wiki, bob: Viewer, text: str, total: int) -> None:
    assert filled.find(text, bob).total == total


def test_names_and_values_with_quotation_marks_are_found_by_what_is_offered(wiki: Wiki, bob: Viewer) -> None:
    wiki.save("1", "The pipe.", properties=(PageProperty('5" pipe', "", parts=('\u201eHill\u201c 3"',)),))
    wiki.index_all()
    assert wiki.find("", bob, facets=True).facets[Field.PROPERTY] == (Count("5 pipe", 1),)
    assert wiki.find('property:"5 pipe"', bob, facets=True).values == {"5 pipe": (Count("Hill 3", 1),)}
    assert wiki.find('property:"5 pipe"="Hill 3"', bob).total == 1
    for name, value in (('5" pipe', 'hill 3"'), ("5\u201c PIPE", "\u201chill\u201d 3")):
        query = replace(having(name, "=", value), filters=has(name).filters)
        assert [hit.document_id for hit in wiki.index.find(query, chains=None).hits] != []


def test_names_and_values_are_those_of_what_the_viewer_may_read(filled: Wiki, alice: Viewer, bob: Viewer) -> None:
    found = filled.find("property:owner", bob, facets=True)
    assert found.facets[Field.PROPERTY] == (Count("Owner", 2), Count("Unit cost", 2))
    assert found.values == {"owner": (Count("Mara Lindt", 2),)}
    whole = filled.find("property:owner", alice, facets=True)
    assert whole.values == {"owner": (Count("Mara Lindt", 2), Count("Ben Ode", 1))}
    assert Count("Rival", 1) in whole.facets[Field.PROPERTY]
    for text in ("property:owner", "property:rival=initech", "-property:rival"):
        hidden = filled.find(text, CHARLIE, facets=True)
        assert (hidden.total, hidden.facets, hidden.values) == (0, {}, {})


def test_a_restriction_that_the_index_has_not_heard_of_hides_properties_at_once(filled: Wiki, bob: Viewer) -> None:
    filled.restrict("1", ALICE.id)
    filled.restrict("2", ALICE.id)
    found = filled.find("property:owner", bob, facets=True)
    assert (found.total, found.facets, found.values) == (0, {}, {})


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("pro", ["property:"]),
        ("broker property:", ["broker property:Owner=", 'broker property:"Unit cost"=']),
        ("-property:co", ['-property:"Unit cost"=']),
        ('property:"unit', ['property:"Unit cost"=']),
        ("property:ri", []),
        ("property:owner=", ['property:owner="Mara Lindt" ']),
        ("property:owner=li", ['property:owner="Mara Lindt" ']),
        ('greets property:"unit cost"=', ['greets property:"unit cost"=12 ']),
        ("property:rival=", []),
        ("property:owner=b", []),
        ("property:=", []),
    ],
)
def test_what_is_typed_goes_on_with_names_and_values(filled: Wiki, bob: Viewer, typed: str, offered: list[str]) -> None:
    with reading(filled.engine) as db:
        found = complete(typed, viewer=bob, store=db, index=filled.index, now=NOW)
    assert [choice.text for choice in found] == offered
