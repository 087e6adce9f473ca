"""What a search asks for, as a tree that every passage index understands.

Pure. Nothing here knows what a reader types (`search.query` parses that) or how an adapter looks it up.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

SHORTEST_PREFIX = 2
"""Letters a word must have before it also stands for the words that begin with it."""


class Reach(IntEnum):
    """How far a search goes to find something; each step contains the one before."""

    ALL_WORDS = 0
    """Every word, as written or in another grammatical form; the last one also as a beginning."""
    SIMILAR_WORDS = 1
    """Every word, or one that differs from it by a typing mistake."""
    ANY_WORD = 2
    """At least one of the words, or one similar to it."""


class Field(StrEnum):
    """What documents are filtered and counted by."""

    SPACE = "space"
    KIND = "kind"
    LABEL = "label"
    """Tags: labels, and what rules and people gave beside them."""
    AUTHOR = "author"
    SOURCE = "source"
    CATEGORY = "category"
    COLLECTION = "collection"
    OWNER = "owner"
    PROPERTY = "property"
    """The name of a page property that a document has, whatever its value."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed; an identifier or a run of Chinese is one word too. `beginning`: it may be unfinished."""

    text: str
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to each other, in this order, in one title, heading or passage."""

    text: str


Term = Word | Phrase


@dataclass(frozen=True, slots=True)
class Filter:
    """Passes documents with one of these values (or, `excluded`, with none of them); case does not matter.

    An author's or owner's value is the whole name or one word of it.
    """

    field: Field
    values: frozenset[str]
    excluded: bool = False


class Sign(StrEnum):
    """How the value of a property is compared."""

    IS = "="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class PropertyFilter:
    """Passes documents with a page property of this name that has such a value (`excluded`: those without).

    `=` asks for one of the values, whatever its case; a number or a day also however it is written, and a person also
    by one word of the name. The other signs compare with the one value that there is: numbers with a number, days with
    a day, and nothing with a text.
    """

    name: str
    sign: Sign
    values: frozenset[str]
    excluded: bool = False


Narrowing = Filter | PropertyFilter


@dataclass(frozen=True, slots=True)
class Query:
    """A document matches when all of this holds. Words may stand anywhere in it: title, headings or passages.

    `since` <= updated < `before`; one of `documents`, unless there are none. Without `required` terms the newest
    documents come first; terms without a single letter or digit ask for nothing and are passed over, but when there
    are no others nothing matches.
    """

    required: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    properties: tuple[PropertyFilter, ...] = ()
    since: datetime | None = None
    before: datetime | None = None
    documents: frozenset[int] = frozenset()
    reach: Reach = Reach.ALL_WORDS


def properties_named(query: Query) -> tuple[str, ...]:
    """The properties that a query asks for by name."""
    by_name = (value for one in query.filters if one.field is Field.PROPERTY for value in sorted(one.values))
    return tuple(dict.fromkeys((*by_name, *(one.name for one in query.properties))))


def tolerance(word: str) -> int:
    """How many typing mistakes (a letter more, less, other, or two swapped) a word may have; numbers may have none."""
    if len(word) < 4 or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) < 8 else 2
