"""Filters, as pure questions: which labels and dates let a page in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.wiki.content import Status
from mainstem.wiki.selection import EVERYTHING, Filter, Later, NoTree, Selection, facts_of, filter_of, trees_of

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
LABELS = st.frozensets(st.sampled_from(["howto", "draft", "hr", "Draft"]))
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 3, 15))
TREES = st.frozensets(st.sampled_from(["1", "2", "3"]), max_size=2)
INSTANTS = st.none() | st.integers(0, 80 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
FILTERS = st.builds(
    Filter,
    labels=LABELS,
    without_labels=LABELS,
    created_after=DAYS,
    modified_after=DAYS,
    look_back=st.none() | st.integers(1, 90),
    without_spaces=st.frozensets(st.sampled_from(["ENG", "~mara"])),
    later=st.none() | st.sampled_from(Later),
    trees=TREES,
    without_trees=TREES,
    archived=st.booleans(),
)


@given(FILTERS)
def test_a_filter_is_the_same_after_it_was_kept(chosen: Filter) -> None:
    assert filter_of(facts_of(chosen)) == chosen


@given(FILTERS, LABELS, INSTANTS, INSTANTS)
def test_a_page_comes_in_when_every_condition_holds(
    chosen: Filter, labels: frozenset[str], created: datetime | None, modified: datetime | None
) -> None:
    named = {label.lower() for label in labels}
    conditions = [
        not chosen.labels or any(label.lower() in named for label in chosen.labels),
        all(label.lower() not in named for label in chosen.without_labels),
        chosen.created_after is None or (created is not None and created.date() >= chosen.created_after),
        chosen.modified_after is None or (modified is not None and modified.date() >= chosen.modified_after),
        chosen.look_back is None or (modified is not None and NOW - modified <= timedelta(days=chosen.look_back)),
    ]
    selection = Selection(chosen, NOW)
    assert (selection.in_time(created, modified) and selection.labelled(labels)) == all(conditions)


def test_a_page_whose_labels_are_not_known_passes_no_filter_of_labels() -> None:
    for chosen in (Filter(labels=frozenset({"howto"})), Filter(without_labels=frozenset({"draft"}))):
        assert not Selection(chosen, NOW).labelled(None)
    assert Selection(EVERYTHING, NOW).labelled(None)


@pytest.mark.parametrize(("key", "out"), [("ENG", True), ("eng", True), ("OPS", False)])
def test_the_case_of_a_key_that_is_left_out_does_not_count(key: str, *, out: bool) -> None:
    assert Filter(without_spaces=frozenset({"Eng"})).leaves_out(key) is out


@given(FILTERS, st.none() | TREES)
def test_a_page_comes_in_by_what_stands_above_it(chosen: Filter, lineage: frozenset[str] | None) -> None:
    selection = Selection(chosen, NOW)
    if not chosen.trees and not chosen.without_trees:
        assert selection.placed(lineage)
    elif lineage is None:
        assert not selection.placed(lineage)
    else:
        within = not chosen.trees or bool(lineage & chosen.trees)
        assert selection.placed(lineage) is (within and not lineage & chosen.without_trees)


@pytest.mark.parametrize(
    "pasted",
    [
        "123",
        " 123 ",
        "https://acme.atlassian.net/wiki/spaces/ENG/pages/123/Title",
        "https://acme.atlassian.net/wiki/spaces/ENG/folder/123",
        "https://wiki.acme.example/confluence/pages/viewpage.action?pageId=123",
    ],
)
def test_the_top_of_a_tree_is_named_by_its_id_or_address(pasted: str) -> None:
    assert trees_of([pasted]) == {"123"}


@pytest.mark.parametrize("pasted", ["", "Handbook", "https://acme.atlassian.net/wiki/spaces/ENG", "/display/ENG/Title"])
def test_what_names_no_page_by_its_id_is_no_tree(pasted: str) -> None:
    with pytest.raises(NoTree, match="copy its address"):
        trees_of([pasted])


@given(FILTERS, FILTERS, LABELS, INSTANTS, INSTANTS, TREES, st.sampled_from([Status.CURRENT, Status.ARCHIVED]))
def test_what_a_filter_covers_comes_in_by_it_too(
    wide: Filter,
    narrow: Filter,
    labels: frozenset[str],
    created: datetime | None,
    modified: datetime | None,
    lineage: frozenset[str],
    status: Status,
) -> None:
    def lets_in(chosen: Filter) -> bool:
        selection = Selection(chosen, NOW)
        told = selection.in_time(created, modified) and selection.labelled(labels)
        return told and selection.placed(lineage) and selection.alive(status)

    assert wide.covers(wide)
    if wide.covers(narrow) and lets_in(narrow):
        assert lets_in(wide)
