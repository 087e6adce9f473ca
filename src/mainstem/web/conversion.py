"""How the pages of a connection are converted, as a form sends it and as it is shown, in fields and in words (T2-T4).

Numbers count all documents, whoever may read them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

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
"""What each form is called, and what it means."""

NAMED: Final = 6
"""Macros that are named one by one in a line."""

_WORST: Final = (Treatment.RENDERED, Treatment.SIMPLIFIED, Treatment.PLACEHOLDER)


class SentConversion(BaseModel):
    """What the fields send: macros and their forms in the same order, and what to show as an example.

    `example` is our id of a document, `called` words of a title; both "" for what shows the most.
    """

    macro: list[str] = Items(default_factory=list)
    becomes: list[str] = Items(default_factory=list)
    tables: str = AS_IT_STANDS.tables
    images: str = AS_IT_STANDS.images
    example: str = ""
    called: str = ""

    def conversion(self, before: ConversionOptions) -> ConversionOptions:
        """What was chosen, in place of what was before. A macro that is named twice is as it was named last.

        Raises BadConversion.
        """
        named = zip(self.macro, self.becomes, strict=False)
        macros = {name.strip().lower(): form for name, form in named if name.strip() and form != MacroForm.RENDER}
        chosen = options_of({"macros": macros, "tables": self.tables, "images": self.images})
        return replace(before, macros=chosen.macros, tables=chosen.tables, images=chosen.images)


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro with its form, in so many documents. `treatment` is the worst that becomes of it now, "" if unmet."""

    name: str
    form: MacroForm
    documents: int = 0
    treatment: str = ""


@dataclass(frozen=True, slots=True)
class ConversionFields:
    """The fields as they are shown. `known` are macros that can be chosen, though none was met."""

    macros: tuple[Macro, ...]
    chosen: ConversionOptions
    known: tuple[str, ...]
    forms: tuple[tuple[MacroForm, str, str], ...] = tuple((form, *says) for form, says in MACROS.items())
    tables: tuple[tuple[TableForm, str, str], ...] = tuple((form, *says) for form, says in TABLES.items())
    images: tuple[tuple[ImageForm, str, str], ...] = tuple((form, *says) for form, says in IMAGES.items())


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
    rows = (
        *sorted(met.values(), key=lambda each: (-each.documents, each.name)),
        *(Macro(name, forms.get(name, MacroForm.RENDER)) for name in others),
    )
    return ConversionFields(rows, chosen, tuple(name for name in KNOWN_MACROS if name not in {*met, *others}))


def in_words(chosen: ConversionOptions) -> tuple[tuple[str, str], ...]:
    """A choice as people say it: names and sentences."""
    return (
        ("Macros", _macros(chosen)),
        ("Tables", f"{TABLES[chosen.tables][0]}, in exports and passages; where people read, they are tables"),
        ("Pictures", IMAGES[chosen.images][0]),
    )


def _macros(chosen: ConversionOptions) -> str:
    said = [f"{name}: {MACROS[form][0].lower()}" for name, form in chosen.macros[:NAMED]]
    more = f", and {len(chosen.macros) - NAMED} more" if len(chosen.macros) > NAMED else ""
    return f"{', '.join(said)}{more}" if said else "As in Confluence, as far as they are known"
