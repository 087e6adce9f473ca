"""Live progress on standard error, where that is a terminal. It reads the run's row, as any face does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from mainstem.store import runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.runs import Run, RunState
from mainstem.wiring.reader import Reader

EVERY = 0.2
"""Seconds between looks."""


@contextmanager
def watching(look: Callable[[], None]) -> Iterator[None]:
    """Look every now and then, in a thread of its own, until the block ends."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY):
            look()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


@contextmanager
def progress_of(reader: Reader, connection: SavedConnection) -> Iterator[None]:
    """Show how the newest run of a connection gets on, until the block ends."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"{connection.name}: starting")

        def look() -> None:
            with reading(reader.engine) as db:
                run = runs.latest(db, connection.id)
            if run is not None:
                bar.update(task, description=f"{connection.name}: {described(run)}")

        with watching(look):
            yield


def described(run: Run) -> str:
    """One line for a person: where the run stands and what it did so far."""
    if run.state is RunState.WAITING:
        return f"waiting ({run.message})"
    done = [f"{run.counters[name]:,} {name}" for name in ("added", "changed", "deleted") if run.counters.get(name)]
    same = run.counters.get("unchanged", 0)
    if same:
        done.append(f"{same:,} unchanged")
    return f"{run.phase} · {', '.join(done)}" if done else run.phase
