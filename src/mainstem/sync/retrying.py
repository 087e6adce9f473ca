"""Tries one content again that a sync could not have, alone and at once (Y5).

It is read and converted as a sync would do it, and nothing of it is stored: who may see it is known for sure only when
a sync has read every rule above it. So one that can be had now is told to come in with the next sync.
"""

import asyncio
from datetime import datetime

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.errors import SkipItem, TellPerson
from mainstem.store import events, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.runs import Failure, Run, StandingFailure
from mainstem.sync import log
from mainstem.sync.account import check_account
from mainstem.sync.alone import alone
from mainstem.sync.conversion import conversion
from mainstem.sync.ledger import note_failures
from mainstem.sync.missing import ask
from mainstem.sync.names import Names
from mainstem.sync.rules import read_singly
from mainstem.wiki.content import Kind


class NothingToRetry(TellPerson):
    """There is no failure of this content that could be tried again alone."""

    def __init__(self, source_id: str) -> None:
        super().__init__(source_id)
        self.source_id = source_id

    def __str__(self) -> str:
        return "Nothing is the matter with it any more, or only a whole sync can tell: sync again."


_RULED = frozenset({Kind.PAGE, Kind.BLOGPOST})


async def retry(
    engine: Engine, confluence: Confluence, connection: SavedConnection, source_id: str, now: datetime
) -> bool:
    """Whether it can be had now; what came of it stands in the failure's row, and in the log of the last run.

    `confluence` is signed in. Raises NothingToRetry and AccountChanged, and the RetryLater and StopRun errors of
    reading, and then nothing was noted.
    """

    def known(db: Connection) -> tuple[Run | None, StandingFailure | None, Names]:
        failure = runs.standing_failure(db, connection.id, source_id)
        return runs.latest(db, connection.id), failure, Names.stored(db, connection.id)

    run, failure, people = await ask(engine, known)
    if run is None or failure is None or failure.kind is None:
        raise NothingToRetry(source_id)
    check_account(confluence.account, connection)
    cause = await _cause(confluence, failure.kind, source_id, people)
    told = Failure(source_id, failure.title, failure.url, cause or log.COMES, failure.kind)

    def note() -> None:
        with engine.begin() as db:
            if cause:
                note_failures(db, run, [told], now)
            else:
                runs.record_failures(db, connection.id, [told], now)
                events.log(db, [log.readable(run, now, source_id)])

    await asyncio.to_thread(note)
    return not cause


async def _cause(confluence: Confluence, kind: Kind, source_id: str, people: Names) -> str:
    """Why it cannot be had, "" where it can."""
    try:
        content = await alone(confluence, confluence.content(source_id, kind))
    except SkipItem as error:
        return str(error)
    met: list[Failure] = []
    if kind in _RULED:
        await read_singly(confluence, [content], met)
    if content.body is not None and not met:
        with conversion() as place:
            [made] = await place.convert([content.body], people)
        if isinstance(made, str):
            return made
    return met[0].cause if met else ""
