"""What a sync makes of a wiki, and of what happens to it afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from confluence_emulator.state import Kind, changes, membership
from mainstem.store import journal
from mainstem.store.database import reading
from mainstem.store.runs import RunState
from mainstem.wiki import content
from tests.sync.larkhill import EVERY_KIND, Session, Wiki, connected


@pytest.fixture(params=["cloud", "datacenter"])
def session(wiki: Wiki, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home", datacenter=request.param == "datacenter") as session:
        yield session


def test_the_first_sync_brings_everything_that_the_account_sees(wiki: Wiki, session: Session) -> None:
    home = wiki.page("Home")
    child = wiki.page("Child", parent=home)
    post = wiki.page("News", kind=Kind.BLOGPOST)
    remark = changes.comment(wiki.site, child, wiki.bob.account_id, "<p>Really?</p>")
    run = session.sync()
    assert run.state is RunState.DONE
    assert session.held() == {home.id: "Home", child.id: "Child", post.id: "News", remark.id: session.held()[remark.id]}
    assert run.counters["added"] == 4


def test_a_second_sync_of_an_unchanged_wiki_reads_no_body(wiki: Wiki, session: Session) -> None:
    wiki.pages(3)
    session.sync()
    with reading(session.hub.engine) as db:
        told = journal.last(db)
    run = session.sync()
    with reading(session.hub.engine) as db:
        assert journal.last(db) == told
    assert (run.counters["added"], run.counters["changed"], run.counters["unchanged"]) == (0, 0, 3)
    assert not [each for each in wiki.desk.log.entries if "body" in each.query]


def test_an_edit_a_move_and_a_new_label_are_each_one_change(wiki: Wiki, session: Session) -> None:
    edited, moved, labelled, _ = wiki.pages(4)
    session.sync()
    wiki.edit(edited, "<p>Now with zebras.</p>")
    changes.move(wiki.site, moved, wiki.space, edited)
    changes.label(wiki.site, labelled, "howto")
    run = session.sync()
    assert (run.counters["changed"], run.counters["unchanged"]) == (3, 1)
    # Dates in a query would be read in a time zone that nobody tells; folders, only Cloud knows.
    asked = [f"{each.path}?{each.query}".lower() for each in wiki.desk.log.entries]
    assert not [each for each in asked if "modified" in each or (session.datacenter and "folder" in each)]


def test_a_page_in_the_trash_leaves_with_its_comments(wiki: Wiki, session: Session) -> None:
    gone, kept = wiki.pages(2)
    changes.comment(wiki.site, gone, wiki.bob.account_id, "<p>Bye.</p>")
    session.sync()
    changes.trash(wiki.site, gone)
    run = session.sync()
    assert set(session.held()) == {kept.id}
    assert run.counters["deleted"] == 2


def test_an_archived_space_leaves_a_hub_of_all_spaces(wiki: Wiki, session: Session) -> None:
    kept, old = wiki.page("Kept"), wiki.new_space("OLD", "Old things")
    wiki.page("Dusty", space=old)
    session.sync()
    membership.archive_space(wiki.site, old)
    session.sync()
    assert set(session.held()) == {kept.id}


def test_everybody_sees_what_confluence_shows_them(wiki: Wiki, session: Session) -> None:
    top = wiki.page("Top")
    middle = wiki.page("Middle", parent=top)
    leaf = wiki.page("Leaf", parent=middle)
    changes.comment(wiki.site, leaf, wiki.alice.account_id, "<p>Hush.</p>")
    wiki.restrict(top, groups=(wiki.inner,))
    wiki.restrict(leaf, wiki.sync, wiki.alice, wiki.bob)
    session.sync()
    for person in (wiki.alice, wiki.bob, wiki.charlie, None):
        assert session.visible(person) == wiki.visible(person)
    wiki.restrict(top)
    session.sync()
    for person in (wiki.alice, wiki.bob, wiki.charlie, None):
        assert session.visible(person) == wiki.visible(person)


@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT])
def test_a_kind_that_is_switched_off_does_not_come_in(wiki: Wiki, tmp_path: Path, kind: Kind) -> None:
    page, post = wiki.page("Page"), wiki.page("Post", kind=Kind.BLOGPOST)
    for on in (page, post):
        changes.comment(wiki.site, on, wiki.bob.account_id, "<p>Yes.</p>")
        changes.attach(wiki.site, on, wiki.bob.account_id, "a.txt", changes.new_file(wiki.site, "text/plain", b"a"))
    kinds = EVERY_KIND - {content.Kind(kind)}
    with connected(wiki, tmp_path / "home", kinds=kinds) as session:
        session.sync()
        held = {wiki.site.contents[id_].kind for id_ in session.held()}
        assert held == {Kind(each) for each in kinds}
        assert session.sync().counters["added"] == 0


def test_labels_that_come_with_a_new_page_are_no_change_of_it(wiki: Wiki, session: Session) -> None:
    changes.label(wiki.site, wiki.page("Labelled from the start"), "howto")
    run = session.sync()
    assert (run.counters["added"], run.counters["changed"], run.counters["unchanged"]) == (1, 0, 0)


def test_who_is_named_by_a_rule_reads_what_it_guards_until_the_account_is_deactivated(
    wiki: Wiki, session: Session
) -> None:
    secret = wiki.page("Secret")
    membership.join(wiki.site, wiki.staff, wiki.charlie)
    wiki.restrict(secret, wiki.sync, wiki.charlie)
    session.sync()
    assert session.visible(wiki.charlie) == {secret.id}
    membership.deactivate(wiki.site, wiki.charlie)
    session.sync()
    assert session.visible(wiki.charlie) == set()
