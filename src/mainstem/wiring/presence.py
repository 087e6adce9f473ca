"""That this process is at work: a row with a heartbeat, by which others see that it lives.

On SQLite one process owns the home, so it is the only worker there is, and needs no heart. On PostgreSQL each has one,
in a thread of its own, beside whatever else keeps the process busy; who falls silent for a while is taken for dead by
the next who looks, and what it had claimed is free. A process that was only frozen, or cut off, finds itself buried, is
told, and begins again as another worker.
"""

import logging
import os
import platform
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from mainstem.store import workers
from mainstem.store.database import session, share
from mainstem.store.errors import DatabaseInUse
from mainstem.wiring.reader import Clock

BEATS = 4
"""Of one that lives, in the time after which one without is dead."""

log = logging.getLogger(__name__)


def _nobody() -> None:
    """Nobody wants to know."""


class Presence:
    """One worker among others. `id` changes when it was taken for dead."""

    def __init__(self, *, shared: bool) -> None:
        """`shared`: there may be others, on PostgreSQL."""
        self.shared = shared
        self.id = _new_id()
        self.on_lost: Callable[[], None] = _nobody
        """Called, in another thread, when this worker was taken for dead: what it does just now is another's."""


@contextmanager
def present(engine: Engine, clock: Clock, silence: float) -> Iterator[Presence]:
    """Be a worker until the block ends. Who shows no life for `silence` seconds is taken for dead.

    Raises DatabaseInUse where a command has the database to itself.
    """
    shared = engine.dialect.name == "postgresql"
    presence = Presence(shared=shared)
    if not shared:
        with engine.begin() as db:
            workers.join_alone(db, presence.id, _place(), clock())
        yield presence
        return
    heart = Heart(engine, presence, timedelta(seconds=silence))
    heart.join()
    beating = threading.Thread(target=heart.work, name="heartbeat", daemon=True)
    beating.start()
    try:
        yield presence
    finally:
        heart.stopped.set()
        beating.join()
        heart.leave()


class Heart:
    """Beats for a worker on PostgreSQL, and buries those whose own does not."""

    def __init__(self, engine: Engine, presence: Presence, silence: timedelta) -> None:
        self._silence = silence
        self._beat_every = silence.total_seconds() / BEATS
        self.stopped = threading.Event()
        self._engine = engine
        self._presence = presence
        self._session = ExitStack()
        self._db: Connection | None = None

    def join(self) -> None:
        """Begin to work. Raises DatabaseInUse."""
        db = self._db = self._session.enter_context(session(self._engine))
        self._enter(db)
        workers.join(db, self._presence.id, _place(), workers.clock(db))

    def leave(self) -> None:
        """End, as far as the database can be told."""
        try:
            if self._db is not None:
                workers.leave(self._db, self._presence.id)
        except SQLAlchemyError as away:
            log.warning("The database was away when this worker ended, and will miss it soon: %s", type(away).__name__)
        self._hang_up()

    def work(self) -> None:
        """Beat until stopped."""
        while not self.stopped.wait(self._beat_every):
            try:
                self._beat()
            except (SQLAlchemyError, DatabaseInUse) as away:
                log.warning("This worker cannot show that it lives (%s); it goes on trying", type(away).__name__)
                self._hang_up()

    def _beat(self) -> None:
        if self._db is None:
            db = self._db = self._session.enter_context(session(self._engine))
            self._enter(db)
        db, now = self._db, workers.clock(self._db)
        if not workers.beat(db, self._presence.id, now):
            log.warning("This worker was silent for so long that it was taken for dead; it begins again")
            self._presence.id = _new_id()
            workers.join(db, self._presence.id, _place(), now)
            self._presence.on_lost()
        try:
            for dead in workers.bury(db, now - self._silence):
                log.warning("Worker %s, %s, is gone; what it was at is done by another", dead.id, dead.place)
        except OperationalError as held:
            # A frozen one may hold what would go with it, until the server ends its transaction.
            log.debug("A dead worker cannot be buried yet: %s", type(held).__name__)

    def _enter(self, db: Connection) -> None:
        share(db)
        # Nothing may keep a heart from its next beat.
        db.execute(text(f"SET lock_timeout = {int(self._beat_every * 500)}"))

    def _hang_up(self) -> None:
        self._db = None
        try:
            self._session.close()
        except SQLAlchemyError:
            log.debug("A session that had broken could not be closed")


def _new_id() -> str:
    return f"worker-{uuid.uuid4()}"


def _place() -> str:
    return f"process {os.getpid()} on {platform.node()}"
