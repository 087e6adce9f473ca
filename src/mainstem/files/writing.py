"""Files that are text themselves: plain, Markdown, HTML, CSV and RTF, in whatever encoding they come."""

import csv
import re
from io import StringIO
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes
from markdown_it import MarkdownIt
from striprtf.striprtf import rtf_to_text

from mainstem.files.body import Body, clean
from mainstem.files.errors import FileDamaged, WrongKind

_FRONT_MATTER: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_TITLE_LINE: Final = re.compile(r"^title:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]*>([^<]*)</title", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LOOKED_AT: Final = 64_000
_ASCII: Final = 128
_WESTERN: Final = 0.3
"""Up to such a share of letters beyond ASCII, a text is in a language of the West; of so few, none is guessed well."""

_CELL: Final = 1_000_000
_DELIMITERS: Final = ",;\t|"


def read_plain(path: Path, body: Body) -> str:
    """Write the paragraphs of a plain text; it has no title."""
    for paragraph in re.split(r"\n\s*\n", _decoded(path.read_bytes())):
        body.paragraph(paragraph)
    return ""


def read_markdown(path: Path, body: Body) -> str:
    """Write a Markdown text; the title that its front matter names."""
    text = _decoded(path.read_bytes())
    front = _FRONT_MATTER.match(text)
    title = _TITLE_LINE.search(front[1]) if front else None
    made = MarkdownIt("commonmark", {"html": True}).enable("table").render(text[front.end() :] if front else text)
    body.markup(clean(made))
    return title[1] if title else ""


def read_html(path: Path, body: Body) -> str:
    """Write a page without anything but its text; its title."""
    raw = path.read_bytes()
    named = _CHARSET.search(raw[:2_000])
    text = _decoded(raw, named[1].decode("ascii") if named else "")
    body.markup(clean(text))
    title = _TITLE.search(text)
    return clean(title[1]) if title else ""


def read_csv(path: Path, body: Body) -> str:
    """Write one table; it has no title."""
    text = _decoded(path.read_bytes())
    csv.field_size_limit(_CELL)
    try:
        kind: type[csv.Dialect] = csv.Sniffer().sniff(text[:_LOOKED_AT], _DELIMITERS)
    except csv.Error:
        kind = csv.excel
    try:
        body.table(csv.reader(StringIO(text, newline=""), kind), headed=True)
    except csv.Error:
        raise FileDamaged from None
    return ""


def read_rtf(path: Path, body: Body) -> str:
    """Write the paragraphs of a Rich Text document. Raises FileDamaged, WrongKind."""
    text = path.read_bytes().decode("latin-1")
    if not text.lstrip().startswith("{\\rtf"):
        raise WrongKind("Rich Text document")
    try:
        said: str = rtf_to_text(text, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, TypeError, OverflowError):
        raise FileDamaged from None
    for line in said.split("\n"):
        body.paragraph(line)
    return ""


def _decoded(raw: bytes, named: str = "") -> str:
    """The text in the encoding that is named or marked, else in UTF-8, else in the likeliest. Raises WrongKind."""
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")
    for encoding in filter(None, (marked, named, "utf-8")):
        try:
            return _lines(raw.decode(encoding))
        except (UnicodeDecodeError, LookupError):
            continue
    if b"\0" in raw:
        raise WrongKind("text")
    looked_at = raw[:_LOOKED_AT]
    foreign = sum(byte >= _ASCII for byte in looked_at) > _WESTERN * len(looked_at)
    likeliest = from_bytes(looked_at).best() if foreign else None
    return _lines(raw.decode(likeliest.encoding if likeliest else "cp1252", "replace"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
