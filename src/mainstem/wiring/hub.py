"""A hub as it is written: one home's truth, index and durable work, owned by one process at a time."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from mainstem.confluence.addresses import door
from mainstem.confluence.client import Confluence, Waiting
from mainstem.confluence.credentials import Credential
from mainstem.confluence.opening import Line, ignore, open_client
from mainstem.errors import TellPerson
from mainstem.index.local import LocalIndex
from mainstem.settings import Settings
from mainstem.store import connections, members
from mainstem.store.connections import SavedConnection
from mainstem.store.database import migrate, migrate_shared, open_database, owned, reading, refusals_told
from mainstem.store.objects import Objects
from mainstem.store.runs import Aim, Run
from mainstem.sync.collector import collect_seldom
from mainstem.sync.connecting import Connected, Wanted, connect, connect_again, credential_of
from mainstem.sync.grants import Keeper
from mainstem.sync.renewal import Proof, prove, renew
from mainstem.sync.side_by_side import together
from mainstem.sync.version import order_version
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Deployment
from mainstem.wiring.grants import keeper_of
from mainstem.wiring.home import Home, owned_home, private_files
from mainstem.wiring.line import line_of
from mainstem.wiring.objects import objects_of
from mainstem.wiring.reader import Clock, Reader, database_url
from mainstem.wiring.vault import Vault, WrongKey, make_key, vault_of

if TYPE_CHECKING:  # members bring what hashes passwords, which no command waits for that only connects
    from mainstem.accounts.members import Member
    from mainstem.sync.whereabouts import Whereabouts


class NoServer(TellPerson):
    """Workers were asked for beside a database that one process owns."""

    def __init__(self) -> None:
        super().__init__(
            "Workers need a database that they can share: name a PostgreSQL server by MAINSTEM_DATABASE_URL. A home "
            "with a database of its own is synced by `mainstem serve`."
        )


ATTEMPTS = 2
"""How often a request is made where somebody waits for one content that failed before."""


@dataclass(frozen=True, slots=True)
class Hub(Reader):
    """What writing needs besides.

    `line` is how requests leave this machine; `version` is of the order of a sync's batches; `objects` keeps files.
    `has_index`: it is for this process to let the index follow what it stores.
    """

    home: Home
    settings: Settings
    vault: Vault
    line: Line
    version: str
    objects: Objects
    has_index: bool = True

    async def connect(self, wanted: Wanted, *, by: "Member | None") -> Connected:
        """Prove, find and save a new connection. Raises what proving raises, and NameTaken.

        `by`: whom the audit log names, None being the command line; here and below.
        """
        return await connect(
            wanted,
            engine=self.engine,
            client=self._wanted(wanted),
            seal=self.vault.seal,
            now=self.clock(),
            noted=partial(self._noted, by),
        )

    async def connect_again(self, wanted: Wanted, *, by: "Member | None", approve_deletions: bool = False) -> Connected:
        """The same for the connection that the account has to the site already, where there is one.

        Raises WouldLeave where documents would go that a person has not approved of.
        """
        # Whole, and at once: statements look into it as soon as any of it is there.
        import_module("sqlalchemy.orm")
        async with together() as tasks:
            # A sync follows, and what else it needs can load while Confluence is waited for.
            tasks.create_task(asyncio.to_thread(_load_syncing))
            return await connect_again(
                wanted,
                engine=self.engine,
                client=self._wanted(wanted),
                seal=self.vault.seal,
                now=self.clock(),
                noted=partial(self._noted, by),
                approve_deletions=approve_deletions,
            )

    async def sync(
        self,
        connection: SavedConnection,
        *,
        approve_deletions: bool = False,
        requests: int = 0,
        aim: Aim = Aim.EVERYTHING,
    ) -> Run:
        """Sync one connection, or finish the sync that a killed process began; its run as it ended, fully indexed.

        `requests` is what connecting has spent already; the run counts it with its own. The audit log names the command
        line as who approved.
        """
        from mainstem.wiring.syncing import sync  # noqa: PLC0415  half of what loads, and only a sync needs it

        return await sync(self, connection, approve_deletions=approve_deletions, requests=requests, aim=aim)

    async def read_anew(self) -> None:
        """Make anew, found at once, what another converter made of the bodies that are stored."""
        from mainstem.wiring.syncing import read_anew  # noqa: PLC0415  as above

        await read_anew(self)

    def _wanted(self, wanted: Wanted) -> AbstractAsyncContextManager[Confluence]:
        return self.visitor(wanted.url, wanted.credential, wanted.deployment)

    def visitor(
        self, address: str, credential: Credential, deployment: Deployment | None = None
    ) -> AbstractAsyncContextManager[Confluence]:
        """A client of whatever is at an address that somebody typed, signed in."""
        return open_client(address, credential, deployment=deployment, line=self.line)

    def open_client(
        self, connection: SavedConnection, on_wait: Callable[[Waiting], None]
    ) -> AbstractAsyncContextManager[Confluence]:
        """A client signed in with a connection's credential, which tells of each wait. Raises WrongKey."""
        return open_client(
            connection.api_url,
            self.credential(connection),
            deployment=connection.deployment,
            proved=True,
            line=self.line,
            on_wait=on_wait,
        )

    async def prove(self, connection: SavedConnection, credential: Credential) -> Proof:
        """Sign in to a connection's site with another credential; what it would change. Nothing is saved.

        Raises what signing in raises.
        """
        visitor = self.visitor(door(connection.url, connection.api_url), credential, connection.deployment)
        return await prove(connection, credential, engine=self.engine, client=visitor)

    async def retry(self, connection: SavedConnection, source_id: str) -> bool:
        """Try one content again that could not be had; whether it can be now, and so comes in with the next sync.

        Raises NothingToRetry, and what signing in and reading raise.
        """
        from mainstem.sync.retrying import retry  # noqa: PLC0415  loads the converter's side of a sync

        # Somebody waits for the answer.
        brief = replace(self.line, patience=replace(self.line.patience, attempts=ATTEMPTS))
        async with replace(self, line=brief).open_client(connection, ignore) as confluence:
            return await retry(self.engine, confluence, connection, source_id, self.clock())

    async def whereabouts(self, connection: SavedConnection, url: str, *, viewer: Viewer) -> "Whereabouts":
        """Where the page of a connection is that an address names, asked live; titles are told whom they are for.

        Raises what signing in and reading raise.
        """
        from mainstem.sync.whereabouts import Asked  # noqa: PLC0415  few ask

        brief = replace(self.line, patience=replace(self.line.patience, attempts=ATTEMPTS))
        async with replace(self, line=brief).open_client(connection, ignore) as confluence:
            return await Asked(self.engine, confluence, connection, self.clock(), viewer).whereabouts(url)

    def renew(self, connection: SavedConnection, proof: Proof, expires: date | None, *, by: "Member | None") -> None:
        """From now on, sign in with what was proved. What is stored, and its index, stay as they are.

        What became of the connection since it was read is kept. Raises ConnectionGone.
        """
        with self.engine.begin() as db:
            before = connections.connection(db, connection.id)
            after = renew(db, connection.id, proof, seal=self.vault.seal, expires=expires)
            self._noted(by, db, before, after)

    def expect_expiry(self, connection: SavedConnection, expires: date | None, *, by: "Member | None") -> None:
        """Note when a connection's credential expires, None where nobody knows. As above. Raises ConnectionGone."""
        with self.engine.begin() as db:
            before = connections.connection(db, connection.id)
            after = connections.change(db, connection.id, replace(before, token_expires_on=expires))
            self._noted(by, db, before, after)

    def _noted(
        self, by: "Member | None", db: Connection, before: SavedConnection | None, after: SavedConnection
    ) -> None:
        """Write down what somebody made of a connection."""
        from mainstem.accounts import connection_deeds  # noqa: PLC0415  few commands write any down

        if before is None:
            connection_deeds.added(db, by, after, self.clock())
        else:
            another = self._signs_in(before) != self._signs_in(after)
            connection_deeds.changed(db, by, before, after, self.clock(), credential=another)

    def _signs_in(self, connection: SavedConnection) -> Credential | None:
        """How a connection signs in; None where the key that its secret was sealed with is not here."""
        try:
            return self.credential(connection)
        except WrongKey:
            return None

    def credential(self, connection: SavedConnection) -> Credential:
        """The opened credential of a connection. Raises WrongKey."""
        return credential_of(connection, self.vault.open(connection.secret), self.grants.grant)

    @property
    def grants(self) -> Keeper:
        """What keeps the tokens of those that sign in by OAuth."""
        return keeper_of(self.settings, self.engine, self.vault, self.line, self.clock)


def _load_syncing() -> None:
    import_module("mainstem.wiring.syncing")
    collect_seldom()


@contextmanager
def open_hub(
    settings: Settings,
    *,
    folder: Path,
    pid: int,
    clock: Clock,
    line: Line | None = None,
    index_anew: bool = False,
    shared: bool = False,
) -> Iterator[Hub]:
    """Own a home, made where there is none, with its tables up to date; a new one goes again if nothing is saved in it.

    `index_anew` drops the index first, which also helps where it is damaged. `shared`: where the truth is on a server,
    others may work on it at the same time. Raises HomeInUse, DatabaseInUse, HomeUnusable, WrongKey, IndexUnreadable,
    DatabaseRefuses, NoObjectStore.
    """
    with private_files(), owned_home(folder, pid) as home:
        if index_anew:
            shutil.rmtree(home.index, ignore_errors=True)
        worth_keeping = home.was_begun
        engine = open_database(database_url(settings, home))
        shared = shared and settings.database_url is not None
        index = LocalIndex(home.index)
        try:
            with refusals_told(), nullcontext() if shared else owned(engine):
                _migrate(engine, shared=shared)
                make_key(home.key)
                try:
                    yield _hub(settings, home, engine, index, clock, line)
                finally:
                    worth_keeping = worth_keeping or _holds_something(engine)
        finally:
            index.close()
            engine.dispose()
            if not worth_keeping:
                home.discard()


@contextmanager
def open_worker(settings: Settings, *, folder: Path, clock: Clock) -> Iterator[Hub]:
    """A hub for a process that only syncs, beside any number of others, with their key and their place for files.

    It owns no home and keeps no index: of the folder it reads the key, unless the settings give it, and keeps files
    there, unless they name a bucket. Raises NoServer, DatabaseInUse, WrongKey, DatabaseRefuses, NoObjectStore.
    """
    if settings.database_url is None:
        raise NoServer
    home = Home(folder)
    engine = open_database(database_url(settings, home))
    try:
        with private_files(), refusals_told(), TemporaryDirectory(prefix="mainstem-") as nowhere:
            _migrate(engine, shared=True)
            hub = _hub(settings, home, engine, LocalIndex(Path(nowhere)), clock, None)
            _try_key(hub)
            yield replace(hub, has_index=False)
    finally:
        engine.dispose()


def _hub(settings: Settings, home: Home, engine: Engine, index: LocalIndex, clock: Clock, line: Line | None) -> Hub:
    return Hub(
        engine=engine,
        index=index,
        clock=clock,
        permissions_max_age=timedelta(hours=settings.permissions_max_age),
        home=home,
        settings=settings,
        vault=vault_of(settings.key, home.key),
        line=line or line_of(settings),
        version=order_version(),
        objects=objects_of(settings, home.objects),
    )


def _migrate(engine: Engine, *, shared: bool) -> None:
    if shared:
        migrate_shared(engine)
    else:
        migrate(engine)


def _try_key(hub: Hub) -> None:
    """Open one credential: with another key than the rest have, no sync could sign in."""
    with reading(hub.engine) as db:
        for connection in connections.every(db)[:1]:
            hub.credential(connection)


def _holds_something(engine: Engine) -> bool:
    with reading(engine) as db:
        return members.workspace_name(db) is not None or bool(connections.every(db))
