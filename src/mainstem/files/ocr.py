"""The words in pictures, by tesseract, where it is installed. It runs beside the reader of the file, within its bounds.

Which pictures are read, and whether any, is a connection's choice.
"""

import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mainstem.files.body import Body
from mainstem.files.errors import FileDamaged, NoOcr, TooSlow

_WORD: Final = re.compile(r"[^\W\d_]{2}")
"""A line without two letters in a row is what lines and dots look like to tesseract."""


@dataclass(frozen=True, slots=True)
class Ocr:
    """Where tesseract is, the languages it looks for, as it names them (`eng+deu`), and seconds for one picture.

    A page of close print takes five. `data` is the folder of its languages, "" where it knows by itself.
    """

    command: str
    languages: str = "eng"
    seconds: float = 25.0
    data: str = ""


def read_picture(path: Path, body: Body) -> str:
    """Write the words in a picture; pictures tell no title. Raises FileUnread errors."""
    if body.limits.ocr is None:
        raise NoOcr
    for paragraph in words_in(body.limits.ocr, path):
        body.paragraph(paragraph)
    return ""


def words_in(ocr: Ocr, picture: Path | bytes) -> list[str]:
    """The paragraphs in a picture, of a file or as the bytes of one. Raises FileDamaged, TooSlow, NoOcr."""
    name, data = ("stdin", picture) if isinstance(picture, bytes) else (str(picture), None)
    command = [ocr.command, name, "stdout", "-l", ocr.languages]
    try:
        # What it says of the picture besides may quote it.
        with subprocess.Popen(  # noqa: S603  our own words, and a path that begins with /
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(ocr)
        ) as running:
            _bound(running.pid, int(ocr.seconds) + 1)
            try:
                said, _ = running.communicate(data, timeout=ocr.seconds)
            except subprocess.TimeoutExpired:
                running.kill()
                raise TooSlow(ocr.seconds) from None
    except OSError:
        raise NoOcr from None
    if running.returncode:
        raise FileDamaged
    blocks = said.decode("utf-8", "replace").replace("\f", "\n\n").split("\n\n")
    lines = ("\n".join(line for line in block.splitlines() if _WORD.search(line)) for block in blocks)
    return [block for block in lines if block]


def why_no_ocr(ocr: Ocr | None) -> str:
    """What keeps the words in pictures from being read on this machine, "" where nothing does. Blocks for a moment."""
    if ocr is None:
        return NoOcr().why
    try:
        # Some versions tell the languages where others tell errors.
        told = subprocess.run(  # noqa: S603  our own words
            [ocr.command, "--list-langs"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=ocr.seconds,
            check=False,
            env=_environment(ocr),
        )
    except (OSError, subprocess.TimeoutExpired):
        return NoOcr().why
    had = told.stdout.decode("utf-8", "replace").splitlines()
    lacking = [each for each in ocr.languages.split("+") if each.removeprefix("~") not in had]
    return f"tesseract has no language {', '.join(lacking)}" if lacking else ""


def _environment(ocr: Ocr) -> dict[str, str]:
    """All that it is told."""
    data = {"TESSDATA_PREFIX": ocr.data} if ocr.data else {}
    return {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"} | data


def _bound(pid: int, most: int) -> None:
    """It does not outlive a reader that is killed by more than this, in seconds."""
    with suppress(ImportError, AttributeError, OSError, ValueError):
        import resource  # noqa: PLC0415  only some systems have it

        resource.prlimit(pid, resource.RLIMIT_CPU, (most, most))
