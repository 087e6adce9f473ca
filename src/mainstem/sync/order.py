"""The order of events of one sync, from the proof of the sign-in to the last tombstone, and nothing but.

Pages become findable space by space while the rest loads; deletions come last, and only where nothing is in doubt.
A resumed run repeats this order: what an earlier process committed answers from its checkpoint, and so every decision
that shapes the order is itself a committed fact.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Batch, Confluence
from mainstem.confluence.errors import BulkRulesBroken, ServerBroken
from mainstem.errors import SkipItem, StopRun
from mainstem.store import connections, content, gaps, seen
from mainstem.store.chains import rebuild_chains
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.heads import spaces_with_documents
from mainstem.store.runs import Failure, Run
from mainstem.sync.absence import Absences
from mainstem.sync.ahead import Fetched, Prepared, ReadAhead, Source
from mainstem.sync.audience import read_audience, save_audience
from mainstem.sync.completeness import cut_short
from mainstem.sync.conversion import Conversion
from mainstem.sync.ledger import Ledger, Writing, Written, note_failures
from mainstem.sync.listing import Reader
from mainstem.sync.missing import Missing, ask
from mainstem.sync.names import Names
from mainstem.sync.plan import Brake, Scope
from mainstem.sync.saving import CHANGED, save_found_rules, save_harvest
from mainstem.sync.side_by_side import together
from mainstem.wiki.audience import Rules
from mainstem.wiki.content import Kind, Space, Status

RULED = (Kind.PAGE, Kind.BLOGPOST)
CONTAINED = (Kind.ATTACHMENT, Kind.COMMENT)
"""In this order: a comment may be about an attachment."""

CHANGED_AT_ONCE = 250

APPROVED = "approved_deletions"
"""The counter that says that a person let the brake go for this run."""


class AccountChanged(StopRun):
    """The credential belongs to another account than the one that was connected."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The spaces of a run. `known` are the ids of those that were loaded before; the others are loaded with bodies."""

    spaces: tuple[Space, ...]
    known: frozenset[str]
    scope: Scope


class Syncing:
    """One run under way."""

    def __init__(
        self,
        engine: Engine,
        confluence: Confluence,
        connection: SavedConnection,
        run: Run,
        ledger: Ledger,
        *,
        place: Conversion,
        brake: Brake,
    ) -> None:
        """`run` as it was when this process took it up; `place` is where bodies are converted."""
        self._engine = engine
        self._brake = brake
        self._confluence = confluence
        self._connection = connection
        self._run = run
        self._ledger = ledger
        self._missing = Missing(confluence, engine, run, ledger)
        self._conversion = place
        self._hidden = False

    async def everything(self) -> None:
        """The whole order of events."""
        self._check_account()
        chosen = await self._spaces()
        await self._audience(chosen)
        await self._missing.memberships()
        broken = await self._pages(chosen)
        await self._missing.parents()
        await self._missing.rules()
        await self._missing.memberships()
        await self._permissions_read()
        broken |= await self._settle(chosen, self._kept(RULED), broken)
        broken |= await self._contained(chosen)
        await self._settle(chosen, self._kept(CONTAINED), broken)
        await self._missing.people()

    def _check_account(self) -> None:
        person = self._confluence.account
        if self._connection.account_id not in (None, person.id):
            raise AccountChanged(
                f"The credential now belongs to {person.display_name}, not to {self._connection.account_name}: "
                "connect again under a new name, or restore the credential."
            )

    async def _spaces(self) -> Chosen:
        async def prepare() -> Writing:
            wanted = self._connection.chosen_spaces
            found = await self._confluence.spaces(wanted)
            spaces = [space for space in found if wanted is not None or space.status is Status.CURRENT]
            outside = None if wanted is not None else [space.id for space in found if space not in spaces]

            def write(db: Connection, _: datetime) -> Written:
                known = spaces_with_documents(db, self._connection.id)
                content.save_spaces(db, self._connection.id, spaces)
                ids = [space.id for space in spaces]
                return Written(facts={"spaces": ids, "known": [id_ for id_ in ids if id_ in known], "outside": outside})

            return write

        facts = await self._ledger.write("Spaces", prepare)
        with reading(self._engine) as db:
            saved = {space.id: space for space in content.saved_spaces(db, self._connection.id)}
        outside = facts["outside"]
        scope = Scope(frozenset(facts["spaces"]), None if outside is None else frozenset(outside))
        return Chosen(tuple(saved[id_] for id_ in facts["spaces"]), frozenset(facts["known"]), scope)

    async def _audience(self, chosen: Chosen) -> None:
        async def prepare() -> Writing:
            audience = await read_audience(self._confluence, chosen.spaces)

            def write(db: Connection, now: datetime) -> Written:
                save_audience(db, self._connection.id, audience, now)
                note_failures(db, self._run, list(audience.failures), now)
                rebuild_chains(db, self._connection.id)
                if self._connection.permissions_read_at is None:
                    # Nothing can be older than the first reading, so what loads from now on may show at once.
                    connections.permissions_read(db, self._connection.id, self._run.started_at)
                return Written()

            return write

        await self._ledger.write("Permissions", prepare)

    async def _pages(self, chosen: Chosen) -> set[str]:
        """Pages and blog posts with their rules, space by space; the ids of spaces whose listing is not complete."""
        with reading(self._engine) as db:
            names = Names.stored(db, self._connection.id)
        reader = Reader(self._confluence, self._engine, self._connection.id, names, self._conversion)
        sources: list[Source] = []
        owners: list[str] = []
        for space in chosen.spaces:
            first = space.id not in chosen.known
            for kind in self._kept(RULED):
                sources.append(self._listing(reader, [space], kind, bodies=first))
                if not first:
                    sources.append(self._rules(space, kind))
            owners += [space.id] * (len(sources) - len(owners))
        broken = {owners[number] for number in await self._drain(sources)}
        await self._changed(reader, self._kept(RULED))
        facts = await self._ledger.write("Completeness", partial(self._compare, chosen))
        return broken | set(facts["short"])

    async def _compare(self, chosen: Chosen) -> Writing:
        def listed(db: Connection) -> dict[str, int]:
            return gaps.live_in_spaces(db, self._connection.id, RULED)

        held = await ask(self._engine, listed)
        comparable = chosen.spaces if set(self._kept(RULED)) == set(RULED) else ()
        short = await cut_short(self._confluence, comparable, held)

        def write(db: Connection, now: datetime) -> Written:
            note_failures(db, self._run, list(short.values()), now)
            return Written(facts={"short": sorted(short)})

        return write

    async def _contained(self, chosen: Chosen) -> set[str]:
        """Attachments and comments; all spaces when one of these listings, which span them, is not complete."""
        with reading(self._engine) as db:
            names = Names.stored(db, self._connection.id)
        reader = Reader(self._confluence, self._engine, self._connection.id, names, self._conversion)
        broken = False
        some_new = len(chosen.known) < len(chosen.spaces)
        for kind in self._kept(CONTAINED):
            # One after the other: what is listed is compared with the containers that are stored by then.
            broken |= bool(await self._drain([self._listing(reader, chosen.spaces, kind, bodies=some_new)]))
            await self._changed(reader, [kind])
        return {space.id for space in chosen.spaces} if broken else set()

    def _kept(self, kinds: Sequence[Kind]) -> list[Kind]:
        return [kind for kind in kinds if kind in self._connection.kinds]

    def _listing(self, reader: Reader, spaces: Sequence[Space], kind: Kind, *, bodies: bool) -> Source:
        async def batches(cursor: str | None) -> AsyncIterator[Fetched]:
            async for batch in reader.listed(spaces, kind, bodies=bodies, start=cursor):
                yield partial(self._harvested, reader, batch)

        return Source(f"{_PLURAL[kind]} of {spaces[0].key if len(spaces) == 1 else 'all spaces'}", batches)

    async def _harvested(self, reader: Reader, batch: Batch) -> Prepared:
        harvest = await reader.harvest(batch.contents, put_off=True)
        return Prepared(partial(save_harvest, run=self._run, harvest=harvest), batch.cursor)

    async def _changed(self, reader: Reader, kinds: Sequence[Kind]) -> None:
        """Fetch and store what the listings put off."""
        for kind in kinds:
            more = kind in CHANGED
            while more:
                facts = await self._ledger.write(_PLURAL[kind], partial(self._some_changed, reader, kind))
                more = facts["more"]

    async def _some_changed(self, reader: Reader, kind: Kind) -> Writing:
        def lacking(db: Connection) -> list[str]:
            return seen.some(db, self._run.id, CHANGED[kind], CHANGED_AT_ONCE)

        ids = await ask(self._engine, lacking)
        if not ids:
            return lambda _, __: Written(facts={"more": False})
        harvest = await reader.changed(ids, kind)

        def write(db: Connection, now: datetime) -> Written:
            written = save_harvest(db, now, run=self._run, harvest=harvest)
            seen.strike(db, self._run.id, ids, CHANGED[kind])
            rebuild_chains(db, self._connection.id)
            return Written(counts=written.counts, facts={"more": len(ids) == CHANGED_AT_ONCE})

        return write

    def _rules(self, space: Space, kind: Kind) -> Source:
        async def batches(_: str | None) -> AsyncIterator[Fetched]:
            try:
                async for found in self._confluence.rules(space, kind):
                    yield partial(self._ruled, found)
            except (BulkRulesBroken, ServerBroken):
                return  # What it did not tell is read one by one, with whatever else is missing.

        return Source(f"Labels and restrictions of {space.key}", batches)

    async def _ruled(self, found: Sequence[Rules]) -> Prepared:
        return Prepared(partial(save_found_rules, run=self._run, found=found))

    async def _drain(self, sources: Sequence[Source]) -> set[int]:
        """Store everything from these sources; the numbers of those that broke off."""
        broken: set[int] = set()
        async with together() as tasks:
            ahead = ReadAhead(sources, tasks)
            for number, source in enumerate(sources):
                cursor, batch, last = None, 0, False
                while not last:
                    batch += 1
                    take = partial(self._take, ahead, number, cursor, batch)
                    facts = await self._ledger.write(source.name, take)
                    cursor, last = facts["cursor"], facts["last"]
                    if facts["broken"]:
                        broken.add(number)
        return broken

    async def _take(self, ahead: ReadAhead, number: int, cursor: str | None, batch: int) -> Writing:
        try:
            taken = await ahead.take(number, cursor)
        except (SkipItem, ServerBroken) as error:
            name = ahead.sources[number].name
            return partial(self._break_off, Failure(f"listing: {name}", name, self._connection.url, str(error)))

        def write(db: Connection, now: datetime) -> Written:
            written = Written() if taken.prepared is None else taken.prepared.write(db, now)
            self._hidden |= written.hidden
            if self._hidden and (taken.last or batch & (batch - 1) == 0):
                # New pages show after the batches 1, 2, 4, 8 ... and the last: soon, at a bounded cost for all.
                rebuild_chains(db, self._connection.id)
                self._hidden = False
            behind = None if taken.prepared is None else taken.prepared.cursor
            facts = {"cursor": behind, "last": taken.last, "broken": False}
            return Written(counts=written.counts, facts=facts)

        return write

    def _break_off(self, failure: Failure, db: Connection, now: datetime) -> Written:
        note_failures(db, self._run, [failure], now)
        return Written(facts={"cursor": None, "last": True, "broken": True})

    async def _permissions_read(self) -> None:
        async def prepare() -> Writing:
            def write(db: Connection, _: datetime) -> Written:
                connections.permissions_read(db, self._connection.id, self._run.started_at)
                rebuild_chains(db, self._connection.id)
                return Written()

            return write

        await self._ledger.write("Permissions", prepare)

    async def _settle(self, chosen: Chosen, kinds: Sequence[Kind], but: set[str]) -> set[str]:
        """Remove what is gone; the ids of spaces where too much would go at once, so that a person must decide."""
        absences = Absences(
            confluence=self._confluence,
            engine=self._engine,
            run=self._run,
            scope=chosen.scope,
            brake=self._brake,
            approved=bool(self._run.counters.get(APPROVED)),
        )
        facts = await self._ledger.write("Deletions", partial(absences.settle, kinds, but=but))
        return set(facts["braked"])


_PLURAL = {
    Kind.PAGE: "Pages",
    Kind.BLOGPOST: "Blog posts",
    Kind.ATTACHMENT: "Attachments",
    Kind.COMMENT: "Comments",
}
