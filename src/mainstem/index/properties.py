"""What stands in `keys` for the page properties of a document, and what is looked for there.

Pure. A name and its value are parted by a sign that no folded text can hold. Behind it stands what kind of key it is: a
value to be equal to, a number or a day in an order that text has as well, or a value as it is written, to be counted.
Quotation marks are left out of all of them: no search could ask for one, between the quotation marks it is written in.
"""

import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mainstem.index.analyser import Analyser
from mainstem.index.passage_index import Count
from mainstem.index.query import Field, PropertyFilter, Sign
from mainstem.wiki.properties import LONGEST, PageProperty, PropertyType, day_of, number_of

MOST: Final = 100
"""Values of one document that can be filtered by; nobody writes so many, and each costs a key or two."""

PARTED: Final = "\x1f"
_EQUAL: Final = "="
_NUMBER: Final = "#"
_DAY: Final = "@"
_WRITTEN: Final = "$"

_HIGHEST: Final = 1 << 63
_QUOTATION: Final = str.maketrans(dict.fromkeys('"\u201c\u201d\u201e\u00ab\u00bb'))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Keys in order, from `first` to `last`; all of them begin with `prefix`."""

    prefix: str
    first: str
    last: str
    with_first: bool = True
    with_last: bool = True

    def __contains__(self, key: str) -> bool:
        """Whether a key with the prefix lies within."""
        above = key >= self.first if self.with_first else key > self.first
        return above and (key <= self.last if self.with_last else key < self.last)


def key(field: Field | str, folded: str) -> str:
    """What stands in `keys` for a value that is filtered by; a space key can hold no colon, so none is ambiguous."""
    return f"{field}:{folded}"


def name_key(name: str, analyser: Analyser) -> str:
    """What stands in `keys` for a property, whatever its value."""
    return key(Field.PROPERTY, analyser.fold(_unquoted(name)))


def names(properties: Iterable[PageProperty], analyser: Analyser) -> Iterable[str]:
    """The names, each in its first spelling."""
    first = dict[str, str]()
    for folded, name, _, _ in _values(properties, analyser):
        first.setdefault(folded, name)
    return first.values()


def keys(properties: Iterable[PageProperty], analyser: Analyser) -> set[str]:
    """What stands in `keys` for the properties of one document."""
    made = set[str]()
    written = dict[str, str]()
    for folded, _, type_, part in _values(properties, analyser):
        start = key(Field.PROPERTY, folded)
        made.add(start)
        value = analyser.fold(_unquoted(part))
        if not value:
            continue
        words = value.split() if type_ is PropertyType.PERSON else ()
        made |= {_key(start, _EQUAL, one) for one in (value, *words)}
        made |= {_key(start, *ordered) for ordered in _ordered(part)}
        written.setdefault(_key(start, _EQUAL, value), _key(start, _WRITTEN, _unquoted(part)))
    return made | {*written.values()}


def equal(wanted: PropertyFilter, analyser: Analyser) -> list[str]:
    """The keys of which a document must have one, to have one of the values."""
    start = name_key(wanted.name, analyser)
    found = [_key(start, _EQUAL, analyser.fold(_unquoted(value))) for value in sorted(wanted.values)]
    return [*found, *(_key(start, *ordered) for value in sorted(wanted.values) for ordered in _ordered(value))]


def compared(wanted: PropertyFilter, analyser: Analyser) -> list[Stretch]:
    """The stretches of keys that hold the values asked for; none where there is nothing to compare with."""
    start = name_key(wanted.name, analyser)
    return [_stretch(_key(start, kind), value, wanted.sign) for each in wanted.values for kind, value in _ordered(each)]


def prefix_of_values(name: str, analyser: Analyser) -> str:
    """What the keys of all values of a property, as they are written, begin with."""
    return _key(name_key(name, analyser), _WRITTEN)


def merged(counts: Iterable[tuple[str, int]], analyser: Analyser, most: int) -> tuple[Count, ...]:
    """Counts of values as they are written, the spellings of one value together, the most frequent first.

    A document counts under one spelling of each, so the sums are exact.
    """
    spellings = dict[str, dict[str, int]]()
    for text, number in counts:
        spellings.setdefault(analyser.fold(text), {})[text] = number
    found = [Count(min(each, key=lambda text: (-each[text], text)), sum(each.values())) for each in spellings.values()]
    return tuple(sorted(found, key=lambda count: (-count.documents, count.value))[:most])


def _values(properties: Iterable[PageProperty], analyser: Analyser) -> Iterator[tuple[str, str, PropertyType, str]]:
    """The folded name, the name, the type and the value of each; a property without values has one that is empty."""
    left = MOST
    for each in properties:
        name = _unquoted(each.name)
        folded = analyser.fold(name)
        if not folded or len(each.name) > LONGEST:
            continue
        parts: Sequence[str] = [part for part in each.parts if len(part) <= LONGEST][:left] or [""]
        for part in parts[:left]:
            yield folded, name, each.type, part
        left -= len(parts)
        if left <= 0:
            return


def _unquoted(text: str) -> str:
    """A text on one line, without quotation marks."""
    return " ".join(text.translate(_QUOTATION).split())


def _ordered(text: str) -> Iterator[tuple[str, str]]:
    number, day = number_of(text), day_of(text)
    if number is not None:
        yield _NUMBER, in_order(number)
    if day is not None:
        yield _DAY, day.isoformat()


def in_order(number: float) -> str:
    """A number as a text of 16 characters; the texts are in the order of the numbers."""
    [bits] = struct.unpack(">Q", struct.pack(">d", number + 0.0))
    return f"{(~bits & (2 * _HIGHEST - 1)) if bits & _HIGHEST else bits | _HIGHEST:016x}"


def _stretch(prefix: str, value: str, sign: Sign) -> Stretch:
    lowest, highest = (in_order(-math.inf), in_order(math.inf)) if prefix.endswith(_NUMBER) else _ALL_DAYS
    if sign in (Sign.BELOW, Sign.AT_MOST):
        return Stretch(prefix, prefix + lowest, prefix + value, with_last=sign is Sign.AT_MOST)
    return Stretch(prefix, prefix + value, prefix + highest, with_first=sign is Sign.AT_LEAST)


def _key(start: str, kind: str, value: str = "") -> str:
    return f"{start}{PARTED}{kind}{value}"


_ALL_DAYS: Final = (date.min.isoformat(), date.max.isoformat())
