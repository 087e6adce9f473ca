"""Reads what the listings left open, item by item: unlisted parents, unread rules, group members, names of people.

Each question goes to the store first, so a second call asks for nothing twice and a resumed run for nothing again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import RightMissing
from mainstem.errors import SkipItem
from mainstem.store import audiences, gaps, seen
from mainstem.store.database import reading
from mainstem.store.runs import Failure, Run
from mainstem.store.seen import Aspect
from mainstem.sync.alone import alone
from mainstem.sync.audience import read_memberships
from mainstem.sync.ledger import Ledger, Writing, Written, note_failures
from mainstem.sync.rules import read_singly
from mainstem.sync.saving import save_found_rules, save_met
from mainstem.sync.side_by_side import each
from mainstem.wiki.content import Content, Kind, Person

Answer = TypeVar("Answer")

AT_ONCE = 50
PEOPLE_AT_ONCE = 250


class Missing:
    """What one run still lacks, and how it is had."""

    def __init__(self, confluence: Confluence, engine: Engine, run: Run, ledger: Ledger) -> None:
        """Everything is written through `ledger`."""
        self._confluence = confluence
        self._engine = engine
        self._run = run
        self._ledger = ledger

    async def parents(self, *, but: Collection[str]) -> None:
        """Folders and pages that something stands below and no listing named, up to the roots of the trees.

        Those that are known are asked for too, for no listing tells that a folder was moved; but not in the spaces
        `but`, whose own listing broke off.
        """
        await self._until_none("Folders", partial(self._some_parents, but))

    async def rules(self) -> None:
        """Labels and restrictions that no bulk read told of, one by one."""
        await self._until_none("Labels and restrictions", self._some_rules)

    async def memberships(self) -> None:
        """The members of the groups that any rule names, and of the groups within those."""
        await self._until_none("Groups", self._some_groups)

    async def accounts(self) -> None:
        """Whoever passes a rule by name or licence, as the account is now: a deactivated one reads nothing more."""
        await self._until_none("People", self._some_accounts)

    async def people(self) -> None:
        """The names of authors; an account that Confluence does not tell of stays nameless."""
        await self._ledger.write("People", self._some_people)

    def _read_at(self, now: datetime) -> datetime:
        """An instant within the run, whatever the clock does: by it the run knows what it has read."""
        return max(now, self._run.started_at)

    async def _until_none(self, phase: str, some: Callable[[], Awaitable[Writing]]) -> None:
        more = True
        while more:
            more = (await self._ledger.write(phase, some))["more"]

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
            return gaps.without_rules(db, self._run.connection_id, self._run.id, AT_ONCE)

        wanted = await ask(self._engine, lacking)
        failures: list[Failure] = []
        found = await read_singly(self._confluence, wanted, failures)

        def write(db: Connection, now: datetime) -> Written:
            written = save_found_rules(db, now, run=self._run, found=found, hold=True)
            note_failures(db, self._run, failures, now)
            return Written(counts=written.counts, facts={"more": len(wanted) == AT_ONCE})

        return write

    async def _some_groups(self) -> Writing:
        def lacking(db: Connection) -> list[str]:
            return gaps.unread_groups(db, self._run.connection_id, self._run.started_at)

        failures: list[Failure] = []
        memberships = await read_memberships(self._confluence, await ask(self._engine, lacking), failures)

        def write(db: Connection, now: datetime) -> Written:
            for membership in memberships:
                audiences.save_membership(db, self._run.connection_id, membership, self._read_at(now))
            note_failures(db, self._run, failures, now)
            return Written(facts={"more": any(membership.groups for membership in memberships)})

        return write

    async def _some_accounts(self) -> Writing:
        def lacking(db: Connection) -> list[str]:
            return gaps.unread_people(db, self._run.connection_id, self._run.started_at, PEOPLE_AT_ONCE)

        wanted = await ask(self._engine, lacking)
        found = await self._accounts(wanted)

        def write(db: Connection, now: datetime) -> Written:
            if found is not None:
                audiences.save_people(db, self._run.connection_id, found, self._read_at(now))
                unknown = set(wanted) - {person.id for person in found}
                audiences.save_unknown(db, self._run.connection_id, unknown, self._read_at(now))
            return Written(facts={"more": found is not None and len(wanted) == PEOPLE_AT_ONCE})

        return write

    async def _some_people(self) -> Writing:
        def lacking(db: Connection) -> list[str]:
            return gaps.unnamed_people(db, self._run.connection_id, PEOPLE_AT_ONCE)

        wanted = await ask(self._engine, lacking)
        found = await self._accounts(wanted) or []

        def write(db: Connection, now: datetime) -> Written:
            audiences.save_people(db, self._run.connection_id, found, now)
            return Written()

        return write

    async def _accounts(self, ids: Sequence[str]) -> list[Person] | None:
        """These accounts; None where Confluence tells this account of nobody."""
        try:
            return await self._confluence.people(ids) if ids else []
        except RightMissing:
            return None


async def ask(engine: Engine, question: Callable[[Connection], Answer]) -> Answer:
    """What the store answers, without keeping the loop waiting."""

    def answer() -> Answer:
        with reading(engine) as db:
            return question(db)

    return await asyncio.to_thread(answer)
