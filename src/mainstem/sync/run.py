"""One run of a sync, from the taking of its lease to the word in its row about how it ended.

What happens in between is `order`'s; how it survives a kill is `durable`'s.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from mainstem.confluence.client import Confluence, Waiting
from mainstem.confluence.errors import SignInRejected
from mainstem.errors import MainstemError
from mainstem.files.body import Limits
from mainstem.files.ocr import Ocr, why_no_ocr
from mainstem.store import connections, events, leases, plans, runs, seen
from mainstem.store.connections import SavedConnection
from mainstem.store.database import is_outage
from mainstem.store.errors import LeaseLost
from mainstem.store.leases import Lease
from mainstem.store.objects import Objects
from mainstem.store.runs import ENDED, Aim, Run, RunState
from mainstem.sync import log
from mainstem.sync.conversion import conversion
from mainstem.sync.durable import Checkpoints
from mainstem.sync.file_reader import Bounds, file_reader
from mainstem.sync.files import MB, Files, FileTools
from mainstem.sync.guarding import troubles
from mainstem.sync.keeping import Keeping
from mainstem.sync.ledger import BATCHES, Ledger
from mainstem.sync.limits import shared_limits
from mainstem.sync.order import Syncing
from mainstem.sync.plan import Brake
from mainstem.sync.stopping import Stopped, stoppable
from mainstem.sync.waits import shown_waits
from mainstem.wiki.content import Kind

LEASE_STALE = timedelta(minutes=5)
"""A lease that was not renewed for so long belongs to a worker that is gone."""

HELD = "Another worker is at the sync of this connection; look there for its progress, or sync again in five minutes"
DEFECT = "Mainstem itself failed; the next sync begins anew"


@dataclass(frozen=True, slots=True)
class Tools:
    """What every run needs. `open_client` signs in with a connection's credential and tells of each wait.

    `ocr` reads pictures for the connections that want it; None where this machine cannot. `worker_id` is by whose claim
    of a connection it is synced; None where this process has the store to itself.
    """

    engine: Engine
    open_client: Callable[[SavedConnection, Callable[[Waiting], None]], AbstractAsyncContextManager[Confluence]]
    clock: Callable[[], datetime]
    brake: Brake
    objects: Objects
    ocr: Ocr | None = None
    worker_id: str | None = None


async def sync(tools: Tools, run_id: int, checkpoints: Callable[[int], Checkpoints]) -> None:
    """Do one run to its end, from wherever an earlier process left it. How it ended stands in its row."""
    begun = await asyncio.to_thread(_begin, tools, run_id)
    if begun is None:
        return
    run, connection, lease = begun
    try:
        async with (
            stoppable(tools.engine, run.id),
            shown_waits(tools.engine, run, tools.clock) as on_wait,
            tools.open_client(connection, on_wait) as confluence,
            shared_limits(tools.engine, connection.id, confluence, tools.clock),
        ):
            batches = checkpoints(run.counters.get(BATCHES, 0))
            ledger = Ledger(batches, run, lease, confluence.traffic, tools.clock)
            with conversion() as place:
                order = Syncing(tools.engine, confluence, connection, run, ledger, place=place, brake=tools.brake)
                await (order.permissions() if run.aim is Aim.PERMISSIONS else order.everything())
            if Kind.ATTACHMENT in connection.kinds and run.aim is Aim.EVERYTHING:
                # Behind everything else: their texts change nobody's rights, and may take hours.
                chosen = connection.conversion.files
                ocr = tools.ocr if chosen.ocr else None
                no_ocr = await asyncio.to_thread(why_no_ocr, ocr)
                with file_reader(Bounds(limits=Limits(ocr=None if no_ocr else ocr))) as reader:
                    keeping = Keeping(tools.objects, tools.engine, tools.clock, chosen.most_mb * MB)
                    files = FileTools(keeping, reader, chosen, no_ocr)
                    await Files(confluence, tools.engine, run, ledger, files).read()
    except LeaseLost as lost:
        await asyncio.to_thread(_leave, tools, run, str(lost))
    except Stopped as stopped:
        await asyncio.to_thread(_end, tools, run, lease, RunState.CANCELLED, stopped)
    except MainstemError as error:
        await asyncio.to_thread(_end, tools, run, lease, RunState.FAILED, error)
    except Exception as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # Stopped from outside: what its parts met on their way out is no defect, and the run goes on another time.
            raise asyncio.CancelledError from None
        await asyncio.to_thread(_broke, tools, run, lease, error)
        raise
    else:
        await asyncio.to_thread(_end, tools, run, lease, RunState.DONE, None)


def _begin(tools: Tools, run_id: int) -> tuple[Run, SavedConnection, Lease] | None:
    now = tools.clock()
    with tools.engine.begin() as db:
        run = runs.run(db, run_id)
        if run is None or run.state in ENDED:
            return None
        connection = connections.connection(db, run.connection_id)
        lease = leases.take(
            db, connection.id, run.workflow_id, now, stale_before=now - LEASE_STALE, worker_id=tools.worker_id
        )
        if lease is None and tools.worker_id is not None:
            # It was taken for dead: the run is another's by now, or will be.
            return None
        if lease is None:
            log.finish(db, run, RunState.CANCELLED, now, HELD)
            return None
        events.log(db, [log.begun(run, now, resumed=BATCHES in run.counters)])
        return run, connection, lease


def _end(tools: Tools, run: Run, lease: Lease, state: RunState, cause: MainstemError | str | None) -> None:
    now = tools.clock()
    try:
        with tools.engine.begin() as db:
            leases.check(db, lease, now)
            seen.forget(db, run.id)
            log.finish(db, run, state, now, cause)
            if isinstance(cause, SignInRejected):
                # Nothing can be read until a person acts; asking again by schedule could lock the account.
                plans.pause(db, run.connection_id, now, str(cause))
            if state is RunState.DONE and run.aim is Aim.EVERYTHING:
                connections.synced(db, run.connection_id, now)
                runs.forget_failures(db, run.connection_id, run.started_at)
            elif state is RunState.DONE:
                over = [each.source_id for each in troubles(db, run.connection_id) if each.last_seen < run.started_at]
                runs.clear_failures(db, run.connection_id, over)
            leases.release(db, lease)
    except LeaseLost as lost:
        _leave(tools, run, str(lost))


def _broke(tools: Tools, run: Run, lease: Lease, error: Exception) -> None:
    # Where the database is away nobody can be told: who takes the run up finds it open, and begins a new one.
    if not is_outage(error):
        # A workflow that broke is never begun again: a run left open would be met broken by every later sync.
        _end(tools, run, lease, RunState.FAILED, DEFECT)


def _leave(tools: Tools, run: Run, message: str) -> None:
    """End a run whose lease another has taken, unless that is, or is yet to be, another process at this very run."""
    with tools.engine.begin() as db:
        if leases.holder(db, run.connection_id) not in {None, run.workflow_id}:
            seen.forget(db, run.id)
            log.finish(db, run, RunState.CANCELLED, tools.clock(), message)
