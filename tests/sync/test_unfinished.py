"""A run that was left unfinished is finished, or ended and begun anew where it cannot be: none stands in the way."""

import asyncio
import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from confluence_emulator.state import changes
from mainstem.store import connections, leases, runs
from mainstem.store.database import reading
from mainstem.store.errors import DatabaseRefuses
from mainstem.store.runs import Run, RunState
from mainstem.sync.run import HELD
from mainstem.sync.taking_up import AGED, BROKE_OFF, NEW_APPROVAL, OTHER_VERSION, TOO_LONG_AGO
from mainstem.sync.version import order_version
from mainstem.wiring.examination import Finding, State, examine
from tests.sync.larkhill import START, Session, Wiki, connected, watched


def cut_off(session: Session, path: str, *, approve_deletions: bool = False) -> Run:
    """Begin a sync, and stop it where it asks for a path."""
    reached = threading.Event()

    async def dead_end() -> None:
        reached.set()
        await asyncio.Event().wait()

    hub = watched(session.hub, path, dead_end)
    with reading(hub.engine) as db:
        (connection,) = connections.every(db)

    async def begin() -> None:
        async with asyncio.TaskGroup() as tasks:
            syncing = tasks.create_task(hub.sync(connection, approve_deletions=approve_deletions))
            await asyncio.to_thread(reached.wait, 30)
            syncing.cancel()

    session.wiki.clock.forward(seconds=1)
    asyncio.run(begin())
    return newest(session, 1)[0]


def newest(session: Session, number: int) -> list[Run]:
    with reading(session.hub.engine) as db:
        return runs.history(db, 1, limit=number)


def test_a_run_that_was_cut_off_is_finished_by_the_next_sync(wiki: Wiki, session: Session) -> None:
    wiki.pages(3)
    begun = cut_off(session, "-comments")
    assert begun.state is RunState.RUNNING
    ended = session.sync()
    assert (ended.id, ended.state, ended.counters["added"]) == (begun.id, RunState.DONE, 3)


def test_a_run_of_another_version_is_ended_and_a_new_one_goes_to_its_end(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(3)
    begun = cut_off(session, "-comments")
    session.hub = replace(session.hub, version="another")
    ended = session.sync()
    assert (ended.state, ended.version, ended.id != begun.id) == (RunState.DONE, "another", True)
    assert set(session.held()) == {page.id for page in pages}
    assert [(run.state, run.message) for run in newest(session, 2)] == [
        (RunState.DONE, None),
        (RunState.CANCELLED, OTHER_VERSION),
    ]


def test_the_version_is_of_the_source_and_so_the_same_at_each_start() -> None:
    assert order_version() == order_version()
    assert len(order_version()) == 12


def test_a_sync_that_another_worker_is_at_ends_and_says_so_and_the_next_one_begins_anew(
    wiki: Wiki, session: Session
) -> None:
    wiki.pages(1)
    with session.hub.engine.begin() as db:
        leases.take(db, 1, "another's", wiki.clock(), stale_before=START)
    refused = session.sync()
    assert (refused.state, refused.message) == (RunState.CANCELLED, HELD)
    with session.hub.engine.begin() as db:
        leases.free(db, 1, "another's")
    assert session.sync().state is RunState.DONE


def test_a_sync_that_was_taken_over_ends_and_says_so(wiki: Wiki, session: Session) -> None:
    wiki.pages(1)

    async def steal() -> None:
        with session.hub.engine.begin() as db:
            leases.take(db, 1, "another's", wiki.clock(), stale_before=wiki.clock() + timedelta(days=1))

    session.hub = watched(session.hub, "/pages", steal)
    run = session.sync()
    assert run.state is RunState.CANCELLED
    assert "taken over" in (run.message or "")


@pytest.mark.parametrize("statement", ["UPDATE leases SET workflow_id", "DELETE FROM seen"], ids=["beginning", "end"])
def test_a_run_whose_beginning_or_end_could_not_be_written_is_ended_by_the_next_sync(
    wiki: Wiki, tmp_path: Path, statement: str
) -> None:
    (page,) = wiki.pages(1)

    def refuse(_db: object, _cursor: object, said: str, *_: object) -> None:
        if said.startswith(statement):
            raise OperationalError(said, None, sqlite3.OperationalError("database or disk is full"))

    def sync_without_room() -> None:
        with connected(wiki, tmp_path / "home") as session:
            event.listen(session.hub.engine, "before_cursor_execute", refuse)
            session.sync()

    with pytest.raises(DatabaseRefuses, match="disk is full"):
        sync_without_room()
    with connected(wiki, tmp_path / "home") as session:
        assert newest(session, 1)[0].state is RunState.RUNNING
        assert session.sync().state is RunState.DONE
        assert set(session.held()) == {page.id}
        assert (newest(session, 2)[1].state, newest(session, 2)[1].message) == (RunState.CANCELLED, BROKE_OFF)


def trash_half(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(60)
    session.sync()
    for page in pages[:30]:
        changes.trash(wiki.site, page)


def test_an_approval_counts_for_the_run_that_is_finished_now_and_outlives_another_kill(
    wiki: Wiki, session: Session
) -> None:
    trash_half(wiki, session)
    begun = cut_off(session, "/content/search")
    cut_off(session, "-comments", approve_deletions=True)
    ended = session.sync()
    assert (ended.id, ended.counters["deleted"], len(session.held())) == (begun.id, 30, 30)


def test_an_approval_that_comes_after_the_brake_begins_anew(wiki: Wiki, session: Session) -> None:
    trash_half(wiki, session)
    braked = cut_off(session, "-comments")
    assert braked.counters["waiting_deletions"] == 30
    ended = session.sync(approve_deletions=True)
    assert (ended.counters["deleted"], len(session.held())) == (30, 30)
    assert newest(session, 2)[1].message == NEW_APPROVAL


def test_what_was_allowed_long_ago_waits_for_a_person_again(wiki: Wiki, session: Session) -> None:
    trash_half(wiki, session)
    cut_off(session, "/content/search", approve_deletions=True)
    wiki.clock.forward(seconds=TOO_LONG_AGO.total_seconds() + 60)
    ended = session.sync()
    assert (ended.counters.get("deleted", 0), ended.counters["waiting_deletions"]) == (0, 30)
    assert newest(session, 2)[1].message == AGED


def test_what_a_run_was_allowed_stays_allowed_when_it_must_begin_anew(wiki: Wiki, session: Session) -> None:
    trash_half(wiki, session)
    cut_off(session, "/content/search", approve_deletions=True)
    session.hub = replace(session.hub, version="another")
    assert session.sync().counters["deleted"] == 30


def test_the_doctor_finds_nothing_wrong_with_the_index_while_a_sync_is_under_way(wiki: Wiki, session: Session) -> None:
    below = wiki.page("Below", parent=wiki.page("Secret"))
    wiki.restrict(wiki.site.contents[below.parent_id or ""], wiki.bob)
    found: list[Finding] = []

    async def examined() -> None:
        found.extend(await asyncio.to_thread(lambda: list(examine(session.hub.settings, session.hub.home.folder))))

    session.hub = watched(session.hub, "-comments", examined)
    session.sync()
    found.extend(examine(session.hub.settings, session.hub.home.folder))
    assert [each for each in found if each.state is State.FAIL] == []
    assert {each.state for each in found if each.name == "index"} <= {State.OK, State.WARN}
