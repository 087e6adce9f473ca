"""Sources are read while other things happen, and give the same batches in the same order all the same."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Connection

from mainstem.sync.ahead import Fetched, Prepared, ReadAhead, Source
from mainstem.sync.ledger import Written

pytestmark = pytest.mark.anyio


class Shelf:
    """A source of so many batches that remembers where it was opened and how many of them were fetched."""

    def __init__(self, batches: int) -> None:
        self.batches = batches
        self.opened: list[str | None] = []
        self.fetched = 0
        self.touched = asyncio.Event()

    async def open(self, cursor: str | None) -> AsyncIterator[Fetched]:
        self.opened.append(cursor)
        for number in range(int(cursor or 0), self.batches):
            self.fetched += 1
            self.touched.set()
            yield partial(_prepared, number + 1)

    @property
    def source(self) -> Source:
        return Source("a shelf", self.open)


async def _prepared(behind: int) -> Prepared:
    return Prepared(_write_nothing, str(behind))


def _write_nothing(_: Connection, __: datetime) -> Written:
    return Written()


async def _rest(ahead: ReadAhead, number: int, cursor: str | None) -> list[str | None]:
    """The cursors behind all batches that follow `cursor`."""
    found: list[str | None] = []
    while True:
        taken = await ahead.take(number, cursor)
        if taken.prepared is not None:
            found.append(taken.prepared.cursor)
        if taken.last:
            return found


async def test_the_first_source_is_read_before_anybody_takes_from_it_and_no_other_is() -> None:
    one, other = Shelf(3), Shelf(3)
    async with asyncio.TaskGroup() as tasks:
        ahead = ReadAhead([one.source, other.source], tasks)
        ahead.begin()
        await one.touched.wait()
        assert other.opened == []
        assert await _rest(ahead, 0, None) == ["1", "2", "3"]
        assert await _rest(ahead, 1, None) == ["1", "2", "3"]
    assert (one.opened, other.opened) == ([None], [None])


async def test_what_was_taken_before_is_not_read_again() -> None:
    shelf = Shelf(5)
    async with asyncio.TaskGroup() as tasks:
        assert await _rest(ReadAhead([shelf.source], tasks), 0, "3") == ["4", "5"]
    assert (shelf.opened, shelf.fetched) == (["3"], 2)


async def test_there_may_be_nothing_to_begin_with() -> None:
    async with asyncio.TaskGroup() as tasks:
        ReadAhead([], tasks).begin()
