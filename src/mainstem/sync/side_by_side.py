"""Calls at the same time: several of one kind with their results in order, and tasks beside the work that needs them.

What goes wrong comes out as the error of Mainstem's own that came first, not as a group of whatever it brought down.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

from mainstem.errors import MainstemError

Item = TypeVar("Item")
Result = TypeVar("Result")


@asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group whose first error of Mainstem's own ends the rest and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except* MainstemError as failed:
        raise _first(failed) from None


async def each(call: Callable[[Item], Awaitable[Result]], items: Iterable[Item], *, at_once: int = 8) -> list[Result]:
    """The result of `call` for each item, in order, with at most `at_once` calls under way."""
    turn = asyncio.Semaphore(at_once)

    async def one(item: Item) -> Result:
        async with turn:
            return await call(item)

    async with together() as tasks:
        running = [tasks.create_task(one(item)) for item in items]
    return [task.result() for task in running]


def _first(failed: BaseExceptionGroup[MainstemError]) -> MainstemError:
    first = failed.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
