"""Keeps a hub's index up to date while it works: little in a thread, much in a process of its own, on another core.

The process needs nothing but the addresses of the store and of the index. It ends with its parent, however that ends,
because the line between them breaks; and as it only follows the journal, it does no harm by finishing what it began.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection as Line
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import Engine

from mainstem.index.errors import IndexHeld
from mainstem.index.local import LocalIndex
from mainstem.store.database import open_database
from mainstem.sync import indexing, processes
from mainstem.sync.collector import collect_seldom
from mainstem.wiring.home import PRIVATE

MUCH = 200
"""Journal entries. Indexing fewer takes less time than starting a process."""


@dataclass(slots=True)
class Indexer:
    """Follows the journal of one hub. `folder` is the home of `index`."""

    engine: Engine
    index: LocalIndex
    folder: Path
    _process: BaseProcess | None = field(default=None, init=False)
    _line: Line | None = field(default=None, init=False)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follow meanwhile, and to the end of the journal before leaving."""
        ended = asyncio.Event()
        # A thread of its own: the durable engine takes those of the loop, and ends them with itself.
        with ThreadPoolExecutor(1) as thread:
            async with asyncio.TaskGroup() as tasks:
                follower = tasks.create_task(self._follow(ended, thread))
                try:
                    yield
                finally:
                    ended.set()
                    # Also where it broke off: whoever writes next must find the index free.
                    await asyncio.wait([follower])

    async def _follow(self, ended: asyncio.Event, thread: Executor) -> None:
        in_thread = partial(asyncio.get_running_loop().run_in_executor, thread)
        while not ended.is_set() and self._process is None:
            await in_thread(self._look)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), indexing.PAUSE)
        await ended.wait()
        await in_thread(self._finish)

    def _look(self) -> None:
        # An index that is empty is about to be filled.
        filling = self.index.position == 0 and processes.prepared()
        if not filling and indexing.behind(self.engine, self.index) <= MUCH:
            indexing.catch_up(self.engine, self.index)
            return
        self.index.close()
        made_by = processes.context()
        self._line, theirs = made_by.Pipe()
        url = self.engine.url.render_as_string(hide_password=False)
        self._process = made_by.Process(target=follow_until_hung_up, args=(url, self.folder, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def _finish(self) -> None:
        if self._process is not None and self._line is not None:
            self._line.close()
            self._process.join()
        # Nothing is left to do, unless the process was killed.
        indexing.catch_up(self.engine, self.index)


def follow_until_hung_up(url: str, folder: Path, line: Line) -> None:
    """Follow a journal until the other end of the line is gone, and then to its end."""
    os.umask(PRIVATE)
    collect_seldom()
    engine, index = open_database(url), LocalIndex(folder)
    hung_up = False
    while not hung_up:
        hung_up = line.poll(indexing.PAUSE)
        # Held by the process of a hub that was killed: it lets go as soon as it is done.
        with contextlib.suppress(IndexHeld):
            indexing.catch_up(engine, index)
    index.close()
    engine.dispose()
