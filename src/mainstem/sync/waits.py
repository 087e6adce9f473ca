"""Shows in a run's row when Confluence asks for patience, so that a person reads "waiting", not an error (Y7)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine

from mainstem.confluence.client import Waiting
from mainstem.store import events, runs, workers
from mainstem.store.runs import Run, RunState
from mainstem.sync import log
from mainstem.sync.side_by_side import together

WORTH_SHOWING = 1.0
"""Seconds. A shorter wait is over before anybody has read of it."""

WORTH_LOGGING = 5.0
"""Seconds. Of shorter waits there may be many, and each is over before anybody could do anything about it."""


@asynccontextmanager
async def shown_waits(
    engine: Engine, run: Run, clock: Callable[[], datetime]
) -> AsyncIterator[Callable[[Waiting], None]]:
    """What to call when a wait begins. The next batch that is stored shows the run as running again."""
    waits: asyncio.Queue[Waiting] = asyncio.Queue()
    async with together() as tasks:
        showing = tasks.create_task(_show(waits, engine, run, clock))
        try:
            yield waits.put_nowait
        finally:
            showing.cancel()


async def _show(waits: asyncio.Queue[Waiting], engine: Engine, run: Run, clock: Callable[[], datetime]) -> None:
    while True:
        waiting = await waits.get()
        if waiting.seconds >= WORTH_SHOWING:
            message = f"{waiting.reason}; resumes in {waiting.seconds:.0f} s"
            await asyncio.to_thread(_write, engine, run, message, waiting, clock())


def _write(engine: Engine, run: Run, message: str, waiting: Waiting, now: datetime) -> None:
    with engine.begin() as db:
        runs.progress(db, run.id, now, state=RunState.WAITING, message=message)
        if waiting.for_all:
            workers.rest(db, run.connection_id, now + timedelta(seconds=waiting.seconds))
        if waiting.seconds >= WORTH_LOGGING:
            events.log(db, [log.waited(run, now, waiting)])
