"""A home: the folder that holds the truth, the index and the key of one hub, and the lock that says who may write.

One process owns a home at a time; others may read it. The lock is the operating system's, so it goes when its
process does, however it ends; the pid beside it only serves to name the owner.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mainstem.errors import TellPerson


class HomeInUse(TellPerson):
    """Another process owns the home. `pid` is its number, None when it has not written it yet."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        super().__init__(folder, pid)
        self.folder = folder
        self.pid = pid

    def __str__(self) -> str:
        who = "another process" if self.pid is None else f"process {self.pid}"
        return f"{self.folder} is in use by {who}: wait until it ends, or stop it, then run the command again."


class HomeUnusable(TellPerson):
    """The folder cannot be made or written."""


class NoHome(TellPerson):
    """A command that only reads was given a folder that holds no hub."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return f"There is no hub in {self.folder}: connect a site first, with `mainstem connect --home ...`."


PRIVATE = 0o077
"""What files of a home keep from group and others, as a umask."""


LOOK = 0.25
"""Seconds. Whoever looks for the owner holds the lock for an instant, which a new owner waits out."""


@contextmanager
def private_files() -> Iterator[None]:
    """Let whatever this process makes be for its owner alone, whichever library makes it, until the block ends."""
    before = os.umask(PRIVATE)
    try:
        yield
    finally:
        os.umask(before)


class Home:
    """The places inside one home folder, and its lock."""

    def __init__(self, folder: Path) -> None:
        """`folder` need not exist yet."""
        self.folder = folder.expanduser().absolute()
        self.database = self.folder / "mainstem.db"
        self.work = self.folder / "work.db"
        self.index = self.folder / "index"
        self.objects = self.folder / "objects"
        self.key = self.folder / "key"
        self.sample = self.folder / "sample-site"
        self.server = self.folder / "server"
        self._owner = self.folder / "owner"
        self._lock = FileLock(self.folder / "lock")
        self._folder_is_ours = False

    @property
    def exists(self) -> bool:
        """Whether a hub was ever made here."""
        return self.database.exists()

    def own(self, pid: int) -> None:
        """Make the folder where needed and take the lock for this process. Raises HomeInUse or HomeUnusable.

        A folder that was made for the home, by us or beforehand, is closed to others; one with other things in it stays
        as it is.
        """
        try:
            self._folder_is_ours = not self.folder.exists()
            self.folder.mkdir(parents=True, exist_ok=True)
            if not any(self.folder.iterdir()):
                self.folder.chmod(0o700)
            self._lock.acquire(timeout=LOOK, poll_interval=LOOK / 5)
            self._owner.write_text(str(pid), encoding="ascii")
            # What a server left that was killed: whoever owns the home now is another.
            self.server.unlink(missing_ok=True)
        except Timeout:
            raise HomeInUse(self.folder, self._owner_pid()) from None
        except OSError as error:
            raise HomeUnusable(
                f"Cannot write to {self.folder} ({error.strerror}): choose another folder with --home."
            ) from None

    def look(self) -> None:
        """Raise HomeInUse when a process owns the home just now. Nothing is made or changed."""
        lock = self.folder / "lock"
        if not os.access(lock, os.W_OK):
            return
        try:
            with FileLock(lock, timeout=0):
                pass
        except Timeout:
            raise HomeInUse(self.folder, self._owner_pid()) from None

    @property
    def was_begun(self) -> bool:
        """Whether a hub was made here before, with its database in the folder or on a server."""
        return self.database.exists() or self.key.exists()

    def discard(self) -> None:
        """Remove what a hub makes here, and the folder where it was made for it. Only for the owner."""
        for folder in (self.index, self.objects):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.database, self.work):
            for path in self.folder.glob(f"{file.name}*"):
                path.unlink()
        for path in (self.key, self.sample, self.server, self._owner, self.folder / "lock"):
            path.unlink(missing_ok=True)
        if self._folder_is_ours and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def release(self) -> None:
        """Let another process own the home."""
        self._owner.unlink(missing_ok=True)
        self._lock.release()

    def _owner_pid(self) -> int | None:
        try:
            return int(self._owner.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None


@contextmanager
def owned_home(folder: Path, pid: int) -> Iterator[Home]:
    """Own a home until the block ends. Raises HomeInUse or HomeUnusable."""
    home = Home(folder)
    home.own(pid)
    try:
        yield home
    finally:
        home.release()
