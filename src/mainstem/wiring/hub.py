"""A hub: one home's truth, index and durable work, built from settings and handed to whichever face asks.

`open_hub` is for whoever writes: it owns the home. `open_reader` is for whoever only reads: any number at a time, also
beside an owner.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from mainstem.confluence.client import Confluence, Waiting
from mainstem.confluence.credentials import Credential
from mainstem.confluence.opening import Line, open_client
from mainstem.index.local import LocalIndex
from mainstem.settings import Settings
from mainstem.store import runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import migrate, open_database
from mainstem.store.runs import ENDED, Run
from mainstem.sync import indexing
from mainstem.sync.connecting import Wanted, connect, connect_again, credential_of
from mainstem.sync.durable import Checkpoints, Durable
from mainstem.sync.plan import Brake
from mainstem.sync.run import APPROVED, Tools, sync
from mainstem.wiring.home import Home, NoHome
from mainstem.wiring.vault import Vault, home_keys

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs: the truth, the index, the clock, and how old view rules may be."""

    engine: Engine
    index: LocalIndex
    clock: Clock
    permissions_max_age: timedelta

    @property
    def rules_since(self) -> datetime:
        """View rules that were last read before this instant pass nobody."""
        return self.clock() - self.permissions_max_age


@dataclass(frozen=True, slots=True)
class Hub(Reader):
    """What writing needs besides. `line` is how requests leave this machine."""

    home: Home
    settings: Settings
    vault: Vault
    line: Line

    async def connect(self, wanted: Wanted, *, again: bool = False) -> SavedConnection:
        """Prove, find and save a connection; `again` reuses the one that the same account has to the same site."""
        client = open_client(wanted.url, wanted.credential, deployment=wanted.deployment, line=self.line)
        save = connect_again if again else connect
        return await save(wanted, engine=self.engine, client=client, seal=self.vault.seal, now=self.clock())

    async def sync(self, connection: SavedConnection, *, approve_deletions: bool = False) -> Run:
        """Sync one connection, or finish the sync that a killed process began; its run as it ended, fully indexed."""
        run = await asyncio.to_thread(self._run_of, connection, approve_deletions=approve_deletions)
        with self._durable() as durable:
            async with self._indexing():
                await durable.finish(run.id, run.workflow_id)
        with self.engine.begin() as db:
            return runs.run(db, run.id) or run

    def _run_of(self, connection: SavedConnection, *, approve_deletions: bool) -> Run:
        with self.engine.begin() as db:
            latest = runs.latest(db, connection.id)
            if latest is not None and latest.state not in ENDED:
                return latest
            started = runs.start(db, connection.id, f"sync-{uuid.uuid4()}", "Starting", self.clock())
            if approve_deletions:
                runs.progress(db, started.id, self.clock(), counters={APPROVED: 1})
            return started

    @contextmanager
    def _durable(self) -> Iterator[Durable]:
        url = self.settings.database_url or f"sqlite:///{self.home.work}"
        durable = Durable(self.engine, system_url=url, executor_id="home", work=self._work)
        try:
            durable.launch()
            yield durable
        finally:
            durable.close()

    async def _work(self, run_id: int, checkpoints: Callable[[int], Checkpoints]) -> None:
        brake = Brake(self.settings.brake_pages, self.settings.brake_share)
        await sync(Tools(self.engine, self._open_client, self.clock, brake), run_id, checkpoints)

    def _open_client(
        self, connection: SavedConnection, on_wait: Callable[[Waiting], None]
    ) -> AbstractAsyncContextManager[Confluence]:
        return open_client(
            connection.api_url,
            self.credential(connection),
            deployment=connection.deployment,
            line=self.line,
            on_wait=on_wait,
        )

    def credential(self, connection: SavedConnection) -> Credential:
        """The opened credential of a connection. Raises WrongKey."""
        return credential_of(connection, self.vault.open(connection.secret))

    @asynccontextmanager
    async def _indexing(self) -> AsyncIterator[None]:
        """Follow the journal meanwhile, and to its end before leaving."""
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(indexing.follow(self.engine, self.index))
            try:
                yield
            finally:
                following.cancel()
        await asyncio.to_thread(indexing.catch_up, self.engine, self.index)


@contextmanager
def open_hub(settings: Settings, *, folder: Path, pid: int, clock: Clock, line: Line | None = None) -> Iterator[Hub]:
    """Own a home, made where there is none, with its tables up to date. Raises HomeInUse, HomeUnusable, WrongKey."""
    home = Home(folder)
    home.own(pid)
    try:
        engine = open_database(settings.database_url or f"sqlite:///{home.database}")
        index = LocalIndex(home.index)
        try:
            migrate(engine)
            yield Hub(
                engine=engine,
                index=index,
                clock=clock,
                permissions_max_age=timedelta(hours=settings.permissions_max_age),
                home=home,
                settings=settings,
                vault=Vault(settings.key.get_secret_value() if settings.key else home_keys(home.key)),
                line=line or Line(timeout=settings.http_timeout),
            )
        finally:
            index.close()
            engine.dispose()
    finally:
        home.release()


@contextmanager
def open_reader(settings: Settings, *, folder: Path, clock: Clock) -> Iterator[Reader]:
    """Read a home that may belong to another process. Raises NoHome."""
    home = Home(folder)
    if not home.exists and settings.database_url is None:
        raise NoHome(home.folder)
    engine = open_database(settings.database_url or f"sqlite:///{home.database}")
    try:
        yield Reader(engine, LocalIndex(home.index), clock, timedelta(hours=settings.permissions_max_age))
    finally:
        engine.dispose()
