"""Ends a run that a person wants to end: before its next batch is written, or at once where it waits for Confluence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Engine

from mainstem.errors import StopRun
from mainstem.store import runs
from mainstem.store.database import reading
from mainstem.sync.side_by_side import together

LOOK = 1.0
"""Seconds between looks."""


class Stopped(StopRun):
    """Somebody wants this run to end; the text says why. What it has stored is kept."""


@asynccontextmanager
async def stoppable(engine: Engine, run_id: int) -> AsyncIterator[None]:
    """Raise Stopped within a moment of somebody wanting a run to end, whatever it does or waits for meanwhile."""
    async with together() as tasks:
        watching = tasks.create_task(_watch(engine, run_id))
        try:
            yield
        finally:
            watching.cancel()


async def _watch(engine: Engine, run_id: int) -> None:
    while True:
        await asyncio.sleep(LOOK)
        why = await asyncio.to_thread(_wanted, engine, run_id)
        if why is not None:
            raise Stopped(why)


def _wanted(engine: Engine, run_id: int) -> str | None:
    with reading(engine) as db:
        run = runs.run(db, run_id)
    return None if run is None else run.stop
