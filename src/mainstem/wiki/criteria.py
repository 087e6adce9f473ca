"""What a list asks for: conditions on documents, of one site, which the store puts into its queries.

Pure. They say nothing about who looks: what a reader may not read fulfils no condition. Ids are Confluence's.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mainstem.wiki.content import Kind


class Deed(StrEnum):
    """What somebody did with a document, and when."""

    CREATED = "created"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Labelled:
    """It has a label."""

    label: str


@dataclass(frozen=True, slots=True)
class SharesLabels:
    """It has a label that a page of this id has as well."""

    source_id: str


@dataclass(frozen=True, slots=True)
class InSpace:
    """It is in the space of a key, whose case does not count."""

    key: str


@dataclass(frozen=True, slots=True)
class InSpacesOf:
    """It is in a space of one kind: personal, or (False) any other."""

    personal: bool


@dataclass(frozen=True, slots=True)
class OfKind:
    """It is of one kind."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Named:
    """It is the one of this id."""

    source_id: str


@dataclass(frozen=True, slots=True)
class Below:
    """It stands somewhere below a page; `straight`: right below it."""

    source_id: str
    straight: bool = False


@dataclass(frozen=True, slots=True)
class HangsOn:
    """It is a comment on or a file of a page."""

    source_id: str


@dataclass(frozen=True, slots=True)
class By:
    """Somebody created it, or (CHANGED) created it or changed it last: an account's id or user name."""

    person: str
    deed: Deed


@dataclass(frozen=True, slots=True)
class Mentions:
    """It names somebody: an account's id or user name."""

    person: str


@dataclass(frozen=True, slots=True)
class Since:
    """It was created or last changed at an instant or later."""

    deed: Deed
    moment: datetime


@dataclass(frozen=True, slots=True)
class Titled:
    """Its title is this, whatever its case, or (not `exactly`) holds these words."""

    title: str
    exactly: bool


@dataclass(frozen=True, slots=True)
class HasProperties:
    """It has page properties."""


@dataclass(frozen=True, slots=True)
class All:
    """It fulfils all of these: everything, where there is none."""

    parts: "tuple[Criterion, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """It fulfils one of these: nothing does, where there is none."""

    parts: "tuple[Criterion, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """It does not fulfil this."""

    part: "Criterion"


Criterion = (
    Labelled
    | SharesLabels
    | InSpace
    | InSpacesOf
    | OfKind
    | Named
    | Below
    | HangsOn
    | By
    | Mentions
    | Since
    | Titled
    | HasProperties
    | All
    | Any
    | Not
)
