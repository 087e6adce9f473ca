"""Opening the database, its transactions, and bringing its tables up to date.

SQLite: one writer at a time, who takes the write lock when the transaction begins (so no transaction fails half way
because another wrote first), and any number of readers who never wait. PostgreSQL: the server's own ways.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection as SqliteConnection
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection, Engine, Function, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from mainstem.store.errors import BadDatabaseAddress, DatabaseInUse, DatabaseRefuses
from mainstem.store.tables import metadata

Noted = TypeVar("Noted")

_READING = "mainstem_reading"
_NOTING = "mainstem_noting"
_BUSY_MILLISECONDS = 30_000
_LOG_PAGES = 4_000
"""How long the write-ahead log grows before it is copied into the file, which waits for the disk: 16 MB."""

_POOLED = 24
"""Connections that stay open: as many as a server uses at once, for a new one plans every statement anew."""

_WRITING_KILOBYTES = 16_000
"""Room for all that one batch changes; less would be written out within the transaction, and again at its end."""

_READING_KILOBYTES = 2_000
"""What each reader holds of the file. The system holds it too, so more of it only multiplies."""

POSTGRESQL = ("postgresql", "postgres")
"""How its addresses begin: the second is what many hosts of it hand out."""

_LIMITS = {
    # A process that is frozen within a transaction holds its locks, and keeps all others waiting, for no longer.
    "options": "-c idle_in_transaction_session_timeout=30s",
    "connect_timeout": 10,
    # One that is cut off is noticed, from either end, in about the same time.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""What a connection to PostgreSQL puts up with, where its address does not say otherwise."""

_PATIENCE = "20s"
"""How long a process waits that starts together with others, one of which brings the tables up to date."""

_OWNER = 0x4D53544D
"""The number of our lock among those of a PostgreSQL database: "MSTM"."""

_NOT_IN_TIME = "55P03"
"""What the server calls a lock that was waited for in vain."""

_WHO_OWNS = text("""
SELECT activity.pid, host(activity.client_addr) AS client
FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = :key AND objsubid = 1
  AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")

_VERSION_TABLE = """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)"""

HEAD = "0051"
"""The newest migration. A test compares it with the files."""


def open_database(url: str | URL) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://...` (psycopg 3 whatever driver the address names).

    `engine.begin()` opens a writing transaction, `reading(engine)` a reading one. Connects at first use.
    Raises BadDatabaseAddress.
    """
    address = _parsed(url)
    if address.get_backend_name() in POSTGRESQL:
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            connect_args={name: value for name, value in _LIMITS.items() if name not in address.query},
            pool_pre_ping=True,
            pool_size=_POOLED,
            pool_use_lifo=True,
        )
    engine = create_engine(address, pool_size=_POOLED, pool_use_lifo=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url: str | URL) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise BadDatabaseAddress from None
    if address.get_backend_name() not in {*POSTGRESQL, "sqlite"}:
        raise BadDatabaseAddress
    return address


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read-only transaction that sees one state of the database throughout and never takes a write lock."""
    options: dict[str, bool | str] = {_READING: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as db:
        yield db


def noted(engine: Engine, note: Callable[[Connection], Noted]) -> Noted | None:
    """Write what can as well be written another time; None where the database is busy, or takes nothing just now."""
    try:
        with engine.connect().execution_options(**{_NOTING: True}) as db, db.begin():
            return note(db)
    except OperationalError:
        return None


def may_write(db: Connection) -> bool:
    """Whether a transaction was opened to write."""
    return not db.get_execution_options().get(_READING, False)


def write_out(engine: Engine) -> None:
    """Leave nothing in the log of a SQLite file that was deleted in the file, as far as nobody reads it just now."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()


@contextmanager
def owned(engine: Engine) -> Iterator[None]:
    """Be the one hub that writes to a PostgreSQL database, until the block ends. Raises DatabaseInUse.

    The server's lock goes with the session, so also when its process or its machine dies. A SQLite file needs none: it
    lies in a home, which has its own.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with session(engine) as db:
        if not db.execute(select(func.pg_try_advisory_lock(_OWNER))).scalar_one():
            _in_use(db)
        yield


@contextmanager
def alone(engine: Engine, what: str) -> Iterator[bool]:
    """Whether no other process is at something just now, and none will be until the block ends."""
    if engine.dialect.name != "postgresql":
        yield True
        return
    with session(engine) as db:
        yield db.execute(select(func.pg_try_advisory_lock(func.hashtext(f"mainstem {what}")))).scalar_one()


@contextmanager
def session(engine: Engine) -> Iterator[Connection]:
    """A connection to a PostgreSQL server of one's own, each statement a transaction, until the block ends."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.detach()
        yield db


def share(db: Connection) -> None:
    """Be one of several hubs that write to a PostgreSQL database, for as long as its connection lasts.

    Raises DatabaseInUse where one has it alone.
    """
    _wait_for(db, func.pg_advisory_lock_shared(_OWNER))


def migrate_shared(engine: Engine) -> None:
    """`migrate` for one of several hubs: only while no other is at work, for they may be of an older version.

    Raises DatabaseInUse.
    """
    with reading(engine) as db:
        if version(db) == HEAD:
            return
    with session(engine) as db:
        _wait_for(db, func.pg_advisory_lock(_OWNER))
        migrate(engine)


def _wait_for(db: Connection, lock: Function[Any]) -> None:
    db.execute(text(f"SET lock_timeout = '{_PATIENCE}'"))
    try:
        db.execute(select(lock))
    except OperationalError as refusal:
        if getattr(refusal.orig, "sqlstate", None) != _NOT_IN_TIME:
            raise
        _in_use(db)


def _in_use(db: Connection) -> NoReturn:
    found = owner(db) or Owner(None, None)
    raise DatabaseInUse(found.pid, found.client)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a PostgreSQL database: the process of its session on the server, and its address; None: untold."""

    pid: int | None
    client: str | None


def owner(db: Connection) -> Owner | None:
    """The hub that owns a PostgreSQL database just now, or one of several; None for none, and for a SQLite file."""
    if db.dialect.name != "postgresql":
        return None
    row = db.execute(_WHO_OWNS, {"key": _OWNER}).first()
    return None if row is None else Owner(row.pid, row.client)


@contextmanager
def refusals_told() -> Iterator[None]:
    """Raise DatabaseRefuses where the database itself fails, also within tasks."""
    try:
        yield
    except (OperationalError, ExceptionGroup) as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise DatabaseRefuses(" ".join(str(refusal.orig).split())) from error


def is_outage(error: BaseException) -> bool:
    """Whether an error, or all of a group, says that the connection to a PostgreSQL server broke, or cannot be made."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_outage, error.exceptions))
    orig = getattr(error, "orig", None)
    if not isinstance(error, DBAPIError) or not hasattr(orig, "sqlstate"):
        return False
    # 57P: the server is shut down or ends a session; 08: the connection; 25P03: a session was idle for too long.
    state = getattr(orig, "sqlstate", None)
    return error.connection_invalidated or state is None or state.startswith(("57P", "08", "25P03"))


def _refusal(error: Exception) -> OperationalError | None:
    if isinstance(error, ExceptionGroup):
        return next(filter(None, map(_refusal, error.exceptions)), None)
    return error if isinstance(error, OperationalError) else None


def _prepare_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: it would begin deferred ones.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"wal_autocheckpoint={_LOG_PAGES}",
        "foreign_keys=ON",
        # What is deleted is overwritten, so that nothing of it can be read out of the file.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(db: Connection) -> None:
    readonly = not may_write(db)
    if db.info.get(_READING) != readonly:
        # Only where it changes: SQLite plans every statement of a connection anew after it.
        db.exec_driver_sql(f"PRAGMA query_only={int(readonly)}")
        db.exec_driver_sql(f"PRAGMA cache_size=-{_READING_KILOBYTES if readonly else _WRITING_KILOBYTES}")
        db.info[_READING] = readonly
    if not db.get_execution_options().get(_NOTING, False):
        db.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
        return
    db.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        db.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        db.exec_driver_sql(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")


def migrate(engine: Engine) -> None:
    """Bring the tables up to date; quick, and without loading Alembic, when they are, and in a new file."""
    with reading(engine) as db:
        if version(db) == HEAD:
            return
    with engine.begin() as db:
        if db.dialect.name == "sqlite" and not inspect(db).get_table_names():
            _create(db)
            return
    from mainstem.store.migrations import upgrade  # noqa: PLC0415  only an upgrade pays for loading Alembic

    with engine.begin() as db:
        upgrade(db)


def _create(db: Connection) -> None:
    """All tables at once, the very ones that the migrations lead to."""
    metadata.create_all(db, checkfirst=False)
    db.execute(text(_VERSION_TABLE))
    db.execute(text("INSERT INTO alembic_version (version_num) VALUES (:version)"), {"version": HEAD})


def version(db: Connection) -> str | None:
    """The migration that the tables are at; None before the first one."""
    if not inspect(db).has_table("alembic_version"):
        return None
    return db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
