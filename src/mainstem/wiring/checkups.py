"""Tests connections that are there, with the credential that they have: when somebody asks, and each day by itself."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

from mainstem.confluence.addresses import door
from mainstem.confluence.checks import CheckResult, facts_of, run_checks, told_expiry
from mainstem.confluence.checks import passed as all_passed
from mainstem.errors import MainstemError
from mainstem.store import checkups, connections, plans
from mainstem.store.connections import SavedConnection
from mainstem.store.database import alone, reading
from mainstem.store.errors import ConnectionGone
from mainstem.wiring.hub import Hub

EVERY = timedelta(days=1)
LOOK = 60.0
"""Seconds between looks at which connection was not tested for a day."""

log = logging.getLogger(__name__)


async def checkup(hub: Hub, connection: SavedConnection) -> Sequence[CheckResult]:
    """Test a connection, and keep what that told. Nothing is written in Confluence. Raises WrongKey."""
    checks = run_checks(
        door(connection.url, connection.api_url),
        hub.credential(connection),
        connection.chosen_spaces,
        deployment=connection.deployment,
        line=hub.line,
    )
    results = [check async for check in checks]
    await asyncio.to_thread(_keep, hub, connection.id, results)
    return results


class Rounds:
    """Tests each connection once a day, behind the pages; one that rests is left alone."""

    def __init__(self, hub: Hub) -> None:
        """`work` must run for anything to happen."""
        self._hub = hub

    async def work(self) -> None:
        """Test what is due until cancelled."""
        while True:
            try:
                await self.once()
            except Exception:
                # The border of one look: a defect in it must not end all later ones.
                log.exception("Connections could not be tested")
            await asyncio.sleep(LOOK)

    async def once(self) -> None:
        """Test what is due now; where several servers share a database, the one that is at it tests."""
        with ExitStack() as stack:
            if not await asyncio.to_thread(stack.enter_context, alone(self._hub.engine, "checkups")):
                return
            for connection in await asyncio.to_thread(self._due):
                try:
                    await checkup(self._hub, connection)
                except MainstemError as error:
                    log.warning("Test of connection %s: %s", connection.id, error)

    def _due(self) -> list[SavedConnection]:
        before = self._hub.clock() - EVERY
        with reading(self._hub.engine) as db:
            resting = {id_ for id_, plan in plans.every(db).items() if plan.paused_at is not None}
            # Asking for nothing but a refusal could lock the account: a connection that rests is not tested by itself.
            active = [each for each in connections.every(db) if each.id not in resting]
            tested = [checkups.last(db, each.id) for each in active]
        last = [each.created_at if test is None else test.tested_at for each, test in zip(active, tested, strict=True)]
        return [each for each, at in zip(active, last, strict=True) if at <= before]


def _keep(hub: Hub, connection_id: int, results: Sequence[CheckResult]) -> None:
    now = hub.clock()
    try:
        with hub.engine.begin() as db:
            connection, day = connections.connection(db, connection_id), told_expiry(results)
            if day is not None and day != connection.token_expires_on:
                connections.change(db, connection_id, replace(connection, token_expires_on=day))
            checkups.save(db, connection_id, facts_of(results), now, passed=all_passed(results))
    except ConnectionGone:
        return  # it was removed meanwhile
