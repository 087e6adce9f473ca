"""How the bodies of a connection are converted: what becomes of single macros, tables, pictures and files (T2 to T5).

Pure. Without a word of anybody everything is rendered as it stands.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, TypeVar

from mainstem.errors import TellPerson
from mainstem.wiki.files import USUAL, FileOptions, file_facts_of, file_options_of

MOST_MACROS: Final = 200
"""So many macros may have a choice of their own."""

_NAME: Final = re.compile(r"[\w.:+-]{1,100}")


class MacroForm(StrEnum):
    """What becomes of a macro: all that is known of it, its words without its form, its name alone, or nothing."""

    RENDER = "render"
    TEXT = "text"
    PLACEHOLDER = "placeholder"
    DROP = "drop"


class TableForm(StrEnum):
    """What a table becomes in passages and exports; where people read, it stays a table.

    In passages, which hold no markup, MARKDOWN is a line for each row, its cells parted by bars. RECORDS say the name
    of each column before its value, so that a row is understood alone.
    """

    MARKDOWN = "markdown"
    HTML = "html"
    RECORDS = "records"


class ImageForm(StrEnum):
    """What becomes of a picture: itself, the words that stand for it, or nothing."""

    LINK = "link"
    ALT = "alt"
    DROP = "drop"


class BadConversion(TellPerson):
    """A choice of how bodies are converted that makes no sense."""


@dataclass(frozen=True, slots=True)
class ConversionOptions:
    """The choice for one connection. `macros`: by their names in storage format, in small letters and sorted."""

    macros: tuple[tuple[str, MacroForm], ...] = ()
    tables: TableForm = TableForm.MARKDOWN
    images: ImageForm = ImageForm.LINK
    files: FileOptions = USUAL

    @property
    def digest(self) -> str:
        """What tells this choice from others for the bodies of pages; "" where nobody made one."""
        facts = facts_of(replace(self, files=USUAL))
        return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16] if facts else ""


AS_IT_STANDS: Final = ConversionOptions()


def options_of(facts: Mapping[str, Any]) -> ConversionOptions:
    """The choice that `facts_of` put into plain words, or that a person did. Raises BadConversion, BadFileChoice."""
    return ConversionOptions(
        macros=macros_of(dict(facts.get("macros", {})).items()),
        tables=_one_of(TableForm, facts.get("tables", TableForm.MARKDOWN), "Tables"),
        images=_one_of(ImageForm, facts.get("images", ImageForm.LINK), "Images"),
        files=file_options_of(facts.get("files") or {}),
    )


def facts_of(options: ConversionOptions) -> dict[str, Any]:
    """A choice in plain words; only what differs from how everything stands."""
    facts: dict[str, Any] = {}
    if options.macros:
        facts["macros"] = {name: form.value for name, form in options.macros}
    if options.tables is not AS_IT_STANDS.tables:
        facts["tables"] = options.tables.value
    if options.images is not AS_IT_STANDS.images:
        facts["images"] = options.images.value
    if files := file_facts_of(options.files):
        facts["files"] = files
    return facts


def is_name(name: str) -> bool:
    """Whether a macro of this name can be given a form."""
    return _NAME.fullmatch(name) is not None


def changed(before: ConversionOptions, facts: Mapping[str, Any]) -> ConversionOptions:
    """A choice in which what a person says in plain words takes the place of what was said before.

    Macro by macro, and of files kind by kind. Raises BadConversion, BadFileChoice.
    """
    return options_of(_laid_over(facts_of(before), facts))


def _laid_over(before: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    deeper = {key: _laid_over(before.get(key, {}), said) for key, said in facts.items() if isinstance(said, Mapping)}
    return {**before, **facts, **deeper}


def macros_of(chosen: Iterable[tuple[str, str]]) -> tuple[tuple[str, MacroForm], ...]:
    """Choices by the names of macros, as `ConversionOptions` keeps them. Raises BadConversion.

    A macro that is to be rendered, as it would be unasked, is left out.
    """
    forms: dict[str, MacroForm] = {}
    for written, wanted in chosen:
        name = written.strip().lower()
        if not is_name(name):
            raise BadConversion(f"{written[:100]!r} is no name of a macro: write it as in Confluence, such as drawio.")
        form = _one_of(MacroForm, wanted, f"The macro {name}")
        if forms.setdefault(name, form) is not form:
            raise BadConversion(f"The macro {name} is named twice: choose one of {forms[name]} and {form}.")
    own = {name: form for name, form in forms.items() if form is not MacroForm.RENDER}
    if len(own) > MOST_MACROS:
        raise BadConversion(f"These are {len(own)} macros with a choice of their own: name at most {MOST_MACROS}.")
    return tuple(sorted(own.items()))


_Form = TypeVar("_Form", bound=StrEnum)


def _one_of(forms: type[_Form], wanted: Any, whose: str) -> _Form:
    try:
        return forms(wanted)
    except ValueError:
        known = ", ".join(forms)
        raise BadConversion(f"{whose} cannot become {str(wanted)[:100]!r}: choose one of {known}.") from None
