"""The text of attached files: a PDF, a presentation, a spreadsheet, a mail becomes a body in storage format.

From there on it is a document like any other: cut into passages, shown, cited. Reading is for a process of its own
with bounds on its memory and time: the libraries below are fed with what anybody attached. Pictures are
read where that is wanted, by a program of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path, PurePath
from typing import Final

from mainstem.files.body import Body, Limits
from mainstem.files.errors import FileDamaged, FileEmpty, FileLocked, WrongKind
from mainstem.wiki.files import FileKind

READING: Final = 2
"""The version of all readers: raise it whenever the same file gives another body."""


Reader = Callable[[Path, Body], str]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind is known, and what reads it: `module:function`. `begins` are the first bytes of such files."""

    reader: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    begins: tuple[bytes, ...] = field(default=())


_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Office files of before 2007, and newer ones that a password protects."""

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OASIS: Final = "application/vnd.oasis.opendocument"

KINDS: Final[Mapping[FileKind, _Kind]] = {
    FileKind.PDF: _Kind("pdf:read_pdf", (".pdf",), ("application/pdf",), (b"%PDF-",)),
    FileKind.WORD: _Kind("word:read_word", (".docx", ".docm"), (f"{_OFFICE}.wordprocessingml.document",), (_ZIP,)),
    FileKind.SLIDES: _Kind(
        "slides:read_slides", (".pptx", ".pptm"), (f"{_OFFICE}.presentationml.presentation",), (_ZIP,)
    ),
    FileKind.SHEETS: _Kind(
        "sheets:read_sheets",
        (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
        (f"{_OFFICE}.spreadsheetml.sheet", "application/vnd.ms-excel", f"{_OASIS}.spreadsheet"),
        (_ZIP, _COMPOUND),
    ),
    FileKind.OPEN_DOCUMENT: _Kind(
        "open_document:read_open_document", (".odt", ".odp"), (f"{_OASIS}.text", f"{_OASIS}.presentation"), (_ZIP,)
    ),
    FileKind.RTF: _Kind("writing:read_rtf", (".rtf",), ("application/rtf", "text/rtf")),
    FileKind.HTML: _Kind("writing:read_html", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml")),
    FileKind.MARKDOWN: _Kind("writing:read_markdown", (".md", ".markdown"), ("text/markdown",)),
    FileKind.CSV: _Kind("writing:read_csv", (".csv", ".tsv"), ("text/csv", "text/tab-separated-values")),
    FileKind.PLAIN: _Kind("writing:read_plain", (".txt", ".log"), ("text/plain",)),
    FileKind.MAIL: _Kind("mail:read_mail", (".eml",), ("message/rfc822",)),
    FileKind.PICTURE: _Kind(
        "ocr:read_picture",
        (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"),
        tuple(f"image/{each}" for each in ("png", "jpeg", "gif", "bmp", "webp", "tiff")),
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*"),
    ),
}
"""The place to add a kind."""

_BY_ENDING: Final = {ending: kind for kind, each in KINDS.items() for ending in each.endings}
_BY_TYPE: Final = {media_type: kind for kind, each in KINDS.items() for media_type in each.media_types}
_UNREAD: Final[Mapping[str, str]] = {
    ".msg": "The text of Outlook's own .msg files is not read; save the mail as .eml and attach that",
    ".doc": "The text of .doc files, of before 2007, is not read; save it as .docx and attach that",
    ".ppt": "The text of .ppt files, of before 2007, is not read; save it as .pptx and attach that",
}
_SAID_EARLY: Final = 200
_BEGINNING: Final = 1024
"""Bytes within which a file must show what it is: programs put a few of their own before it."""


def kind_of_file(filename: str, media_type: str) -> FileKind:
    """What a file is to be read as, by its name, else by its type."""
    told = media_type.partition(";")[0].strip().lower()
    return _BY_ENDING.get(PurePath(filename.lower()).suffix) or _BY_TYPE.get(told) or FileKind.OTHER


def why_unread(filename: str) -> str:
    """What to do about a file of no kind that is read, "" where there is nothing to do."""
    return _UNREAD.get(PurePath(filename.lower()).suffix, "")


def read_file(path: Path, kind: FileKind, filename: str, limits: Limits | None = None) -> str:
    """The text of a file as a body, its own title above it unless that is its name; "" where there is no text in it.

    Raises FileUnread errors.
    """
    _check(path, KINDS[kind])
    body = Body(limits or Limits())
    title = _reader(kind)(path, body)
    if body.empty:
        return ""
    said = Body(Limits())
    said.heading(1, title if _says_more(title, filename, str(body)) else "")
    return f"{said}{body}"


def _check(path: Path, kind: _Kind) -> None:
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    if not beginning:
        raise FileEmpty
    # A PDF may begin behind a few bytes of the program that made it.
    if not kind.begins or beginning.startswith(kind.begins) or (b"%PDF-" in kind.begins and b"%PDF-" in beginning):
        return
    if beginning.startswith(_COMPOUND):
        raise FileLocked
    named = next(name for name, each in KINDS.items() if each is kind)
    raise FileDamaged if not beginning.strip(b"\0") else WrongKind(named.words)


def _reader(kind: FileKind) -> Reader:
    module, _, function = KINDS[kind].reader.partition(":")
    found: Reader = getattr(import_module(f"{__name__}.{module}"), function)
    return found


def _says_more(title: str, filename: str, body: str) -> bool:
    """Whether a title that a file names adds anything; what programs fill in by themselves does not."""
    words = title.strip()
    made_up = words.lower().startswith(("microsoft word", "microsoft powerpoint", "untitled", "slide 1"))
    said = words == PurePath(filename).stem or words in body[: 2 * len(words) + _SAID_EARLY]
    return bool(words) and not made_up and not said
