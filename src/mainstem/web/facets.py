"""What the results of a search can be narrowed by: values with their counts, those that are ticked among them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mainstem.index.passage_index import Count
from mainstem.index.query import Field
from mainstem.search.query import WRITTEN
from mainstem.web.words import kind_of

SHOWN_FIRST = 8

FACETS = {
    Field.SPACE: "Space",
    Field.CATEGORY: "Category",
    Field.KIND: "Type",
    Field.LABEL: "Tag",
    Field.COLLECTION: "Collection",
    Field.OWNER: "Owner",
    Field.AUTHOR: "Author",
}
NAMES = {field: WRITTEN[field] for field in FACETS}

SEVERAL = frozenset({Field.LABEL, Field.COLLECTION})
"""Of these a document may have many, and all that are ticked must be there."""

LABELS = {"kind": "Type", "tag": "Tag", **{name: FACETS[field] for field, name in NAMES.items()}}

Picked = Mapping[Field, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, and how many documents have it."""

    value: str
    text: str
    count: int
    picked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """What the results can be narrowed by: the values shown at once, and those behind them."""

    name: str
    label: str
    first: tuple[Value, ...]
    rest: tuple[Value, ...]


def facets_of(
    picked: Picked, counts: Mapping[Field, Sequence[Count]], names: Mapping[str, str]
) -> tuple[tuple[Field, tuple[Value, ...]], ...]:
    """The values of each facet, those that are ticked among them also where nothing has them any more.

    Categories are left out as long as they only say again what the spaces do.
    """

    def values(field: Field) -> tuple[Value, ...]:
        same = field is Field.CATEGORY and not _says_more(counts[field], counts[Field.SPACE], names)
        if same and not picked[field]:
            return ()
        ticked = {value.casefold() for value in picked[field]}
        counted = {count.value.casefold() for count in counts[field]}
        gone = [Count(value, 0) for value in picked[field] if value.casefold() not in counted]
        return tuple(
            Value(each.value, worded(field, each.value, names), each.documents, each.value.casefold() in ticked)
            for each in (*counts[field], *gone)
        )

    return tuple((field, values(field)) for field in FACETS)


def _says_more(categories: Sequence[Count], spaces: Sequence[Count], names: Mapping[str, str]) -> bool:
    """Whether categories are other than the spaces, which they are by default."""
    as_spaces = Counter[str]()
    for each in spaces:
        as_spaces[names.get(each.value, each.value)] += each.documents
    return any(as_spaces[each.value] != each.documents for each in categories)


def facet(field: Field, values: Sequence[Value]) -> Facet:
    """One facet of documents."""
    return folded(NAMES[field], FACETS[field], values)


def folded(name: str, label: str, values: Sequence[Value]) -> Facet:
    """A facet with its first values, and the others behind them."""
    first = (value for number, value in enumerate(values) if number < SHOWN_FIRST or value.picked)
    rest = (value for value in values[SHOWN_FIRST:] if not value.picked)
    return Facet(name, label, tuple(first), tuple(rest))


def worded(field: Field, value: str, names: Mapping[str, str]) -> str:
    """A value as people read it; `names` are those of spaces by key."""
    if field is Field.SPACE:
        return names.get(value, value)
    return kind_of(value) if field is Field.KIND else value
