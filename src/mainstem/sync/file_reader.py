"""Reads files in a process of its own, with bounds on its time and memory: what anybody attached is fed to libraries.

A file that goes beyond them, or that its reader dies of, is one file whose text is not read, with the cause in words.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Line
from multiprocessing.process import BaseProcess
from pathlib import Path

from mainstem.files import read_file
from mainstem.files.body import Limits
from mainstem.files.errors import FileDamaged, FileUnread, ReaderDied, TooSlow
from mainstem.sync.conversion import convert_all
from mainstem.sync.processes import context, end_with_parent
from mainstem.wiki.documents import Converted, NoLinks
from mainstem.wiki.files import FileKind


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one file may take: seconds, bytes of memory with those of the process itself, and `limits`."""

    seconds: float = 60.0
    memory: int = 2_000_000_000
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class FileMade:
    """The text of a file as a body in storage format, and what is made of that; "" where there is no text in it."""

    body: str
    made: Converted


class FileReader:
    """Reads one file at a time. Make it with `file_reader()`."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._process: BaseProcess | None = None
        self._line: Line | None = None

    def read(self, path: Path, kind: FileKind, filename: str) -> FileMade | str:
        """The text of a file, or why there is none. Blocks for as long as it takes."""
        fresh = self._process is None
        try:
            return self._told(path, kind, filename)
        except (EOFError, OSError):
            self.close()
        # The process may have died of what was left of the files before.
        try:
            return str(ReaderDied()) if fresh else self._told(path, kind, filename)
        except (EOFError, OSError):
            self.close()
            return str(ReaderDied())

    def close(self) -> None:
        """Let the process go, whatever it does."""
        if self._process is not None and self._line is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._line.close()
        self._process = self._line = None

    def _told(self, path: Path, kind: FileKind, filename: str) -> FileMade | str:
        line = self._line or self._begin()
        line.send((path, kind, filename))
        if not line.poll(self._bounds.seconds):
            self.close()
            return str(TooSlow(self._bounds.seconds))
        told: FileMade | str = line.recv()
        return told

    def _begin(self) -> Line:
        made_by = context()
        self._line, theirs = made_by.Pipe()
        self._process = made_by.Process(target=_serve, args=(theirs, self._bounds), daemon=True)
        self._process.start()
        theirs.close()
        return self._line


@contextmanager
def file_reader(bounds: Bounds | None = None) -> Iterator[FileReader]:
    """A reader for as long as the block lasts; its process begins with the first file."""
    reader = FileReader(bounds or Bounds())
    try:
        yield reader
    finally:
        reader.close()


def _serve(line: Line, bounds: Bounds) -> None:
    """Read what is asked for until the other end of the line is gone."""
    end_with_parent()
    bound(bounds)
    with suppress(EOFError, OSError):
        while True:
            path, kind, filename = line.recv()
            line.send(_read(path, kind, filename, bounds.limits))


def _read(path: Path, kind: FileKind, filename: str, limits: Limits) -> FileMade | str:
    try:
        body = read_file(path, kind, filename, limits)
        [made] = convert_all([body], NoLinks())
        return made if isinstance(made, str) else FileMade(body, made)
    except FileUnread as unread:
        return str(unread)
    except (MemoryError, RecursionError, ImportError):
        return str(ReaderDied())
    except Exception:  # noqa: BLE001 - the border to the libraries, which do not name all that they meet in bad files
        # What it says may quote the file.
        return str(FileDamaged())


def bound(bounds: Bounds) -> None:
    """Keep this process within its memory, from writing files, and from saying anything of what it reads."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    try:
        import resource  # noqa: PLC0415  only some systems have it
    except ImportError:
        return
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for what, most in ((resource.RLIMIT_AS, bounds.memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        # A system that cannot bound one of these still has the others, and the time.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
