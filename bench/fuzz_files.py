"""Files nobody wrote, through every reader of files, in a process with the bounds of a sync.

Sound files of each kind are cut, crossed, and changed byte by byte, those that are archives inside too. Whatever comes,
the reader gives a body that converts, or one of its own reasons; it does not hang. Where its process dies, of memory
that a library wanted, a sync says so of that one file, and so it counts as a reason. What a file that goes wrong holds
is kept in the folder that the report names.
"""

import importlib
import io
import random
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Line
from pathlib import Path
from traceback import extract_tb
from typing import Final

from bench.verdicts import Report, options
from mainstem.convert import extract, parse
from mainstem.files import kind_of_file, read_file
from mainstem.files.errors import FileUnread, ReaderDied
from mainstem.sync.file_reader import Bounds, bound
from mainstem.sync.processes import context, end_with_parent
from mainstem.wiki.files import FileKind

NUMBERS: Final = (b"0", b"-1", b"65536", b"4294967295", b"99999999999999999999", b"1e308", b"NaN", b"")
TAGS: Final = re.compile(rb"<[^<>]{1,80}>")
SLOW: Final = 30.0
"""Seconds after which a file that began with a few kilobytes hangs."""


def main() -> int:
    given = options(__doc__, seconds=60, seed=1)
    report = Report("Files nobody wrote, through every reader")
    kept = Path(tempfile.mkdtemp(prefix="fuzz-files-"))
    until, tried = time.monotonic() + given.seconds, Tried(kept)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in broken(samples(), random.Random(given.seed)):
            if time.monotonic() > until:
                break
            path = Path(folder) / "f"
            path.write_bytes(data)
            tried.one(path, name)
    tried.end()
    for kind, ends in sorted(tried.ends.items()):
        report.show(kind.words, ", ".join(f"{number:,} {end}" for end, number in ends.most_common()))
    number = sum(ends.total() for ends in tried.ends.values())
    report.holds(f"every reader, {given.seconds} s", f"{number:,} files", tried.wrong)
    if tried.wrong:
        report.remark(f"The files are in {kept}")
    return report.end(given.into)


def samples() -> dict[str, bytes]:
    """Sound files of all kinds, by names that tell their kind."""
    office = importlib.import_module("tests.files.office")
    made: Mapping[str, Callable[[], bytes]] = {
        "f.pdf": lambda: office.pdf(["Pumps turn.", "Turbines too."], title="Report", chapters={0: "Basics"}),
        "f.docx": lambda: office.drawn(office.word()),
        "f.xlsx": lambda: office.drawn(office.sheets()),
        "f.pptx": lambda: office.drawn(office.slides()),
        "f.odt": lambda: office.open_document("<text:h text:outline-level='1'>Pumps</text:h><text:p>turn</text:p>"),
        "f.eml": office.mail,
        "f.rtf": lambda: rb"{\rtf1\ansi{\b Pumps} turn\par {\*\x y}\u8364? \'e4\cell\row}",
        "f.html": lambda: b"<h1>Pumps</h1><table><tr><td colspan=2>turn</table><ul><li>a<li>b</ul><pre>c</pre>",
        "f.md": lambda: b"# Pumps\n\n* turn\n  * fast\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n",
        "f.csv": lambda: b'a;b;c\n"d ""e""";f;1.5\n;;\n',
        "f.txt": lambda: "Pumps turn.\n\nF\u00fcr immer.".encode("utf-16"),
    }
    return {name: make() for name, make in made.items()}


def broken(sound: Mapping[str, bytes], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Broken files without end, each with a name, one kind after the other."""
    while True:
        for name, data in sound.items():
            inside = zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.7
            yield name, _archive(data, chance) if inside else _bytes(data, list(sound.values()), chance)


def _archive(data: bytes, chance: random.Random) -> bytes:
    """The same archive with some of its parts broken, gone, or in the place of another."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in chance.sample(sorted(parts), min(len(parts), chance.choice((1, 1, 2, 3)))):
        match chance.randrange(8):
            case 0:
                del parts[name]
            case 1:
                parts[name] = chance.choice(list(parts.values()))
            case _:
                parts[name] = _bytes(parts[name], list(parts.values()), chance)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def _bytes(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        data = _once(data, others, chance)
    return data


def _once(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    at, length = chance.randint(0, len(data)), chance.choice((1, 2, 8, 64, 512))
    match chance.randrange(8):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + data[at + length :]
        case 2:
            return data[:at] + data[at : at + length] * chance.choice((2, 3, 50)) + data[at + length :]
        case 3:
            return data[:at] + chance.randbytes(chance.choice((1, 2, 4))) + data[at + 1 :]
        case 4:
            other = chance.choice(others)
            return data[:at] + other[chance.randint(0, len(other)) :]
        case 5:
            return _swapped(data, rb"\d+", chance.choice(NUMBERS), chance)
        case 6:
            tag = chance.choice(TAGS.findall(data) or [b""]) * chance.choice((1, 1, 300))
            return _swapped(data, TAGS.pattern, tag, chance)
        case _:
            return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :] if at < len(data) else data


def _swapped(data: bytes, what: bytes, by: bytes, chance: random.Random) -> bytes:
    places = list(re.finditer(what, data))
    if not places:
        return data
    place = chance.choice(places)
    return data[: place.start()] + by + data[place.end() :]


@dataclass
class Tried:
    """What became of files, by kind; those that went wrong are kept in a folder."""

    kept: Path
    ends: dict[FileKind, Counter[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._begin()

    def one(self, path: Path, name: str) -> None:
        kind = kind_of_file(name, "")
        self._line.send((path, kind, name))
        try:
            end = self._line.recv() if self._line.poll(SLOW) else "hangs"
        except (EOFError, OSError):
            end = ReaderDied.__name__
        if end in ("hangs", ReaderDied.__name__):
            self.end()
            self._begin()
        self.ends.setdefault(kind, Counter())[end] += 1
        if end[0].islower() and end != "read":
            place = self.kept / f"{len(self.wrong)}-{name}"
            place.write_bytes(path.read_bytes())
            self.wrong.append(f"{kind} {end}: {place.name}")

    def end(self) -> None:
        self._process.kill()
        self._process.join()

    def _begin(self) -> None:
        self._line, theirs = context().Pipe()
        self._process = context().Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()


def _serve(line: Line) -> None:
    """Read what is asked for, and tell how it ended: `read`, a reason by its name, or what nobody foresaw."""
    end_with_parent()
    bound(Bounds())
    while True:
        path, kind, name = line.recv()
        line.send(_ended(path, kind, name))


def _ended(path: Path, kind: FileKind, name: str) -> str:
    try:
        extract(parse(read_file(path, kind, name)))
    except FileUnread as unread:
        return type(unread).__name__
    except Exception as error:  # noqa: BLE001 - whatever nobody foresaw is what is looked for
        place = [each for each in extract_tb(error.__traceback__) if "mainstem" in each.filename][-1]
        return f"fails with {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    return "read"


if __name__ == "__main__":
    sys.exit(main())
