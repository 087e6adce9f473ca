"""Attached files: their kinds, as people tell them apart, and what a connection takes of each (T5).

Pure. By which names and types a file is of a kind, and how its text is read, is for the package `files`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from mainstem.errors import TellPerson

MOST_MB: Final = 100
"""A larger file stays in Confluence, whatever was chosen."""

USUAL_MB: Final = 25


class FileKind(StrEnum):
    """The kinds of files. Text of a PICTURE is read where that was chosen by itself, and never of OTHER ones."""

    PDF = "pdf"
    WORD = "word"
    SLIDES = "slides"
    SHEETS = "sheets"
    OPEN_DOCUMENT = "opendocument"
    RTF = "rtf"
    HTML = "html"
    MARKDOWN = "markdown"
    CSV = "csv"
    PLAIN = "text"
    MAIL = "mail"
    PICTURE = "picture"
    OTHER = "other"

    @property
    def words(self) -> str:
        """What people call one of them."""
        return _WORDS[self]


_WORDS: Final[Mapping[FileKind, str]] = {
    FileKind.PDF: "PDF",
    FileKind.WORD: "Word document",
    FileKind.SLIDES: "presentation",
    FileKind.SHEETS: "spreadsheet",
    FileKind.OPEN_DOCUMENT: "OpenDocument file",
    FileKind.RTF: "Rich Text document",
    FileKind.HTML: "HTML page",
    FileKind.MARKDOWN: "Markdown text",
    FileKind.CSV: "CSV table",
    FileKind.PLAIN: "text",
    FileKind.MAIL: "e-mail",
    FileKind.PICTURE: "picture",
    FileKind.OTHER: "other file",
}

CHOSEN: Final = tuple(kind for kind in FileKind if kind is not FileKind.PICTURE)
"""The kinds of which a connection chooses a form; what becomes of pictures is `ConversionOptions.images` and `ocr`."""


class FileForm(StrEnum):
    """What is taken of a file besides its name: its text and the file itself, one of these, or neither.

    A file that is not kept is opened in Confluence.
    """

    BOTH = "both"
    TEXT = "text"
    FILE = "file"
    SKIP = "skip"

    @property
    def reads(self) -> bool:
        """Whether its text is read and found."""
        return self in (FileForm.BOTH, FileForm.TEXT)

    @property
    def keeps(self) -> bool:
        """Whether the file itself is kept, to be opened here."""
        return self in (FileForm.BOTH, FileForm.FILE)


class BadFileChoice(TellPerson):
    """A choice of what is taken of files that makes no sense."""


@dataclass(frozen=True, slots=True)
class FileOptions:
    """The choice for one connection. `forms` are those that differ from the usual, sorted by their kinds.

    `most_mb` is how large a file may be for its text to be read, in millions of bytes. `ocr`: whether the text in
    pictures, and in pages of PDF files that are pictures, is read.
    """

    forms: tuple[tuple[FileKind, FileForm], ...] = ()
    most_mb: int = USUAL_MB
    ocr: bool = False

    def form(self, kind: FileKind) -> FileForm:
        """What is taken of a kind."""
        if kind is FileKind.PICTURE:
            return FileForm.BOTH if self.ocr else FileForm.FILE
        return dict(self.forms).get(kind) or usual(kind)

    @property
    def digest(self) -> str:
        """What tells this choice from others; "" for the usual."""
        facts = file_facts_of(self)
        return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16] if facts else ""


USUAL: Final = FileOptions()


def usual(kind: FileKind) -> FileForm:
    """What is taken of a kind where nobody chose."""
    return FileForm.FILE if kind in (FileKind.OTHER, FileKind.PICTURE) else FileForm.BOTH


def file_options_of(facts: Mapping[str, Any]) -> FileOptions:
    """The choice that `file_facts_of` put into plain words, or that a person did. Raises BadFileChoice."""
    chosen: dict[FileKind, FileForm] = {}
    for name, wanted in dict(facts.get("forms") or {}).items():
        kind = _kind(name)
        chosen[kind] = _form(kind, wanted)
    most = facts.get("most_mb", USUAL_MB)
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_MB:
        raise BadFileChoice(f"Text is read of files of 1 to {MOST_MB} MB: choose a whole number of them.")
    own = sorted((kind, form) for kind, form in chosen.items() if form is not usual(kind))
    return FileOptions(tuple(own), most, ocr=bool(facts.get("ocr", False)))


def file_facts_of(options: FileOptions) -> dict[str, Any]:
    """A choice in plain words; only what differs from the usual."""
    facts: dict[str, Any] = {}
    if options.forms:
        facts["forms"] = {kind.value: form.value for kind, form in options.forms}
    if options.most_mb != USUAL_MB:
        facts["most_mb"] = options.most_mb
    if options.ocr:
        facts["ocr"] = True
    return facts


def _kind(name: str) -> FileKind:
    known = [kind.value for kind in CHOSEN]
    if name.strip().lower() not in known:
        raise BadFileChoice(f"{name[:100]!r} is no kind of file to choose for: name one of {', '.join(known)}.")
    return FileKind(name.strip().lower())


def _form(kind: FileKind, wanted: Any) -> FileForm:
    known = [form.value for form in FileForm if kind is not FileKind.OTHER or not form.reads]
    if wanted not in known:
        told = str(wanted)[:100]
        raise BadFileChoice(f"What is taken of {kind} files cannot be {told!r}: choose one of {', '.join(known)}.")
    return FileForm(wanted)
