"""The zip archives that most office files are: opened within bounds, and told from what only claims to be one."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mainstem.files.body import Limits
from mainstem.files.errors import FileDamaged, TooMuch

_ENTRIES: Final = 20_000

BROKEN: Final = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error),
    *(NotImplementedError, EOFError, KeyError, OSError),
)
"""What reading a part of an archive raises that is not as it should be."""


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive, when what it unpacks to is within bounds. Raises TooMuch, FileDamaged.

    What it says of its parts may be a lie: the memory of the process that reads it is bounded too.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _ENTRIES or sum(part.file_size for part in parts) > limits.unpacked:
                raise TooMuch(f"unpacks to more than {limits.unpacked // 1_000_000} MB")
            yield archive
    except BROKEN:
        raise FileDamaged from None
    except RuntimeError:
        # The module's word for a part that a password protects; office files are locked otherwise.
        raise FileDamaged from None
