"""One sync of a hub: which run it works on, under which durable engine, with the index close behind.

Kept apart from `hub`, for loading it takes as long as signing in to a site, and can happen meanwhile.
"""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mainstem.store import events, runs, workers
from mainstem.store.connections import SavedConnection
from mainstem.store.errors import LeaseLost
from mainstem.store.runs import ENDED, Aim, Run
from mainstem.sync import run as running
from mainstem.sync.conversion import conversion
from mainstem.sync.durable import Checkpoints, Durable
from mainstem.sync.plan import Brake
from mainstem.sync.reconversion import reconvert
from mainstem.sync.refiling import refile
from mainstem.sync.taking_up import BROKE_OFF, Asked, supersede, take_up
from mainstem.wiring.hub import Hub
from mainstem.wiring.indexer import Indexer
from mainstem.wiring.objects import sweep
from mainstem.wiring.ocr import ocr_of
from mainstem.wiring.tombstones import purge_overdue


async def sync(
    hub: Hub,
    connection: SavedConnection,
    *,
    approve_deletions: bool,
    requests: int,
    worker_id: str | None = None,
    aim: Aim = Aim.EVERYTHING,
) -> Run:
    """Do what `Hub.sync` says.

    `worker_id` is by whose claim of the connection; without one, this process has the store to itself, and the audit
    log has not yet who approved of deletions.
    """
    asked = Asked(_new_id(), hub.version, hub.clock(), approved=approve_deletions, requests=requests, aim=aim)
    run = await asyncio.to_thread(_taken_up, hub, connection.id, asked, worker_id)
    # The index is behind until the very end, so the durable engine comes and goes while it is filled.
    async with _index_following(hub):
        with _durable(hub, connection, worker_id) as durable:
            if await durable.is_over(run.workflow_id):
                run = await asyncio.to_thread(_anew_if_open, hub, run, replace(asked, workflow_id=_new_id()))
            await durable.finish(run.id, run.workflow_id)
            await asyncio.to_thread(refile, hub.engine)
            await asyncio.to_thread(purge_overdue, hub)
            await asyncio.to_thread(sweep, hub.engine, hub.objects)
    return _ended(hub, run)


async def read_anew(hub: Hub) -> None:
    """Do what `Hub.read_anew` says."""
    with conversion() as place:
        changed = (await reconvert(hub.engine, place)).changed
        if await asyncio.to_thread(refile, hub.engine) or changed:
            async with _index_following(hub):
                await asyncio.sleep(0)


def _index_following(hub: Hub) -> AbstractAsyncContextManager[None]:
    return Indexer(hub.engine, hub.index, hub.home.index).following() if hub.has_index else nullcontext()


def _ended(hub: Hub, run: Run) -> Run:
    """The run as it ended; log lines that are old enough to go went with it."""
    with hub.engine.begin() as db:
        events.prune(db, hub.clock() - timedelta(days=hub.settings.log_days))
        return runs.run(db, run.id) or run


def _new_id() -> str:
    return f"sync-{uuid.uuid4()}"


def _taken_up(hub: Hub, connection_id: int, asked: Asked, worker_id: str | None) -> Run:
    with hub.engine.begin() as db:
        if worker_id is not None and workers.claimed(db).get(connection_id) != worker_id:
            raise LeaseLost(connection_id)
        run = take_up(db, connection_id, asked)
        if asked.approved and worker_id is None:
            _note_approval(db, connection_id, asked.now)
        # Somebody may have called it off who found no run.
        why = None if worker_id is None else workers.called_off(db, connection_id)
        if why is not None:
            runs.stop(db, run.id, why)
        return run


def _note_approval(db: Connection, connection_id: int, now: datetime) -> None:
    from mainstem.accounts import connection_deeds, deeds  # noqa: PLC0415  few syncs write any down

    connection_deeds.done(db, None, deeds.Done.DELETIONS_APPROVED, connection_id, now)


def _anew_if_open(hub: Hub, run: Run, asked: Asked) -> Run:
    """A new run in the stead of one whose work is over though its row has not ended: it could not be written."""
    with hub.engine.begin() as db:
        now = runs.run(db, run.id) or run
        return now if now.state in ENDED else supersede(db, now, asked, BROKE_OFF)


@contextmanager
def _durable(hub: Hub, connection: SavedConnection, worker_id: str | None) -> Iterator[Durable]:
    brake, ocr = Brake(hub.settings.brake_pages, hub.settings.brake_share), ocr_of(hub.settings)
    tools = running.Tools(hub.engine, hub.open_client, hub.clock, brake, hub.objects, ocr, worker_id)

    async def work(run_id: int, checkpoints: Callable[[int], Checkpoints]) -> None:
        await running.sync(tools, run_id, checkpoints)

    shared = hub.engine.dialect.name == "postgresql"
    url = hub.engine.url.render_as_string(hide_password=False) if shared else f"sqlite:///{hub.home.work}"
    # Whoever syncs the connection is the one heir of its work, and of no other's: by the claim, or by owning the home.
    # The version is its own too, for what is taken up goes through the queue of a version.
    executor, version = f"connection-{connection.id}", f"{hub.version}-{connection.id}"
    durable = Durable(hub.engine, system_url=url, executor_id=executor, version=version, work=work)
    try:
        durable.launch()
        yield durable
    finally:
        durable.close()
