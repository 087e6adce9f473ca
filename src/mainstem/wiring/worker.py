"""Syncs for as long as a server runs: what it is asked to, and what a stopped server left unfinished.

One connection at a time, in the order of asking, for one engine of durable work lives in a process. It runs in an event
loop of its own, beside that of the pages. How a sync gets on stands in its run's row, where every face reads it; a
connection that is asked for twice is synced once.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial

from anyio.from_thread import start_blocking_portal

from mainstem.errors import MainstemError
from mainstem.store import connections, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.runs import ENDED
from mainstem.wiring import syncing
from mainstem.wiring.hub import Hub

Sync = Callable[[SavedConnection], Awaitable[object]]

log = logging.getLogger(__name__)


class Worker:
    """What works behind the pages. `work` must run for anything that is asked for to happen."""

    def __init__(self, hub: Hub, sync: Sync | None = None) -> None:
        """`sync` is the hub's own, unless given."""
        self._hub = hub
        self._sync = sync or partial(syncing.sync, hub, approve_deletions=False, requests=0)
        self._asked: OrderedDict[int, None] = OrderedDict()
        self._some = asyncio.Event()
        self._current: int | None = None

    def ask(self, connection_id: int) -> bool:
        """Sync a connection soon; False where that is waiting to happen already."""
        if connection_id in self._asked:
            return False
        self._asked[connection_id] = None
        self._some.set()
        return True

    def state(self, connection_id: int) -> str | None:
        """`waiting` for its turn, `syncing`, or None."""
        if connection_id == self._current:
            return "syncing"
        return "waiting" if connection_id in self._asked else None

    async def work(self) -> None:
        """Work until cancelled. A sync that is cut short by that goes on when a server is started again."""
        for connection_id in await asyncio.to_thread(self._unfinished):
            self.ask(connection_id)
        while True:
            await self._some.wait()
            while self._asked:
                self._current, _ = self._asked.popitem(last=False)
                await self._one(self._current)
                self._current = None
            self._some.clear()

    async def _one(self, connection_id: int) -> None:
        try:
            connection = await asyncio.to_thread(self._connection, connection_id)
            # The durable engine takes the threads of the loop that it runs in, and ends them with itself.
            with start_blocking_portal() as portal:
                await asyncio.wrap_future(portal.start_task_soon(self._sync, connection))
        except ConnectionGone:
            return
        except MainstemError as error:
            log.warning("Sync of connection %s: %s", connection_id, error)
        except Exception:
            # One sync that meets a defect of ours must not end all others; its row says that it failed.
            log.exception("Sync of connection %s failed", connection_id)

    def _connection(self, connection_id: int) -> SavedConnection:
        with reading(self._hub.engine) as db:
            return connections.connection(db, connection_id)

    def _unfinished(self) -> list[int]:
        with reading(self._hub.engine) as db:
            latest = [(each.id, runs.latest(db, each.id)) for each in reversed(connections.every(db))]
        return [connection_id for connection_id, run in latest if run is not None and run.state not in ENDED]
