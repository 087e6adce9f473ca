"""Reading beside the server: in processes of their own, on other cores, once people wait for each other.

One process of Python makes one page at a time. So while several are waited for, what only reads is also answered by
processes that open the home as any other reader does. They hold nothing that a server does not: who asks, what they may
read and what the index says is looked up at each request. What changes something, lasts or streams is answered here, by
the process that owns the home; and so is what a process was asked that died.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstem.cli.faces import faces_to_read
from mainstem.settings import Settings
from mainstem.sync.collector import collect_seldom
from mainstem.sync.processes import context, end_with_parent
from mainstem.web.offers import Offers
from mainstem.wiring.home import PRIVATE
from mainstem.wiring.reader import Clock, open_reader

READS = ("/search", "/palette", "/documents/", "/api/v1/search", "/api/v1/suggest", "/api/v1/documents/")
"""How the paths begin of what looks at what is stored, answers at once, and is told whole."""

KEPT = (
    *("type", "asgi", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path"),
    *("headers", "client", "server"),
)
"""What of a request another process is told: not what lives in this one."""

FEW = 3
"""As many as may wait at once before processes start: that is over before they have."""

REST = 60.0
"""Seconds without a question after which they end, and after which others may follow those that died."""

MOST = 4
"""Processes that start unless somebody wants more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def reading_processes(settings: Settings) -> int:
    """How many processes may read beside the server: as many as are set, else one for each core but the first."""
    if settings.reading_processes is not None:
        return settings.reading_processes
    return min(MOST, (os.cpu_count() or 1) - 1)


class Beside:
    """ASGI application: one that answers here, and processes beside it that answer some of what only reads.

    `work` must run for there to be any.
    """

    def __init__(self, here: ASGIApp, many: int, begin: Callable[[], Executor], rest: float = REST) -> None:
        """`begin` makes a pool of `many` processes, each of which was opened to `answer`."""
        self._answer_here = here
        self._many = many
        self._begin = begin
        self._rest = rest
        self._here = self._there = 0
        self._pool: Executor | None = None
        self._wanted = asyncio.Event()
        self._asked = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, wherever that is sooner."""
        if not self._many or not only_reads(scope):
            await self._answer_here(scope, receive, send)
            return
        told = await self._told(scope)
        if told is not None:
            await send({"type": "http.response.start", "status": told.status, "headers": told.headers})
            await send({"type": "http.response.body", "body": told.body})
            return
        self._here += 1
        if self._here > FEW:
            self._wanted.set()
        try:
            await self._answer_here(scope, receive, send)
        finally:
            self._here -= 1

    @property
    def ready(self) -> bool:
        """Whether there are processes just now."""
        return self._pool is not None

    async def work(self) -> None:
        """Have processes whenever people wait, for as long as they are asked something, until cancelled."""
        while True:
            await self._wanted.wait()
            # Starting them takes a moment, which nobody is to wait for.
            pool = await asyncio.to_thread(self._begin)
            try:
                for opening in await asyncio.to_thread(_opening, pool, self._many):
                    await asyncio.wrap_future(opening)
                self._pool, self._asked = pool, True
                while self._asked:
                    self._asked = False
                    await asyncio.sleep(self._rest)
            except BrokenExecutor as error:
                log.warning("No process can be had that reads beside the server: %s", error)
                await asyncio.sleep(self._rest)
            finally:
                self._pool = None
                self._wanted.clear()
                pool.shutdown(wait=False)

    async def _told(self, scope: Scope) -> Answer | None:
        """What a process answers; None where fewer wait here, none can be asked, or it fails."""
        pool = self._pool
        if pool is None or (self._there + 1) / self._many >= self._here + 1:
            return None
        self._asked = True
        self._there += 1
        try:
            return await asyncio.wrap_future(pool.submit(answer, {name: scope[name] for name in KEPT if name in scope}))
        except BrokenExecutor as error:
            log.warning("A process that read beside the server is gone: %s", error)
            self._pool = None
            return None
        finally:
            self._there -= 1


def only_reads(scope: Scope) -> bool:
    """Whether any process can answer a request that has opened the home to read."""
    path: str = scope.get("path", "")
    return scope["type"] == "http" and scope["method"] == "GET" and path.startswith(READS)


def _opening(pool: Executor, many: int) -> list[Future[bool]]:
    return [pool.submit(is_open) for _ in range(many)]


def processes(many: int, settings: Settings, folder: Path, clock: Clock, offers: Offers) -> Executor:
    """A pool of processes that read a home, which another process owns. `clock` can be sent to them."""
    return ProcessPoolExecutor(many, context(), _open, (settings, folder, clock, offers))


_opened = list[tuple[ExitStack, ASGIApp, asyncio.Runner]]()
"""What this process answers with, if it is one of those."""


def _open(settings: Settings, folder: Path, clock: Clock, offers: Offers) -> None:
    os.umask(PRIVATE)
    end_with_parent()
    opened = ExitStack()
    reader = opened.enter_context(open_reader(settings, folder=folder, clock=clock))
    _opened.append((opened, faces_to_read(reader, settings, offers), asyncio.Runner()))
    collect_seldom()


def is_open() -> bool:
    """Whether this process is ready to answer."""
    return bool(_opened)


def answer(scope: dict[str, Any]) -> Answer | None:
    """Answer a request that has no body, in this process, which does nothing else meanwhile; None where that fails."""
    [(_, app, runner)] = _opened
    try:
        return runner.run(_answered(app, scope))
    except Exception:  # noqa: BLE001 - the server meets it too when it answers instead, and logs it as any other
        return None


async def _answered(app: ASGIApp, scope: dict[str, Any]) -> Answer:
    begun, body = list[Message](), bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            begun.append(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(begun[0]["status"], list(begun[0]["headers"]), bytes(body))
