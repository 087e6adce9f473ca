"""The text of PDF files, by page, under the chapters that the file names."""

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby, islice
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium

from mainstem.files.body import Body, Limits
from mainstem.files.errors import FileDamaged, FileLocked, NoOcr, TooMuch, TooSlow
from mainstem.files.ocr import words_in

_WRONG_PASSWORD: Final = 4
_DEEPEST: Final = 5
_CHAPTERS: Final = 2_000
_IN_CONTENTS: Final = 40
"""Up to so many pages, each stands in the table of contents."""

_PARTED: Final = re.compile("(?:\u00ad|\ufffe|\x02)\r?\n?")
"""How a word that goes on in the next line is marked."""

_FULL: Final = 0.7
"""A line of so much of the longest one's length goes on in the next."""

SCANNING: Final = 30.0
"""Seconds in which scanned pages of a file are begun; then there is time for one more."""

_SHARP: Final = 200 / 72
_WIDEST: Final = 3_000.0
"""How pages are drawn to be read: 200 dots an inch, so many at most."""

_ENDS: Final = (".", ":", "!", "?")
_BULLET: Final = re.compile("[-*\u2022\u2013\u25aa\u25e6\u00b7]\\s+")
_POINT: Final = re.compile(rf"{_BULLET.pattern}|\(?\w{{1,3}}[.)]\s")


def read_pdf(path: Path, body: Body) -> str:
    """Write the pages that have text; the file's own title. Raises FileUnread errors."""
    try:
        with pdfium.PdfDocument(path) as document:
            pages = len(document)
            if pages > body.limits.pages:
                raise TooMuch(f"has {pages:,} pages, of {body.limits.pages:,} that are read")
            chapters = _chapters(document)
            depth = 1 + max((level for each in chapters.values() for level, _ in each), default=0)
            scans = _Scans(body.limits)
            level = depth if chapters else 2 if pages <= _IN_CONTENTS else 4
            for number in range(pages):
                for above, title in chapters[number]:
                    body.heading(above, title)
                _page(body, level, number, _text(document, number) or scans.text(document, number))
            return str(document.get_metadata_dict().get("Title") or "")
    except pdfium.PdfiumError as error:
        if error.err_code == _WRONG_PASSWORD:
            raise FileLocked from None
        raise FileDamaged from None


def _text(document: pdfium.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        words = page.get_textpage()
        try:
            return str(words.get_text_range())
        finally:
            words.close()
    finally:
        page.close()


class _Scans:
    """Reads the pages that are pictures alone, where that is wanted, as many as one file may have."""

    def __init__(self, limits: Limits) -> None:
        self._ocr = limits.ocr
        self._left = limits.scanned
        self._until = time.monotonic() + SCANNING

    def text(self, document: pdfium.PdfDocument, number: int) -> str:
        """The words on a page, "" where they are not to be read, or cannot be."""
        if self._ocr is None or self._left <= 0 or time.monotonic() > self._until:
            return ""
        page = document[number]
        try:
            if not any(page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
                return ""
            self._left -= 1
            scale = min(_SHARP, _WIDEST / max(*page.get_size(), 1))
            picture = page.render(scale=scale, grayscale=True, rev_byteorder=False)
            rows = bytes(picture.buffer)
            lines = (rows[at : at + picture.width] for at in range(0, picture.stride * picture.height, picture.stride))
            # One page that cannot be read leaves the others.
            with suppress(FileDamaged, TooSlow, NoOcr):
                header = b"P5 %d %d 255\n" % (picture.width, picture.height)
                return "\n\n".join(words_in(self._ocr, header + b"".join(lines)))
            return ""
        finally:
            page.close()


def _chapters(document: pdfium.PdfDocument) -> defaultdict[int, list[tuple[int, str]]]:
    """The headings that begin on each page, from its number, counted from 0: (level, title)."""
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for mark in islice(document.get_toc(max_depth=_DEEPEST), _CHAPTERS):
        place = mark.get_dest()
        page = None if place is None else place.get_index()
        if page is not None and (title := mark.get_title().strip()):
            found[page].append((min(mark.level + 1, _DEEPEST), title))
    return found


def _page(body: Body, level: int, number: int, text: str) -> None:
    said = list(paragraphs(text))
    if said:
        body.heading(level, f"Page {number + 1}")
    for is_list, some in groupby(said, lambda line: bool(_BULLET.match(line))):
        if is_list:
            body.points(_BULLET.sub("", line) for line in some)
        else:
            for line in some:
                body.paragraph(line)


def paragraphs(text: str) -> Iterator[str]:
    """The text of a page with its lines joined where they only broke off at the margin."""
    for block in re.split(r"\n\s*\n", _PARTED.sub("", text).replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        full = _FULL * max(map(len, lines), default=0)
        joined, before = "", ""
        for line in lines:
            ended = before.endswith(_ENDS) and len(line) < full
            if before and (len(before) < full or ended or _POINT.match(line)):
                yield joined
                joined = ""
            joined += f" {line}" if joined else line
            before = line
        if joined:
            yield joined
