"""The grammar of the Confluence Query Language: text in, a frozen tree out.

It knows words, operators, brackets and ORDER BY, and nothing of fields or contents: `fields` says which field takes
which operator, `dates` what a date means. Every refusal is a `CqlError`, which the dialects turn into a 400.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<operator>!=|!~|>=|<=|=|~|>|<)
      | (?P<mark>[(),])
      | (?P<word>[^\s"'=!~<>(),]+)
    )""",
    re.VERBOSE,
)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
RESERVED = frozenset({"and", "or", "not", "in", "order", "by", "asc", "desc"})
END = ("end", "")


class CqlError(Exception):
    """The query is not CQL, or asks a field something it cannot answer; the message is what Confluence would add."""


class Operator(StrEnum):
    """What may stand between a field and its value."""

    EQUALS = "="
    DIFFERS = "!="
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    CONTAINS = "~"
    LACKS = "!~"
    IN = "in"
    NOT_IN = "not in"


@dataclass(frozen=True, slots=True)
class Call:
    """A function in a value's place, `now("-4w")`; `name` is in lower case."""

    name: str
    arguments: tuple[str, ...] = ()


Value = str | Call


@dataclass(frozen=True, slots=True)
class Comparison:
    """One clause. `field` is in lower case; `values` holds one value unless the operator is IN or NOT IN."""

    field: str
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """Clauses joined by AND, in the order written."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Clauses joined by OR, in the order written."""

    clauses: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A negated clause."""

    clause: "Clause"


Clause = Comparison | Every | Any | Not


@dataclass(frozen=True, slots=True)
class Ordering:
    """One key of ORDER BY; `field` is in lower case."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; without ORDER BY, `orderings` is empty."""

    clause: Clause
    orderings: tuple[Ordering, ...] = ()


def parse(text: str) -> Query:
    """Read one query; CqlError names what was expected and what stood there."""
    return _Reader(_tokens(text)).query()


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position, text = [], 0, text.rstrip()
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise CqlError(f"could not read the query from position {position}: {text[position : position + 20]!r}")
        tokens.append((found.lastgroup, found[found.lastgroup]))
        position = found.end()
    return tokens


class _Reader:
    """A recursive descent over the tokens; OR binds weaker than AND, AND weaker than NOT."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.position = 0

    def query(self) -> Query:
        clause = self._any()
        orderings = self._orderings() if self._take_word("order") else ()
        if self._peek() != END:
            raise self._unexpected("the end of the query")
        return Query(clause, orderings)

    def _any(self) -> Clause:
        clauses = [self._every()]
        while self._take_word("or"):
            clauses.append(self._every())
        return clauses[0] if len(clauses) == 1 else Any(tuple(clauses))

    def _every(self) -> Clause:
        clauses = [self._one()]
        while self._take_word("and"):
            clauses.append(self._one())
        return clauses[0] if len(clauses) == 1 else Every(tuple(clauses))

    def _one(self) -> Clause:
        if self._take_word("not"):
            return Not(self._one())
        if self._take_mark("("):
            clause = self._any()
            self._expect_mark(")")
            return clause
        return self._comparison()

    def _comparison(self) -> Comparison:
        field = self._field()
        if self._take_word("not"):
            if not self._take_word("in"):
                raise self._unexpected("IN after NOT")
            return Comparison(field, Operator.NOT_IN, self._list())
        if self._take_word("in"):
            return Comparison(field, Operator.IN, self._list())
        kind, word = self._peek()
        if kind != "operator":
            raise self._unexpected("an operator")
        self.position += 1
        return Comparison(field, Operator(word), (self._value(),))

    def _field(self) -> str:
        kind, word = self._peek()
        if kind != "word" or word.lower() in RESERVED:
            raise self._unexpected("a field name")
        self.position += 1
        return word.lower()

    def _list(self) -> tuple[Value, ...]:
        self._expect_mark("(")
        values = [self._value()]
        while self._take_mark(","):
            values.append(self._value())
        self._expect_mark(")")
        return tuple(values)

    def _value(self) -> Value:
        kind, word = self._peek()
        if kind == "string":
            self.position += 1
            return ESCAPE.sub(r"\1", word[1:-1])
        if kind != "word" or word.lower() in RESERVED:
            raise self._unexpected("a value")
        self.position += 1
        return Call(word.lower(), self._arguments()) if self._take_mark("(") else word

    def _arguments(self) -> tuple[str, ...]:
        arguments = []
        while not self._take_mark(")"):
            argument = self._value()
            if isinstance(argument, Call):
                raise CqlError("a function takes no function as its argument")
            arguments.append(argument)
            self._take_mark(",")
        return tuple(arguments)

    def _orderings(self) -> tuple[Ordering, ...]:
        if not self._take_word("by"):
            raise self._unexpected("BY after ORDER")
        orderings = [self._ordering()]
        while self._take_mark(","):
            orderings.append(self._ordering())
        return tuple(orderings)

    def _ordering(self) -> Ordering:
        field = self._field()
        descending = self._take_word("desc")
        if not descending:
            self._take_word("asc")
        return Ordering(field, descending)

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else END

    def _take_word(self, word: str) -> bool:
        kind, text = self._peek()
        taken = kind == "word" and text.lower() == word
        self.position += taken
        return taken

    def _take_mark(self, mark: str) -> bool:
        taken = self._peek() == ("mark", mark)
        self.position += taken
        return taken

    def _expect_mark(self, mark: str) -> None:
        if not self._take_mark(mark):
            raise self._unexpected(f"'{mark}'")

    def _unexpected(self, wanted: str) -> CqlError:
        kind, word = self._peek()
        return CqlError(f"expected {wanted}, found {'the end of the query' if kind == 'end' else repr(word)}")
