"""Reads the text of files, the last thing in a sync: what is new among them is fetched, kept, and read apart.

A file that cannot be had or read is one failure with its cause, and stops nothing. One that did not change costs no
request, and one that is kept already is not fetched again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import TOO_LONG, ItemBroken, Unreachable
from mainstem.errors import SkipItem
from mainstem.files import READING, FileKind, kind_of_file
from mainstem.files.errors import TooMuch
from mainstem.store import file_texts, runs, seen
from mainstem.store.errors import TooLarge
from mainstem.store.file_texts import Outcome, TextOfFile, WantedFile
from mainstem.store.runs import Failure, Run
from mainstem.store.seen import Aspect
from mainstem.sync.alone import alone
from mainstem.sync.file_reader import FileReader
from mainstem.sync.keeping import Keeping
from mainstem.sync.ledger import Ledger, Writing, Written, note_failures
from mainstem.sync.missing import ask
from mainstem.sync.side_by_side import each

AT_ONCE = 16
"""Files of a batch, whose texts are in memory together."""

FETCHED_AT_ONCE = 4
PATIENCE = 300.0
"""Seconds in which a file must have come."""

LARGEST = 25_000_000
"""Bytes of a file whose text is read."""


@dataclass(frozen=True, slots=True)
class FileTools:
    """What reading files needs: where they are kept, with the most of one that is read, and who reads them."""

    keeping: Keeping
    reader: FileReader


class Files:
    """The files of one run."""

    def __init__(self, confluence: Confluence, engine: Engine, run: Run, ledger: Ledger, tools: FileTools) -> None:
        """Everything is written through `ledger`, but for the note that a file is kept, which holds in any case."""
        self._confluence = confluence
        self._engine = engine
        self._run = run
        self._ledger = ledger
        self._tools = tools
        self._turn = asyncio.Lock()

    async def read(self) -> None:
        """Read whatever no reader has seen in its present version."""
        more = True
        while more:
            more = (await self._ledger.write("Texts of files", self._some))["more"]

    async def _some(self) -> Writing:
        def lacking(db: Connection) -> list[WantedFile]:
            return file_texts.wanted(db, self._run, reading=READING, limit=AT_ONCE)

        wanted = await ask(self._engine, lacking)
        found = await each(self._one, wanted, at_once=FETCHED_AT_ONCE)
        return self._writing(wanted, found)

    def _writing(self, wanted: Sequence[WantedFile], found: Sequence[TextOfFile | Failure]) -> Writing:
        texts = [one for one in found if isinstance(one, TextOfFile)]
        missed = [one for one in found if isinstance(one, Failure)]
        missed += [_failure(text.file, text.cause) for text in texts if text.outcome is Outcome.FAILED]

        def write(db: Connection, now: datetime) -> Written:
            file_texts.save(db, texts, reading=READING, now=now)
            seen.note(db, self._run.id, [each.content.id for each in wanted], Aspect.FILE)
            had = [text.file.content.id for text in texts if text.outcome is not Outcome.FAILED]
            runs.clear_failures(db, self._run.connection_id, had)
            note_failures(db, self._run, missed, now)
            more = len(wanted) == AT_ONCE
            if not more:
                # What could not be read stands until the file changes, so that nobody asks for it again.
                standing = file_texts.failures(db, self._run.connection_id)
                runs.record_failures(db, self._run.connection_id, standing, now)
            return Written(facts={"more": more})

        return write

    async def _one(self, wanted: WantedFile) -> TextOfFile | Failure:
        """What comes of one file; a failure where Confluence does not give it, so that the next run asks again."""
        content, file = wanted.content, wanted.content.file
        kind = kind_of_file(content.title, file.media_type if file else "")
        if kind is None or file is None or not file.download:
            return TextOfFile(wanted, Outcome.LEFT)
        if file.size > self._tools.keeping.largest:
            return self._too_large(wanted)
        try:
            path = await self._path(wanted)
        except TooLarge:
            return self._too_large(wanted)
        except SkipItem as error:
            return _failure(wanted, str(error))
        return await self._read(wanted, path, kind)

    def _too_large(self, wanted: WantedFile) -> TextOfFile:
        cause = str(TooMuch(f"is larger than {self._tools.keeping.largest // 1_000_000} MB"))
        return TextOfFile(wanted, Outcome.LEFT, cause=cause)

    async def _read(self, wanted: WantedFile, path: Path, kind: FileKind) -> TextOfFile:
        async with self._turn:
            told = await asyncio.to_thread(self._tools.reader.read, path, kind, wanted.content.title)
        if isinstance(told, str):
            return TextOfFile(wanted, Outcome.FAILED, cause=told)
        return TextOfFile(wanted, Outcome.READ, told.body, told.made)

    async def _path(self, wanted: WantedFile) -> Path:
        """Where the bytes are, fetched where they are not here. Raises SkipItem errors, TooLarge, NotKept."""
        here = await asyncio.to_thread(self._tools.keeping.objects.path, wanted.digest)
        if here is not None:
            return here
        try:
            async with asyncio.timeout(PATIENCE):
                fetching = self._tools.keeping.fetch(self._confluence, wanted.document_id, wanted.content)
                return await alone(self._confluence, fetching)
        except (TimeoutError, Unreachable) as error:
            # Where the site answers, it is this file that does not come.
            await self._confluence.current_person()
            cause = error.cause if isinstance(error, Unreachable) else TOO_LONG
            raise ItemBroken(f"attachment {wanted.content.id}", cause) from None


def _failure(wanted: WantedFile, cause: str) -> Failure:
    return Failure(wanted.content.id, wanted.content.title, wanted.content.url, cause)
