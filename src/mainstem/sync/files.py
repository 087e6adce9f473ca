"""Reads the text of files, the last thing in a sync: what is new among them is fetched, kept, and read apart.

A file that cannot be had or read is one failure with its cause, and stops nothing. One that did not change costs no
request, and one that is kept already is not fetched again.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import TOO_LONG, ItemBroken, Unreachable
from mainstem.errors import SkipItem
from mainstem.files import KINDS, READING, kind_of_file, why_unread
from mainstem.files.errors import NoOcr, TooMuch
from mainstem.store import file_texts, kept, runs, seen
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
from mainstem.wiki.content import Content
from mainstem.wiki.files import FileKind, FileOptions

MB = 1_000_000
WITH_PICTURES = frozenset({FileKind.PDF, FileKind.PICTURE})
"""The kinds whose text another choice on pictures changes."""

_WITH_OCR = "+ocr"
"""How the choice ends that is noted with a text for which pictures were read, too."""

AT_ONCE = 16
"""Files of a batch, whose texts are in memory together."""

FETCHED_AT_ONCE = 4
PATIENCE = 300.0
"""Seconds in which a file must have come."""


@dataclass(frozen=True, slots=True)
class FileTools:
    """What reading files needs: where they are kept, who reads them, and what the connection takes of them.

    `no_ocr` is why the reader cannot read pictures, too, "" where it can.
    """

    keeping: Keeping
    reader: FileReader
    options: FileOptions
    no_ocr: str

    @property
    def has_ocr(self) -> bool:
        """Whether the reader can read pictures, too."""
        return not self.no_ocr

    @property
    def choice(self) -> str:
        """By what files are read: the connection's choice, as far as it can be followed."""
        return self.options.digest + (_WITH_OCR if self.options.ocr and self.has_ocr else "")

    @property
    def choices(self) -> Collection[str]:
        """By what a file was read that need not be looked at: what was read with OCR stands while there is none."""
        return {self.choice, self.lasting}

    @property
    def lasting(self) -> str:
        """The choice noted for what was read with OCR, and stands without."""
        return self.options.digest + (_WITH_OCR if self.options.ocr else "")

    def changes(self, wanted: WantedFile, kind: FileKind) -> bool:
        """Whether a file that was read, or could not be, comes to something else by this choice."""
        if kind not in WITH_PICTURES or _with_ocr(wanted) == self.options.ocr:
            return False
        return self.has_ocr or not self.options.ocr


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
            choices = self._tools.choices
            return file_texts.wanted(db, self._run, reading=READING, choices=choices, limit=AT_ONCE)

        wanted = await ask(self._engine, lacking)
        found = await each(self._one, wanted, at_once=FETCHED_AT_ONCE)
        return self._writing(wanted, found)

    def _writing(self, wanted: Sequence[WantedFile], found: Sequence[TextOfFile | Failure | WantedFile]) -> Writing:
        texts = [one for one in found if isinstance(one, TextOfFile)]
        missed = [one for one in found if isinstance(one, Failure)]
        missed += [_failure(text.file, text.cause) for text in texts if text.outcome is Outcome.FAILED]

        same = [one for one in found if isinstance(one, WantedFile)]
        choice = self._tools.choice

        def write(db: Connection, now: datetime) -> Written:
            file_texts.save(db, texts, reading=READING, choice=choice, now=now)
            file_texts.stand(db, [one for one in same if not _with_ocr(one)], choice=choice)
            file_texts.stand(db, [one for one in same if _with_ocr(one)], choice=self._tools.lasting)
            kept.let_go(db, [each.document_id for each in wanted if not self._keeps(each.content)])
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

    async def _one(self, wanted: WantedFile) -> TextOfFile | Failure | WantedFile:
        """What comes of one file; a failure where Confluence does not give it, so that the next run asks again.

        The file itself where it stands as another choice left it.
        """
        file, options = wanted.content.file, self._tools.options
        kind = _kind(wanted.content)
        if kind not in KINDS or file is None or not file.download:
            return TextOfFile(wanted, Outcome.LEFT, cause=why_unread(wanted.content.title))
        if not options.form(kind).reads:
            return TextOfFile(wanted, Outcome.LEFT, cause="" if kind is FileKind.PICTURE else _not_chosen(kind))
        if kind is FileKind.PICTURE and not self._tools.has_ocr:
            # What was read when there was one stands.
            had = wanted.before is Outcome.READ
            return wanted if had else TextOfFile(wanted, Outcome.LEFT, cause=str(NoOcr(self._tools.no_ocr)))
        if file.size > options.most_mb * MB:
            return self._too_large(wanted)
        if wanted.before in (Outcome.READ, Outcome.FAILED) and not self._tools.changes(wanted, kind):
            return wanted
        try:
            path = await self._path(wanted)
        except TooLarge:
            return self._too_large(wanted)
        except SkipItem as error:
            return _failure(wanted, str(error))
        return await self._read(wanted, path, kind)

    def _too_large(self, wanted: WantedFile) -> TextOfFile:
        cause = str(TooMuch(f"is larger than {self._tools.options.most_mb} MB"))
        return TextOfFile(wanted, Outcome.LEFT, cause=cause)

    def _keeps(self, file: Content) -> bool:
        return self._tools.options.form(_kind(file)).keeps

    async def _read(self, wanted: WantedFile, path: Path, kind: FileKind) -> TextOfFile | WantedFile:
        async with self._turn:
            told = await asyncio.to_thread(self._tools.reader.read, path, kind, wanted.content.title)
        if isinstance(told, str):
            # What was read of the same version before is better than nothing.
            if wanted.before is Outcome.READ:
                return wanted
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


def _with_ocr(wanted: WantedFile) -> bool:
    """Whether pictures were read, too, when it was read before."""
    return wanted.choice.endswith(_WITH_OCR)


def _kind(file: Content) -> FileKind:
    return kind_of_file(file.title, file.file.media_type if file.file else "")


def _not_chosen(kind: FileKind) -> str:
    return f"The connection's choice is to read no {kind.words}"


def _failure(wanted: WantedFile, cause: str) -> Failure:
    return Failure(wanted.content.id, wanted.content.title, wanted.content.url, cause)
