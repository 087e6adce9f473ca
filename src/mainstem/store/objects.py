"""The bytes of files, each under the hash of its content, so what is there is whole, never changes, and is kept once.

Which document an object belongs to, and who may have it, stands in the database. It is noted there before the object
comes into place, and coming into place waits for a sweep under way: so what a sweep found unwanted before the note is
gone by then, and comes anew, and what it finds after the note stays.
"""

import hashlib
import tempfile
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, Protocol

from mainstem.store.errors import NotKept, TooLarge

_BEGUN = "begun-"


class Writing:
    """An object that is being written to `path`; what it is called is known at its end."""

    def __init__(self, file: IO[bytes], path: Path, most: int) -> None:
        self._file = file
        self._most = most
        self._hash = hashlib.sha256()
        self.path = path
        self.size = 0

    @property
    def digest(self) -> str:
        """The hash of what came so far."""
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Go on. Raises TooLarge, NotKept."""
        self.size += len(chunk)
        if self.size > self._most:
            raise TooLarge(self._most)
        self._hash.update(chunk)
        with _kept():
            self._file.write(chunk)

    def end(self) -> None:
        """Nothing more comes. Raises NotKept."""
        with _kept():
            self._file.close()


class Objects(Protocol):
    """A place for objects, which one process owns: `Folder`, or `Bucket` in a module of its own."""

    def path(self, digest: str) -> Path | None:
        """Where an object can be read on this machine; None where there is none. Raises NotKept."""

    def adding(self, *, most: int) -> AbstractContextManager[Writing]:
        """Write an object of `most` bytes, which is there when the block ends. Nothing stays of what breaks off.

        Note it before the block ends: see above. Raises TooLarge, NotKept.
        """

    def sweep(self, unwanted: AbstractContextManager[Collection[str]]) -> None:
        """Drop what is unwanted: entered when nothing comes into place any more, left when they are gone.

        Raises NotKept.
        """


class Folder:
    """Objects in a folder, which is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sweeping = Lock()

    def path(self, digest: str) -> Path | None:
        """See `Objects.path`."""
        path = self._place(digest)
        return path if digest and path.is_file() else None

    @contextmanager
    def adding(self, *, most: int) -> Iterator[Writing]:
        """See `Objects.adding`."""
        with self.begun(most=most) as writing:
            yield writing
            with self._sweeping:
                self.place(writing)

    def sweep(self, unwanted: AbstractContextManager[Collection[str]]) -> None:
        """See `Objects.sweep`."""
        with self._sweeping, unwanted as digests:
            for digest in digests:
                self.drop(digest)

    @contextmanager
    def begun(self, *, most: int) -> Iterator[Writing]:
        """Write an object of `most` bytes that is in no place yet; one that gets none until the block ends is gone."""
        with _kept():
            self._folder.mkdir(parents=True, exist_ok=True)
            file = tempfile.NamedTemporaryFile(dir=self._folder, prefix=_BEGUN, delete=False)  # noqa: SIM115
        writing = Writing(file, Path(file.name), most)
        try:
            with file:
                yield writing
        finally:
            writing.path.unlink(missing_ok=True)

    def place(self, writing: Writing) -> None:
        """Let what was begun be there. Raises NotKept."""
        with _kept():
            writing.end()
            place = self._place(writing.digest)
            place.parent.mkdir(exist_ok=True)
            writing.path.replace(place)

    def drop(self, digest: str) -> None:
        """Let an object go, if it is there. Raises NotKept."""
        with _kept():
            self._place(digest).unlink(missing_ok=True)

    def all(self) -> list[Path]:
        """Where every object lies; each is called by its hash."""
        return [path for path in self._folder.glob("*/*") if path.is_file()]

    def tidy(self) -> None:
        """Drop what was begun and never finished. For the owner of the folder, before anything comes in."""
        for path in self._folder.glob(f"{_BEGUN}*"):
            path.unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


@contextmanager
def _kept() -> Iterator[None]:
    try:
        yield
    except OSError as refusal:
        raise NotKept(refusal.strerror or "unknown") from refusal
