"""What a server does behind its pages."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from confluence_emulator.state import changes
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.settings import Settings
from mainstem.store import connections, deeds, plans, removals, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.runs import Run, RunState
from mainstem.wiring.worker import CANCELLED, PAUSED, Worker
from tests.sync.larkhill import Session, Wiki, connected
from tests.wiring.working import worked


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with connected(Wiki(), tmp_path / "home") as session:
        yield session


OLGA = Member(1, "olga@hub.example", "Olga", Role.OWNER)


def paused(worker: Worker, connection_id: int) -> None:
    worker.pause(connection_id, OLGA)


def test_a_connection_that_is_asked_for_is_synced(session: Session) -> None:
    page = session.wiki.page("Home")
    worker = Worker(session.hub)

    def done() -> bool:
        return worker.state(session.connection_id) is None

    async def twice() -> None:
        for _ in range(2):
            assert worker.ask(session.connection_id)
            assert worker.state(session.connection_id) == "waiting"
            await worked(worker, done)

    asyncio.run(twice())
    assert page.id in session.visible(session.wiki.bob)


def test_whoever_asks_twice_is_waiting_once_and_nobody_can_ask_for_a_connection_that_is_gone(session: Session) -> None:
    synced: list[str] = []

    async def sync(connection: SavedConnection) -> None:
        synced.append(connection.name)

    worker = Worker(session.hub, sync)
    with pytest.raises(ConnectionGone):
        worker.ask(99)
    assert worker.ask(session.connection_id)
    assert not worker.ask(session.connection_id)
    asyncio.run(worked(worker, lambda: bool(synced)))
    assert synced == ["Larkhill"]


def test_a_connection_that_is_removed_just_before_its_turn_ends_no_worker(session: Session) -> None:
    worker, hub = Worker(session.hub), session.hub
    worker.ask(session.connection_id)
    with hub.engine.begin() as db:
        removals.remove(db, session.connection_id, hub.clock(), "Olga")
    asyncio.run(worked(worker, lambda: worker.idle))
    with hub.engine.begin() as db:
        removals.restore(db, session.connection_id)
    asyncio.run(worked(Worker(hub), lambda: worker.state(session.connection_id) is None))


def test_a_defect_in_one_sync_ends_no_other(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    tried: list[int] = []

    async def sync(connection: SavedConnection) -> None:
        tried.append(connection.id)
        if len(tried) == 1:
            worker.ask(connection.id)
            raise ZeroDivisionError

    worker = Worker(session.hub, sync)
    worker.ask(session.connection_id)
    asyncio.run(worked(worker, lambda: len(tried) == 2))
    assert "ZeroDivisionError" in caplog.text


def test_a_run_that_a_stopped_server_left_is_taken_up_again(session: Session) -> None:
    with session.hub.engine.begin() as db:
        connection = connections.every(db)[0]
        runs.start(db, connection.id, "sync-left", "1", session.wiki.clock())
    taken_up: list[int] = []

    async def sync(connection: SavedConnection) -> None:
        taken_up.append(connection.id)

    asyncio.run(worked(Worker(session.hub, sync), lambda: bool(taken_up)))
    assert taken_up == [connection.id]


class Recorder:
    """Stands for syncing: notes who was synced, and when."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.begun: list[datetime] = []

    async def __call__(self, connection: SavedConnection) -> None:
        now = self.session.wiki.clock()
        self.begun.append(now)
        with self.session.hub.engine.begin() as db:
            run = runs.start(db, connection.id, f"sync-{len(self.begun)}", "1", now)
            runs.finish(db, run.id, RunState.FAILED, now, "Confluence is away.")


async def waited(worker: Worker) -> None:
    """Let it look at what is due until it finds nothing more."""
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(worker.work())
        while not worker.idle:  # noqa: ASYNC110 - nobody is told when there is nothing to do
            await asyncio.sleep(0.005)
        working.cancel()


def test_a_schedule_runs_a_connection_once_for_all_that_was_missed_and_a_failing_one_does_not_spin(
    session: Session,
) -> None:
    clock, recorder = session.wiki.clock, Recorder(session)
    with session.hub.engine.begin() as db:
        plans.schedule(db, session.connection_id, "hourly", clock())
    asyncio.run(waited(Worker(session.hub, recorder)))
    asyncio.run(waited(Worker(session.hub, recorder)))
    assert recorder.begun == [clock()]
    clock.forward(hours=5.5)
    asyncio.run(waited(Worker(session.hub, recorder)))
    clock.forward(minutes=59)
    asyncio.run(waited(Worker(session.hub, recorder)))
    assert len(recorder.begun) == 2
    clock.forward(minutes=1)
    asyncio.run(waited(Worker(session.hub, recorder)))
    assert len(recorder.begun) == 3


def test_what_was_missed_waits_for_the_hours_of_its_schedule_and_whoever_asks_does_not(session: Session) -> None:
    clock, recorder = session.wiki.clock, Recorder(session)
    begun = clock()
    hours = f"between {begun:%H:%M} and {begun + timedelta(hours=2):%H:%M} UTC"
    with session.hub.engine.begin() as db:
        plans.schedule(db, session.connection_id, f"hourly {hours}", begun)
    asyncio.run(waited(Worker(session.hub, recorder)))
    clock.forward(hours=12)
    asyncio.run(waited(Worker(session.hub, recorder)))
    assert recorder.begun == [begun]
    asking = Worker(session.hub, recorder)
    asking.ask(session.connection_id)
    asyncio.run(waited(asking))
    clock.forward(hours=12)
    asyncio.run(waited(Worker(session.hub, recorder)))
    assert recorder.begun == [begun, begun + timedelta(hours=12), begun + timedelta(hours=24)]


def test_a_sync_that_never_comes_to_a_run_is_not_tried_again_at_once(session: Session) -> None:
    tried: list[int] = []

    async def sync(connection: SavedConnection) -> None:
        tried.append(connection.id)
        raise ConnectionGone(connection.id)

    worker = Worker(session.hub, sync)
    with session.hub.engine.begin() as db:
        plans.schedule(db, session.connection_id, "every 5 minutes", session.wiki.clock())
    asyncio.run(waited(worker))
    assert tried == [session.connection_id]


def test_a_connection_that_rests_is_not_synced_until_it_is_resumed(session: Session) -> None:
    recorder, id_ = Recorder(session), session.connection_id
    with session.hub.engine.begin() as db:
        plans.schedule(db, id_, "hourly", session.wiki.clock())
        plans.pause(db, id_, session.wiki.clock())
    worker = Worker(session.hub, recorder)
    worker.ask(id_)
    asyncio.run(waited(worker))
    assert recorder.begun == []
    with session.hub.engine.begin() as db:
        plans.resume(db, id_, session.wiki.clock())
    asyncio.run(waited(Worker(session.hub, recorder)))
    assert len(recorder.begun) == 1


def test_whoever_waits_for_a_sync_still_waits_after_a_restart(session: Session) -> None:
    Worker(session.hub).ask(session.connection_id)
    recorder = Recorder(session)
    worker = Worker(session.hub, recorder)
    assert worker.state(session.connection_id) == "waiting"
    asyncio.run(waited(worker))
    assert len(recorder.begun) == 1


class Held:
    """Stands for syncing: begins a run, and does nothing more until it is let go."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.run: Run | None = None

    async def __call__(self, connection: SavedConnection) -> None:
        with self.session.hub.engine.begin() as db:
            self.run = runs.start(db, connection.id, "sync-held", "1", self.session.wiki.clock())
        await asyncio.Event().wait()


def latest(session: Session) -> Run:
    with reading(session.hub.engine) as db:
        run = runs.latest(db, session.connection_id)
    assert run is not None
    return run


def test_a_sync_under_way_is_told_to_stop_and_its_schedule_goes_on(session: Session) -> None:
    held = Held(session)
    worker = Worker(session.hub, held)
    worker.ask(session.connection_id)

    async def cancelled() -> None:
        async with asyncio.TaskGroup() as tasks:
            working = tasks.create_task(worker.work())
            while held.run is None:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.005)
            worker.cancel(session.connection_id)
            working.cancel()

    asyncio.run(cancelled())
    assert latest(session).stop == CANCELLED
    with reading(session.hub.engine) as db:
        assert plans.plan(db, session.connection_id).paused_at is None


def test_whoever_waits_for_a_turn_can_be_called_off(session: Session) -> None:
    worker = Worker(session.hub)
    worker.ask(session.connection_id)
    worker.cancel(session.connection_id)
    assert worker.state(session.connection_id) is None


def test_a_pause_ends_a_run_that_nobody_works_on_and_resuming_makes_up_for_it(session: Session) -> None:
    with session.hub.engine.begin() as db:
        runs.start(db, session.connection_id, "sync-left", "1", session.wiki.clock())
    worker = Worker(session.hub)
    worker.pause(session.connection_id, None)
    assert (latest(session).state, latest(session).message) == (RunState.CANCELLED, PAUSED)
    assert worker.state(session.connection_id) is None
    worker.resume(session.connection_id, None)
    assert worker.state(session.connection_id) == "waiting"


def test_a_run_that_was_to_stop_when_the_server_did_ends_when_it_starts(session: Session) -> None:
    with session.hub.engine.begin() as db:
        run = runs.start(db, session.connection_id, "sync-left", "1", session.wiki.clock())
        runs.stop(db, run.id, CANCELLED)
    recorder = Recorder(session)
    asyncio.run(waited(Worker(session.hub, recorder)))
    assert (latest(session).state, latest(session).message) == (RunState.CANCELLED, CANCELLED)
    assert recorder.begun == []


def test_resuming_what_is_in_step_asks_for_nothing(session: Session) -> None:
    session.sync()
    worker = Worker(session.hub)
    worker.pause(session.connection_id, None)
    worker.resume(session.connection_id, None)
    assert worker.state(session.connection_id) is None


@pytest.mark.parametrize("calling_off", [Worker.cancel, paused])
def test_deletions_that_were_approved_for_a_sync_that_was_called_off_wait_for_a_person_again(
    tmp_path: Path, calling_off: Callable[[Worker, int], None]
) -> None:
    wiki = Wiki()
    gone = wiki.page("Gone")
    with connected(wiki, tmp_path / "home", settings=Settings(brake_pages=0, brake_share=0.0)) as session:
        session.sync()
        changes.purge(wiki.site, gone)
        worker, id_ = Worker(session.hub), session.connection_id
        worker.approve(id_, None)
        calling_off(worker, id_)
        worker.resume(id_, None)
        worker.ask(id_)
        asyncio.run(worked(worker, lambda: worker.state(id_) is None))
        assert latest(session).counters["waiting_deletions"] == 1


def test_an_approval_is_written_down_once_and_does_not_hold_where_it_cannot_be(tmp_path: Path) -> None:
    wiki = Wiki()
    gone = wiki.page("Gone")

    def failing(_: Connection) -> None:
        raise OSError("The disk is full")

    with connected(wiki, tmp_path / "home", settings=Settings(brake_pages=0, brake_share=0.0)) as session:
        session.sync()
        changes.purge(wiki.site, gone)
        worker, id_, engine = Worker(session.hub), session.connection_id, session.hub.engine
        event.listen(engine, "commit", failing)
        with pytest.raises(OSError, match="full"):
            worker.approve(id_, OLGA)
        event.remove(engine, "commit", failing)
        for waiting, approvals in ((1, []), (0, ["Olga"])):
            if approvals:
                worker.approve(id_, OLGA)
            else:
                worker.ask(id_)
            asyncio.run(worked(worker, lambda: worker.state(id_) is None))
            assert latest(session).counters["waiting_deletions"] == waiting
            with reading(engine) as db:
                written = deeds.newest(db, deeds.Wanted(acts=["deletions approved"]), limit=9)
            assert [deed.member for deed in written] == approvals


@pytest.mark.parametrize("rested", [False, True])
def test_a_removed_connection_comes_back_as_it_was_and_rests_if_it_did(session: Session, rested: bool) -> None:
    worker, id_ = Worker(session.hub), session.connection_id
    if rested:
        worker.pause(id_, None)
        session.wiki.clock.forward(minutes=1)
    worker.remove(id_, OLGA)
    session.wiki.clock.forward(minutes=1)
    worker.restore(id_, OLGA)
    with reading(session.hub.engine) as db:
        assert (plans.plan(db, id_).paused_at is not None) == rested
    assert worker.state(id_) == (None if rested else "waiting")


@pytest.mark.parametrize(("calling_off", "why"), [(Worker.cancel, CANCELLED), (paused, PAUSED)])
def test_a_sync_that_is_called_off_between_its_turn_and_its_run_ends_before_it_stores_anything(
    session: Session, calling_off: Callable[[Worker, int], None], why: str
) -> None:
    page, id_, left = session.wiki.page("Home"), session.connection_id, ["once"]

    def clock() -> datetime:
        if left and worker.state(id_) == "syncing":
            left.clear()
            calling_off(worker, id_)
        return session.wiki.clock()

    worker = Worker(replace(session.hub, clock=clock))
    worker.ask(id_)
    asyncio.run(worked(worker, lambda: worker.state(id_) is None))
    assert (latest(session).state, latest(session).message) == (RunState.CANCELLED, why)
    assert page.id not in session.visible(session.wiki.bob)
