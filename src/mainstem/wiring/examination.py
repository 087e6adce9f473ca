"""Examines a home: what is well, what is not, and the next step that repairs it. Nothing is changed.

It asks the files, the database and the index themselves, also beside a process that owns the home just now.
"""

import os
import platform
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from mainstem.errors import MainstemError
from mainstem.index.errors import IndexUnreadable
from mainstem.index.local import LocalIndex
from mainstem.settings import Settings
from mainstem.store import connections, documents, journal, runs
from mainstem.store.database import HEAD, open_database, reading, version
from mainstem.store.runs import ENDED
from mainstem.wiki.audience import OPERATOR
from mainstem.wiring.home import Home, HomeInUse
from mainstem.wiring.reader import database_url
from mainstem.wiring.vault import vault_of

ROOM = 1 << 30
"""Bytes that should be free beside a home; a tenth of them must be."""

OLDEST_SQLITE = (3, 35)
"""The first that answers what it has just written (RETURNING)."""

CONNECT = "Connect a site with `mainstem connect`, or name another folder with --home."
REINDEX = "Run `mainstem reindex`."
FOLLOWS = "The sync that is not finished brings it up to date."
RESTORE = "Restore the home from a copy, or sync into a new one: Confluence has it all."


class State(StrEnum):
    """How something is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `repair` is the next step in a sentence, "" where there is none to take."""

    name: str
    state: State
    detail: str
    repair: str = ""


def examine(settings: Settings, folder: Path, *, pid: int) -> Iterator[Finding]:
    """Each finding as it is made; what needs the database is left out where that cannot be read."""
    home = Home(folder)
    yield _versions()
    if not home.exists and settings.database_url is None:
        yield Finding("home", State.FAIL, f"{home.folder} holds no hub", CONNECT)
        return
    yield _folder(home)
    yield _disk(home)
    owner = _owner(home, pid)
    yield owner
    try:
        yield from _inside(settings, home, busy=owner.state is State.WARN)
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        yield Finding("database", State.FAIL, f"it cannot be read ({cause})", RESTORE)


def _versions() -> Finding:
    said = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding("versions", State.FAIL, said, "Use a Python that comes with SQLite 3.35 or newer.")
    return Finding("versions", State.OK, said)


def _folder(home: Home) -> Finding:
    if not os.access(home.folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding("home", State.FAIL, f"{home.folder} is not yours to read and write", "Run as its owner.")
    open_to_others = [path for path in (home.folder, *home.folder.rglob("*")) if path.exists() and _others_may(path)]
    if open_to_others:
        repair = f"go= {open_to_others[0]}" if len(open_to_others) == 1 else f"-R go= {home.folder}"
        return Finding("home", State.WARN, "others on this machine may read it", f"Run `chmod {repair}`.")
    return Finding("home", State.OK, f"{home.folder}, which you alone can read")


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _disk(home: Home) -> Finding:
    free = shutil.disk_usage(home.folder).free
    state = State.OK if free >= ROOM else State.WARN if free >= ROOM // 10 else State.FAIL
    repair = "" if state is State.OK else "Make room, or move the home to a larger disk."
    return Finding("disk", state, f"{free / 1e9:,.1f} GB are free", repair)


def _owner(home: Home, pid: int) -> Finding:
    try:
        home.own(pid)
    except HomeInUse as held:
        who = "a process" if held.pid is None else f"process {held.pid}"
        return Finding("owner", State.WARN, f"{who} is at work here", "Wait until it ends, or stop it, before syncing.")
    except MainstemError as refusal:
        return Finding("owner", State.FAIL, str(refusal))
    home.release()
    return Finding("owner", State.OK, "nobody is at work here")


def _inside(settings: Settings, home: Home, *, busy: bool) -> Iterator[Finding]:
    engine = open_database(database_url(settings, home))
    try:
        with reading(engine) as db:
            yield _integrity(db)
            tables = _tables(db)
            yield tables
            if tables.state is State.FAIL:
                return
            yield _key(db, settings, home)
            syncs = list(_syncs(db, busy=busy))
            yield _index(db, home, under_way=busy or any(sync.state is State.WARN for sync in syncs))
            yield from syncs
    finally:
        engine.dispose()


def _integrity(db: Connection) -> Finding:
    if db.dialect.name != "sqlite":
        return Finding("database", State.OK, "it answers; PostgreSQL looks after its own files")
    said = " ".join(row[0] for row in db.execute(text("PRAGMA quick_check(3)")))
    if said != "ok":
        return Finding("database", State.FAIL, f"its file is damaged ({' '.join(said.split())})", RESTORE)
    return Finding("database", State.OK, "its file is whole")


def _tables(db: Connection) -> Finding:
    found = version(db)
    if found == HEAD:
        return Finding("tables", State.OK, f"they are up to date ({HEAD})")
    if found is None or found < HEAD:
        detail = f"they are of an older version ({found or 'none'}, not {HEAD})"
        return Finding("tables", State.FAIL, detail, "Run `mainstem sync`: it brings them up to date first.")
    detail = f"they are of a newer version ({found}, not {HEAD})"
    return Finding("tables", State.FAIL, detail, "Install the newer Mainstem that wrote them.")


def _key(db: Connection, settings: Settings, home: Home) -> Finding:
    kept = connections.every(db)
    if not kept:
        return Finding("key", State.OK, "there is no credential to open yet", CONNECT)
    try:
        vault = vault_of(settings.key, home.key)
        for connection in kept:
            vault.open(connection.secret)
    except MainstemError as error:
        return Finding("key", State.FAIL, "it does not open every credential", str(error))
    names = ", ".join(connection.name for connection in kept)
    return Finding("key", State.OK, f"it opens the credentials of {names}")


def _index(db: Connection, home: Home, *, under_way: bool) -> Finding:
    try:
        index = LocalIndex(home.index)
        behind, size = journal.last(db) - index.position, index.count()
    except IndexUnreadable:
        return Finding("index", State.FAIL, "its files are damaged", REINDEX)
    counts = documents.counts(db, viewer=OPERATOR)
    kept = counts.pages + counts.blogposts + counts.comments + counts.attachments + counts.others
    if behind == 0 and size.documents == kept:
        return Finding("index", State.OK, f"it has all {kept:,} documents, as {size.passages:,} passages")
    if behind > 0 and under_way:
        return Finding("index", State.WARN, f"it is {behind:,} changes behind the store", FOLLOWS)
    detail = f"it is {abs(behind):,} changes {'behind' if behind > 0 else 'ahead of'} the store"
    if behind == 0:
        detail = f"it has {size.documents:,} documents, the store {kept:,}"
    return Finding("index", State.FAIL, detail, REINDEX)


def _syncs(db: Connection, *, busy: bool) -> Iterator[Finding]:
    for connection in connections.every(db):
        run = runs.latest(db, connection.id)
        if run is None:
            yield Finding("sync", State.WARN, f"{connection.name} was never loaded", _sync(connection.name))
        elif run.state in ENDED:
            yield Finding("sync", State.OK, f"{connection.name}: the last one has ended ({run.state})")
        elif busy:
            yield Finding("sync", State.OK, f"{connection.name}: one is under way ({run.phase})")
        else:
            detail = f"{connection.name}: the last one was cut off ({run.phase}); what it stored is kept"
            yield Finding("sync", State.WARN, detail, _sync(connection.name))


def _sync(name: str) -> str:
    return f'Run `mainstem sync "{name}"`, which goes on from there.'
