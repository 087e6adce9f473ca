"""What a server does behind its pages."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mainstem.store import connections, runs
from mainstem.store.connections import SavedConnection
from mainstem.wiring.worker import Worker
from tests.sync.larkhill import Session, Wiki, connected


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with connected(Wiki(), tmp_path / "home") as session:
        yield session


async def worked(worker: Worker, until: Callable[[], bool]) -> None:
    """Let it work until something has come about."""
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        working = tasks.create_task(worker.work())
        while not until():  # noqa: ASYNC110 - what is waited for is no event of the worker
            await asyncio.sleep(0)
        working.cancel()


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


def test_whoever_asks_twice_is_waiting_once_and_a_gone_connection_is_passed_over(session: Session) -> None:
    synced: list[str] = []

    async def sync(connection: SavedConnection) -> None:
        synced.append(connection.name)

    worker = Worker(session.hub, sync)
    assert worker.ask(99)
    assert worker.ask(session.connection_id)
    assert not worker.ask(session.connection_id)
    asyncio.run(worked(worker, lambda: bool(synced)))
    assert synced == ["Larkhill"]


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
