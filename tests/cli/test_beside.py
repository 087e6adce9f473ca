"""Reading in processes beside the server: the same to everybody, as current, and no loss when they go."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from mainstem.accounts import sessions
from mainstem.cli.beside import FEW, Answer, Beside, is_open, only_reads, processes, reading_processes
from mainstem.settings import Settings
from mainstem.web.offers import Offers
from tests.web.desk import Desk, served

pytestmark = pytest.mark.anyio

KETTLE = "/search?q=kettle"
PATIENCE = 180.0
"""Seconds: a process loads all that pages are made of, which takes long where many tests run at once."""


@dataclass
class Held:
    """Pages that keep whoever asks waiting until they are let go."""

    app: ASGIApp
    free: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await self.free.wait()
        await self.app(scope, receive, send)


@asynccontextmanager
async def busy(beside: Beside, held: Held) -> AsyncIterator[None]:
    """So many wait at once that processes start, and until there are some."""
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(beside), base_url="http://hub.example") as somebody,
        asyncio.timeout(PATIENCE),
        asyncio.TaskGroup() as tasks,
    ):
        working = tasks.create_task(beside.work())
        waiting = [tasks.create_task(somebody.get(KETTLE)) for _ in range(FEW + 1)]
        while not beside.ready:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        yield
        held.free.set()
        await asyncio.wait(waiting)
        working.cancel()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path / "home") as desk:
        desk.session.sync()
        desk.tie(desk.olga, desk.session.wiki.bob)
        yield desk


def timeless(page: httpx.Response) -> str:
    return re.sub(r"in [\d,]+ ms", "", page.text)


async def test_processes_say_what_the_server_says_and_hear_of_every_change_at_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    hub, held, pools = desk.session.hub, Held(desk.app), list[Executor]()

    def begin() -> Executor:
        pools.append(processes(1, hub.settings, hub.home.folder, desk.session.wiki.clock, Offers(connections=True)))
        return pools[-1]

    beside = Beside(held, 1, begin)
    cookies = {"mainstem_session": desk.tokens["olga"]}
    transport = httpx.ASGITransport(beside)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://hub.example", cookies=cookies) as olga,
        httpx.AsyncClient(transport=transport, base_url="http://hub.example") as stranger,
        desk.browser("olga") as olga_here,
        busy(beside, held),
    ):
        page = await olga.get(KETTLE)
        document = re.findall(r"/documents/\d+", page.text)[0]
        for path in (KETTLE, document, "/palette?q=kettl", "/documents/999", "/documents/no"):
            there, here = await olga.get(path), await olga_here.get(path)
            assert (there.status_code, timeless(there)) == (here.status_code, timeless(here)), path
            assert there.headers.items() >= {("content-security-policy", here.headers["content-security-policy"])}
        assert 'href="/connections"' in page.text
        assert (await olga.get("/api/v1/search?q=kettle")).json()["total"] == 1
        for path in (KETTLE, document):
            assert (await stranger.get(path)).headers["location"].startswith("/login")
        assert (await stranger.get("/api/v1/search?q=kettle")).status_code == 401

        desk.session.wiki.page("Teapot", "<p>It pours.</p>")
        desk.session.wiki.restrict(desk.page, desk.session.wiki.alice)
        await asyncio.to_thread(desk.session.sync)
        assert "Teapot" in (await olga.get("/search?q=pours")).text
        assert (await olga.get(document)).status_code == 404
        assert "Kettle" not in (await olga.get("/search?q=boil")).text

        with hub.engine.begin() as db:
            sessions.sign_out(db, desk.tokens["olga"])
        assert (await olga.get(KETTLE)).headers["location"].startswith("/login")

        assert held.asked == FEW + 1, "the server answered what a process was to answer"
        os.kill(pools[0].submit(os.getpid).result(), signal.SIGKILL)
        async with asyncio.TaskGroup() as tasks:
            last = tasks.create_task(olga.get(KETTLE))
            while "is gone" not in caplog.text:  # noqa: ASYNC110 - it tells the log
                await asyncio.sleep(0.01)
            held.free.set()
        assert last.result().headers["location"].startswith("/login")
        assert held.asked == FEW + 2


class There(Executor):
    """Processes as the server sees them, which answer when they are told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.asked: list[Future[Any]] = []
        self.ended = False

    def submit(self, fn: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
        told: Future[Any] = Future()
        if self.fails:
            told.set_exception(BrokenProcessPool("it died"))
        elif fn is is_open:
            told.set_result(True)
        else:
            self.asked.append(told)
        return told

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT002, ARG002
        self.ended = True


async def said(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


async def test_it_is_asked_where_fewer_wait_and_processes_end_when_nobody_asks() -> None:
    there, held = There(), Held(said)
    beside = Beside(held, 2, lambda: there, rest=0.05)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(beside), base_url="http://hub.example") as somebody:
        assert not beside.ready
        async with busy(beside, held), asyncio.TaskGroup() as tasks:
            more = [tasks.create_task(somebody.get("/search")) for _ in range(12)]
            while held.asked + len(there.asked) < FEW + 1 + 12:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
            assert abs(len(there.asked) / 2 - held.asked) <= 1
            changing = tasks.create_task(somebody.post("/search"))
            failed, *told = there.asked
            failed.set_result(None)
            for each in told:
                each.set_result(Answer(200, [], b"there"))
            held.free.set()
        texts = [each.result().text for each in more]
        assert sorted(texts) == ["here"] * (len(more) - len(told)) + ["there"] * len(told)
        assert changing.result().text == "here"
        async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
            resting = tasks.create_task(beside.work())
            held.free.clear()
            waiting = [tasks.create_task(somebody.get("/search")) for _ in range(FEW + 1)]
            there.ended = False
            while not there.ended:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
            held.free.set()
            await asyncio.wait(waiting)
            resting.cancel()
        assert not beside.ready


async def test_where_no_process_can_be_had_the_server_answers_alone(caplog: pytest.LogCaptureFixture) -> None:
    held = Held(said)
    beside = Beside(held, 1, lambda: There(fails=True))
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(beside), base_url="http://hub.example") as somebody,
        asyncio.timeout(10),
        asyncio.TaskGroup() as tasks,
    ):
        working = tasks.create_task(beside.work())
        waiting = [tasks.create_task(somebody.get("/search")) for _ in range(FEW + 1)]
        while "No process can be had" not in caplog.text:  # noqa: ASYNC110 - it tells the log
            await asyncio.sleep(0.01)
        held.free.set()
        assert {(await each).text for each in waiting} == {"here"}
        working.cancel()


@pytest.mark.parametrize(
    ("method", "path", "read"),
    [
        ("GET", "/search", True),
        ("GET", "/search/complete", True),
        ("GET", "/palette", True),
        ("GET", "/documents/7", True),
        ("GET", "/api/v1/search", True),
        ("GET", "/api/v1/documents/7", True),
        ("POST", "/search", False),
        ("GET", "/files/7", False),
        ("GET", "/connections/1/events", False),
        ("GET", "/login", False),
        ("GET", "/mcp", False),
        ("GET", "/healthz", False),
    ],
)
def test_only_what_reads_and_is_told_at_once_goes_elsewhere(method: str, path: str, *, read: bool) -> None:
    assert only_reads({"type": "http", "method": method, "path": path}) is read


def test_there_are_as_many_as_are_set_and_else_one_for_each_further_core() -> None:
    assert [reading_processes(Settings(reading_processes=many)) for many in (0, 7)] == [0, 7]
    assert reading_processes(Settings()) == min(4, (os.cpu_count() or 1) - 1)
