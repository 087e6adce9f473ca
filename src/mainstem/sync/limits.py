"""Shares what a site allows among all workers that sync from it: requests at a time, and the rest that it asks one for.

Where one process owns the store it syncs one connection at a time, and there is nobody to share with.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine

from mainstem.confluence.client import Confluence
from mainstem.store import workers
from mainstem.store.database import reading
from mainstem.store.workers import Sharing
from mainstem.sync.side_by_side import together

LOOK = 1.0
"""Seconds between looks at what the others do."""


@asynccontextmanager
async def shared_limits(
    engine: Engine, connection_id: int, confluence: Confluence, clock: Callable[[], datetime]
) -> AsyncIterator[None]:
    """Leave room for the others of the same site until the block ends."""
    if engine.dialect.name != "postgresql":
        yield
        return
    async with together() as tasks:
        sharing = tasks.create_task(_share(engine, connection_id, confluence, clock))
        try:
            yield
        finally:
            sharing.cancel()


async def _share(engine: Engine, connection_id: int, confluence: Confluence, clock: Callable[[], datetime]) -> None:
    while True:
        sharing = await asyncio.to_thread(_look, engine, connection_id)
        rest = (sharing.rests_until - clock()) if sharing.rests_until else timedelta(0)
        confluence.make_way(sharing.number, max(0.0, rest.total_seconds()))
        await asyncio.sleep(LOOK)


def _look(engine: Engine, connection_id: int) -> Sharing:
    with reading(engine) as db:
        return workers.sharing(db, connection_id)
