"""Workers as processes of their own, beside one database: begun, asked to sync, looked at, frozen and killed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text

from bench.command import MAINSTEM, Running, run, started
from bench.emulator_process import Emulator
from bench.home_state import HomeState, dump
from mainstem.store import connections, plans, runs, workers
from mainstem.store.database import open_database, reading
from mainstem.store.runs import Run
from mainstem.store.workers import Worker


@dataclass(frozen=True, slots=True)
class Crew:
    """Any number of workers that share a database, and the home that holds their key."""

    url: str
    home: Path
    engine: Engine
    silence: float = 20.0

    @contextmanager
    def worker(self) -> Iterator[Running]:
        """A worker that begins; what is left of it behind the block is killed."""
        with started(*self._command("worker", "--json")) as running:
            yield running

    def mainstem(self, name: str, *arguments: str, codes: tuple[int, ...] = (0,)) -> None:
        """Run another command to its end."""
        run(*self._command(name, *arguments), codes=codes)

    def connect(self, emulator: Emulator, name: str = "Acme") -> int:
        """Keep how to sign in to a site; the connection's id."""
        self.mainstem("connect", *emulator.sign_in, "--name", name)
        with reading(self.engine) as db:
            return next(each.id for each in connections.every(db) if each.name == name)

    def connection_ids(self) -> list[int]:
        """All connections."""
        with reading(self.engine) as db:
            return [each.id for each in connections.every(db)]

    def ask(self, connection_id: int) -> None:
        """Want a connection to be synced."""
        with self.engine.begin() as db:
            plans.ask(db, connection_id, datetime.now(UTC))

    def latest(self, connection_id: int) -> Run | None:
        """The newest run of a connection."""
        with reading(self.engine) as db:
            return runs.latest(db, connection_id)

    def present(self) -> set[int]:
        """The pids of those who work."""
        with reading(self.engine) as db:
            return {_pid(each) for each in workers.every(db)}

    def busy(self) -> dict[int, int]:
        """The pids of the workers that have a connection, by its id."""
        with reading(self.engine) as db:
            pids = {each.id: _pid(each) for each in workers.every(db)}
            return {each: pids[worker_id] for each, worker_id in workers.claimed(db).items()}

    def state(self) -> HomeState:
        """What the database holds."""
        with reading(self.engine) as db:
            return dump(db)

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Wait for something; whether it came about in time."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def _command(self, name: str, *arguments: str) -> tuple[str, ...]:
        # The address by the environment, as people give it.
        given = (f"MAINSTEM_DATABASE_URL={self.url}", f"MAINSTEM_WORKER_SILENCE={self.silence}")
        return ("env", *given, MAINSTEM, name, *arguments, "--home", str(self.home))


@contextmanager
def crew(url: str, home: Path, *, silence: float = 20.0) -> Iterator[Crew]:
    """A crew on a database; it has no workers yet. Who is silent for so many seconds is taken for dead."""
    engine = open_database(url)
    try:
        yield Crew(url, home, engine, silence)
    finally:
        engine.dispose()


def freeze(pid: int) -> None:
    """Stop a process where it is, and whatever it began."""
    os.killpg(pid, signal.SIGSTOP)


def thaw(pid: int) -> None:
    """Let it go on as if nothing had been."""
    os.killpg(pid, signal.SIGCONT)


def number(engine: Engine, statement: str) -> int:
    """The one number that a statement gives."""
    with reading(engine) as db:
        found: int = db.execute(text(statement)).scalar_one()
        return found


def _pid(worker: Worker) -> int:
    return int(worker.place.split()[1])
