"""A hub as it is read: any number of processes at a time, also beside the one that owns the home.

Kept apart from `hub`, so that a search does not wait for what only a sync needs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from mainstem.index.local import LocalIndex
from mainstem.settings import Settings
from mainstem.store.database import open_database, refusals_told
from mainstem.wiring.home import Home, NoHome

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


@contextmanager
def open_reader(settings: Settings, *, folder: Path, clock: Clock) -> Iterator[Reader]:
    """Read a home that may belong to another process. Raises NoHome, IndexUnreadable, DatabaseRefuses."""
    home = Home(folder)
    if not home.exists and settings.database_url is None:
        raise NoHome(home.folder)
    engine = open_database(database_url(settings, home))
    try:
        with refusals_told():
            yield Reader(engine, LocalIndex(home.index), clock, timedelta(hours=settings.permissions_max_age))
    finally:
        engine.dispose()


def database_url(settings: Settings, home: Home) -> str:
    """Where the truth of a home is: the server that the settings name, else the home's own file. It holds a secret."""
    return settings.database_url.get_secret_value() if settings.database_url else f"sqlite:///{home.database}"
