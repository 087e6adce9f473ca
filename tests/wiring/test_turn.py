"""While others wait, no connection has more than its turn, and what it had done by then is not done again."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstem.confluence.credentials import EmailToken
from mainstem.settings import Settings
from mainstem.store import events, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.runs import RunState
from mainstem.sync.connecting import Wanted
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.content import Kind
from mainstem.wiring.worker import Worker
from tests.sync.larkhill import Session, Wiki, connected, watched
from tests.wiring.working import worked


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Session]:
    """A hub whose turns are half a second, with two connections to one wiki: the session's, and Second."""
    wiki = Wiki()
    with connected(wiki, tmp_path / "home", settings=Settings(turn_minutes=0.01)) as session:
        wanted = Wanted(
            url=wiki.site.base_url,
            credential=EmailToken("sync@larkhill.example", "sync-api-token"),
            name="Second",
            kinds=frozenset({Kind.PAGE}),
        )
        asyncio.run(session.hub.connect_again(wanted, by=None))
        yield session


def test_a_sync_that_takes_long_makes_way_for_whoever_waits_and_goes_on_behind_them(impatient: Session) -> None:
    turns: list[str] = []

    async def sync(connection: SavedConnection) -> None:
        turns.append(connection.name)
        if turns.count("Larkhill") == 1:
            await asyncio.Event().wait()

    worker = Worker(impatient.hub, sync)
    for connection_id in (1, 2):
        worker.ask(connection_id)
        impatient.wiki.clock.forward(seconds=1)
    impatient.wiki.clock.forward(seconds=1)
    asyncio.run(worked(worker, lambda: len(turns) >= 3))
    assert turns[:3] == ["Larkhill", "Second", "Larkhill"]


def test_nobody_makes_way_while_nobody_waits(impatient: Session) -> None:
    turns: list[str] = []

    async def sync(connection: SavedConnection) -> None:
        await asyncio.sleep(1)
        turns.append(connection.name)

    worker = Worker(impatient.hub, sync)
    worker.ask(1)
    asyncio.run(worked(worker, lambda: bool(turns)))
    assert turns == ["Larkhill"]


def test_what_a_sync_had_done_before_it_made_way_is_not_done_again(impatient: Session) -> None:
    pages = impatient.wiki.pages(3)
    turns: list[int] = []

    async def make_way() -> None:
        if len(turns) == 1:
            worker.ask(2)
            await asyncio.Event().wait()

    hub = watched(impatient.hub, "-comments", make_way)

    async def sync(connection: SavedConnection) -> None:
        turns.append(connection.id)
        if connection.id == 1:
            await hub.sync(connection)

    worker = Worker(hub, sync)
    worker.ask(1)

    def done() -> bool:
        impatient.wiki.clock.forward(seconds=1)
        return bool(turns) and not worker.states()

    asyncio.run(worked(worker, done))
    with reading(hub.engine) as db:
        (run,) = runs.history(db, 1, limit=9)
        told = [line.text for line in events.lines(db, events.Wanted(), viewer=OPERATOR, limit=99)]
    assert turns == [1, 2, 1]
    assert (run.state, run.counters["added"]) == (RunState.DONE, len(pages))
    assert told.count("Sync resumed") == told.count("Sync started") == 1
