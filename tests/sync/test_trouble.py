"""Trouble of every kind: nothing is lost, nothing is deleted, and the next sync makes it whole (Y4, Y5, Y7)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from confluence_emulator.state import Kind, changes, membership
from mainstem.settings import Settings
from mainstem.store import deeds, runs
from mainstem.store.database import reading
from mainstem.store.runs import RunState
from tests.sync.larkhill import Session, Wiki, connected


@pytest.mark.parametrize(
    "fault",
    ["429:every=3,retry_after=1", "429:every=3", "500:every=4", "503:every=3", "reset:every=4", "cloudfront:every=5"],
)
def test_passing_trouble_loses_nothing(wiki: Wiki, session: Session, fault: str) -> None:
    for page in wiki.pages(5):
        changes.comment(wiki.site, page, wiki.bob.account_id, "<p>Yes.</p>")
    wiki.fault(fault)
    run = session.sync()

    assert (run.state, run.counters["added"], session.failures()) == (RunState.DONE, 10, {})
    assert session.visible(wiki.bob) == wiki.visible(wiki.bob)


def test_a_truncated_listing_removes_nothing_and_says_that_it_is_incomplete(wiki: Wiki, session: Session) -> None:
    wiki.pages(300)
    session.sync()
    wiki.fault("truncate:path=/api/v2/spaces/.*/pages")
    run = session.sync()
    assert len(session.held()) == 300
    assert "listed 250" in session.failures()["count: ENG"]
    assert (run.counters["omitted"], run.counters["deleted"]) == (50, 0)


def test_what_a_truncated_listing_leaves_out_hides_where_confluence_says_so_and_stays_where_it_is_silent(
    wiki: Wiki, session: Session
) -> None:
    pages = wiki.pages(300)
    session.sync()
    wiki.fault("truncate:path=/api/v2/spaces/.*/pages")
    changes.trash(wiki.site, pages[298])
    wiki.restrict(pages[299], wiki.alice)
    run = session.sync()
    assert (len(session.held()), run.counters["deleted"]) == (299, 1)
    assert pages[299].id in session.held()
    assert pages[299].id not in session.visible(wiki.bob) | session.visible(wiki.alice)


def test_the_few_that_a_list_leaves_out_are_asked_for_and_stay_where_they_are_now(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(254)
    session.sync()
    wiki.restrict(pages[0], wiki.sync)
    changes.move(wiki.site, pages[253], wiki.space, pages[0])
    wiki.fault("truncate:path=/api/v2/spaces/.*/pages")
    run = session.sync()

    assert (run.counters["omitted"], run.counters["deleted"], session.failures()) == (4, 0, {})
    assert session.visible(wiki.bob) == wiki.visible(wiki.bob)


def test_a_first_listing_that_is_cut_off_is_not_called_complete(wiki: Wiki, session: Session) -> None:
    wiki.pages(300)
    wiki.fault("truncate:path=/api/v2/spaces/.*/pages")
    session.sync()
    assert len(session.held()) == 250
    assert "listed 250" in session.failures()["count: ENG"]
    wiki.fault()
    session.sync()
    assert (len(session.held()), session.failures()) == (300, {})


def test_many_small_spaces_are_listed_together_and_apart_where_that_breaks_off(wiki: Wiki, session: Session) -> None:
    spaces = [wiki.new_space(f"S{number}", f"Space {number}") for number in range(12)]
    pages = [wiki.page(f"In {space.key}", space=space) for space in [*spaces, wiki.space]]
    session.sync()
    session.sync()
    together = sum(number for route, number in session.routes().items() if route.endswith(("/pages", "/blogposts")))
    wiki.break_listing(spaces[3])
    changes.trash(wiki.site, pages[3])
    changes.trash(wiki.site, pages[4])
    run = session.sync()
    assert together == 2
    assert (run.counters["unchanged"], run.counters["deleted"]) == (11, 1)
    assert set(session.failures()) == {"listing: Pages of S3", pages[3].id}
    assert pages[3].id in session.held()


def test_a_token_revoked_midway_removes_nothing_and_the_next_sync_goes_on(wiki: Wiki, session: Session) -> None:
    kept, gone = wiki.pages(2)
    session.sync()
    changes.trash(wiki.site, gone)
    wiki.page("Later")
    wiki.fault("revoke:after=8")
    run = session.sync()
    assert run.state is RunState.FAILED
    assert {kept.id, gone.id} <= set(session.held())
    wiki.fault()
    assert session.sync().state is RunState.DONE
    assert set(session.held().values()) == {kept.title, "Later"}


def test_one_page_that_always_fails_is_named_and_everything_else_arrives(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(4)
    session.sync()
    for page in pages:
        wiki.edit(page, "<p>New.</p>")
    bad = pages[1]
    wiki.fault("500:path=body-format", f"500:path=/pages/{bad.id}")
    run = session.sync()
    assert run.state is RunState.DONE
    assert run.counters["changed"] == 0
    wiki.fault(f"500:path=/pages({re.escape('?')}.*id=.*{bad.id}|/{bad.id})")
    run = session.sync()
    assert run.counters["changed"] == 3
    assert list(session.failures()) == [bad.id]
    wiki.fault()
    session.sync()
    assert session.failures() == {}


def test_too_many_deletions_wait_for_a_person(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(60)
    session.sync()
    for page in pages[:30]:
        changes.trash(wiki.site, page)
    run = session.sync()
    assert (len(session.held()), run.counters["deleted"], run.counters["waiting_deletions"]) == (30, 0, 30)
    run = session.sync(approve_deletions=True)
    assert (len(session.held()), run.counters["deleted"], run.counters["waiting_deletions"]) == (30, 30, 0)
    with reading(session.hub.engine) as db:
        [approval] = deeds.newest(db, deeds.Wanted(acts=["deletions approved"]), limit=9)
    assert (approval.member, approval.subject) == ("The command line", "Larkhill")


def test_what_comes_back_from_the_trash_before_its_deletion_was_approved_is_read_no_second_time(
    wiki: Wiki, session: Session
) -> None:
    pages = wiki.pages(60)
    session.sync()
    for page in pages[:30]:
        changes.trash(wiki.site, page)
    session.sync()
    for page in pages[:30]:
        changes.restore(wiki.site, page)
    run = session.sync()
    assert (len(session.held()), run.counters["added"]) == (60, 0)
    assert session.visible(wiki.bob) == wiki.visible(wiki.bob)


def test_the_brake_is_set_in_the_settings(wiki: Wiki, tmp_path: Path) -> None:
    pages = wiki.pages(4)
    with connected(wiki, tmp_path / "home", settings=Settings(brake_pages=1, brake_share=0.5)) as session:
        session.sync()
        for page in pages[:3]:
            changes.trash(wiki.site, page)
        assert session.sync().counters["waiting_deletions"] == 3


def test_a_purged_space_waits_too(wiki: Wiki, session: Session) -> None:
    other = wiki.new_space("OLD", "Old things")
    wiki.pages(30, space=other)
    kept = wiki.page("Kept")
    session.sync()
    membership.remove_space(wiki.site, other)
    run = session.sync()
    assert (len(session.held()), run.counters["waiting_deletions"]) == (31, 30)
    session.sync(approve_deletions=True)
    assert set(session.held()) == {kept.id}


def test_a_page_moved_to_another_space_keeps_its_document_and_takes_on_its_readers(
    wiki: Wiki, session: Session
) -> None:
    private = membership.add_space(wiki.site, "PRI", "Private", None)
    membership.grant(wiki.site, private, wiki.sync_principal, (("read", "space"),))
    page = wiki.page("Wanderer")
    wiki.page("Resident", space=private)
    session.sync()
    assert page.id in session.visible(wiki.bob)
    changes.move(wiki.site, page, private, None)
    session.sync()
    assert page.id in session.held()
    assert page.id not in session.visible(wiki.bob)


def test_an_archived_page_leaves_and_comes_back(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Old habits")
    changes.comment(wiki.site, page, wiki.bob.account_id, "<p>Still true.</p>")
    session.sync()
    changes.archive(wiki.site, page)
    session.sync()
    assert session.held() == {}
    changes.unarchive(wiki.site, page)
    session.sync()
    assert session.visible(wiki.bob) == wiki.visible(wiki.bob)


def test_a_page_below_a_folder_has_the_folders_readers(wiki: Wiki, session: Session) -> None:
    folder = wiki.page("Drawer", kind=Kind.FOLDER)
    page = wiki.page("Inside", parent=folder)
    wiki.restrict(folder, wiki.sync, wiki.alice)
    session.sync()
    assert page.id in session.visible(wiki.alice)
    assert page.id not in session.visible(wiki.bob)
    wiki.restrict(folder)
    session.sync()
    assert page.id in session.visible(wiki.bob)


def test_what_stands_below_a_page_that_the_account_cannot_see_stays_hidden(wiki: Wiki, session: Session) -> None:
    secret = wiki.page("Secret")
    wiki.page("Below", parent=secret)
    wiki.restrict(secret, wiki.bob)
    session.sync()
    assert session.visible(wiki.bob) == set()


def test_rules_that_are_older_than_72_hours_hide(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Perishable")
    session.sync()
    wiki.clock.forward(hours=71)
    assert session.visible(wiki.bob) == {page.id}
    wiki.clock.forward(hours=2)
    assert session.visible(wiki.bob) == set()
    session.sync()
    assert session.visible(wiki.bob) == {page.id}


def test_a_page_that_is_new_to_the_search_index_is_read_by_itself(wiki: Wiki, session: Session) -> None:
    wiki.pages(5)
    session.sync()
    wiki.desk.index.lag = timedelta(hours=1)
    late = wiki.page("Breaking news")
    wiki.restrict(late, wiki.sync, wiki.alice)
    session.sync()
    assert late.id in session.visible(wiki.alice)
    assert late.id not in session.visible(wiki.bob)


def test_failures_are_kept_with_their_cause(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Broken")
    wiki.fault(f"500:path=/content/{page.id}/restriction", "500:path=content/search")
    session.sync()
    with reading(session.hub.engine) as db:
        (failure,) = runs.standing_failures(db, 1)
    assert failure.source_id == page.id
    assert "500" in failure.cause
    assert session.visible(wiki.bob) == set()


@pytest.mark.parametrize("datacenter", [False, True])
def test_a_page_that_comes_back_archived_hides_nothing_that_is_below_it(
    wiki: Wiki, tmp_path: Path, datacenter: bool
) -> None:
    with connected(wiki, tmp_path / "other", datacenter=datacenter) as session:
        above = wiki.page("Above")
        below = wiki.page("Below", parent=above)
        session.sync()
        wiki.restrict(above, wiki.alice)
        session.sync()
        assert below.id not in session.held()
        wiki.restrict(above)
        changes.archive(wiki.site, above)
        session.sync()
        assert below.id in session.visible(wiki.bob)


@pytest.mark.parametrize("fault", ["500:path=rest/api/search", "400:path=rest/api/search"])
def test_a_count_that_fails_makes_its_space_incomplete_alone(wiki: Wiki, session: Session, fault: str) -> None:
    wiki.pages(25)
    wiki.fault(fault)
    assert session.sync().state is RunState.DONE
    assert "count: ENG" in session.failures()


def test_a_group_and_a_space_that_confluence_fails_on_are_named_and_end_no_run(wiki: Wiki, session: Session) -> None:
    other = wiki.new_space("OPS", "Operations")
    page, elsewhere = wiki.page("Page"), wiki.page("Elsewhere", space=other)
    wiki.restrict(page, wiki.sync, groups=(wiki.inner,))
    wiki.fault(f"500:path=group/{wiki.inner.id}/members", f"500:path=spaces/{other.id}/permissions")
    assert session.sync().state is RunState.DONE
    assert {f"group {wiki.inner.id}", "space OPS"} <= set(session.failures())
    assert not {page.id, elsewhere.id} & session.visible(wiki.alice)
    wiki.fault()
    session.sync()
    assert session.visible(wiki.alice) == wiki.visible(wiki.alice)


def test_a_chosen_space_that_is_gone_fails_alone_and_keeps_its_pages_until_a_person_approves(
    wiki: Wiki, tmp_path: Path
) -> None:
    other = wiki.new_space("OPS", "Operations")
    known, kept = wiki.page("Known"), wiki.page("Kept", space=other)
    with connected(wiki, tmp_path / "other", spaces=("ENG", "OPS")) as session:
        session.sync()
        membership.remove_space(wiki.site, other)
        run = session.sync()
        assert (run.state, list(session.failures())[-1]) == (RunState.DONE, "space: OPS")
        assert set(session.held()) == {known.id, kept.id}
        session.sync(approve_deletions=True)
        assert set(session.held()) == {known.id}
