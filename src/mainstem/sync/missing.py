"""Reads what the listings left open, item by item: unlisted parents, unread rules, names of people.

Each question goes to the store first, so a second call asks for nothing twice and a resumed run for nothing again.
"""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.errors import SkipItem
from mainstem.store import audiences, gaps, seen
from mainstem.store.database import reading
from mainstem.store.runs import Failure, Run
from mainstem.store.seen import Aspect
from mainstem.sync.alone import alone
from mainstem.sync.audience import read_accounts
from mainstem.sync.ledger import Ledger, Writing, Written, note_failures
from mainstem.sync.rules import read_singly
from mainstem.sync.saving import save_found_rules, save_met
from mainstem.sync.side_by_side import each
from mainstem.wiki.content import Content, Kind, Status

Answer = TypeVar("Answer")

AT_ONCE = 50
PEOPLE_AT_ONCE = 250


class Missing:
    """What one run still lacks, and how it is had."""

    def __init__(
        self, confluence: Confluence, engine: Engine, run: Run, ledger: Ledger, *, also_shelved: Collection[Status]
    ) -> None:
        """Everything is written through `ledger`. `also_shelved`: what is listed so may come in by its labels."""
        self._confluence = confluence
        self._engine = engine
        self._run = run
        self._ledger = ledger
        self._also_shelved = also_shelved

    async def above(self, *, but: Collection[str]) -> None:
        """Folders and pages that something stands below and no listing named, and rules that no bulk read told of.

        Up to the roots of the trees. Folders that are known are asked for too, for no listing tells that one was moved;
        but not in the spaces `but`, whose own listing broke off.
        """
        more = True
        while more:
            more = (await self._ledger.write("Folders and restrictions", partial(self._some_above, but)))["more"]

    async def people(self) -> None:
        """The names of authors; an account that Confluence does not tell of stays nameless."""
        await self._ledger.write("People", self._some_people)

    async def _some_above(self, but: Collection[str]) -> Writing:
        parents, rules = await self._some_parents(but), await self._some_rules()

        def write(db: Connection, now: datetime) -> Written:
            first, then = parents(db, now), rules(db, now)
            return Written(counts=then.counts, facts={"more": first.facts["more"] or then.facts["more"]})

        return write

    async def _some_parents(self, but: Collection[str]) -> Writing:
        def lacking(db: Connection) -> list[tuple[str, Kind]]:
            return gaps.unlisted_parents(db, self._run.connection_id, self._run.id, AT_ONCE, but=but)

        wanted = await ask(self._engine, lacking)
        failures: list[Failure] = []

        async def one(parent: tuple[str, Kind]) -> Content | None:
            try:
                return await alone(self._confluence, self._confluence.content(*parent))
            except SkipItem as error:
                failures.append(Failure(parent[0], f"A parent {parent[1]}", "", f"What is below stays hidden: {error}"))
                return None

        found = [parent for parent in await each(one, wanted) if parent is not None]

        def write(db: Connection, now: datetime) -> Written:
            save_met(db, now, run=self._run, found=found)
            seen.note(db, self._run.id, [id_ for id_, _ in wanted], Aspect.ASKED)
            note_failures(db, self._run, failures, now)
            return Written(facts={"more": len(wanted) == AT_ONCE or bool(found)})

        return write

    async def _some_rules(self) -> Writing:
        def lacking(db: Connection) -> list[Content]:
            connection_id, run_id = self._run.connection_id, self._run.id
            return gaps.without_rules(db, connection_id, run_id, AT_ONCE, also_shelved=self._also_shelved)

        wanted = await ask(self._engine, lacking)
        failures: list[Failure] = []
        found = await read_singly(self._confluence, wanted, failures)

        def write(db: Connection, now: datetime) -> Written:
            written = save_found_rules(db, now, run=self._run, found=found, hold=True)
            note_failures(db, self._run, failures, now)
            return Written(counts=written.counts, facts={"more": len(wanted) == AT_ONCE})

        return write

    async def _some_people(self) -> Writing:
        def lacking(db: Connection) -> list[str]:
            return gaps.unnamed_people(db, self._run.connection_id, PEOPLE_AT_ONCE)

        wanted = await ask(self._engine, lacking)
        found = await read_accounts(self._confluence, wanted) or []

        def write(db: Connection, now: datetime) -> Written:
            audiences.save_people(db, self._run.connection_id, found, now)
            return Written()

        return write


async def ask(engine: Engine, question: Callable[[Connection], Answer]) -> Answer:
    """What the store answers, without keeping the loop waiting."""

    def answer() -> Answer:
        with reading(engine) as db:
            return question(db)

    return await asyncio.to_thread(answer)
