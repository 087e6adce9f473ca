"""The order of events of one sync, from the proof of the sign-in to the last tombstone, and nothing but.

Pages become findable space by space while the rest loads; deletions come last, and only where nothing is in doubt.
A resumed run repeats this order: what an earlier process committed answers from its checkpoint, and so every decision
that shapes the order is itself a committed fact.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Batch, Confluence
from mainstem.confluence.errors import BulkRulesBroken, ServerBroken
from mainstem.store import audiences, content, gaps, openings, plans, seen, tombstones
from mainstem.store.chains import rebuild_chains
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.runs import Aim, Run
from mainstem.sync.absence import Absences
from mainstem.sync.account import check_account, prove_account
from mainstem.sync.ahead import Fetched, Prepared, Source
from mainstem.sync.audience import read_audience, save_audience
from mainstem.sync.choosing import Chosen, chosen_spaces, find_spaces
from mainstem.sync.completeness import current_in_spaces, cut_short
from mainstem.sync.conversion import Conversion
from mainstem.sync.draining import Drain, Drained
from mainstem.sync.ledger import Ledger, Writing, Written, note_failures
from mainstem.sync.listing import COMING, Reader
from mainstem.sync.missing import Missing, ask
from mainstem.sync.names import Names
from mainstem.sync.plan import Brake
from mainstem.sync.saving import CHANGED, save_found_rules, save_harvest
from mainstem.sync.selecting import select
from mainstem.wiki.audience import Rules
from mainstem.wiki.content import Kind, Space, Status
from mainstem.wiki.selection import Selection

RULED = (Kind.PAGE, Kind.BLOGPOST)
CONTAINED = (Kind.ATTACHMENT, Kind.COMMENT)
"""In this order: a comment may be about an attachment."""

CHANGED_AT_ONCE = 250

APPROVED = "approved_deletions"
"""The counter that says that a person let the brake go for this run."""


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
        self._selection = Selection(connection.filter, run.started_at)
        shelved = [status for status in Status if self._selection.by_labels and self._selection.alive(status)]
        self._missing = Missing(confluence, engine, run, ledger, also_shelved=shelved)
        self._conversion = place
        self._drain = Drain(connection, run, ledger)
        self._introduced = asyncio.Event()

    async def everything(self) -> None:
        """The whole order of events.

        Places and rules are read before anything that they guard, and what is gone leaves before anybody is let in:
        until its readers are known nobody sees what they could not see before the run, and only then is read what
        changed. A hub that holds nothing yet has its readers first, and fills up before everybody's eyes.
        """
        check_account(self._confluence.account, self._connection)
        chosen = await self._spaces()
        listed = await self._listed(chosen)
        broken = listed.broken
        braked = await self._settle(chosen, self._kept(RULED), broken, doubted=listed.short)
        contained = await self._contained(chosen)
        await self._settle(chosen, self._kept(CONTAINED), broken | listed.short | braked | contained.broken)
        guarded = chosen.but(broken)
        await self._readers(chosen, () if chosen.empty else chosen.spaces, guarded=guarded)
        if listed.put_off:
            await self._changed_pages(broken)
            await self._readers(chosen, (), guarded=guarded)
        if contained.put_off:
            await self._changed(self._reader(), self._kept(CONTAINED))
        await self._missing.people()

    async def permissions(self) -> None:
        """Places and rules alone, of what is stored already, and then the readers: no text is read, nothing goes.

        Where anybody is let in, what changed or was not met hides, and a whole sync is asked for, which knows more.
        """
        check_account(self._confluence.account, self._connection)
        chosen = (await self._spaces()).known_alone
        listed = await self._listed(chosen)
        contained = await self._contained(chosen)
        await self._readers(chosen, chosen.spaces, guarded=chosen.but(listed.broken | contained.broken))

    async def _spaces(self) -> Chosen:
        finding = partial(find_spaces, self._confluence, self._engine, self._connection, self._run)
        facts = await self._ledger.write("Spaces", finding)
        with reading(self._engine) as db:
            return chosen_spaces(db, self._connection.id, facts)

    async def _readers(
        self, chosen: Chosen, spaces: Sequence[Space], *, guarded: Collection[str] | None = None
    ) -> None:
        """Who may see these spaces, if any are named, and who passes any rule; of nobody where a connection is open.

        `guarded` are spaces whose places and rules were all read in this run: what was held there shows now. What this
        run did not meet hides where anybody is let in: it may be gone.
        """

        def known(db: Connection) -> gaps.Passing | None:
            is_open = openings.opening(db, self._connection.id) is not None
            return None if is_open else gaps.passing(db, self._connection.id, self._run.started_at)

        async def prepare() -> Writing:
            passing = await ask(self._engine, known)
            audience = None if passing is None else await read_audience(self._confluence, spaces, passing)
            if guarded is not None:
                await prove_account(self._confluence, self._connection)

            def write(db: Connection, now: datetime) -> Written:
                unmet, stale = ([], []) if guarded is None else self._stale(db)
                before = audiences.admitted(db, self._connection.id) if stale else frozenset()
                if audience is not None:
                    save_audience(db, self._run, audience, now)
                    note_failures(db, self._run, audience.failures, now)
                if spaces and audience is not None:
                    # What was never read cannot be older than this reading, so what loads from now on may show at once.
                    audiences.rules_read(db, self._connection.id, chosen.ids, self._run.started_at, first=True)
                if guarded is not None:
                    opened = content.release(db, self._connection.id, guarded, but=unmet)
                    if stale and (opened or not audiences.admitted(db, self._connection.id) <= before):
                        # It may have left Confluence before whoever is let in now could see it there.
                        self._hold(db, stale, now)
                if guarded is not None and audience is not None:
                    audiences.rules_read(db, self._connection.id, guarded, self._run.started_at)
                rebuild_chains(db, self._connection.id)
                return Written()

            return write

        await self._ledger.write("Permissions", prepare)
        self._introduced.set()

    def _stale(self, db: Connection) -> tuple[list[str], list[str]]:
        """What this run has not met; and besides, where it reads no text, what it found changed."""
        unmet = seen.unconfirmed(db, self._run.id)
        if self._run.aim is Aim.EVERYTHING:
            return unmet, unmet
        return unmet, [*unmet, *(id_ for aspect in COMING for id_ in seen.every(db, self._run.id, aspect))]

    def _hold(self, db: Connection, stale: Collection[str], now: datetime) -> None:
        content.hold(db, self._connection.id, stale)
        if self._run.aim is Aim.PERMISSIONS:
            # What it hides, only a sync of everything can show again.
            plans.ask(db, self._connection.id, now)

    async def _listed(self, chosen: Chosen) -> Drained:
        """Where pages and posts stand, and their rules; `broken` and `short` are spaces whose listing is not whole."""
        reader = self._reader()
        sources = [source for group in chosen.groups() for source in self._of_spaces(reader, group, chosen)]

        def apart(space_id: str) -> Iterator[Source]:
            return self._of_spaces(reader, [space for space in chosen.spaces if space.id == space_id], chosen)

        if not chosen.empty:
            self._introduced.set()
        first = partial(self._readers, chosen, chosen.spaces) if chosen.empty else None
        drained = await self._drain.all(sources, first=first, apart=apart)
        facts = await self._ledger.write("Completeness", partial(self._compare, chosen, drained))
        drained.short.update(facts["short"])
        await self._missing.above(but=drained.broken)
        facts = await self._ledger.write("Filter", partial(select, self._run, self._selection))
        drained.put_off += facts["entering"]
        return drained

    async def _changed_pages(self, broken: set[str]) -> None:
        """What is new or changed in the known spaces, under places and rules that were all read before it."""
        await self._changed(self._reader(), self._kept(RULED))
        await self._missing.above(but=broken)

    def _of_spaces(self, reader: Reader, spaces: Sequence[Space], chosen: Chosen) -> Iterator[Source]:
        # Where the tree decides, nothing is fetched before all of it is known.
        known = spaces[0].id in chosen.known or self._selection.by_place
        for kind in self._kept(RULED):
            yield self._listing(reader, spaces, kind, bodies=not known)
            if known:
                yield self._rules(spaces, kind)

    async def _compare(self, chosen: Chosen, drained: Drained) -> Writing:
        comparable = chosen.spaces if set(self._kept(RULED)) == set(RULED) else ()
        doubtful = [space for space in comparable if space.id in drained.doubtful - drained.broken]
        short = await cut_short(self._confluence, doubtful, drained.current)
        whole = {space.id: drained.current[space.id] for space in comparable if space.id not in drained.broken}

        def write(db: Connection, now: datetime) -> Written:
            content.save_listed(db, self._connection.id, whole, now)
            tombstones.note_missed(db, self._connection.id, self._run.id, now)
            note_failures(db, self._run, list(short.values()), now)
            return Written(facts={"short": sorted(short)})

        return write

    async def _contained(self, chosen: Chosen) -> Drained:
        """Attachments and comments, which have the readers of what they belong to. Their listings span all spaces.

        What is new among them waits for these readers, unless the hub held nothing yet.
        """
        reader, contained = self._reader(), Drained()
        some_new = len(chosen.known) < len(chosen.spaces)
        early = not chosen.empty or self._selection.by_place
        for kind in self._kept(CONTAINED):
            # One after the other: what is listed is compared with the containers that are stored by then.
            listing = self._listing(reader, chosen.spaces, kind, bodies=some_new, early=early)
            drained = await self._drain.all([listing])
            contained.broken |= drained.broken
            contained.put_off += drained.put_off
        return contained

    def _reader(self) -> Reader:
        options = self._connection.conversion
        return Reader(
            self._confluence, self._engine, self._run, self._names, self._conversion, self._selection, options
        )

    async def _names(self) -> Names:
        """Everybody who was introduced so far; the members of groups are, before the first body is converted."""
        await self._introduced.wait()
        return await ask(self._engine, partial(Names.stored, connection_id=self._connection.id))

    @property
    def _approved(self) -> bool:
        return bool(self._run.counters.get(APPROVED))

    def _kept(self, kinds: Sequence[Kind]) -> list[Kind]:
        return [kind for kind in kinds if kind in self._connection.kinds]

    def _listing(
        self, reader: Reader, spaces: Sequence[Space], kind: Kind, *, bodies: bool, early: bool = False
    ) -> Source:
        """A list of one kind. `early`: before the readers of what is in it are known."""

        async def batches(cursor: str | None) -> AsyncIterator[Fetched]:
            async for batch in reader.listed(spaces, kind, bodies=bodies, start=cursor):
                yield partial(self._harvested, reader, batch, spaces, put_off=early or not bodies, hold=early)

        return Source(f"{_PLURAL[kind]} of {_named(spaces)}", batches, tuple(space.id for space in spaces))

    async def _harvested(
        self, reader: Reader, batch: Batch, spaces: Sequence[Space], *, put_off: bool, hold: bool
    ) -> Prepared:
        harvest = await reader.harvest(batch.contents, put_off=put_off)
        write = partial(save_harvest, run=self._run, harvest=harvest, hold=hold)
        return Prepared(
            write,
            batch.cursor,
            listed=len(batch.contents),
            put_off=len(harvest.put_off),
            current=current_in_spaces(batch.contents, spaces),
        )

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
            content.hold(db, self._connection.id, harvest.restricted)
            seen.strike(db, self._run.id, ids, CHANGED[kind])
            rebuild_chains(db, self._connection.id)
            return Written(counts=written.counts, facts={"more": len(ids) == CHANGED_AT_ONCE})

        return write

    def _rules(self, spaces: Sequence[Space], kind: Kind) -> Source:
        async def batches(_: str | None) -> AsyncIterator[Fetched]:
            try:
                async for found in self._confluence.rules(spaces, kind):
                    yield partial(self._ruled, found)
            except (BulkRulesBroken, ServerBroken):
                return  # What it did not tell is read one by one, with whatever else is missing.

        return Source(f"Labels and restrictions of {_named(spaces)}", batches)

    async def _ruled(self, found: Sequence[Rules]) -> Prepared:
        return Prepared(partial(save_found_rules, run=self._run, found=found, hold=True))

    async def _settle(
        self, chosen: Chosen, kinds: Sequence[Kind], but: Collection[str], *, doubted: Collection[str] = ()
    ) -> set[str]:
        """Remove what is gone; the ids of spaces where too much would go at once, so that a person must decide.

        Nothing of the spaces `but`; of the `doubted` what Confluence itself says is gone, for its lists are not whole.
        """
        absences = Absences(
            confluence=self._confluence,
            engine=self._engine,
            connection=self._connection,
            run=self._run,
            scope=chosen.scope,
            gone=chosen.gone,
            brake=self._brake,
            approved=self._approved,
        )
        facts = await self._ledger.write("Deletions", partial(absences.settle, kinds, but=but, doubted=doubted))
        return set(facts["braked"])


def _named(spaces: Sequence[Space]) -> str:
    return spaces[0].key if len(spaces) == 1 else f"{len(spaces)} spaces"


_PLURAL = {
    Kind.PAGE: "Pages",
    Kind.BLOGPOST: "Blog posts",
    Kind.ATTACHMENT: "Attachments",
    Kind.COMMENT: "Comments",
}
