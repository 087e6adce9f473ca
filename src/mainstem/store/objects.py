"""The bytes of files in a folder: each under the hash of its content, so what is there is whole and never changes.

Which document an object belongs to, and who may have it, stands in the database.
"""

import hashlib
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mainstem.store.errors import NotKept, TooLarge

_BEGUN = "begun-"


class Writing:
    """An object that is being written; what it is called is known at its end."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most
        self._hash = hashlib.sha256()
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


class Objects:
    """Objects in a folder, which is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path | None:
        """Where an object lies; None where there is none."""
        path = self._place(digest)
        return path if digest and path.is_file() else None

    @contextmanager
    def adding(self, *, most: int) -> Iterator[Writing]:
        """Write an object of `most` bytes, which is there when the block ends. Nothing stays of what breaks off.

        Raises NotKept.
        """
        with _kept():
            self._folder.mkdir(parents=True, exist_ok=True)
            file = tempfile.NamedTemporaryFile(dir=self._folder, prefix=_BEGUN, delete=False)  # noqa: SIM115
        begun = Path(file.name)
        try:
            with file:
                writing = Writing(file, most)
                yield writing
                with _kept():
                    file.flush()
            with _kept():
                place = self._place(writing.digest)
                place.parent.mkdir(exist_ok=True)
                begun.replace(place)
        finally:
            begun.unlink(missing_ok=True)

    def sweep(self, wanted: Collection[str]) -> None:
        """Drop what nobody wants any more, and what was begun and never finished. Nothing may come in meanwhile."""
        for path in (*self._folder.glob("*/*"), *self._folder.glob(f"{_BEGUN}*")):
            if path.name not in wanted:
                path.unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


@contextmanager
def _kept() -> Iterator[None]:
    try:
        yield
    except OSError as refusal:
        raise NotKept(refusal.strerror or "unknown") from refusal
