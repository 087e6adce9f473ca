"""Permissions read alone: live at once, without a text read or a passage indexed; and going without them (P3, P6)."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from confluence_emulator.state import changes, membership
from mainstem.store import documents, openings, plans
from mainstem.store.database import reading
from mainstem.store.journal import last
from mainstem.store.runs import Aim, RunState
from mainstem.wiki.audience import Viewer
from tests.sync.larkhill import Session, Wiki, connected
from tests.sync.trials import trial


def waits(session: Session) -> bool:
    with reading(session.hub.engine) as db:
        return plans.plan(db, session.connection_id).asked_at is not None


@pytest.mark.parametrize("datacenter", [False, True])
def test_changed_rules_are_live_without_a_text_read_or_anything_indexed(
    wiki: Wiki, tmp_path: Path, datacenter: bool
) -> None:
    top, other = wiki.page("Top"), wiki.page("Other")
    leaf = wiki.page("Leaf", parent=top)
    wiki.restrict(top, groups=(wiki.inner,))
    with connected(wiki, tmp_path / "home", datacenter=datacenter) as session:
        session.sync()
        with reading(session.hub.engine) as db:
            before = last(db)
        wiki.edit(other, "<p>Written since.</p>")
        wiki.page("New since")
        membership.leave(wiki.site, wiki.inner, wiki.alice)
        assert session.visible(wiki.alice) == {top.id, leaf.id, other.id}
        run = session.sync(aim=Aim.PERMISSIONS)
        assert (run.state, run.aim) == (RunState.DONE, Aim.PERMISSIONS)
        assert session.visible(wiki.alice) == {other.id}
        assert not [each for each in wiki.desk.log.entries if "body" in str(each.query)]
        with reading(session.hub.engine) as db:
            assert last(db) == before
        assert not waits(session)
        assert len(session.held()) == 3


def test_who_is_let_in_sees_nothing_that_may_be_gone_and_a_whole_sync_follows(wiki: Wiki, session: Session) -> None:
    gone, edited, kept = wiki.pages(3)
    changes.comment(wiki.site, kept, wiki.alice.account_id, "<p>Well said.</p>")
    session.sync()
    changes.trash(wiki.site, gone)
    wiki.edit(edited, "<p>Less is said here.</p>")
    membership.join(wiki.site, wiki.staff, wiki.charlie)
    session.sync(aim=Aim.PERMISSIONS)
    assert session.visible(wiki.charlie) == wiki.visible(wiki.charlie) - {edited.id}
    assert waits(session)
    session.sync()
    assert session.visible(wiki.charlie) == wiki.visible(wiki.charlie)


@pytest.mark.parametrize(("seed", "datacenter"), [(3, False), (4, True)])
def test_permissions_alone_let_nobody_in_whom_confluence_does_not(tmp_path: Path, seed: int, datacenter: bool) -> None:
    with trial(random.Random(seed), tmp_path / "home", datacenter=datacenter, wild=True) as story:
        assert story.go_on() == [], story.told
        session, wiki = story.session, story.session.wiki
        for _ in range(2):
            before = [session.visible(person) for person in wiki.readers]
            story.deeds.some(story.deeds.wild(), 12)
            run = session.sync(aim=Aim.PERMISSIONS)
            assert run.state in {RunState.DONE, RunState.FAILED}
            told = story.rights.right(wiki.sync)
            for person, could in zip(wiki.readers, before, strict=True):
                shown, right = session.visible(person), story.rights.right(person)
                assert shown - could <= right, story.told
                # What Confluence tells the account nothing of leaves with a sync of everything.
                assert run.state is RunState.FAILED or shown & told <= right, story.told


def test_without_permissions_members_see_everything_and_nobody_else_does_until_they_hold_again(
    wiki: Wiki, session: Session
) -> None:
    secret = wiki.page("Secret")
    wiki.restrict(secret, wiki.sync)
    session.sync()
    engine, stranger = session.hub.engine, Viewer("stranger")
    member = replace(stranger, member=True)

    def shown(viewer: Viewer) -> int:
        with reading(engine) as db:
            return len(documents.document_ids(db, viewer=viewer))

    assert (shown(member), shown(stranger)) == (0, 0)
    with engine.begin() as db:
        assert openings.open_to_members(db, session.connection_id, "Olga", session.hub.clock())
    wiki.clock.forward(hours=100)
    wiki.page("Written since")
    session.sync()
    assert not [route for route in session.routes() if "group" in route or "permission" in route]
    assert (shown(member), shown(stranger)) == (2, 0)
    with engine.begin() as db:
        assert openings.close(db, session.connection_id)
    assert shown(member) == 0
    assert session.visible(wiki.alice) == set()
    wiki.break_listing(wiki.space)
    session.sync()
    assert session.visible(wiki.alice) == set()
    wiki.fault()
    session.sync()
    assert session.visible(wiki.alice) == wiki.visible(wiki.alice)
    assert shown(member) == 0
