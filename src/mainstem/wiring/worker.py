"""Syncs for as long as a process runs: what is asked for, what is due by its schedule, and what a stopped one left.

One connection at a time, in the order of asking, for one engine of durable work lives in a process; while others wait,
none has more than its turn. It runs in an event
loop of its own, beside that of the pages. Who waits for a sync, who is at it and how it gets on stands in rows, where
every face reads it and where it survives a restart; a connection that is asked for twice is synced once. On PostgreSQL
any number of processes share the work: each claims a connection before it syncs it, and does what a dead one left.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import datetime

from sqlalchemy import Connection

from mainstem.accounts.connection_deeds import done
from mainstem.accounts.deeds import Done
from mainstem.accounts.members import Member
from mainstem.errors import MainstemError
from mainstem.store import connections, plans, removals, runs, workers
from mainstem.store.connections import SavedConnection
from mainstem.store.database import alone, is_outage, reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.runs import ENDED, Aim, RunState
from mainstem.sync import indexing
from mainstem.sync.coming import schedule_of
from mainstem.sync.conversion import Conversion, conversion
from mainstem.sync.reconversion import reconvert_some
from mainstem.sync.refiling import refile_some
from mainstem.sync.schedule import Schedule
from mainstem.sync.taking_up import TOO_LONG_AGO, abandon
from mainstem.wiring import syncing
from mainstem.wiring.due import Due, next_due
from mainstem.wiring.hub import Hub
from mainstem.wiring.indexer import Indexer
from mainstem.wiring.objects import sweep
from mainstem.wiring.presence import Presence, present
from mainstem.wiring.tombstones import purge_overdue
from mainstem.wiring.turn import Turn

Sync = Callable[[SavedConnection], Awaitable[object]]

CANCELLED = "Somebody cancelled it. What was stored until then is kept, and the next sync goes on from there"
PAUSED = "Somebody paused the connection. What was stored until then is kept"

REMOVED = "Somebody removed the connection"

LOOK = 1.0
"""Seconds between looks at what is due."""

LEFT = 5
"""Looks between two at what others have left."""

_SCHEDULED = {Aim.EVERYTHING: Done.SCHEDULE_CHANGED, Aim.PERMISSIONS: Done.RULES_SCHEDULE_CHANGED}

log = logging.getLogger(__name__)


class Worker:
    """What works behind the pages. `work` must run for anything that is asked for to happen."""

    def __init__(self, hub: Hub, sync: Sync | None = None, *, syncs: bool = True) -> None:
        """`sync` is the hub's own, unless given. `idle`: it has looked, and found nothing to do just then.

        `syncs`: whether this process does, or leaves it to others.
        """
        self._hub = hub
        self._sync = sync or self._synced
        self._syncs = syncs
        self._some = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._presence: Presence | None = None
        self._turn: Turn | None = None
        self._approved = False
        self._tried: dict[Due, datetime] = {}
        self._aim = Aim.EVERYTHING
        self._read_to: int | None = 0
        self._again = False
        self._to_file = True
        self.idle = False

    @property
    def hub(self) -> Hub:
        """The hub that it works for."""
        return self._hub

    def ask(self, connection_id: int, aim: Aim = Aim.EVERYTHING) -> bool:
        """Sync a connection soon; False where that is waiting to happen already. Raises ConnectionGone."""
        with self._hub.engine.begin() as db:
            asked = plans.ask(db, connection_id, self._hub.clock(), aim)
        self._look()
        return asked

    def schedule(self, connection_id: int, chosen: Schedule, by: Member | None, aim: Aim = Aim.EVERYTHING) -> None:
        """Sync a connection by this schedule from now on. Raises ConnectionGone. `by` as below.

        By that of its permissions they are read alone, beside its syncs, which read them too.
        """
        now = self._hub.clock()
        with self._hub.engine.begin() as db:
            before = schedule_of(plans.plan(db, connection_id), aim)
            facts = {"schedule": chosen.words, "before": before.words}
            done(db, by, _SCHEDULED[aim], connection_id, now, **facts)
            plans.schedule(db, connection_id, str(chosen), now, aim)
        self._look()

    def approve(self, connection_id: int, by: Member | None) -> None:
        """Sync a connection soon, and let go whatever waits for a person's word. Raises ConnectionGone.

        The word holds for an hour. `by`: whom the audit log names, None being the command line; here and below.
        """
        now = self._hub.clock()
        with self._hub.engine.begin() as db:
            done(db, by, Done.DELETIONS_APPROVED, connection_id, now)
            plans.approve(db, connection_id, now)
            plans.ask(db, connection_id, now)
        self._look()

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
            run = runs.latest(db, connection_id, Aim.EVERYTHING)
            if run is None or run.state is not RunState.DONE:
                plans.ask(db, connection_id, now)
        self._look()

    def states(self) -> dict[int, str]:
        """The connections that are `waiting` for their turn, and those that are `syncing`.

        Ask before a transaction is opened to read more of them: within it, a second one could wait for ever for its
        connection, and a sync could end without its end being there to read.
        """
        with reading(self._hub.engine) as db:
            waiting = {id_: "waiting" for id_, plan in plans.every(db).items() if plan.asked_at or plan.rules_asked_at}
            return waiting | dict.fromkeys(workers.claimed(db), "syncing")

    def state(self, connection_id: int) -> str | None:
        """`waiting` for its turn, `syncing`, or None."""
        return self.states().get(connection_id)

    def convert(self) -> None:
        """Convert soon, from what is stored, whatever was converted otherwise than is wanted now."""
        self._again = True
        self._look()

    def file(self) -> None:
        """File soon, from what is stored, whatever was filed by other rules than there are now."""
        self._to_file = True
        self._look()

    async def work(self) -> None:
        """Work until cancelled. A sync that is cut short by that goes on when a server is started again.

        Raises DatabaseInUse where a command has the database to itself.
        """
        self._loop = asyncio.get_running_loop()
        hub = self._hub
        with present(hub.engine, hub.clock, hub.settings.worker_silence) as presence, conversion() as place:
            self._presence = presence
            presence.on_lost = self._break_off
            for look in itertools.count():
                self._some.clear()
                try:
                    more = await self._round(place, left=look == 0 or (presence.shared and look % LEFT == 0))
                except Exception as error:
                    if not (presence.shared and is_outage(error)):
                        raise
                    log.warning("The database is away (%s); the work goes on when it is back", type(error).__name__)
                    more = False
                if more:
                    continue
                self.idle = True
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._some.wait(), LOOK)

    async def _round(self, place: Conversion, *, left: bool) -> bool:
        """Do what is to be done just now, and what was `left` by others; whether there may be more."""
        if left:
            await asyncio.to_thread(self._take_up)
        await asyncio.to_thread(self._let_go)
        while self._syncs and (due := await asyncio.to_thread(self._next)) is not None:
            connection = await asyncio.to_thread(self._begin, due)
            if connection is None:
                break  # it was removed, somebody was quicker, or this worker is taken for dead: the next look tells
            await self._one(connection)
        if await self._file_anew():
            return True
        if not self._hub.has_index:
            return False
        await self._follow()
        return await self._read_anew(place)

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
        self.file()

    def _look(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            # Whoever asks may do so in another thread.
            self._loop.call_soon_threadsafe(self._some.set)

    def _call_off(self, db: Connection, connection_id: int, why: str) -> None:
        plans.answered(db, connection_id)
        # Where its run is only about to begin, it begins with this.
        under_way = workers.call_off(db, connection_id, why)
        run = runs.latest(db, connection_id)
        if run is None or run.state in ENDED:
            return
        if under_way:
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

    async def _file_anew(self) -> bool:
        """File some documents anew whose rules are others now; whether there may be more.

        Looks once a start of the server, whenever somebody changed a rule, and behind each sync.
        """
        if not self._to_file:
            return False
        self._to_file = False  # before it looks, so that nothing which changes meanwhile is passed over
        if await asyncio.to_thread(refile_some, self._hub.engine):
            self._to_file = True
        return self._to_file

    async def _read_anew(self, place: Conversion) -> bool:
        """Read some bodies anew that were read otherwise than now; whether there may be more.

        Looks once a start of the server, and whenever somebody chose another conversion.
        """
        if self._again:
            self._again, self._read_to = False, 0
        if self._read_to is None:
            return False
        with ExitStack() as stack:
            if not await asyncio.to_thread(stack.enter_context, alone(self._hub.engine, "conversion")):
                return False
            some = await reconvert_some(self._hub.engine, place, after=self._read_to)
        self._read_to = some.last if some.read else None
        if not some.read:
            place.close()
        return bool(some.read) or self._again

    async def _one(self, connection: SavedConnection) -> None:
        self.idle = False
        seconds = self._hub.settings.turn_minutes * 60
        turn = self._turn = Turn(seconds, lambda: self._next() is not None)
        try:
            await turn.take(lambda: self._sync(connection))
        except ConnectionGone:
            return
        except MainstemError as error:
            log.warning("Sync of connection %s: %s", connection.id, error)
        except Exception as error:
            if is_outage(error):
                raise
            # One sync that meets a defect of ours must not end all others; its row says that it failed.
            log.exception("Sync of connection %s failed", connection.id)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            why = "others wait, and it goes on behind them" if turn.over else "another worker is at it"
            log.warning("Sync of connection %s is broken off here, for %s", connection.id, why)
        finally:
            self._turn, self._to_file = None, True
            await asyncio.to_thread(self._release, connection.id if turn.over else None)

    def _break_off(self) -> None:
        turn = self._turn
        if turn is not None:
            turn.break_off()

    async def _synced(self, connection: SavedConnection) -> object:
        return await syncing.sync(
            self._hub,
            connection,
            approve_deletions=self._approved,
            requests=0,
            worker_id=self._id,
            aim=self._aim,
        )

    @property
    def _id(self) -> str:
        return "" if self._presence is None else self._presence.id

    def _begin(self, due: Due) -> SavedConnection | None:
        """The connection, claimed; None where it cannot be."""
        # Where no run comes of it, the schedule still counts from here, so that it is not tried again at once.
        now = self._tried[due] = self._hub.clock()
        self._aim, connection_id = due.aim, due.connection_id
        with contextlib.suppress(ConnectionGone), self._hub.engine.begin() as db:
            if not workers.claim(db, connection_id, self._id):
                return None
            approved = plans.plan(db, connection_id).approved_at if due.aim is Aim.EVERYTHING else None
            # Unless that is long ago: by now something else may be missing than a person looked at.
            self._approved = approved is not None and approved > now - TOO_LONG_AGO
            plans.answered(db, connection_id, due.aim)
            return connections.connection(db, connection_id)
        return None

    def _release(self, unfinished: int | None) -> None:
        """Give back what is claimed; what is unfinished waits behind all others."""
        with self._hub.engine.begin() as db:
            if unfinished is not None:
                with contextlib.suppress(ConnectionGone):
                    plans.ask(db, unfinished, self._hub.clock(), self._aim)
            workers.release(db, self._id)

    def _next(self) -> Due | None:
        with reading(self._hub.engine) as db:
            return next_due(db, self._hub.clock(), tried=self._tried)

    def _let_go(self) -> None:
        with reading(self._hub.engine) as db:
            waiting = removals.every(db)
        if any(removal.gone_at <= self._hub.clock() for removal in waiting):
            with self._hub.engine.begin() as db:
                for removal in removals.complete(db, self._hub.clock()):
                    log.info("Connection %s, which %s removed, is gone for good", removal.name, removal.removed_by)
            sweep(self._hub.engine, self._hub.objects)
        purge_overdue(self._hub)

    def _take_up(self) -> None:
        """Let what a stopped worker left wait its turn again, before all others; what was called off has ended."""
        with self._hub.engine.begin() as db:
            # Between two syncs nothing is claimed here: what is could not be given back, for the database was away.
            workers.release(db, self._id)
            taken = workers.claimed(db)
            for each in reversed(connections.every(db)):
                run = runs.latest(db, each.id)
                if run is None or run.state in ENDED or each.id in taken:
                    continue
                if run.stop is not None or plans.plan(db, each.id).paused_at is not None:
                    self._call_off(db, each.id, run.stop or PAUSED)
                else:
                    plans.ask(db, each.id, run.started_at, run.aim)
