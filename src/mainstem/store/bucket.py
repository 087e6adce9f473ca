"""Objects in a bucket - S3, Google's, Azure's, or any that obstore knows - with a folder here for those in use.

What is asked for is brought here piece by piece, and stays while there is room: people ask for the same files.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final

import obstore
from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore

from mainstem.store.errors import BucketRefuses, TooLarge
from mainstem.store.objects import Folder, Writing

HERE: Final = 5_000_000_000
"""Bytes of objects that stay on this machine after a sweep."""

_PIECE: Final = 1_000_000

_CAUSES: Final[Mapping[type[Exception], str]] = {
    PermissionDeniedError: "the hub's keys may not do this there",
    UnauthenticatedError: "it does not take the hub's keys",
}


class Bucket:
    """Objects in a store of obstore's; see `mainstem.store.objects.Objects`."""

    def __init__(self, store: ObjectStore, here: Folder, *, most_here: int = HERE) -> None:
        """`here` is for this process alone; what it held before there was a bucket is sent there before it goes."""
        self._store = store
        self._here = here
        self._most_here = most_here
        self._sweeping = Lock()

    def path(self, digest: str) -> Path | None:
        """See `Objects.path`; it is brought here where it is not."""
        if not digest:
            return None
        here = self._here.path(digest)
        if here is None:
            return self._brought(digest)
        with suppress(OSError):
            here.touch()
        return here

    @contextmanager
    def adding(self, *, most: int) -> Iterator[Writing]:
        """See `Objects.adding`."""
        with self._here.begun(most=most) as writing:
            yield writing
            writing.end()
            with self._sweeping:
                pass  # What a sweep found unwanted before the note is gone now. Sending itself holds nobody up.
            self._send(writing.digest, writing.path)
            self._here.place(writing)

    def sweep(self, unwanted: AbstractContextManager[Collection[str]]) -> None:
        """See `Objects.sweep`; of what is here, what was asked for last stays."""
        with self._sweeping, unwanted as digests:
            self._delete([_name(digest) for digest in digests])
            for digest in digests:
                self._here.drop(digest)
        self._make_room()

    def _delete(self, names: Sequence[str]) -> None:
        try:
            with _reached():
                obstore.delete(self._store, names)
        except FileNotFoundError:
            # Some stores end there, with others still to go.
            for name in names:
                with suppress(FileNotFoundError), _reached():
                    obstore.delete(self._store, name)

    def _brought(self, digest: str) -> Path | None:
        """What is there and is not what it is called is as good as nothing."""
        try:
            with _reached():
                found = obstore.get(self._store, _name(digest))
                with self._here.begun(most=found.meta["size"]) as writing:
                    for piece in found.stream(min_chunk_size=_PIECE):
                        writing.write(bytes(piece))
                    if writing.digest == digest:
                        self._here.place(writing)
        except (FileNotFoundError, TooLarge):
            return None
        return self._here.path(digest)

    def _make_room(self) -> None:
        room = self._most_here
        for _, size, path in sorted(_used(self._here.all()), reverse=True):
            room -= size
            if room < 0:
                # This may be the only one: it may have been kept before there was a bucket.
                if not self._has(path.name):
                    self._send(path.name, path)
                self._here.drop(path.name)

    def _has(self, digest: str) -> bool:
        try:
            with _reached():
                obstore.head(self._store, _name(digest))
        except FileNotFoundError:
            return False
        return True

    def _send(self, digest: str, path: Path) -> None:
        try:
            with _reached():
                obstore.put(self._store, _name(digest), path)
        except FileNotFoundError:
            raise BucketRefuses("there is no such bucket") from None


def _used(paths: Sequence[Path]) -> Iterator[tuple[int, int, Path]]:
    """When files were asked for last, and their bytes; of those that are gone by now, nothing."""
    for path in paths:
        with suppress(FileNotFoundError):
            about = path.stat()
            yield about.st_mtime_ns, about.st_size, path


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


@contextmanager
def _reached() -> Iterator[None]:
    """The border to obstore, whose messages may hold addresses and keys. An object that is not there stays that."""
    try:
        yield
    except (FileNotFoundError, NotFoundError):
        raise FileNotFoundError from None
    except (BaseError, OSError) as refusal:
        raise BucketRefuses(_CAUSES.get(type(refusal), "it does not answer as a bucket does")) from None
