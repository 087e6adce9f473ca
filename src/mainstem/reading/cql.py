"""Confluence's query language as criteria: what lists on pages are chosen by.

What only Confluence can answer (favourites, watchers, words of the text) is not understood, and a query that asks for
it is not understood as a whole: without one of its conditions it would show too much. Days begin in UTC.

MainstemError
  SkipItem
    NotUnderstood     a query that Mainstem cannot answer as Confluence does
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from mainstem.errors import SkipItem
from mainstem.wiki.content import Kind
from mainstem.wiki.criteria import (
    All,
    Any,
    Below,
    By,
    Criterion,
    Deed,
    HangsOn,
    InSpace,
    InSpacesOf,
    Labelled,
    Mentions,
    Named,
    Not,
    OfKind,
    Since,
    Titled,
)

LONGEST: Final = 4_000
DEEPEST: Final = 20
"""Characters, and brackets within each other, of a query that is read."""

MOST: Final = 60
"""Conditions of a query that is read."""

_TOKEN: Final = re.compile(
    r"""\s*(?: (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*') | (?P<sign>[()] | , | !=|!~|<=|>=|[=~<>])
             | (?P<word>[^\s"'()=~<>!,]+) )""",
    re.VERBOSE,
)
_DAY: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}).*)?")
_STEP: Final = re.compile(r"([+-]?)(\d{1,5})([yMwdhm])")
_LENGTHS: Final = {
    "y": timedelta(days=365),
    "M": timedelta(days=30),
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}


class NotUnderstood(SkipItem):
    """A query that Mainstem cannot answer as Confluence does; it quotes nothing of it."""

    def __init__(self) -> None:
        super().__init__("Mainstem does not know this query: open the page in Confluence to see what it finds.")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where and when: the space and page that the query stands on, and the asker's accounts there."""

    space_key: str
    content_id: str
    accounts: frozenset[str]
    now: datetime


@dataclass(frozen=True, slots=True)
class _Call:
    """A function with what it was given."""

    name: str
    given: str


_Value = str | _Call


def criterion_of(query: str, asker: Asker) -> Criterion:
    """What a query asks for, its order aside. Raises NotUnderstood."""
    reader = _Reader(query[: LONGEST + 1], asker)
    return reader.whole()


def shifted(moment: datetime, step: str) -> datetime | None:
    """A moment moved by a step such as `-4w`; None where that is no step, or leads out of all time."""
    found = _STEP.fullmatch(step.strip())
    if found is None:
        return None
    sign, number, unit = found.groups()
    try:
        return moment + (-1 if sign == "-" else 1) * int(number) * _LENGTHS[unit]
    except OverflowError:
        return None


class _Reader:
    """Reads one query from left to right."""

    def __init__(self, query: str, asker: Asker) -> None:
        if len(query) > LONGEST:
            raise NotUnderstood
        self._tokens = list(_tokens(query))
        self._at = 0
        self._left = MOST
        self._asker = asker

    def whole(self) -> Criterion:
        found = self._any(0) if self._tokens and not self._is("order") else All(())
        if self._takes("order"):
            self._at = len(self._tokens)
        if self._at < len(self._tokens):
            raise NotUnderstood
        return found

    def _any(self, depth: int) -> Criterion:
        parts = [self._all(depth)]
        while self._takes("or"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self, depth: int) -> Criterion:
        parts = [self._one(depth)]
        while self._takes("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Criterion:
        if depth > DEEPEST:
            raise NotUnderstood
        if self._takes("not"):
            return Not(self._one(depth + 1))
        if self._takes("("):
            found = self._any(depth + 1)
            self._must(")")
            return found
        return self._condition()

    def _condition(self) -> Criterion:
        self._left -= 1
        if self._left < 0:
            raise NotUnderstood
        field = self._next().lower()
        sign = self._next().lower()
        if sign == "not":
            self._must("in")
            sign = "not in"
        values = self._values() if sign in ("in", "not in") else [self._value()]
        read = _FIELDS.get(field)
        if read is None:
            raise NotUnderstood
        positive = {"in": "=", "not in": "=", "!=": "=", "!~": "~"}.get(sign, sign)
        parts = tuple(read(positive, value, self._asker) for value in values)
        found = parts[0] if len(parts) == 1 else Any(parts)
        return Not(found) if sign in ("not in", "!=", "!~") else found

    def _values(self) -> list[_Value]:
        self._must("(")
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        self._must(")")
        if len(values) > MOST:
            raise NotUnderstood
        return values

    def _value(self) -> _Value:
        quoted = self._at < len(self._tokens) and self._tokens[self._at][:1] in "\"'"
        word = self._next()
        if quoted:
            return re.sub(r"\\(.)", r"\1", word[1:-1])
        if word in _SIGNS:
            raise NotUnderstood
        if not self._takes("("):
            return word
        given = "" if self._is(")") else str(self._value())
        self._must(")")
        return _Call(word.lower(), given)

    def _is(self, word: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at].lower() == word

    def _takes(self, word: str) -> bool:
        found = self._is(word)
        self._at += found
        return found

    def _must(self, word: str) -> None:
        if not self._takes(word):
            raise NotUnderstood

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise NotUnderstood
        self._at += 1
        return self._tokens[self._at - 1]


_SIGNS: Final = frozenset({"(", ")", ",", "=", "!=", "~", "!~", "<", "<=", ">", ">="})


def _tokens(query: str) -> Iterator[str]:
    at = 0
    query = query.strip()
    while at < len(query):
        found = _TOKEN.match(query, at)
        if found is None:
            raise NotUnderstood
        yield found["text"] or found["sign"] or found["word"]
        at = found.end()


_Field = Callable[[str, _Value, Asker], Criterion]


def _exactly(make: Callable[[str], Criterion]) -> _Field:
    """A field that is one of its values, or is not."""

    def read(sign: str, value: _Value, _asker: Asker) -> Criterion:
        if sign != "=" or not isinstance(value, str):
            raise NotUnderstood
        return make(value)

    return read


def _space(sign: str, value: _Value, asker: Asker) -> Criterion:
    if sign != "=":
        raise NotUnderstood
    if isinstance(value, str):
        return InSpace(value)
    if value.name != "currentspace":
        raise NotUnderstood
    return InSpace(asker.space_key)


def _page(make: Callable[[str], Criterion], sign: str, value: _Value, asker: Asker) -> Criterion:
    if sign != "=":
        raise NotUnderstood
    if isinstance(value, str):
        return make(value)
    if value.name != "currentcontent":
        raise NotUnderstood
    return make(asker.content_id)


def _person(make: Callable[[str], Criterion], sign: str, value: _Value, asker: Asker) -> Criterion:
    if sign != "=":
        raise NotUnderstood
    if isinstance(value, str):
        return make(value)
    if value.name != "currentuser":
        raise NotUnderstood
    return Any(tuple(make(account) for account in sorted(asker.accounts)))


def _title(sign: str, value: _Value, _asker: Asker) -> Criterion:
    if sign not in ("=", "~") or not isinstance(value, str) or not value.replace("*", " ").strip():
        raise NotUnderstood
    return Titled(value, exactly=sign == "=")


def _kind(value: str) -> Criterion:
    try:
        return OfKind(Kind(value.lower()))
    except ValueError:
        raise NotUnderstood from None


def _space_kind(value: str) -> Criterion:
    if value.lower() not in ("personal", "global"):
        raise NotUnderstood
    return InSpacesOf(personal=value.lower() == "personal")


def _moment(deed: Deed, sign: str, value: _Value, asker: Asker) -> Criterion:
    start, length = _span(value, asker.now)
    known, after = Since(deed, _BEGINNING), start + _LENGTHS["m"]
    readings: dict[str, Callable[[], Criterion]] = {
        ">=": lambda: Since(deed, start),
        ">": lambda: Since(deed, after),
        "<": lambda: All((known, Not(Since(deed, start)))),
        "<=": lambda: All((known, Not(Since(deed, after)))),
        "=": lambda: All((Since(deed, start), Not(Since(deed, start + length)))),
    }
    if sign not in readings:
        raise NotUnderstood
    return readings[sign]()


_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _span(value: _Value, now: datetime) -> tuple[datetime, timedelta]:
    """The stretch of time that a date names."""
    if isinstance(value, _Call):
        return _called(value, now.astimezone(UTC)), _LENGTHS["m"]
    found = _DAY.fullmatch(value.strip())
    try:
        if found is None:
            moment = shifted(now.astimezone(UTC), value)
            if moment is None:
                raise NotUnderstood
            return moment, _LENGTHS["m"]
        numbers = [int(part or 0) for part in found.groups()]
        return datetime(*numbers, tzinfo=UTC), _LENGTHS["d" if found[4] is None else "m"]  # type: ignore[misc, arg-type]
    except ValueError:
        raise NotUnderstood from None


def _called(call: _Call, now: datetime) -> datetime:
    found = _STARTS.get(call.name.removeprefix("startof").removeprefix("endof"))
    if call.name != "now" and found is None:
        raise NotUnderstood
    moment = now if found is None else found(now.replace(hour=0, minute=0, second=0, microsecond=0))
    if found is not None and call.name in _LONG:
        moment = found(moment + timedelta(days=_LONG[call.name]))
    step = shifted(moment, call.given) if call.given else moment
    if step is None:
        raise NotUnderstood
    return step


_STARTS: Final[Mapping[str, Callable[[datetime], datetime]]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}

_LONG: Final = {"endofday": 1, "endofweek": 7, "endofmonth": 31, "endofyear": 366}
"""Days from the start of each into the next one."""

_FIELDS: Final[Mapping[str, _Field]] = {
    "label": _exactly(Labelled),
    "space": _space,
    "space.key": _space,
    "space.type": _exactly(_space_kind),
    "type": _exactly(_kind),
    "title": _title,
    "id": partial(_page, Named),
    "content": partial(_page, Named),
    "parent": partial(_page, lambda id_: Below(id_, straight=True)),
    "ancestor": partial(_page, Below),
    "container": partial(_page, HangsOn),
    "creator": partial(_person, lambda who: By(who, Deed.CREATED)),
    "contributor": partial(_person, lambda who: By(who, Deed.CHANGED)),
    "mention": partial(_person, Mentions),
    "created": partial(_moment, Deed.CREATED),
    "lastmodified": partial(_moment, Deed.CHANGED),
}
