"""Syncs for as long as a server runs: what is asked for, what is due by its schedule, and what a stopped server left.

One connection at a time, in the order of asking, for one engine of durable work lives in a process. It runs in an event
loop of its own, beside that of the pages. Who waits for a sync and how one gets on stands in rows, where every face
reads it and where it survives a restart; a connection that is asked for twice is synced once.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from anyio.from_thread import start_blocking_portal
from sqlalchemy import Connection

from mainstem.accounts.connection_deeds import done
from mainstem.accounts.deeds import Done
from mainstem.accounts.members import Member
from mainstem.errors import MainstemError
from mainstem.store import connections, plans, removals, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.plans import Plan
from mainstem.store.runs import ENDED, RunState
from mainstem.sync import indexing
from mainstem.sync.coming import schedule_of
from mainstem.sync.conversion import Conversion, conversion
from mainstem.sync.reconversion import reconvert_some
from mainstem.sync.schedule import BadSchedule, Schedule, due
from mainstem.sync.taking_up import abandon
from mainstem.wiring import syncing
from mainstem.wiring.hub import Hub
from mainstem.wiring.indexer import Indexer
from mainstem.wiring.objects import sweep

Sync = Callable[[SavedConnection], Awaitable[object]]

CANCELLED = "Somebody cancelled it. What was stored until then is kept, and the next sync goes on from there"
PAUSED = "Somebody paused the connection. What was stored until then is kept"

REMOVED = "Somebody removed the connection"

LOOK = 1.0
"""Seconds between looks at what is due."""

log = logging.getLogger(__name__)


class Worker:
    """What works behind the pages. `work` must run for anything that is asked for to happen."""

    def __init__(self, hub: Hub, sync: Sync | None = None) -> None:
        """`sync` is the hub's own, unless given. `idle`: it has looked, and found nothing to do just then."""
        self._hub = hub
        self._sync = sync or self._synced
        self._approved: set[int] = set()
        self._stops: dict[int, str] = {}
        self._some = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._current: int | None = None
        self._tried: dict[int, datetime] = {}
        self._read_to: int | None = 0
        self._again = False
        self.idle = False

    @property
    def hub(self) -> Hub:
        """The hub that it works for."""
        return self._hub

    def ask(self, connection_id: int) -> bool:
        """Sync a connection soon; False where that is waiting to happen already. Raises ConnectionGone."""
        with self._hub.engine.begin() as db:
            asked = plans.ask(db, connection_id, self._hub.clock())
        self._look()
        return asked

    def schedule(self, connection_id: int, chosen: Schedule, by: Member | None) -> None:
        """Sync a connection by this schedule from now on. Raises ConnectionGone. `by` as below."""
        now = self._hub.clock()
        with self._hub.engine.begin() as db:
            before = schedule_of(plans.plan(db, connection_id))
            facts = {"schedule": chosen.words, "before": before.words}
            done(db, by, Done.SCHEDULE_CHANGED, connection_id, now, **facts)
            plans.schedule(db, connection_id, str(chosen), now)
        self._look()

    def approve(self, connection_id: int, by: Member | None) -> None:
        """Sync a connection soon, and let go whatever waits for a person's word. Raises ConnectionGone.

        A restart forgets the word, and asks again. `by`: whom the audit log names, None being the command line; here
        and below.
        """
        with self._hub.engine.begin() as db:
            done(db, by, Done.DELETIONS_APPROVED, connection_id, self._hub.clock())
        # Behind what is written down, and before a sync can begin that would miss it.
        self._approved.add(connection_id)
        self.ask(connection_id)

    def cancel(self, connection_id: int) -> None:
        """End the sync of a connection that is under way or waits for its turn; its schedule goes on."""
        with self._hub.engine.begin() as db:
            self._call_off(db, connection_id, CANCELLED)

    def pause(self, connection_id: int, by: Member | None) -> None:
        """Let a connection rest until it is resumed: its schedule, and its sync if one is under way."""
        now = self._hub.clock()
        with self._hub.engine.begin() as db:
            done(db, by, Done.CONNECTION_PAUSED, connection_id, now)
            plans.pause(db, connection_id, now)
            self._call_off(db, connection_id, PAUSED)

    def resume(self, connection_id: int, by: Member | None) -> None:
        """End a pause, and make up for the sync that it ended, or that failed before it."""
        now = self._hub.clock()
        with self._hub.engine.begin() as db:
            done(db, by, Done.CONNECTION_RESUMED, connection_id, now)
            plans.resume(db, connection_id, now)
            run = runs.latest(db, connection_id)
            if run is None or run.state is not RunState.DONE:
                plans.ask(db, connection_id, now)
        self._look()

    def states(self) -> dict[int, str]:
        """The connections that are `waiting` for their turn, and the one that is `syncing`.

        Ask before a transaction is opened to read more of them: within it, a second one could wait for ever for its
        connection, and a sync could end without its end being there to read.
        """
        with reading(self._hub.engine) as db:
            waiting = {connection_id: "waiting" for connection_id, plan in plans.every(db).items() if plan.asked_at}
        # In this order: who waits is struck off the list after their turn has come.
        current = self._current
        return waiting if current is None else waiting | {current: "syncing"}

    def state(self, connection_id: int) -> str | None:
        """`waiting` for its turn, `syncing`, or None."""
        return self.states().get(connection_id)

    def convert(self) -> None:
        """Convert soon, from what is stored, whatever was converted otherwise than is wanted now."""
        self._again = True
        self._look()

    async def work(self) -> None:
        """Work until cancelled. A sync that is cut short by that goes on when a server is started again."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._take_up)
        with conversion() as place:
            while True:
                self._some.clear()
                await asyncio.to_thread(self._let_go)
                while (due_now := await asyncio.to_thread(self._next)) is not None:
                    await self._one(due_now)
                await self._follow()
                if await self._read_anew(place):
                    continue
                self.idle = True
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._some.wait(), LOOK)

    def remove(self, connection_id: int, by: Member) -> None:
        """Hide a connection from everybody, and end its sync; it goes for good in a week. Raises ConnectionGone."""
        now = self._hub.clock()
        with self._hub.engine.begin() as db:
            done(db, by, Done.CONNECTION_REMOVED, connection_id, now)
            if plans.plan(db, connection_id).paused_at is None:
                plans.pause(db, connection_id, now)
            self._call_off(db, connection_id, REMOVED)
            removals.remove(db, connection_id, now, by.name)

    def restore(self, connection_id: int, by: Member | None) -> None:
        """Bring a removed connection back, and in step unless it rested before. Raises ConnectionGone."""
        now = self._hub.clock()
        with self._hub.engine.begin() as db:
            removed_at = removals.restore(db, connection_id)
            done(db, by, Done.CONNECTION_RESTORED, connection_id, now)
            if plans.plan(db, connection_id).paused_at == removed_at:
                plans.resume(db, connection_id, now)
                plans.ask(db, connection_id, now)
        self.convert()

    def _look(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            # Whoever asks may do so in another thread.
            self._loop.call_soon_threadsafe(self._some.set)

    def _call_off(self, db: Connection, connection_id: int, why: str) -> None:
        # What was approved was a sync that is not to be: the next one must ask again.
        self._approved.discard(connection_id)
        plans.answered(db, connection_id)
        run = runs.latest(db, connection_id)
        if run is None or run.state in ENDED:
            if connection_id == self._current:
                # Its run is about to begin, and begins with this.
                self._stops[connection_id] = why
            return
        if connection_id == self._current:
            runs.stop(db, run.id, why)
        else:
            abandon(db, run, self._hub.clock(), why)

    async def _follow(self) -> None:
        """Let search find what changed outside of any sync: the name of a connection, what was removed for good."""
        hub = self._hub
        if await asyncio.to_thread(indexing.behind, hub.engine, hub.index) <= 0:
            return
        async with Indexer(hub.engine, hub.index, hub.home.index).following():
            await asyncio.sleep(0)  # until it has begun to look; before it is left, it has followed to the end

    async def _read_anew(self, place: Conversion) -> bool:
        """Read some bodies anew that were read otherwise than now; whether there may be more.

        Looks once a start of the server, and whenever somebody chose another conversion.
        """
        if self._again:
            self._again, self._read_to = False, 0
        if self._read_to is None:
            return False
        some = await reconvert_some(self._hub.engine, place, after=self._read_to)
        self._read_to = some.last if some.read else None
        if not some.read:
            place.close()
        return bool(some.read) or self._again

    async def _one(self, connection_id: int) -> None:
        self.idle, self._current = False, connection_id
        try:
            connection = await asyncio.to_thread(self._begin, connection_id)
            # The durable engine takes the threads of the loop that it runs in, and ends them with itself.
            with start_blocking_portal() as portal:
                await asyncio.wrap_future(portal.start_task_soon(self._sync, connection))
        except ConnectionGone:
            return
        except MainstemError as error:
            log.warning("Sync of connection %s: %s", connection_id, error)
        except Exception:
            # One sync that meets a defect of ours must not end all others; its row says that it failed.
            log.exception("Sync of connection %s failed", connection_id)
        finally:
            self._current = None
            self._stops.pop(connection_id, None)

    async def _synced(self, connection: SavedConnection) -> object:
        approved = connection.id in self._approved
        self._approved.discard(connection.id)
        stop = partial(self._stops.get, connection.id)
        return await syncing.sync(self._hub, connection, approve_deletions=approved, requests=0, stop=stop, noted=True)

    def _begin(self, connection_id: int) -> SavedConnection:
        # Where no run comes of it, the schedule still counts from here, so that it is not tried again at once.
        self._tried[connection_id] = self._hub.clock()
        with self._hub.engine.begin() as db:
            plans.answered(db, connection_id)
            return connections.connection(db, connection_id)

    def _next(self) -> int | None:
        """The connection that waits longest: for whoever asked, else by its schedule."""
        now = self._hub.clock()
        with reading(self._hub.engine) as db:
            active = [plan for plan in plans.every(db).values() if plan.paused_at is None]
            waiting = [(plan.asked_at, plan.connection_id) for plan in active if plan.asked_at]
            if not waiting:
                dues = ((self._due(db, plan, now), plan.connection_id) for plan in active)
                waiting = [(when, id_) for when, id_ in dues if when is not None and when <= now]
        return min(waiting)[1] if waiting else None

    def _due(self, db: Connection, plan: Plan, now: datetime) -> datetime | None:
        """When it was or is due; None where it never is, and where its hours are not now."""
        if plan.since is None:
            return None
        run = runs.latest(db, plan.connection_id)
        begun = [at for at in (run and run.started_at, self._tried.get(plan.connection_id)) if at]
        try:
            schedule = Schedule.parse(plan.schedule)
            when = due(schedule, since=plan.since, last=max(begun, default=None))
            return when if schedule.opening(now) == now else None
        except BadSchedule as bad:
            log.warning("Schedule of connection %s: %s", plan.connection_id, bad)
            return None

    def _let_go(self) -> None:
        with reading(self._hub.engine) as db:
            waiting = removals.every(db)
        if any(removal.gone_at <= self._hub.clock() for removal in waiting):
            with self._hub.engine.begin() as db:
                for removal in removals.complete(db, self._hub.clock()):
                    log.info("Connection %s, which %s removed, is gone for good", removal.name, removal.removed_by)
            sweep(self._hub.engine, self._hub.objects)

    def _take_up(self) -> None:
        """Let what a stopped server left wait its turn again, before all others; what was called off has ended."""
        with self._hub.engine.begin() as db:
            for each in reversed(connections.every(db)):
                run = runs.latest(db, each.id)
                if run is None or run.state in ENDED:
                    continue
                if run.stop is not None or plans.plan(db, each.id).paused_at is not None:
                    self._call_off(db, each.id, run.stop or PAUSED)
                else:
                    plans.ask(db, each.id, run.started_at)
