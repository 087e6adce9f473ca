"""Page properties beside the results of a search: the names there are and, of those that are ticked, the values.

What is ticked goes by the text that stands behind `property:`: a name, or a name with a value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from mainstem.index.passage_index import Count
from mainstem.index.query import Field, Filter, Narrowing, PropertyFilter, Sign
from mainstem.search import properties
from mainstem.search.find import Results

NAMES = "Page property"

Ticked = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One name or value: what is ticked, what is shown, and how many documents have it."""

    asked: str
    text: str
    documents: int
    ticked: bool


def ticked(said: Sequence[str]) -> Ticked:
    """What an address says is ticked, as far as it makes sense."""
    return tuple(dict.fromkeys(one for one in said if properties.asked(one) is not None))


def filters_of(picked: Sequence[str]) -> tuple[Narrowing, ...]:
    """Every property must be there; more values of one widen. What makes no sense is passed over."""
    values: dict[str, PropertyFilter] = {}
    filters: list[Narrowing] = []
    for one in map(properties.asked, picked):
        if isinstance(one, Filter) or (one is not None and one.sign is not Sign.IS):
            filters.append(one)
        elif one is not None:
            before = values.get(one.name.casefold())
            values[one.name.casefold()] = (
                one if before is None else PropertyFilter(one.name, Sign.IS, before.values | one.values)
            )
    return (*filters, *values.values())


def offered(
    ticked: Ticked, results: Results, find: Callable[[Ticked], Results]
) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """The names and, by each name that was asked for, its values; those as if none of its own were ticked.

    `find` answers the same search with something else ticked.
    """
    names = _choices(results.facets.get(Field.PROPERTY, ()), ticked, properties.name_written)
    shown = [(NAMES, names)] if names else []
    for name, counts in _once(results.values).items():
        own = [text for text in ticked if _is_of(text, name)]
        wider = find((*(text for text in ticked if text not in own), properties.name_written(name))) if own else results
        counted = _once(wider.values).get(name, counts)
        shown.append((name, _choices(counted, ticked, partial(_written, name))))
    return tuple((label, choices) for label, choices in shown if choices)


def shown(ticked: str) -> tuple[str, str]:
    """What one is called that is ticked, as a filter that is on: of what, and which."""
    one = properties.asked(ticked)
    if isinstance(one, PropertyFilter):
        return one.name, f"{'' if one.sign is Sign.IS else one.sign} {' or '.join(sorted(one.values))}".strip()
    return NAMES, next(iter(one.values)) if one else ticked


def _choices(counts: Sequence[Count], ticked: Ticked, written: Callable[[str], str]) -> tuple[Choice, ...]:
    on = {text.casefold() for text in ticked}
    return tuple(
        Choice(text, each.value, each.documents, text.casefold() in on)
        for each in counts
        for text in [written(each.value)]
    )


def _once(values: Mapping[str, tuple[Count, ...]]) -> dict[str, tuple[Count, ...]]:
    """By each name in its first spelling."""
    spelled: dict[str, str] = {}
    return {
        name: counts for name, counts in values.items() if spelled.setdefault(name.casefold(), name) == name and counts
    }


def _written(name: str, value: str) -> str:
    return properties.written(PropertyFilter(name, Sign.IS, frozenset({value})))


def _is_of(ticked: str, name: str) -> bool:
    one = properties.asked(ticked)
    return isinstance(one, PropertyFilter) and one.sign is Sign.IS and one.name.casefold() == name.casefold()
