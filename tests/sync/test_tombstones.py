"""What left Confluence can be had back by its last readers, or be purged until nothing is left of it (Y3, Y4)."""

from pathlib import Path

import pytest

from confluence_emulator.state import changes
from mainstem.assist.keeping import open_answer
from mainstem.settings import Settings
from mainstem.store import answers, content, members, quotes, tombstones
from mainstem.store.answers import Claim, Outcome, Written
from mainstem.store.database import reading
from mainstem.store.members import NewMember
from mainstem.store.tombstones import Tombstone, Why
from mainstem.sync import indexing
from mainstem.wiki.audience import OPERATOR
from mainstem.wiring import tombstones as deeds
from tests.store.test_answers import quote
from tests.sync.larkhill import Session, Wiki, connected


def ids(session: Session, *source_ids: str) -> list[int]:
    """Our ids."""
    with reading(session.hub.engine) as db:
        return list(content.ids_of(db, session.connection_id, source_ids).values())


def left(session: Session) -> dict[str, Tombstone]:
    """What left, by Confluence's id."""
    with reading(session.hub.engine) as db:
        found = tombstones.every(db, session.connection_id, viewer=OPERATOR, limit=100)
    return {each.source_id: each for each in found}


def restore(session: Session, *source_ids: str) -> int:
    return deeds.restore(session.hub, session.connection_id, ids(session, *source_ids), None)


def test_a_restored_page_is_for_its_last_readers_and_no_sync_removes_it_until_confluence_has_it_again(
    wiki: Wiki, session: Session
) -> None:
    page, secret = wiki.page("Open"), wiki.page("Secret")
    wiki.restrict(secret, wiki.sync, wiki.bob)
    said = changes.comment(wiki.site, page, wiki.bob.account_id, "<p>Yes.</p>")
    session.sync()
    for each in (page, secret):
        changes.trash(wiki.site, each)
    session.sync()
    assert {id_: (one.why, one.parts) for id_, one in left(session).items()} == {
        page.id: (Why.TRASHED, 1),
        secret.id: (Why.TRASHED, 0),
    }
    assert session.held() == {}
    dora = wiki.person("dora", wiki.staff, wiki.inner)
    wiki.space.grants.clear()
    assert restore(session, page.id, secret.id) == 2
    session.sync()
    assert session.visible(wiki.alice) == {page.id, said.id}
    assert session.visible(wiki.bob) == {page.id, said.id, secret.id}
    assert session.visible(dora) == {page.id, said.id}
    assert session.visible(None) == set()

    wiki.clock.forward(hours=100)
    session.sync()
    assert session.visible(wiki.bob) == {page.id, said.id, secret.id}


def test_what_confluence_has_again_is_mirrored_as_before(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Back and forth")
    session.sync()
    changes.trash(wiki.site, page)
    session.sync()
    restore(session, page.id)
    changes.restore(wiki.site, page)
    wiki.restrict(page, wiki.sync)
    session.sync()
    assert (session.visible(wiki.bob), left(session)) == (set(), {})
    changes.trash(wiki.site, page)
    session.sync()
    assert session.held() == {}


def test_a_page_that_was_hidden_when_it_left_stays_hidden_when_it_is_restored(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Nobody knows who")
    wiki.fault("500:path=restriction")
    session.sync()
    assert session.visible(wiki.bob) == set()
    wiki.fault()
    changes.trash(wiki.site, page)
    session.sync()
    restore(session, page.id)
    session.sync()
    assert set(session.held()) == {page.id}
    assert session.visible(wiki.bob) | session.visible(wiki.alice) == set()


def test_what_is_kept_for_good_is_never_asked_about_again_and_what_may_go_goes_at_once(
    wiki: Wiki, session: Session
) -> None:
    law = wiki.new_space("LAW", "Legal")
    here, there = wiki.pages(25), wiki.pages(25, space=law)
    said = changes.comment(wiki.site, there[0], wiki.bob.account_id, "<p>Yes.</p>")
    session.sync()
    for page in here:
        changes.trash(wiki.site, page)
    for page in there:
        wiki.restrict(page, wiki.bob)
    session.sync()
    with reading(session.hub.engine) as db:
        asked = {each.space_key: each for each in tombstones.questions(db, session.connection_id)}
    assert [(each.number, each.live, each.trashed) for each in asked.values()] == [(25, 25, 25), (25, 25, 0)]

    hub, id_ = session.hub, session.connection_id
    assert deeds.answer(hub, id_, "ENG", keep=False, by=None) == 25
    assert deeds.answer(hub, id_, "LAW", keep=True, by=None) == 25
    run = session.sync()
    assert not run.counters.get("waiting_deletions")
    assert set(session.held()) == session.visible(wiki.bob) == {said.id, *(page.id for page in there)}
    assert {one.restored_at is None for id_, one in left(session).items() if one.space_key == "ENG"} == {True}


def test_a_question_goes_when_confluence_shows_the_pages_again(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(25)
    session.sync()
    for page in pages:
        wiki.restrict(page, wiki.bob)
    assert session.sync().counters["waiting_deletions"] == 25
    for page in pages:
        wiki.restrict(page)
    session.sync()
    with reading(session.hub.engine) as db:
        assert tombstones.questions(db, session.connection_id) == []
    assert len(session.held()) == 25


def test_an_archived_page_can_be_restored_and_one_that_the_choice_leaves_out_comes_back_by_it(
    wiki: Wiki, session: Session
) -> None:
    old, page = wiki.page("Old"), wiki.page("New")
    session.sync()
    changes.archive(wiki.site, old)
    session.sync()
    (stone,) = left(session).values()
    assert (stone.source_id, stone.why, stone.standing) == (old.id, Why.ARCHIVED, True)
    assert restore(session, old.id) == 1
    for _ in range(2):
        session.sync()
        assert session.visible(wiki.bob) == {old.id, page.id}


@pytest.mark.parametrize("days", [30, 1, 0])
def test_what_left_is_purged_when_its_time_is_over(wiki: Wiki, tmp_path: Path, days: int) -> None:
    with connected(wiki, tmp_path / "home", settings=Settings(restore_days=days)) as session:
        pages = wiki.pages(2)
        session.sync()
        for page in pages:
            changes.trash(wiki.site, page)
        session.sync()
        assert len(left(session)) == (2 if days else 0)
        restore(session, pages[0].id)
        wiki.clock.forward(hours=24 * days + 1)
        session.sync()
        assert set(left(session)) == ({pages[0].id} if days else set())


def test_nothing_is_left_of_what_is_purged(wiki: Wiki, tmp_path: Path) -> None:
    home, marker = tmp_path / "home", "zanzibarquartz"
    with connected(wiki, home) as session:
        page = wiki.page(f"Plan {marker}1", f"<p>The {marker}2 stands here.</p>")
        kept_page = wiki.page("Other", "<p>Words that stay.</p>")
        wiki.edit(page, f"<p>The {marker}2 still stands here.</p>")
        changes.comment(wiki.site, page, wiki.bob.account_id, f"<p>A {marker}3 word.</p>")
        file = changes.new_file(wiki.site, "text/plain", f"The {marker}5 again.".encode())
        changes.attach(wiki.site, page, wiki.bob.account_id, f"{marker}4.txt", file)
        session.sync()
        answer_id, member_id = answered(session, marker, page.id, kept_page.id)
        changes.trash(wiki.site, page)
        session.sync()
        assert marker.encode() in held_bytes(home)
        assert deeds.purge(session.hub, session.connection_id, ids(session, page.id), None) == 1
        indexing.catch_up(session.hub.engine, session.hub.index)
        with reading(session.hub.engine) as db:
            shown = open_answer(db, answer_id, member_id, viewer=OPERATOR)
        assert shown is not None
        assert [claim.text for claim in shown.claims] == ["Words stay."]
        assert session.hub.index.suggest(marker[:6], chains=None) == ()
        session.sync()
        assert (set(session.held()), left(session)) == ({kept_page.id}, {})
    assert marker.encode() not in held_bytes(home)


def answered(session: Session, marker: str, *source_ids: str) -> tuple[int, int]:
    """An answer that rests on two pages, and whose it is."""
    with session.hub.engine.begin() as db:
        now = session.hub.clock()
        asker = members.add(db, NewMember("rita@example.com", "Rita", "reader", "a hash"), now)
        assert asker is not None
        found = quotes.in_full(db, ids(session, *source_ids), viewer=OPERATOR)
        rests = [quote(number, *each) for number, each in enumerate(found, start=1)]
        claims = Claim(f"The {marker} stands.", (1,)), Claim("Words stay.", (2,)), Claim(f"So {marker}.", ())
        answer_id = answers.ask(db, asker, "What?", now)
        run = answers.begin(db, answer_id, asker)
        assert run is not None
        assert answers.save_sources(db, answer_id, run, rests)
        assert answers.end(db, answer_id, run, Written(Outcome.WRITTEN, claims, (), "m", ""), now)
    return answer_id, asker


def held_bytes(home: Path) -> bytes:
    """All that lies in the files of a home, but for its index, which keeps words and no texts."""
    files = [file for file in home.rglob("*") if file.is_file() and "index" not in file.relative_to(home).parts]
    return b"".join(str(file.name).encode() + file.read_bytes() for file in files)
