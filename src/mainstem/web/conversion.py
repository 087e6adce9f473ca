"""How the pages of a connection are converted, as a form sends it and as it is shown, in fields and in words (T2-T5).

Numbers count all documents, whoever may read them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from pydantic import Field as Items

from mainstem.reading.preview import KNOWN_MACROS
from mainstem.store.losses import Found
from mainstem.wiki.conversion import (
    AS_IT_STANDS,
    ConversionOptions,
    ImageForm,
    MacroForm,
    TableForm,
    is_name,
    options_of,
)
from mainstem.wiki.files import CHOSEN, MOST_MB, FileForm, FileKind, FileOptions
from mainstem.wiki.macros import Treatment

MACROS: Final[Mapping[MacroForm, tuple[str, str]]] = {
    MacroForm.RENDER: ("As in Confluence", "as far as Mainstem knows the macro"),
    MacroForm.TEXT: ("Text only", "its words, without boxes, colours and drawings"),
    MacroForm.PLACEHOLDER: ("Name only", "a mark that says what stood there"),
    MacroForm.DROP: ("Leave out", "with the text in it"),
}
TABLES: Final[Mapping[TableForm, tuple[str, str]]] = {
    TableForm.MARKDOWN: ("Markdown", "A line for each row, which most tools and language models read best."),
    TableForm.HTML: ("HTML", "Merged cells, and lists in cells, exactly as they are."),
    TableForm.RECORDS: ("Records", "Each value behind the name of its column, so that a row is understood alone."),
}
IMAGES: Final[Mapping[ImageForm, tuple[str, str]]] = {
    ImageForm.LINK: ("Show them", "Fetched when somebody first looks, and kept here, where attachments come in."),
    ImageForm.ALT: ("Their words", "The text that stands for the picture, without the picture."),
    ImageForm.DROP: ("Leave out", "Neither the picture nor its words."),
}
FILES: Final[Mapping[FileForm, str]] = {
    FileForm.BOTH: "Text and file",
    FileForm.TEXT: "Text only",
    FileForm.FILE: "File only",
    FileForm.SKIP: "Only its name",
}
"""What each form is called, and what it means."""

NAMED: Final = 6
"""Macros that are named one by one in a line."""

MOST_ROWS: Final = 300
"""Macros that have a row of their own unasked: a form may not have many more fields than that."""

_WORST: Final = (Treatment.RENDERED, Treatment.SIMPLIFIED, Treatment.PLACEHOLDER)


class SentConversion(BaseModel):
    """What the fields send: macros, and kinds of files, with their forms in the same order, and what to show.

    `example` is our id of a document, `called` words of a title; both "" for what shows the most.
    """

    macro: list[str] = Items(default_factory=list)
    becomes: list[str] = Items(default_factory=list)
    tables: str = AS_IT_STANDS.tables
    images: str = AS_IT_STANDS.images
    file_kind: list[str] = Items(default_factory=list)
    file_form: list[str] = Items(default_factory=list)
    most_mb: str = ""
    ocr: bool = False
    example: str = ""
    called: str = ""

    def conversion(self, before: ConversionOptions) -> ConversionOptions:
        """What was chosen, in place of what was before. A macro that is named twice is as it was named last.

        Raises BadConversion, BadFileChoice.
        """
        named = zip(self.macro, self.becomes, strict=False)
        macros = {name.strip().lower(): form for name, form in named if name.strip() and form != MacroForm.RENDER}
        files = _laid_out(before.files)
        files["forms"] |= dict(zip(self.file_kind, self.file_form, strict=False))
        files["ocr"] = self.ocr if self.file_kind else before.files.ocr
        if size := self.most_mb.strip():
            files["most_mb"] = int(size) if size.isdecimal() and len(size) <= len(str(MOST_MB)) else size
        return options_of({"macros": macros, "tables": self.tables, "images": self.images, "files": files})


def _laid_out(files: FileOptions) -> dict[str, Any]:
    """A choice for files in plain words, with what is as usual too."""
    return {
        "forms": {kind.value: files.form(kind).value for kind in CHOSEN},
        "most_mb": files.most_mb,
    }


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro with its form, in so many documents. `treatment` is the worst that becomes of it now, "" if unmet."""

    name: str
    form: MacroForm
    documents: int = 0
    treatment: str = ""


@dataclass(frozen=True, slots=True)
class OfFiles:
    """One kind of files: what is taken of them, and what can be, as values and words."""

    kind: FileKind
    says: str
    form: FileForm
    forms: tuple[tuple[FileForm, str], ...]


@dataclass(frozen=True, slots=True)
class ConversionFields:
    """The fields as they are shown. `known` are macros that can be chosen, though none was met."""

    macros: tuple[Macro, ...]
    chosen: ConversionOptions
    known: tuple[str, ...]
    files: tuple[OfFiles, ...]
    forms: tuple[tuple[MacroForm, str, str], ...] = tuple((form, *says) for form, says in MACROS.items())
    tables: tuple[tuple[TableForm, str, str], ...] = tuple((form, *says) for form, says in TABLES.items())
    images: tuple[tuple[ImageForm, str, str], ...] = tuple((form, *says) for form, says in IMAGES.items())
    largest: int = MOST_MB


def fields_of(chosen: ConversionOptions, found: Iterable[Found], *, asked: str = "") -> ConversionFields:
    """The fields of a choice: macros that were met, in the most documents first, then others that have a form.

    `asked` is one that somebody came for, which gets a row in any case.
    """
    forms = dict(chosen.macros)
    met: dict[str, Macro] = {}
    for each in (each for each in found if is_name(each.use.name)):
        name, before = each.use.name, met.get(each.use.name)
        worst = max(each.use.treatment, Treatment(before.treatment) if before else each.use.treatment, key=_WORST.index)
        number = max(each.documents, before.documents if before else 0)
        met[name] = Macro(name, forms.get(name, MacroForm.RENDER), number, worst)
    others = sorted({*forms, *({asked} & {*KNOWN_MACROS})} - met.keys())
    most = sorted(met.values(), key=lambda each: (-each.documents, each.name))
    kept = (each for number, each in enumerate(most) if number < MOST_ROWS or each.name in {*forms, asked})
    rows = (*kept, *(Macro(name, forms.get(name, MacroForm.RENDER)) for name in others))
    known = tuple(name for name in KNOWN_MACROS if name not in {*met, *others})
    return ConversionFields(rows, chosen, known, tuple(_of_files(kind, chosen.files) for kind in CHOSEN))


def _of_files(kind: FileKind, chosen: FileOptions) -> OfFiles:
    unread = kind is FileKind.OTHER
    forms = tuple((form, says) for form, says in FILES.items() if not (unread and form.reads))
    return OfFiles(kind, f"{kind.words[0].upper()}{kind.words[1:]}", chosen.form(kind), forms)


def in_words(chosen: ConversionOptions) -> tuple[tuple[str, str], ...]:
    """A choice as people say it: names and sentences."""
    return (
        ("Macros", _macros(chosen)),
        ("Tables", f"{TABLES[chosen.tables][0]}, in exports and passages; where people read, they are tables"),
        ("Pictures", IMAGES[chosen.images][0]),
        ("Files", _files(chosen.files)),
    )


def _files(chosen: FileOptions) -> str:
    said = [f"{kind.words}: {FILES[form].lower()}" for kind, form in chosen.forms]
    return f"{', '.join(said) or 'Text and file'}; text of up to {chosen.most_mb} MB{', and in pictures' * chosen.ocr}"


def _macros(chosen: ConversionOptions) -> str:
    said = [f"{name}: {MACROS[form][0].lower()}" for name, form in chosen.macros[:NAMED]]
    more = f", and {len(chosen.macros) - NAMED} more" if len(chosen.macros) > NAMED else ""
    return f"{', '.join(said)}{more}" if said else "As in Confluence, as far as they are known"
