"""The plan: what a listed item calls for, why an absent one leaves or stays, and when the brake holds."""

from dataclasses import replace

import pytest

from mainstem.store.chains import RulesState
from mainstem.store.heads import Head
from mainstem.sync.plan import DELETED, RETIRED, Brake, Scope, Step, Verdict, judge_absent, plan_listed
from mainstem.wiki.content import Content, Kind, Status

PAGE = Content("7", Kind.PAGE, "1", "Title", 3, parent_id="6", url="https://wiki.example/7")
HEAD = Head(
    document_id=70,
    source_id="7",
    kind=Kind.PAGE,
    space_id="1",
    container_id=None,
    parent_id="6",
    title="Title",
    version=3,
    status=Status.CURRENT,
    url="https://wiki.example/7",
    position=None,
    modified_at=None,
    body_hash="b",
    extraction=1,
    rules_state=RulesState.OPEN,
    restriction=None,
    labels=(),
    in_scope=True,
    deleted=False,
)
GONE = replace(HEAD, deleted=True)
SHELVED = replace(HEAD, in_scope=False, status=Status.ARCHIVED)
ARCHIVED = replace(PAGE, status=Status.ARCHIVED)

LISTED = {
    "new": (PAGE, None, Step.ADD),
    "back from the dead": (PAGE, GONE, Step.ADD),
    "back from the archive": (PAGE, SHELVED, Step.ADD),
    "of another version": (replace(PAGE, version=4), HEAD, Step.UPDATE),
    "of an older version, restored": (replace(PAGE, version=2), HEAD, Step.UPDATE),
    "of another version and title": (replace(PAGE, version=4, title="New"), HEAD, Step.UPDATE),
    "renamed without a version": (replace(PAGE, title="New"), HEAD, Step.RESHAPE),
    "moved below another page": (replace(PAGE, parent_id="5"), HEAD, Step.RESHAPE),
    "moved to the top": (replace(PAGE, parent_id=None), HEAD, Step.RESHAPE),
    "moved to another space": (replace(PAGE, space_id="2"), HEAD, Step.RESHAPE),
    "of another container": (replace(PAGE, container_id="4"), HEAD, Step.RESHAPE),
    "at another address": (replace(PAGE, url="https://wiki.example/x"), HEAD, Step.RESHAPE),
    "the same": (PAGE, HEAD, Step.KEEP),
    "the same, its space not told": (replace(PAGE, space_id=""), HEAD, Step.KEEP),
    "the same, elsewhere among its siblings": (replace(PAGE, position=9), HEAD, Step.KEEP),
    "archived, and never seen": (ARCHIVED, None, Step.SHELVE),
    "archived, and was a document": (ARCHIVED, HEAD, Step.RETIRE),
    "archived as before": (ARCHIVED, SHELVED, Step.IGNORE),
    "archived as before, and moved": (replace(ARCHIVED, parent_id="5"), SHELVED, Step.SHELVE),
    "archived, and a tombstone": (ARCHIVED, GONE, Step.SHELVE),
    "a draft": (replace(PAGE, status=Status.DRAFT), None, Step.SHELVE),
    "of a status never heard of": (replace(PAGE, status=Status.UNKNOWN), HEAD, Step.RETIRE),
}


@pytest.mark.parametrize("name", LISTED)
def test_what_is_listed_calls_for_this_step(name: str) -> None:
    content, head, step = LISTED[name]
    stored = {} if head is None else {head.source_id: head}
    (action,) = plan_listed([content], stored)
    assert (action.step, action.content) == (step, content)


MOVED = {
    "back from the dead",
    "back from the archive",
    "moved below another page",
    "moved to the top",
    "moved to another space",
    "of another container",
    "archived, and was a document",
    "archived as before, and moved",
    "archived, and a tombstone",
    "of a status never heard of",
}


@pytest.mark.parametrize("name", LISTED)
def test_what_gets_another_place_or_status_than_it_had_may_get_other_readers(name: str) -> None:
    content, head, _ = LISTED[name]
    (action,) = plan_listed([content], {} if head is None else {head.source_id: head})
    assert action.moved is (name in MOVED)


def test_each_listed_item_has_one_action_in_the_order_of_the_listing() -> None:
    listed = [replace(PAGE, id=each) for each in ("9", "7", "8")]
    assert [(action.content.id, action.step) for action in plan_listed(listed, {"7": HEAD})] == [
        ("9", Step.ADD),
        ("7", Step.KEEP),
        ("8", Step.ADD),
    ]


ABSENT = {
    "not told at all": (None, Verdict.NOT_VISIBLE),
    "in the trash": (replace(PAGE, status=Status.TRASHED), Verdict.TRASHED),
    "deleted": (replace(PAGE, status=Status.DELETED), Verdict.TRASHED),
    "in the trash of another space": (replace(PAGE, status=Status.TRASHED, space_id="2"), Verdict.TRASHED),
    "archived": (ARCHIVED, Verdict.ARCHIVED),
    "in a space that was not chosen": (replace(PAGE, space_id="2"), Verdict.MOVED_AWAY),
    "there": (PAGE, Verdict.STILL_THERE),
    "there, its space not told": (replace(PAGE, space_id=""), Verdict.STILL_THERE),
    "of a status never heard of": (replace(PAGE, status=Status.UNKNOWN), Verdict.STILL_THERE),
}


@pytest.mark.parametrize("name", ABSENT)
def test_what_no_listing_named_is_judged_by_what_confluence_says_of_it(name: str) -> None:
    found, verdict = ABSENT[name]
    answers = {} if found is None else {"7": found}
    assert judge_absent(["7"], answers, Scope(frozenset({"1"}))) == {"7": verdict}


@pytest.mark.parametrize(
    ("space", "verdict"),
    [("1", Verdict.STILL_THERE), ("2", Verdict.MOVED_AWAY), ("3", Verdict.STILL_THERE), ("", Verdict.STILL_THERE)],
)
def test_where_all_spaces_are_kept_only_a_space_that_was_named_is_outside(space: str, verdict: Verdict) -> None:
    scope = Scope(frozenset({"1"}), outside=frozenset({"2"}))
    assert judge_absent(["7"], {"7": replace(PAGE, space_id=space)}, scope) == {"7": verdict}


def test_only_the_absent_are_judged() -> None:
    assert judge_absent([], {"7": PAGE}, Scope(frozenset({"1"}))) == {}


def test_what_is_still_there_stays_and_everything_else_leaves() -> None:
    assert set(Verdict) - DELETED - RETIRED == {Verdict.STILL_THERE}


@pytest.mark.parametrize(
    ("leaving", "live", "holds"),
    [
        (0, 0, False),
        (20, 20, False),  # all of a small space, but no more than may go unasked
        (21, 21, True),
        (21, 210, False),  # exactly a tenth
        (21, 209, True),
        (100, 1000, False),
        (101, 1000, True),
    ],
)
def test_the_brake_holds_above_20_pages_and_a_tenth_of_a_space(leaving: int, live: int, holds: bool) -> None:
    assert Brake().holds(leaving, live) is holds


@pytest.mark.parametrize(
    ("brake", "leaving", "live", "holds"),
    [
        (Brake(pages=0, share=0), 1, 1000, True),
        (Brake(pages=0, share=0), 0, 1000, False),
        (Brake(pages=0, share=1), 1000, 1000, False),
        (Brake(pages=5, share=0.5), 6, 12, False),
        (Brake(pages=5, share=0.5), 7, 12, True),
    ],
)
def test_the_brake_can_be_set(brake: Brake, leaving: int, live: int, holds: bool) -> None:
    assert brake.holds(leaving, live) is holds
