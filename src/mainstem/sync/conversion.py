"""Converts bodies beside everything else: a few in a thread, many in a process of their own, on another core.

What comes back for a body that the converter fails on, or dies of, is the cause, as text: one odd page must not end a
run.
"""

import asyncio
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mainstem.sync.collector import collect_seldom
from mainstem.sync.processes import context, end_with_parent
from mainstem.sync.version import extraction_version
from mainstem.wiki.conversion import AS_IT_STANDS, ConversionOptions
from mainstem.wiki.documents import Converted, LinkResolver

MANY = 50
"""From so many bodies on, a process is worth the tenths of a second that it takes to start."""

KILLER = "Conversion failed: the process that tried it died, of memory or of a crash"


def convert_all(
    bodies: Sequence[str], people: LinkResolver, options: ConversionOptions = AS_IT_STANDS
) -> list[Converted | str]:
    """What becomes of each body, or why nothing does."""
    return [_convert(body, people, options) for body in bodies]


def _convert(body: str, people: LinkResolver, options: ConversionOptions) -> Converted | str:
    from mainstem.convert import extract, parse  # noqa: PLC0415  takes a tenth of a second, most often elsewhere

    try:
        made = extract(parse(body, options=options), people)
        return replace(made, extraction=extraction_version(options))
    except Exception as error:  # noqa: BLE001 - the border to the converter
        # What it says may quote the page, and whoever reads of it may not be allowed to.
        return f"Conversion failed: {type(error).__name__} {_place(error)}"


def _place(error: Exception) -> str:
    """Where in our code an error came up."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"in line {place.lineno} of {Path(place.filename).name}"


class Conversion:
    """Where a run converts. Make it with `conversion()`."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def convert(
        self,
        bodies: Sequence[str],
        people: LinkResolver,
        options: ConversionOptions = AS_IT_STANDS,
        *,
        apart: bool | None = None,
    ) -> list[Converted | str]:
        """What becomes of each body, or why nothing does. `apart`: in a process; None: when they are many."""
        if not (len(bodies) >= MANY if apart is None else apart):
            return await asyncio.to_thread(convert_all, bodies, people, options)
        pool = self._pool = self._pool or _process()
        try:
            return await _converted_in(pool, bodies, people, options)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
            return await _in_halves(bodies, people, options)

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


async def _in_halves(bodies: Sequence[str], people: LinkResolver, options: ConversionOptions) -> list[Converted | str]:
    """Convert what a process died of, each half in a process of its own, down to the one body that kills."""
    if len(bodies) == 1:
        return [KILLER]
    middle = len(bodies) // 2
    made: list[Converted | str] = []
    for half in (bodies[:middle], bodies[middle:]):
        pool = _process()
        try:
            made += await _converted_in(pool, half, people, options)
        except BrokenProcessPool:
            made += await _in_halves(half, people, options)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return made


async def _converted_in(
    pool: ProcessPoolExecutor, bodies: Sequence[str], people: LinkResolver, options: ConversionOptions
) -> list[Converted | str]:
    return await asyncio.get_running_loop().run_in_executor(pool, convert_all, bodies, people, options)


def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=context(), initializer=_begin)


def _begin() -> None:
    collect_seldom()
    end_with_parent()
