"""Makes a sync survive a kill: the only module that knows DBOS.

A sync is one DBOS workflow; each of its batches is one datasource transaction, so that the data, the run's counters
and the checkpoint commit together. What fetches and converts is prepared outside of the transaction, and only for
batches that are not yet committed: a recovered run replays its checkpoints without touching Confluence and goes on
behind the last one. DBOS is one per process, so a second `Durable` is refused while one is open.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from dbos import DBOS, SetWorkflowID, SQLAlchemyDatasource
from sqlalchemy import Connection, Engine

from mainstem.errors import RetryLater, TellPerson

Outcome = dict[str, Any]
"""What a committed batch tells the workflow, small and JSON-able: a replay gets it from the checkpoint."""

Apply = Callable[[Connection], Outcome]
Prepare = Callable[[], Awaitable[Apply]]


LOOK = 1.0
"""Seconds between looks at whether a run that has not ended is at work."""

ON_THE_WAY = 30.0
"""Seconds that a run may be on its way to whoever works on it; it takes far less."""

ALIVE = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
"""What DBOS calls work that has an end before it."""


class SecondHub(TellPerson):
    """This process already runs durable work for another home."""


class LostOnTheWay(RetryLater):
    """A run stands as begun, and nobody works on it: its database was restarted while it was handed over."""

    def __init__(self) -> None:
        super().__init__("The database lost this sync as it began. It goes on with the next one: sync again.")


class Checkpoints:
    """The batches of one run, committed in order, each exactly once."""

    def __init__(self, datasource: SQLAlchemyDatasource, *, committed: int) -> None:
        """`committed` is how many batches of this run are in the database already."""
        self._datasource = datasource
        self._committed = committed
        self._reached = 0

    @property
    def replaying(self) -> bool:
        """Whether the next batch is one that an earlier process committed."""
        return self._reached < self._committed

    async def commit(self, name: str, prepare: Prepare) -> Outcome:
        """Prepare and commit the next batch, or give the outcome that it had when it was committed before."""
        apply = _never if self.replaying else await prepare()
        self._reached += 1

        def transaction() -> Outcome:
            return apply(self._datasource.sql_session().connection())

        return await asyncio.to_thread(lambda: self._datasource.run_tx_step({"name": name}, transaction))


def _never(_: Connection) -> Outcome:
    raise AssertionError("a committed batch has no checkpoint")


Work = Callable[[int, Callable[[int], Checkpoints]], Awaitable[None]]
"""Does one run, given its id and what makes its checkpoints from the number of batches committed so far."""


class Durable:
    """The durable work of one home or one worker. `launch` also takes up what a killed process left undone."""

    _open: "Durable | None" = None

    def __init__(
        self,
        engine: Engine,
        *,
        system_url: str,
        executor_id: str,
        version: str,
        work: Work,
        patience: float = ON_THE_WAY,
    ) -> None:
        """`system_url` is the database of DBOS's own rows, `version` that of the batches' order. Raises SecondHub.

        What is unfinished under this id and this version is this process's to finish, so no two may have both at once.
        `patience`: seconds that nobody need be at work on a run before it has ended.
        """
        if Durable._open is not None:
            raise SecondHub("This process already has a hub open: close it first, or use a process of its own.")
        log = logging.getLogger("dbos")
        if not log.handlers:
            log.addHandler(logging.NullHandler())  # else it would write to standard error by a handler of its own
        DBOS(
            config={
                "name": "mainstem",
                "system_database_url": system_url,
                "executor_id": executor_id,
                "application_version": version,
                "log_level": "CRITICAL",  # what went wrong is raised, or told better by the run's row
                "notification_listener_polling_interval_sec": 0.01,  # the end of each sync waits for it
            }
        )
        url = engine.url.render_as_string(hide_password=False)
        datasource = SQLAlchemyDatasource.create(url, engine=engine)

        @DBOS.workflow(name="sync")
        async def workflow(run_id: int) -> None:
            self._at_work += 1
            try:
                await work(run_id, lambda committed: Checkpoints(datasource, committed=committed))
            finally:
                self._at_work -= 1

        self._workflow = workflow
        self._at_work = 0
        self._patience = patience
        Durable._open = self

    def launch(self) -> None:
        """Start the engine; unfinished runs of this executor and version resume by themselves."""
        DBOS.launch()

    def close(self) -> None:
        """Stop the engine. Unfinished runs stay as they are and resume at the next launch."""
        DBOS.destroy(destroy_registry=True)
        Durable._open = None

    async def is_over(self, workflow_id: str) -> bool:
        """Whether a run's work has ended, well or not, and so is never begun again."""
        status = await DBOS.get_workflow_status_async(workflow_id)
        return status is not None and status.status not in ALIVE

    async def finish(self, run_id: int, workflow_id: str) -> None:
        """Begin a run, or join it where it was begun before, and return when it has ended.

        What went wrong in it stands in its row; only a defect of ours is raised, and LostOnTheWay: the next launch
        takes the run up again.
        """
        with SetWorkflowID(workflow_id):
            handle = await DBOS.start_workflow_async(self._workflow, run_id)
        ended = asyncio.ensure_future(handle.get_result(polling_interval_sec=0.1))
        idle = 0.0
        look = min(LOOK, self._patience)
        try:
            while not (await asyncio.wait({ended}, timeout=look))[0]:
                idle = 0.0 if self._at_work else idle + look
                if idle >= self._patience:
                    raise LostOnTheWay
            await ended
        finally:
            ended.cancel()
