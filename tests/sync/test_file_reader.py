"""Files are read in a process of their own: whatever one does to it, the next is read, and the hub lives on."""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from mainstem.files.body import Limits
from mainstem.files.errors import FileDamaged, ReaderDied, TooMuch, TooSlow
from mainstem.sync.file_reader import Bounds, FileMade, FileReader, file_reader
from mainstem.sync.processes import context
from mainstem.wiki.files import FileKind
from tests.files import office
from tests.sync.dying import read_and_die

LARGE = 300_000_000
"""Bytes that none of these may take."""


def put(folder: Path, data: bytes) -> Path:
    path = folder / "f"
    path.write_bytes(data)
    return path


def swelling(part: str, begin: str = "", end: str = "") -> bytes:
    """A small archive with a part that is too large, and says it is not."""
    return office.lying({part: begin.encode() + b" " * LARGE + end.encode()})


def said(reader: FileReader, folder: Path, data: bytes, kind: FileKind) -> str:
    """The first words of a file, or why there are none."""
    told = reader.read(put(folder, data), kind, "f")
    return told if isinstance(told, str) else told.made.passages[0].text


def test_a_file_comes_back_as_a_body_with_what_is_made_of_it(tmp_path: Path) -> None:
    with file_reader() as reader:
        told = reader.read(put(tmp_path, office.pdf(["Pumps are blue."])), FileKind.PDF, "f.pdf")
    assert isinstance(told, FileMade)
    assert told.body == "<h2>Page 1</h2>\n<p>Pumps are blue.</p>"
    assert [(passage.heading_path, passage.text) for passage in told.made.passages] == [
        (("Page 1",), "Pumps are blue.")
    ]


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    with file_reader(Bounds(seconds=5.0)) as reader:
        # Nobody ever writes into it, so that whoever opens it waits for ever.
        waiting = tmp_path / "waiting"
        os.mkfifo(waiting)
        assert reader.read(waiting, FileKind.PLAIN, "f.txt") == str(TooSlow(5.0))
        assert said(reader, tmp_path, b"words", FileKind.PLAIN) == "words"


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (FileKind.SHEETS, office.far_sheet),
        (FileKind.SHEETS, partial(swelling, "xl/workbook.xml")),
        (FileKind.WORD, partial(swelling, "word/document.xml")),
        (FileKind.OPEN_DOCUMENT, partial(swelling, "content.xml", "<x>", "</x>")),
    ],
)
def test_a_file_that_grows_when_it_is_unpacked_takes_nothing_down(
    tmp_path: Path, kind: FileKind, made: Callable[[], bytes]
) -> None:
    with file_reader(Bounds(memory=900_000_000)) as reader:
        told = said(reader, tmp_path, made(), kind)
        assert told in {str(ReaderDied()), str(FileDamaged()), str(TooMuch("has more than 2 million cells"))}
        assert said(reader, tmp_path, b"words", FileKind.PLAIN) == "words"


def test_a_file_that_follows_one_that_killed_its_reader_is_read_all_the_same(tmp_path: Path) -> None:
    with file_reader() as reader:
        assert said(reader, tmp_path, b"first", FileKind.PLAIN) == "first"
        process = reader._process
        assert process is not None
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        assert said(reader, tmp_path, b"words", FileKind.PLAIN) == "words"


def test_a_reader_writes_no_files_and_says_nothing(tmp_path: Path) -> None:
    with file_reader() as reader:
        said(reader, tmp_path, b"words", FileKind.PLAIN)
        process = reader._process
        assert process is not None
        for stream in ("1", "2"):
            assert Path(f"/proc/{process.pid}/fd/{stream}").readlink() == Path(os.devnull)
        bounds = Path(f"/proc/{process.pid}/limits").read_text()
    assert "Max file size             0" in bounds
    assert "Max address space         2000000000" in bounds


def test_more_text_than_is_kept_of_a_file_is_a_cause_of_its_own(tmp_path: Path) -> None:
    with file_reader(Bounds(limits=Limits(characters=10))) as reader:
        assert "million characters" in said(reader, tmp_path, b"words " * 9, FileKind.PLAIN)


def test_the_reader_ends_with_whoever_began_it(tmp_path: Path) -> None:
    ours, theirs = context().Pipe()
    parent = context().Process(target=read_and_die, args=(theirs, put(tmp_path, b"words")))
    parent.start()
    pid = ours.recv()
    parent.join()
    parent.close()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        signal.sigtimedwait([], 0.05)
    pytest.fail("it lives on")
