"""Converts bodies beside everything else: a few in a thread, many in a process of their own, on another core.

What comes back for a body that the converter fails on is the cause, as text: one odd page must not end a run.
"""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from mainstem.convert import extract, parse
from mainstem.sync.processes import context
from mainstem.wiki.documents import Converted, LinkResolver

MANY = 50
"""From so many bodies on, a process is worth the tenths of a second that it takes to start."""


def convert_all(bodies: Sequence[str], people: LinkResolver) -> list[Converted | str]:
    """What becomes of each body, or why nothing does."""
    return [_convert(body, people) for body in bodies]


def _convert(body: str, people: LinkResolver) -> Converted | str:
    try:
        return extract(parse(body), people)
    except Exception as error:  # noqa: BLE001 - the border to the converter
        return f"Conversion failed: {error!r}"


class Conversion:
    """Where a run converts. Make it with `conversion()`."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def convert(self, bodies: Sequence[str], people: LinkResolver) -> list[Converted | str]:
        """What becomes of each body, or why nothing does."""
        if len(bodies) < MANY:
            return await asyncio.to_thread(convert_all, bodies, people)
        if self._pool is None:
            self._pool = _process()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, convert_all, bodies, people)
        except BrokenProcessPool:
            # Somebody killed it; what it does can be done here as well.
            self._pool = None
            return await asyncio.to_thread(convert_all, bodies, people)

    def close(self) -> None:
        """Let the process go."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def conversion() -> Iterator[Conversion]:
    """A place to convert, for as long as the block lasts."""
    place = Conversion()
    try:
        yield place
    finally:
        place.close()


def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=context(), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A killed parent says no goodbye, and its pool would wait for work for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
