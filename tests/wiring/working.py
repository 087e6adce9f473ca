"""A worker that works until something has come about."""

import asyncio
from collections.abc import Callable

from mainstem.wiring.worker import Worker


async def worked(worker: Worker, until: Callable[[], bool]) -> None:
    """Let it work until something has come about."""
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        working = tasks.create_task(worker.work())
        while not until():  # noqa: ASYNC110 - what is waited for is no event of the worker
            await asyncio.sleep(0.005)
        working.cancel()
