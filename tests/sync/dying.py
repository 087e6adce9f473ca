"""What a process of its own does in a test; apart, so that it loads little."""

import os
from multiprocessing.connection import Connection
from pathlib import Path

from mainstem.sync.file_reader import Bounds, FileReader
from mainstem.wiki.files import FileKind


def read_and_die(line: "Connection[int, None]", path: Path) -> None:
    """Read a file, tell the process that reads, and die without a word to it."""
    reader = FileReader(Bounds())
    reader.read(path, FileKind.PLAIN, "f.txt")
    process = reader._process
    assert process is not None
    assert process.pid is not None
    line.send(process.pid)
    os._exit(9)
