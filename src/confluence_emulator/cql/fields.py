"""What each CQL field may be asked, and when a content meets a comparison.

`FIELDS` is the list to extend: a field's operators and a function that turns one comparison into a test. A field or
an operator that is not there is a `CqlError`, as Confluence refuses it; a value that names nothing finds nothing.
"""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from confluence_emulator.cql.dates import span
from confluence_emulator.cql.syntax import Any, Call, Clause, Comparison, CqlError, Every, Not, Operator, Value
from confluence_emulator.state.contents import TREE_KINDS, Content, Kind
from confluence_emulator.state.people import User
from confluence_emulator.state.site import Site
from confluence_emulator.state.spaces import Space

Subject = Content | Space
Test = Callable[[Subject], bool]
Words = dict[tuple[str, int], str]

EXACT = frozenset({Operator.EQUALS, Operator.DIFFERS, Operator.IN, Operator.NOT_IN})
FUZZY = frozenset({Operator.CONTAINS, Operator.LACKS})
DATED = frozenset(Operator) - FUZZY - {Operator.IN, Operator.NOT_IN}
NEGATIVE = frozenset({Operator.DIFFERS, Operator.NOT_IN, Operator.LACKS})
MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|<[^>]+>")
WORD = re.compile(r"\w+\*?")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks and when. `words` keeps the searchable text of contents between queries, by id and version.

    With `pages_only` folders and their like count as pages, for a product that has no other content in its tree.
    """

    site: Site
    viewer: User | None
    now: datetime
    words: Words = field(default_factory=dict)
    pages_only: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this caller's dates are read."""
        return ZoneInfo(self.viewer.time_zone if self.viewer is not None else "UTC")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its operators, and how a comparison becomes a test (negation is added by `compile_clause`)."""

    operators: frozenset[Operator]
    build: Callable[[Comparison, Asker], Test]


def compile_clause(clause: Clause, asker: Asker) -> Test:
    """Turn a clause into a test of one content or space; CqlError for what a field cannot be asked."""
    if isinstance(clause, Not):
        inner = compile_clause(clause.clause, asker)
        return lambda subject: not inner(subject)
    if isinstance(clause, Every | Any):
        tests = [compile_clause(part, asker) for part in clause.clauses]
        joined = all if isinstance(clause, Every) else any
        return lambda subject: joined(test(subject) for test in tests)
    known = FIELDS.get(clause.field)
    if known is None:
        raise CqlError(f"no field exists with name '{clause.field}'")
    if clause.operator not in known.operators:
        raise CqlError(f"the operator '{clause.operator}' is not supported by the field '{clause.field}'")
    met = known.build(clause, asker)
    return (lambda subject: not met(subject)) if clause.operator in NEGATIVE and known.operators != DATED else met


def plain_values(values: Iterable[Value]) -> frozenset[str]:
    """The values in comparable form; CqlError for a function where the field knows none."""
    plain = set()
    for value in values:
        if isinstance(value, Call):
            raise CqlError(f"the function '{value.name}' is not supported here")
        plain.add(value.casefold())
    return frozenset(plain)


def searchable_text(content: Content, words: Words) -> str:
    """Title, body without markup and labels, in lower case."""
    key = (content.id, content.version.number)
    known = words.get(key)
    if known is None:
        body = html.unescape(MARKUP.sub(" ", content.body or ""))
        known = words[key] = f"{content.title} {body}".casefold()
    return f"{known} {' '.join(label.name for label in content.labels)}"


def _exactly(attribute: Callable[[Subject, Asker], Iterable[str]]) -> Field:
    def build(comparison: Comparison, asker: Asker) -> Test:
        wanted = plain_values(comparison.values)
        return lambda subject: any(value.casefold() in wanted for value in attribute(subject, asker))

    return Field(EXACT, build)


def _dated(instant: Callable[[Subject], datetime]) -> Field:
    def build(comparison: Comparison, asker: Asker) -> Test:
        named = span(comparison.values[0], now=asker.now, zone=asker.zone)
        return lambda subject: named.admits(comparison.operator, instant(subject))

    return Field(DATED, build)


def _fuzzy(text: Callable[[Subject, Words], str], *, also_exact: bool = False) -> Field:
    def build(comparison: Comparison, asker: Asker) -> Test:
        if comparison.operator in EXACT:
            wanted = plain_values(comparison.values)
            return lambda subject: title_of(subject).casefold() in wanted
        (value,) = plain_values(comparison.values)
        if not value.strip():
            raise CqlError(f"the field '{comparison.field}' needs a text to look for")
        patterns = _patterns(value)
        return lambda subject: all(pattern.search(text(subject, asker.words)) for pattern in patterns)

    return Field(FUZZY | EXACT if also_exact else FUZZY, build)


def _patterns(value: str) -> list[re.Pattern[str]]:
    words = WORD.findall(value)
    if value.startswith('"') and value.endswith('"'):
        return [re.compile(r"\b" + r"\W+".join(map(re.escape, words)) + r"\b")]
    return [re.compile(r"\b" + re.escape(word.rstrip("*")) + ("" if word.endswith("*") else r"\b")) for word in words]


def _person(people: Callable[[Subject], Iterable[str | None]]) -> Field:
    def build(comparison: Comparison, asker: Asker) -> Test:
        wanted = {_account_id(value, asker) for value in comparison.values} - {None}
        return lambda subject: any(person in wanted for person in people(subject))

    return Field(EXACT, build)


def _account_id(value: Value, asker: Asker) -> str | None:
    if isinstance(value, Call):
        if value.name != "currentuser":
            raise CqlError(f"the function '{value.name}' does not name a person")
        return asker.viewer.account_id if asker.viewer is not None else None
    named = asker.site.users.get(value) or asker.site.user_by_username(value)
    return named.account_id if named is not None else None


def title_of(subject: Subject) -> str:
    """A content's title or a space's name."""
    return subject.name if isinstance(subject, Space) else subject.title


def type_of(subject: Subject, asker: Asker) -> str:
    """The CQL type: a content's kind, or space."""
    if isinstance(subject, Space):
        return "space"
    return str(Kind.PAGE if asker.pages_only and subject.kind in TREE_KINDS else subject.kind)


def modified_at(subject: Subject) -> datetime:
    """When it was last modified; a space, when it was created."""
    return subject.created_at if isinstance(subject, Space) else subject.modified_at


def space_of(subject: Subject, asker: Asker) -> Space:
    """The space it lies in, or is."""
    return subject if isinstance(subject, Space) else asker.site.spaces[subject.space_id]


def _text(subject: Subject, words: Words) -> str:
    if isinstance(subject, Space):
        return f"{subject.name} {subject.description}".casefold()
    return searchable_text(subject, words)


def _labels(subject: Subject, _: Asker) -> Iterable[str]:
    if isinstance(subject, Space):
        return ()
    return [name for label in subject.labels for name in (label.name, f"{label.prefix}:{label.name}")]


def _ancestors(subject: Subject, asker: Asker) -> Iterable[str]:
    if isinstance(subject, Space) or subject.container_id is not None:
        return ()
    parent = asker.site.contents.get(subject.parent_id) if subject.parent_id else None
    return () if parent is None else [parent.id, *(above.id for above in asker.site.ancestors(parent))]


def _parent(subject: Subject, _: Asker) -> Iterable[str]:
    return () if isinstance(subject, Space) or not subject.parent_id else (subject.parent_id,)


def _container(subject: Subject, _: Asker) -> Iterable[str]:
    return () if isinstance(subject, Space) or not subject.container_id else (subject.container_id,)


def _contributors(subject: Subject) -> Iterable[str | None]:
    return (subject.author_id,) if isinstance(subject, Space) else [v.author_id for v in subject.versions]


_SPACE_KEY = _exactly(lambda subject, asker: (space_of(subject, asker).key,))
_TITLE = _fuzzy(lambda subject, _: title_of(subject).casefold(), also_exact=True)
_ID = _exactly(lambda subject, _: (subject.id,))

FIELDS: dict[str, Field] = {
    "ancestor": _exactly(_ancestors),
    "container": _exactly(_container),
    "content": _ID,
    "contributor": _person(_contributors),
    "created": _dated(lambda subject: subject.created_at),
    "creator": _person(lambda subject: (subject.author_id,)),
    "id": _ID,
    "label": _exactly(_labels),
    "lastmodified": _dated(modified_at),
    "parent": _exactly(_parent),
    "sitesearch": _fuzzy(_text),
    "space": _SPACE_KEY,
    "space.key": _SPACE_KEY,
    "space.type": _exactly(lambda subject, asker: (space_of(subject, asker).kind,)),
    "text": _fuzzy(_text),
    "title": _TITLE,
    "type": _exactly(lambda subject, asker: (type_of(subject, asker),)),
}

ORDERS: dict[str, Callable[[Subject, Asker], str | int | datetime]] = {
    "created": lambda subject, _: subject.created_at,
    "id": lambda subject, _: subject.number,
    "lastmodified": lambda subject, _: modified_at(subject),
    "space": lambda subject, asker: space_of(subject, asker).key.casefold(),
    "space.key": lambda subject, asker: space_of(subject, asker).key.casefold(),
    "title": lambda subject, _: title_of(subject).casefold(),
    "type": type_of,
}
