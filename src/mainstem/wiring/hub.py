"""A hub as it is written: one home's truth, index and durable work, owned by one process at a time."""

import asyncio
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from mainstem.confluence.client import Confluence, Waiting
from mainstem.confluence.credentials import Credential
from mainstem.confluence.opening import Line, open_client
from mainstem.index.local import LocalIndex
from mainstem.settings import Settings
from mainstem.store import connections, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import migrate, open_database, owned, reading, refusals_told
from mainstem.store.runs import ENDED, Run
from mainstem.sync.connecting import Connected, Wanted, connect, connect_again, credential_of
from mainstem.sync.durable import Checkpoints, Durable
from mainstem.sync.plan import Brake
from mainstem.sync.run import Tools, sync
from mainstem.sync.taking_up import BROKE_OFF, Asked, supersede, take_up
from mainstem.sync.version import order_version
from mainstem.wiring.home import Home, owned_home, private_files
from mainstem.wiring.indexer import Indexer
from mainstem.wiring.reader import Clock, Reader, database_url
from mainstem.wiring.vault import Vault, make_key, vault_of


@dataclass(frozen=True, slots=True)
class Hub(Reader):
    """What writing needs besides.

    `line` is how requests leave this machine; `version` is of the order of a sync's batches.
    """

    home: Home
    settings: Settings
    vault: Vault
    line: Line
    version: str

    async def connect(self, wanted: Wanted) -> Connected:
        """Prove, find and save a new connection. Raises what proving raises, and NameTaken."""
        return await connect(
            wanted, engine=self.engine, client=self._visitor(wanted), seal=self.vault.seal, now=self.clock()
        )

    async def connect_again(self, wanted: Wanted, *, approve_deletions: bool = False) -> Connected:
        """The same for the connection that the account has to the site already, where there is one.

        Raises SmallerChoice where documents would go that a person has not approved of.
        """
        return await connect_again(
            wanted,
            engine=self.engine,
            client=self._visitor(wanted),
            seal=self.vault.seal,
            now=self.clock(),
            approve_deletions=approve_deletions,
        )

    async def sync(self, connection: SavedConnection, *, approve_deletions: bool = False, requests: int = 0) -> Run:
        """Sync one connection, or finish the sync that a killed process began; its run as it ended, fully indexed.

        `requests` is what connecting has spent already; the run counts it with its own.
        """
        asked = Asked(_new_id(), self.version, self.clock(), approved=approve_deletions, requests=requests)
        run = await asyncio.to_thread(self._taken_up, connection, asked)
        with self._durable() as durable:
            if await durable.is_over(run.workflow_id):
                run = await asyncio.to_thread(self._anew_if_open, run, replace(asked, workflow_id=_new_id()))
            async with Indexer(self.engine, self.index, self.home.index).following():
                await durable.finish(run.id, run.workflow_id)
        with reading(self.engine) as db:
            return runs.run(db, run.id) or run

    def _taken_up(self, connection: SavedConnection, asked: Asked) -> Run:
        with self.engine.begin() as db:
            return take_up(db, connection.id, asked)

    def _anew_if_open(self, run: Run, asked: Asked) -> Run:
        """A new run in the stead of one whose work is over though its row has not ended: it could not be written."""
        with self.engine.begin() as db:
            now = runs.run(db, run.id) or run
            return now if now.state in ENDED else supersede(db, now, asked, BROKE_OFF)

    @contextmanager
    def _durable(self) -> Iterator[Durable]:
        on_server = self.engine.dialect.name == "postgresql"
        url = self.engine.url.render_as_string(hide_password=False) if on_server else f"sqlite:///{self.home.work}"
        durable = Durable(self.engine, system_url=url, executor_id="home", version=self.version, work=self._work)
        try:
            durable.launch()
            yield durable
        finally:
            durable.close()

    async def _work(self, run_id: int, checkpoints: Callable[[int], Checkpoints]) -> None:
        brake = Brake(self.settings.brake_pages, self.settings.brake_share)
        await sync(Tools(self.engine, self._open_client, self.clock, brake), run_id, checkpoints)

    def _visitor(self, wanted: Wanted) -> AbstractAsyncContextManager[Confluence]:
        return open_client(wanted.url, wanted.credential, deployment=wanted.deployment, line=self.line)

    def _open_client(
        self, connection: SavedConnection, on_wait: Callable[[Waiting], None]
    ) -> AbstractAsyncContextManager[Confluence]:
        return open_client(
            connection.api_url,
            self.credential(connection),
            deployment=connection.deployment,
            proved=True,
            line=self.line,
            on_wait=on_wait,
        )

    def credential(self, connection: SavedConnection) -> Credential:
        """The opened credential of a connection. Raises WrongKey."""
        return credential_of(connection, self.vault.open(connection.secret))


def _new_id() -> str:
    return f"sync-{uuid.uuid4()}"


@contextmanager
def open_hub(
    settings: Settings, *, folder: Path, pid: int, clock: Clock, line: Line | None = None, index_anew: bool = False
) -> Iterator[Hub]:
    """Own a home, made where there is none, with its tables up to date; a new one goes again if nothing is saved in it.

    `index_anew` drops the index first, which also helps where it is damaged. Raises HomeInUse, DatabaseInUse,
    HomeUnusable, WrongKey, IndexUnreadable, DatabaseRefuses.
    """
    with private_files(), owned_home(folder, pid) as home:
        if index_anew:
            shutil.rmtree(home.index, ignore_errors=True)
        worth_keeping = home.was_begun
        engine = open_database(database_url(settings, home))
        index = LocalIndex(home.index)
        try:
            with refusals_told(), owned(engine):
                migrate(engine)
                make_key(home.key)
                try:
                    yield Hub(
                        engine=engine,
                        index=index,
                        clock=clock,
                        permissions_max_age=timedelta(hours=settings.permissions_max_age),
                        home=home,
                        settings=settings,
                        vault=vault_of(settings.key, home.key),
                        line=line or Line(timeout=settings.http_timeout),
                        version=order_version(),
                    )
                finally:
                    worth_keeping = worth_keeping or _holds_something(engine)
        finally:
            index.close()
            engine.dispose()
            if not worth_keeping:
                home.discard()


def _holds_something(engine: Engine) -> bool:
    with reading(engine) as db:
        return bool(connections.every(db))
