"""A run that stands as begun while nobody works on it: so a restart of the database at the wrong moment leaves it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from mainstem.sync.durable import Checkpoints, Durable, LostOnTheWay

BEGUN = text("UPDATE workflow_status SET status = 'PENDING', owner_xid = 'lost', output = NULL, completed_at = NULL")


@pytest.mark.anyio
async def test_it_is_given_back_for_the_next_launch_and_ends_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'work.db'}"
    worked = list[int]()

    async def work(run_id: int, _: Callable[[int], Checkpoints]) -> None:
        worked.append(run_id)

    def durable(patience: float) -> Durable:
        engine = create_engine(f"sqlite:///{tmp_path / 'hub.db'}")
        return Durable(engine, system_url=url, executor_id="one", version="1", work=work, patience=patience)

    first = durable(0.3)
    first.launch()
    try:
        await first.finish(7, "sync-7")
        with create_engine(url).begin() as db:
            assert db.execute(BEGUN).rowcount == 1
        with pytest.raises(LostOnTheWay):
            await asyncio.wait_for(first.finish(7, "sync-7"), 20)
    finally:
        first.close()
    assert worked == [7]
    second = durable(20.0)
    second.launch()
    try:
        await asyncio.wait_for(second.finish(7, "sync-7"), 20)
        assert await second.is_over("sync-7")
    finally:
        second.close()
    assert worked == [7, 7]
