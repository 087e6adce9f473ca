"""Listings that break off, are refused, or lead to what nobody may read: each is named, and nothing is taken away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from confluence_emulator.state import Status, changes
from mainstem.store.runs import RunState
from tests.sync.larkhill import Session, Wiki, connected


@pytest.fixture(params=["cloud", "datacenter"])
def either(wiki: Wiki, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home", datacenter=request.param == "datacenter") as session:
        yield session


def test_a_listing_that_breaks_off_behind_its_first_answer_is_not_at_its_end(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(260)
    session.sync()
    changes.trash(wiki.site, pages[259])
    for way in ("reset", "400"):
        wiki.fault(f"{way}:path=/spaces/{wiki.space.id}/pages.*cursor=")
        run = session.sync()
        assert run.state is RunState.FAILED or "listing: Pages of ENG" in session.failures(), way
        assert (run.counters.get("deleted", 0), len(session.held())) == (0, 260), way


def test_a_list_of_files_that_is_refused_is_named_and_costs_no_file_and_no_page(wiki: Wiki, either: Session) -> None:
    page = wiki.page("Kettle")
    changes.attach(wiki.site, page, wiki.alice.account_id, "a.bin", changes.new_file(wiki.site, "application/x", b"a"))
    either.sync()
    held = either.held()
    wiki.edit(page, "<p>New.</p>")
    wiki.fault("400:path=(v2/attachments|content/search.*attachment)")
    run = either.sync()
    assert (run.state, run.counters["changed"], either.held()) == (RunState.DONE, 1, held)
    assert [name for name in either.failures() if "ttachment" in name]
    wiki.fault()
    either.sync()
    assert either.failures() == {}


def test_a_draft_above_a_page_that_breaks_all_rules_read_in_bulk_hides_that_page_alone(
    wiki: Wiki, either: Session
) -> None:
    draft, *others = wiki.pages(30)
    below = wiki.page("Below", parent=draft)
    wiki.restrict(others[0], wiki.sync, wiki.alice)
    draft.status = Status.DRAFT
    wiki.fault("404:path=content/(search|scan).*restrictions")
    assert either.sync().state is RunState.DONE
    assert list(either.failures()) == [draft.id]
    for person in wiki.readers:
        assert either.visible(person) == wiki.visible(person) - {below.id}
