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
from mainstem.files.ocr import why_no_ocr
from mainstem.index.errors import IndexUnreadable
from mainstem.index.local import LocalIndex
from mainstem.settings import Settings
from mainstem.store import connections, runs
from mainstem.store.database import HEAD, open_database, owner, reading, version
from mainstem.store.runs import ENDED, Run
from mainstem.sync.indexing import standing
from mainstem.wiring.home import Home, HomeInUse
from mainstem.wiring.ocr import ocr_of
from mainstem.wiring.reader import database_url
from mainstem.wiring.vault import vault_of

ROOM = 1 << 30
"""Bytes that should be free beside a home; a tenth of them must be."""

OLDEST_SQLITE = (3, 35)
"""The first that answers what it has just written (RETURNING)."""

CONNECT = "Connect a site with `mainstem connect`, or name another folder with --home."
REINDEX = "Run `mainstem reindex`."
FOLLOWS = "The sync that is not finished brings it up to date; then run this again."
WAIT = "Wait until it ends, or stop it, before syncing."
FIRST = "`mainstem sync` or `mainstem reindex` makes it."
REACH = "See that the server runs, and that MAINSTEM_DATABASE_URL leads to it."
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


def examine(settings: Settings, folder: Path) -> Iterator[Finding]:
    """Each finding as it is made; what needs the database is left out where that cannot be read."""
    home = Home(folder)
    on_server = settings.database_url is not None
    yield _versions()
    if not home.exists and not on_server:
        yield Finding("home", State.FAIL, f"{home.folder} holds no hub", CONNECT)
        return
    if home.folder.is_dir():
        yield _folder(home)
        yield _disk(home)
    else:
        yield Finding("home", State.WARN, f"there is no folder {home.folder} yet, and so no index", FIRST)
    try:
        yield from _inside(settings, home)
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = " ".join(str(getattr(error, "orig", None) or error).split())
        yield Finding("database", State.FAIL, f"it cannot be read ({cause})", REACH if on_server else RESTORE)


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


def _inside(settings: Settings, home: Home) -> Iterator[Finding]:
    engine = open_database(database_url(settings, home))
    try:
        with reading(engine) as db:
            at_work = _owner(db, home)
            yield at_work
            yield _integrity(db)
            tables = _tables(db)
            yield tables
            if tables.state is State.FAIL:
                return
            yield _key(db, settings, home)
            yield _ocr(db, settings)
            latest = {each.name: runs.latest(db, each.id) for each in connections.every(db)}
            busy = at_work.state is State.WARN
            unfinished = any(run is not None and run.state not in ENDED for run in latest.values())
            if home.folder.is_dir():
                yield _index(db, home, under_way=busy or unfinished)
            yield from (_sync(name, run, busy=busy) for name, run in latest.items())
    finally:
        engine.dispose()


def _owner(db: Connection, home: Home) -> Finding:
    try:
        home.look()
    except HomeInUse as held:
        who = "a process" if held.pid is None else f"process {held.pid}"
        return Finding("owner", State.WARN, f"{who} is at work here", WAIT)
    found = owner(db)
    if found is not None:
        where = found.client or "the machine of the database"
        return Finding("owner", State.WARN, f"a hub on {where} is at work in this database", WAIT)
    return Finding("owner", State.OK, "nobody is at work here")


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


def _ocr(db: Connection, settings: Settings) -> Finding:
    wanted = [each.name for each in connections.every(db) if each.conversion.files.ocr]
    found = ocr_of(settings)
    why = why_no_ocr(found)
    if found is not None and not why:
        return Finding(
            "ocr", State.OK, f"tesseract is at {found.command}" + ("" if wanted else ", and nobody chose it")
        )
    if not wanted:
        return Finding("ocr", State.OK, f"no OCR: {why}, and nobody chose it")
    detail = f"no OCR: {why}, so the text in pictures of {', '.join(wanted)} is not read"
    return Finding("ocr", State.WARN, detail, "Install tesseract with its languages; the next sync reads them.")


def _index(db: Connection, home: Home, *, under_way: bool) -> Finding:
    if not home.index.is_dir():
        return Finding("index", State.FAIL, "there is none", REINDEX)
    try:
        found = standing(db, LocalIndex(home.index))
    except IndexUnreadable:
        return Finding("index", State.FAIL, "its files are damaged", REINDEX)
    if found.behind == 0 and found.size.documents == found.due:
        return Finding("index", State.OK, f"it has all {found.due:,} documents, as {found.size.passages:,} passages")
    detail = f"it has {found.size.documents:,} documents, the store {found.due:,}"
    if found.behind:
        detail = f"it is {abs(found.behind):,} changes {'behind' if found.behind > 0 else 'ahead of'} the store"
    return Finding("index", State.WARN, detail, FOLLOWS) if under_way else Finding("index", State.FAIL, detail, REINDEX)


def _sync(name: str, run: Run | None, *, busy: bool) -> Finding:
    again = f'Run `mainstem sync "{name}"`'
    if run is None:
        return Finding("sync", State.WARN, f"{name} was never loaded", f"{again}.")
    if run.state in ENDED:
        return Finding("sync", State.OK, f"{name}: the last one has ended ({run.state})")
    if busy:
        return Finding("sync", State.OK, f"{name}: one is under way ({run.phase})")
    detail = f"{name}: the last one was cut off ({run.phase}); what it stored is kept"
    return Finding("sync", State.WARN, detail, f"{again}, which goes on from there.")
