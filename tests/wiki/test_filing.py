"""Rules give documents tags, categories, collections and owners: a function of what is known and of the rules alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.wiki.filing import (
    LONGEST,
    MOST_RULES,
    MOST_VALUES,
    SINGLE,
    BadRule,
    Drawer,
    Facts,
    Filing,
    FilingRule,
    On,
    Origin,
    facts_of,
    filed,
    filings,
    folded,
    given_by,
    number_of_rules,
    rule_of,
    rules_of,
    with_defaults,
)
from mainstem.wiki.properties import PageProperty, PropertyType

NAMES = st.sampled_from(["Team", "team-a", "team-b", "TEAM-A", "Draft", "Mara", "Ben", "a*", "*", "x"])
RULES = st.one_of(
    st.builds(FilingRule, st.just(On.ALL), st.sampled_from(Drawer), name=NAMES),
    st.builds(
        FilingRule,
        st.sampled_from([On.SPACE, On.LABEL]),
        st.sampled_from(Drawer),
        st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple),
        name=st.one_of(st.just(""), NAMES),
    ),
    st.builds(
        FilingRule,
        st.just(On.FIELD),
        st.sampled_from(Drawer),
        NAMES.map(lambda name: (name,)),
        st.one_of(st.just(""), NAMES),
        st.one_of(st.just(""), NAMES),
    ),
)
LISTS = st.lists(RULES, max_size=5, unique=True)
PROPERTIES = st.builds(PageProperty, NAMES, NAMES, st.just(PropertyType.TEXT), st.lists(NAMES, max_size=2).map(tuple))
FACTS = st.builds(
    Facts,
    NAMES,
    NAMES,
    st.lists(NAMES, max_size=3).map(tuple),
    st.lists(PROPERTIES, max_size=2).map(tuple),
)
KNOWN = Facts(
    "ENG",
    "Engineering",
    ("team-tea", "howto"),
    (
        PageProperty("Owner", "@Mara Lind and @Ben", PropertyType.PERSON, ("Mara Lind", "Ben")),
        PageProperty("Cost", "1,200.00", PropertyType.NUMBER, ("1,200.00",)),
        PageProperty("Status", "", PropertyType.TEXT, ()),
        PageProperty("Notes", "x" * (LONGEST + 1), PropertyType.TEXT, ("x" * (LONGEST + 1),)),
    ),
)


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (FilingRule(On.ALL, Drawer.TAG, name="Confluence"), ("Confluence",)),
        (FilingRule(On.SPACE, Drawer.COLLECTION, ("hr", "eng")), ("Engineering",)),
        (FilingRule(On.SPACE, Drawer.CATEGORY, ("HR",), name="People"), ()),
        (FilingRule(On.LABEL, Drawer.COLLECTION, ("team-*",)), ("team-tea",)),
        (FilingRule(On.LABEL, Drawer.TAG, ("TEAM-TEA",), name="Tea"), ("Tea",)),
        (FilingRule(On.LABEL, Drawer.TAG, ("team",), name="Tea"), ()),
        (FilingRule(On.LABEL, Drawer.TAG, ("*a*m*a",), name="Tea"), ("Tea",)),
        (FilingRule(On.FIELD, Drawer.OWNER, ("owner",)), ("Mara Lind", "Ben")),
        (FilingRule(On.FIELD, Drawer.TAG, ("owner",), "ben", "Ben's"), ("Ben's",)),
        (FilingRule(On.FIELD, Drawer.TAG, ("cost",), "1200", "Dear"), ("Dear",)),
        (FilingRule(On.FIELD, Drawer.TAG, ("status",), "", "Has a status"), ()),
        (FilingRule(On.FIELD, Drawer.TAG, ("notes",)), ()),
        (FilingRule(On.FIELD, Drawer.TAG, ("notes",), "", "Noted"), ("Noted",)),
    ],
)
def test_a_rule_gives_its_name_or_what_it_finds(rule: FilingRule, names: tuple[str, ...]) -> None:
    assert given_by(rule, KNOWN) == names


def test_the_first_category_and_owner_win_and_tags_and_collections_add_up() -> None:
    rules = [
        FilingRule(On.SPACE, Drawer.CATEGORY, ("HR",), name="People"),
        FilingRule(On.LABEL, Drawer.CATEGORY, ("howto",), name="Guides"),
        FilingRule(On.ALL, Drawer.CATEGORY, name="Rest"),
        FilingRule(On.FIELD, Drawer.OWNER, ("Owner",)),
        FilingRule(On.ALL, Drawer.OWNER, name="mara@acme.example"),
        FilingRule(On.ALL, Drawer.TAG, name="Confluence"),
        FilingRule(On.SPACE, Drawer.TAG, ("ENG",), name="confluence"),
        FilingRule(On.SPACE, Drawer.TAG, ("ENG",), name="Build"),
        FilingRule(On.LABEL, Drawer.TAG, ("howto",)),
    ]
    assert filings(KNOWN, rules) == (
        Filing(Drawer.CATEGORY, "Guides", "label howto"),
        Filing(Drawer.OWNER, "Mara Lind", "field Owner"),
        Filing(Drawer.TAG, "Confluence", "everything"),
        Filing(Drawer.TAG, "Build", "space ENG"),
    )


@given(FACTS, LISTS)
def test_a_document_gets_one_of_what_there_is_one_and_nothing_twice(facts: Facts, rules: list[FilingRule]) -> None:
    given_now = filings(facts, rules)
    slots = [(each.drawer, "" if each.drawer in SINGLE else folded(each.name)) for each in given_now]
    assert len(set(slots)) == len(slots)
    assert not {folded(label) for label in facts.labels} & {
        folded(each.name) for each in given_now if each.drawer is Drawer.TAG
    }


@given(FACTS, LISTS, RULES)
def test_a_rule_behind_others_takes_nothing_away(facts: Facts, rules: list[FilingRule], last: FilingRule) -> None:
    before, after = filings(facts, rules), filings(facts, [*rules, last])
    assert after[: len(before)] == before
    assert all(each.by == last.condition and each.name in given_by(last, facts) for each in after[len(before) :])


@given(FACTS, LISTS)
def test_each_thing_given_is_what_its_rule_gives(facts: Facts, rules: list[FilingRule]) -> None:
    for each in filings(facts, rules):
        givers = [rule for rule in rules if (rule.drawer, rule.condition) == (each.drawer, each.by)]
        assert any(each.name in given_by(rule, facts)[:MOST_VALUES] for rule in givers)


def test_what_a_person_chose_comes_before_what_rules_gave() -> None:
    by_rules = filings(KNOWN, [FilingRule(On.ALL, drawer, name="Rule") for drawer in Drawer])
    by_hand = [Filing(drawer, "Hand", "Mara", Origin.PERSON) for drawer in Drawer]
    own = filed([*by_rules, *by_hand])
    assert (own.category, own.owner) == (by_hand[1], by_hand[3])
    assert [[each.name for each in some] for some in (own.tags, own.collections)] == [["Hand", "Rule"]] * 2
    whole = with_defaults(own, labels=KNOWN.labels, space="Engineering")
    assert [each.name for each in whole.tags] == ["Hand", "howto", "Rule", "team-tea"]
    assert whole.category == by_hand[1]


@given(LISTS)
def test_rules_come_back_from_their_words_and_each_list_has_a_number(rules: list[FilingRule]) -> None:
    assert rules_of(facts_of(rules)) == tuple(rules)
    assert (number_of_rules(rules) == 0) == (not rules)
    if len(rules) > 1:
        assert number_of_rules(rules[::-1]) != number_of_rules(rules)


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ({"on": "moon", "drawer": "tag"}, "choose one of all, space, label, field"),
        ({"on": "all", "drawer": "shelf", "name": "x"}, "choose one of tag, category, collection, owner"),
        ({"on": "all", "drawer": "tag"}, "say which tag it gives"),
        ({"on": "all", "drawer": "tag", "name": "x", "names": ["y"]}, "say which tag it gives"),
        ({"on": "label", "drawer": "tag", "names": [" "]}, "names no label"),
        ({"on": "field", "drawer": "tag", "names": ["a", "b"]}, "one rule for each"),
        ({"on": "space", "drawer": "tag", "names": ["a"], "value": "x"}, "leave the value empty"),
        ({"on": "space", "drawer": "tag", "names": ["a"], "name": "x" * (LONGEST + 1)}, "too long"),
        ({"on": "all", "drawer": "tag", "name": "x\x00"}, "nobody can write"),
    ],
)
def test_a_rule_without_sense_says_what_to_write(said: dict[str, object], trouble: str) -> None:
    with pytest.raises(BadRule, match=trouble):
        rule_of(said)


def test_a_list_of_rules_is_not_endless_and_has_no_rule_twice() -> None:
    many = [{"on": "all", "drawer": "tag", "name": str(number)} for number in range(MOST_RULES + 1)]
    with pytest.raises(BadRule, match="at most"):
        rules_of(many)
    with pytest.raises(BadRule, match="twice"):
        rules_of([many[0], many[0]])


def test_a_rule_without_end_is_looked_through_at_once() -> None:
    endless = FilingRule(On.LABEL, Drawer.TAG, ("*a" * (LONGEST // 2 - 1) + "b",), name="x")
    assert given_by(endless, Facts(labels=("a" * 250,))) == ()
