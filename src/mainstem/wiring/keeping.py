"""What follows of what somebody does with a connection, whichever face they do it by."""

import asyncio
from collections.abc import Sequence

from anyio import to_thread

from mainstem.accounts import connection_deeds
from mainstem.accounts.members import Member
from mainstem.confluence.checks import CheckResult
from mainstem.store import connections, plans
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.runs import Aim
from mainstem.wiring.checkups import checkup
from mainstem.wiring.worker import Worker

PATIENCE = 20.0
"""Seconds that somebody waits while one content is tried again."""


def catch_up(worker: Worker, connection_id: int, aim: Aim = Aim.EVERYTHING) -> bool:
    """Sync it soon, or read its permissions alone, unless it rests; whether it will. Raises ConnectionGone."""
    with reading(worker.hub.engine) as db:
        rests = plans.plan(db, connection_id).paused_at is not None
    if not rests:
        worker.ask(connection_id, aim)
    return not rests


async def retry(worker: Worker, connection: SavedConnection, source_id: str) -> bool:
    """Try one content alone that could not be had; whether it can be now, and then a sync follows that brings it in.

    Raises what `Hub.retry` raises, and TimeoutError.
    """
    async with asyncio.timeout(PATIENCE):
        comes = await worker.hub.retry(connection, source_id)
    if comes:
        await to_thread.run_sync(catch_up, worker, connection.id)
    return comes


def switch_permissions(worker: Worker, connection_id: int, by: Member | None, *, kept: bool) -> None:
    """Let its permissions hold, and read them soon, or go without them. Raises ConnectionGone."""
    hub = worker.hub
    with hub.engine.begin() as db:
        changes = connection_deeds.switch_permissions(db, by, connection_id, hub.clock(), kept=kept)
    if changes and kept:
        catch_up(worker, connection_id)


async def renewed(worker: Worker, connection_id: int, by: Member) -> Sequence[CheckResult]:
    """A connection has another credential: it goes on if it rested for want of one, and is tested; what that told."""
    connection = await to_thread.run_sync(_relieved, worker, connection_id, by)
    return await checkup(worker.hub, connection)


def _relieved(worker: Worker, connection_id: int, by: Member) -> SavedConnection:
    relieve(worker, connection_id, by)
    with reading(worker.hub.engine) as db:
        return connections.connection(db, connection_id)


def relieve(worker: Worker, connection_id: int, by: Member) -> None:
    """Let a connection that rests for want of a credential that works go on, once it has one."""
    with reading(worker.hub.engine) as db:
        waited = bool(plans.plan(db, connection_id).paused_because)
    if waited:
        worker.resume(connection_id, by)
