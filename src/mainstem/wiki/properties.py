"""Page properties with types: what a value is, read from its text, so that it can be compared.

Pure. What could mean two things is text: nothing here guesses which of two days or numbers was meant.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

LONGEST: Final = 200
"""Characters of a value that can be filtered by; what is longer is prose, and found by its words."""

_NUMBER: Final = re.compile(
    r"""(?P<minus>[-\u2212])? \s? [$€£¥]? \s? (?P<whole>\d{1,3}(?:[,'\u00a0\u202f ]\d{3})+|\d{1,15})
        (?P<rest>\.\d{1,9})? \s? [%$€£¥]?""",
    re.VERBOSE,
)
_EITHER: Final = re.compile(r"[^\d.,]*(?:[1-9]\d{0,2}\.\d{3}|\d{1,3},\d{3})[^\d.,]*")
"""One dot or comma before three digits: some read a thousand there, and some a whole number and its decimals."""

_DAYS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
_DAYLIKE: Final = re.compile(r"(?=.*\d{4})[\w./, -]{8,20}", re.ASCII)


class PropertyType(StrEnum):
    """What the values of a property are."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    STATUS = "status"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class PageProperty:
    """One row of a page-properties table. `value` is all of it on one line; `parts` are its values, one each."""

    name: str
    value: str
    type: PropertyType = PropertyType.TEXT
    parts: tuple[str, ...] = ()


def number_of(text: str) -> float | None:
    """The number that a text is: `12`, `-3.5`, `1,200.00`, `€ 40`, `85 %`; None for anything else, as `1,200`."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None or _EITHER.fullmatch(text.strip()):
        return None
    number = float(re.sub(r"\D", "", match["whole"]) + (match["rest"] or ""))
    return math.copysign(number, -1) if match["minus"] and number else number


def day_of(text: str) -> date | None:
    """The day that a text is: `2026-05-31`, `2026/05/31`, `31.05.2026`, `31 May 2026`, `May 31, 2026`; else None."""
    if not _DAYLIKE.fullmatch(text.strip()):
        return None
    for written in _DAYS:
        try:
            return datetime.strptime(text.strip(), written).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None


def type_of(text: str) -> PropertyType:
    """What a text alone tells of its type."""
    if day_of(text) is not None:
        return PropertyType.DATE
    return PropertyType.TEXT if number_of(text) is None else PropertyType.NUMBER
