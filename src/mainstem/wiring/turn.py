"""A connection's turn at a worker: its sync, for as long as that takes or, while others wait, for a while.

A sync that is broken off stays unfinished, and goes on behind its last batch when its turn comes again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

from anyio.from_thread import start_blocking_portal

LOOK = 1.0
"""Seconds between looks at whether others wait."""


class Turn:
    """One turn. `over`: it ended because others waited."""

    def __init__(self, seconds: float, others_wait: Callable[[], bool]) -> None:
        """`others_wait` tells, in another thread, whether some connection could be synced instead."""
        self._seconds = seconds
        self._others_wait = others_wait
        self._under_way: Future[object] | None = None
        self.over = False

    async def take(self, sync: Callable[[], Awaitable[object]]) -> None:
        """Sync until it has ended. Raises what it raises, and CancelledError where it was broken off."""
        # The durable engine takes the threads of the loop that it runs in, and ends them with itself.
        with start_blocking_portal() as portal:
            self._under_way = portal.start_task_soon(sync)
            ended = asyncio.wrap_future(self._under_way)
            ends_at = time.monotonic() + self._seconds
            try:
                while not (await asyncio.wait({ended}, timeout=min(LOOK, self._seconds)))[0]:
                    if time.monotonic() >= ends_at and await asyncio.to_thread(self._others_wait):
                        self.over = self._under_way.cancel()
                        break
                await ended
            finally:
                self._under_way.cancel()

    def break_off(self) -> None:
        """End it here and now, from whatever thread."""
        if self._under_way is not None:
            self._under_way.cancel()
