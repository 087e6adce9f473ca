"""Reads ahead: what comes next is fetched, and then converted, while what is there is being stored.

Sources are taken strictly in their order, so that a resumed run repeats the same order of batches; only the waiting
overlaps. Memory is bounded: a source holds one batch that was fetched and two that were prepared.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mainstem.errors import MainstemError
from mainstem.sync.ledger import Writing


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that only needs its transaction. `cursor` is where its source goes on behind it; None where it cannot.

    `listed` is how many contents it names, `current` how many current ones of each space, `put_off` how many of them
    are still to be fetched.
    """

    write: Writing
    cursor: str | None = None
    listed: int = 0
    put_off: int = 0
    current: Mapping[str, int] = field(default_factory=dict)


Fetched = Callable[[], Awaitable[Prepared]]
"""A batch that was fetched and is still to be prepared."""


@dataclass(frozen=True, slots=True)
class Source:
    """Batches in order. `open(cursor)` starts behind a batch that was taken before, from the beginning with None.

    `space_ids` are the spaces it is about.
    """

    name: str
    open: Callable[[str | None], AsyncIterator[Fetched]]
    space_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """One batch of a source; `last` when none follows. `prepared` None: the source had nothing more."""

    prepared: Prepared | None
    last: bool


@dataclass(slots=True)
class _Belt:
    """What of one source is under way. None ends the fetched; an error ends either side."""

    fetched: "asyncio.Queue[Fetched | MainstemError | None]" = field(default_factory=lambda: asyncio.Queue(maxsize=1))
    ready: "asyncio.Queue[Taken | MainstemError]" = field(default_factory=lambda: asyncio.Queue(maxsize=2))


class ReadAhead:
    """Takes from sources in their order while up to `window` of them are being read."""

    def __init__(self, sources: Sequence[Source], tasks: asyncio.TaskGroup, *, window: int = 4) -> None:
        """The reading happens in `tasks`; leave that group only after everything was taken, or by an error."""
        self.sources = sources
        self._tasks = tasks
        self._window = window
        self._belts: dict[int, _Belt] = {}

    def begin(self) -> None:
        """Read the first source, of which nothing was taken before, though nobody takes from it yet."""
        if self.sources:
            self._open(0, None)

    async def take(self, number: int, cursor: str | None) -> Taken:
        """The next batch of source `number`, which stands at `cursor`. Raises what reading it raised."""
        self._open(number, cursor)
        for following in range(number + 1, min(number + self._window, len(self.sources))):
            self._open(following, None)
        taken = await self._belts[number].ready.get()
        if isinstance(taken, MainstemError):
            raise taken
        return taken

    def _open(self, number: int, cursor: str | None) -> None:
        if number not in self._belts:
            belt = self._belts[number] = _Belt()
            fetching = self._tasks.create_task(_fetch(self.sources[number].open(cursor), belt))
            self._tasks.create_task(_prepare(belt, fetching))


async def _fetch(batches: AsyncIterator[Fetched], belt: _Belt) -> None:
    try:
        async for fetched in batches:
            await belt.fetched.put(fetched)
    except MainstemError as error:
        await belt.fetched.put(error)
    else:
        await belt.fetched.put(None)


async def _prepare(belt: _Belt, fetching: asyncio.Task[None]) -> None:
    waiting: Prepared | None = None
    try:
        while (fetched := await belt.fetched.get()) is not None:
            if isinstance(fetched, MainstemError):
                raise fetched
            prepared = await fetched()
            if waiting is not None:
                await belt.ready.put(Taken(waiting, last=False))
            waiting = prepared
            if prepared.cursor is not None:
                # Something follows, so nobody needs to wait for it to know that.
                await belt.ready.put(Taken(prepared, last=False))
                waiting = None
    except MainstemError as error:
        fetching.cancel()
        if waiting is not None:
            await belt.ready.put(Taken(waiting, last=False))
        await belt.ready.put(error)
    else:
        await belt.ready.put(Taken(waiting, last=True))
