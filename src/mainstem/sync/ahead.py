"""Reads ahead: the next sources are fetched and converted while the present one is being stored.

Sources are taken strictly in their order, so that a resumed run repeats the same order of batches; only the waiting
for Confluence overlaps. Memory is bounded: a source holds at most two batches that nobody has taken yet.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from mainstem.errors import MainstemError
from mainstem.sync.ledger import Writing


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that only needs its transaction. `cursor` is where its source goes on behind it."""

    write: Writing
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Batches in order. `open(cursor)` starts behind a batch that was taken before, from the beginning with None."""

    name: str
    open: Callable[[str | None], AsyncIterator[Prepared]]


@dataclass(frozen=True, slots=True)
class Taken:
    """One batch of a source; `last` when none follows. `prepared` None: the source had nothing at all."""

    prepared: Prepared | None
    last: bool


class ReadAhead:
    """Takes from sources in their order while up to `window` of them are being read."""

    def __init__(self, sources: Sequence[Source], tasks: asyncio.TaskGroup, *, window: int = 4) -> None:
        """The reading happens in `tasks`; leave that group only after everything was taken, or by an error."""
        self.sources = sources
        self._tasks = tasks
        self._window = window
        self._queues: dict[int, asyncio.Queue[Taken | MainstemError]] = {}

    async def take(self, number: int, cursor: str | None) -> Taken:
        """The next batch of source `number`, which stands at `cursor`. Raises what reading it raised."""
        self._open(number, cursor)
        for following in range(number + 1, min(number + self._window, len(self.sources))):
            self._open(following, None)
        taken = await self._queues[number].get()
        if isinstance(taken, MainstemError):
            raise taken
        return taken

    def _open(self, number: int, cursor: str | None) -> None:
        if number not in self._queues:
            self._queues[number] = asyncio.Queue(maxsize=2)
            self._tasks.create_task(self._read(number, cursor))

    async def _read(self, number: int, cursor: str | None) -> None:
        queue = self._queues[number]
        waiting: Prepared | None = None
        try:
            async for prepared in self.sources[number].open(cursor):
                if waiting is not None:
                    await queue.put(Taken(waiting, last=False))
                waiting = prepared
        except MainstemError as error:
            if waiting is not None:
                await queue.put(Taken(waiting, last=False))
            await queue.put(error)
        else:
            await queue.put(Taken(waiting, last=True))
