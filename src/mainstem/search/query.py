"""What a reader types, as a Query: words, "phrases", -exclusions and operators.

They are `space: tag: category: collection: owner: author: type: source: updated: property: document:`, and `label:` for
`tag:`. `document:` takes the numbers of documents in the hub.

Every text means something and none is an error: whatever is not an operator we know is a word to look for.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from mainstem.index.query import Field, Filter, Narrowing, Phrase, PropertyFilter, Query, Term, Word
from mainstem.search import properties

LONGEST_TEXT = 1000
MOST_WORDS = 32
"""What goes beyond these is not looked at; nobody types that much, and every word costs time."""

OPERATORS: Mapping[str, Field] = {
    "space": Field.SPACE,
    "label": Field.LABEL,
    "tag": Field.LABEL,
    "category": Field.CATEGORY,
    "collection": Field.COLLECTION,
    "owner": Field.OWNER,
    "author": Field.AUTHOR,
    "type": Field.KIND,
    "kind": Field.KIND,
    "source": Field.SOURCE,
}
WRITTEN: Mapping[Field, str] = {
    Field.SPACE: "space",
    Field.KIND: "type",
    Field.LABEL: "label",
    Field.CATEGORY: "category",
    Field.COLLECTION: "collection",
    Field.OWNER: "owner",
    Field.AUTHOR: "author",
    Field.SOURCE: "source",
}
"""The operator of each field, as it is written."""

SEVERAL: Final = frozenset({Field.LABEL, Field.COLLECTION, Field.PROPERTY})
"""Fields of which a document may have many values, so that asking for another one narrows."""

_KINDS = {"blog": "blogpost", "post": "blogpost", "file": "attachment", "pages": "page", "comments": "comment"}

_TOKEN = re.compile(
    rf"""(?P<minus>-(?=\S))?
    (?: (?i:property):{properties.ASKED}
      | (?P<operator>[A-Za-z]+):(?P<values>{properties.VALUE}(?:,{properties.VALUE})*)
      | "(?P<phrase>[^"]*)"?
      | (?P<word>\S+) )""",
    re.VERBOSE,
)
DOCUMENT: Final = "document"
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'))

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_AGE = re.compile(r"(?P<sign>[<>]=?)?(?P<number>\d{1,5})(?P<unit>[dwmy])", re.IGNORECASE)
_DATE = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_DATES = re.compile(rf"(?P<sign>[<>]=?)(?P<bound>{_DATE})|(?P<first>{_DATE})?(?P<to>\.\.)?(?P<last>{_DATE})?")


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator as it stands in a text, from `start` to before `end`; `name` is as it was typed, in small letters."""

    name: str
    values: tuple[str, ...]
    excluded: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: `since` <= moment < `before`; None is open."""

    since: datetime | None = None
    before: datetime | None = None


def parse(text: str, now: datetime) -> Query:
    """The query that a text means. Ages (`updated:<30d`) count back from `now`; dates are days in UTC.

    The same operator twice narrows for tags, collections, properties and times and widens for what a document
    has only one of; values joined by commas widen. The last word may be unfinished unless a blank follows it.
    """
    query = Query()
    text = text[:LONGEST_TEXT].translate(_QUOTES)
    for match in _TOKEN.finditer(text):
        query = _with(query, match, now)
    return replace(
        query,
        required=query.required[:MOST_WORDS],
        excluded=query.excluded[:MOST_WORDS],
        filters=_merged(query.filters),
    )


def operators(text: str, now: datetime) -> Iterator[Operator]:
    """The operators in a text, as `parse` understands them."""
    text = text[:LONGEST_TEXT].translate(_QUOTES)
    for match in _TOKEN.finditer(text):
        excluded = match["minus"] is not None
        if match["property"] is not None and _by_property(match) is not None:
            yield Operator(properties.OPERATOR, (_asked(match),), excluded, *match.span())
        elif match["operator"] is not None and _operated(Query(), match, now) is not None:
            values = tuple(properties.values_in(match["values"]))
            yield Operator(match["operator"].lower(), values, excluded, *match.span())


def troubles(text: str) -> tuple[str, ...]:
    """What looks like an operator and is none, so that it is looked for as words: a sentence for each."""
    text = text[:LONGEST_TEXT].translate(_QUOTES)
    return tuple(
        properties.trouble(match)
        for match in _TOKEN.finditer(text)
        if match["property"] is not None and _by_property(match) is None
    )


def written(filters: Sequence[Narrowing]) -> str:
    """Filters as the operators of a text, which `parse` reads as the same filters.

    Raises ValueError for one that passes documents with any of several properties: no operator says that.
    """
    return " ".join(f"{'-' if one.excluded else ''}{text}" for one in filters for text in _written(one))


def _written(one: Narrowing) -> Iterable[str]:
    if isinstance(one, PropertyFilter):
        return [f"{properties.OPERATOR}:{properties.written(one)}"]
    if one.field is not Field.PROPERTY:
        return [f"{WRITTEN[one.field]}:{','.join(map(properties.quoted, sorted(one.values)))}"]
    if len(one.values) > 1 and not one.excluded:
        raise ValueError(one)
    return [f"{properties.OPERATOR}:{properties.name_written(name)}" for name in sorted(one.values)]


def without(text: str, some: Iterable[Operator]) -> str:
    """A text without some of its operators."""
    for one in sorted(some, key=lambda one: -one.start):
        text = f"{text[: one.start].rstrip()} {text[one.end :].lstrip()}".strip()
    return text


def with_filters(query: Query, filters: Sequence[Narrowing]) -> Query:
    """The query with more filters, which join with its own as operators in one text do."""
    by_field = (one for one in filters if isinstance(one, Filter))
    by_property = (one for one in filters if isinstance(one, PropertyFilter))
    return replace(query, filters=_merged((*query.filters, *by_field)), properties=(*query.properties, *by_property))


def _with(query: Query, token: re.Match[str], now: datetime) -> Query:
    if token["property"] is not None:
        asked = _by_property(token)
        if isinstance(asked, Filter):
            return replace(query, filters=(*query.filters, asked))
        if asked is not None:
            return replace(query, properties=(*query.properties, asked))
    if token["operator"] is not None:
        narrowed = _operated(query, token, now)
        if narrowed is not None:
            return narrowed
    if token["minus"]:
        return replace(query, excluded=(*query.excluded, _term(token)))
    return replace(query, required=(*query.required, _term(token)))


def _term(token: re.Match[str]) -> Term:
    if token["phrase"] is not None:
        return Phrase(token["phrase"])
    written = token[0].removeprefix("-") if token["minus"] else token[0]
    if '"' in written:
        return Phrase(written)
    return Word(written, beginning=not token["minus"] and token.end() == len(token.string))


def _by_property(token: re.Match[str]) -> Narrowing | None:
    return properties.asked_by(token, excluded=token["minus"] is not None)


def _asked(token: re.Match[str]) -> str:
    """What stands behind `property:`, as it was typed."""
    return token[0].partition(":")[2]


def _operated(query: Query, token: re.Match[str], now: datetime) -> Query | None:
    """The query narrowed by an operator; None when it is none of ours or its values make no sense."""
    name, values, excluded = (
        token["operator"].lower(),
        properties.values_in(token["values"]),
        token["minus"] is not None,
    )
    if name == "updated" and not excluded and len(values) == 1:
        span = time_span(values[0], now)
        return None if span is None else _within(query, span)
    if name == DOCUMENT and not excluded and values and all(map(_NUMBER.fullmatch, values)):
        return replace(query, documents=query.documents | frozenset(map(int, values)))
    field = OPERATORS.get(name)
    if field is None or not values:
        return None
    if field is Field.KIND:
        values = [_KINDS.get(value.lower(), value) for value in values]
    return replace(query, filters=(*query.filters, Filter(field, frozenset(values), excluded)))


def _merged(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """One filter for all that is asked of a field of which a document has only one value."""
    merged: dict[object, Filter] = {}
    for number, one in enumerate(filters):
        alone = one.field in SEVERAL and not one.excluded
        slot: object = number if alone else (one.field, one.excluded)
        before = merged.get(slot)
        merged[slot] = one if before is None else replace(before, values=before.values | one.values)
    return tuple(merged.values())


def _within(query: Query, span: Span) -> Query:
    starts = [moment for moment in (query.since, span.since) if moment]
    ends = [moment for moment in (query.before, span.before) if moment]
    return replace(query, since=max(starts, default=None), before=min(ends, default=None))


def time_span(value: str, now: datetime) -> Span | None:
    """What `updated:` says: `7d`, `<30d`, `>1y`, `2026`, `2026-05`, `>=2026-05-01`, `2026-01..2026-03`; else None.

    An age with `<` or no sign is younger than that, with `>` older. m is 30 days, y 365.
    """
    try:
        return _age(value, now) or _dates(value)
    except (ValueError, OverflowError):
        return None


def _age(value: str, now: datetime) -> Span | None:
    match = _AGE.fullmatch(value)
    if match is None:
        return None
    then = now - timedelta(days=int(match["number"]) * _DAYS[match["unit"].lower()])
    return Span(before=then) if (match["sign"] or "<").startswith(">") else Span(since=then)


def _dates(value: str) -> Span | None:
    match = _DATES.fullmatch(value)
    if match is None or not value.strip("."):
        return None
    if match["sign"]:
        start, end = _period(match["bound"])
        spans = {"<": Span(before=start), "<=": Span(before=end), ">": Span(since=end), ">=": Span(since=start)}
        return spans[match["sign"]]
    if not match["to"]:
        return Span(*_period(value))
    since = _period(match["first"])[0] if match["first"] else None
    return Span(since, _period(match["last"])[1] if match["last"] else None)


def _period(date: str) -> tuple[datetime, datetime]:
    """The first moment of a year, month or day, and the first one after it."""
    year, month, day = (*(int(part) for part in date.split("-")), 1, 1)[:3]
    start = datetime(year, month, day, tzinfo=UTC)
    if len(date) == len("2026"):
        return start, start.replace(year=year + 1)
    if len(date) == len("2026-05"):
        return start, (start + timedelta(days=31)).replace(day=1)
    return start, start + timedelta(days=1)
