"""A question as it is looked up: which of its words say what it is about, and how much each of them tells.

A word tells the more, the fewer of the documents have it that the asker may read.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mainstem.index.analyser import Analyser, Role, Token
from mainstem.index.query import Narrowing, Query, Reach, Term, Word, tolerance
from mainstem.search.highlight import alike
from mainstem.search.query import operators, parse, with_filters, without

LONGEST_QUESTION = 1000
MOST_WORDS = 16
"""Words of a question that are looked up; each is a look into the index."""

MISSED = 1.5
"""How much more a word tells that no document has than one that a single document has."""

_EMPTY = frozenset(Path(__file__).with_name("empty_words.txt").read_text(encoding="utf-8").split())
"""Words of English, German, French and Spanish questions that do not say what they are about."""

_HOW = frozenset({"how", "wie", "comment", "como"})
_STEPS = frozenset({"steps", "procedure", "instructions", "schritte", "etapes", "pasos"})

Find = Callable[[Query], int]
"""How many documents of the asker match."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A word that says what the question is about. `documents` is how many have it, `similar` that these only have it
    alike. `name`: it is a name or a number, in whose place nothing else will do.
    """

    text: str
    plain: str
    stem: str
    documents: int
    weight: float
    similar: bool
    name: bool

    def is_in(self, stems: Collection[str], spellings: Collection[str]) -> bool:
        """Whether it is one of the words that have these stems and spellings."""
        if not self.similar:
            return self.stem in stems
        mistakes = tolerance(self.plain)
        return any(alike(self.plain, spelling, mistakes) for spelling in spellings)


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart: `text` is it without operators. `query` finds what may answer it.

    `how`: it asks for a way to do something.
    """

    text: str
    query: Query
    words: tuple[Telling, ...]
    how: bool

    @property
    def weight(self) -> float:
        """What all its words tell together."""
        return sum(word.weight for word in self.words)

    @property
    def missing(self) -> tuple[str, ...]:
        """The words that no document has, as they were written."""
        return tuple(word.text for word in self.words if not word.documents)


def read(text: str, find: Find, analyser: Analyser, now: datetime, filters: Sequence[Narrowing] = ()) -> Question:
    """Take a question apart. Operators in it, and `filters`, narrow what may answer, as they narrow a search."""
    text = text[:LONGEST_QUESTION]
    asked = with_filters(parse(text, now), filters)
    narrowed = replace(asked, required=())
    total = find(narrowed)
    found = list(_telling(asked.required, analyser))[:MOST_WORDS]
    words = tuple(_weighed(word, narrowed, find, total) for word in found)
    said = {token.plain for term in asked.required for token in analyser.tokens(term.text)}
    return Question(
        text=without(text, operators(text, now)) or text,
        query=replace(asked, required=tuple(Word(word.text) for word in words)),
        words=words,
        how=bool(said & _STEPS)
        or (bool(said & _HOW) and bool(said & {"do", "to", "i", "we", "man", "ich", "wir", "se"})),
    )


def _telling(terms: Sequence[Term], analyser: Analyser) -> Iterator[Telling]:
    seen: set[str] = set()
    for number, term in enumerate(terms):
        for token in _tokens(term.text, analyser):
            if token.plain in _EMPTY or token.stem in seen:
                continue
            seen.add(token.stem)
            written = term.text[token.start : token.end]
            name = any(sign.isdigit() for sign in written) or (number > 0 and written[0].isupper())
            yield Telling(written, token.plain, token.stem, 0, 0.0, similar=False, name=name)


def _tokens(text: str, analyser: Analyser) -> list[Token]:
    """The words of one term; what is told apart by a number, as INC-41 is, in one piece."""
    tokens = analyser.tokens(text)
    whole = [token for token in tokens if token.role is Role.WHOLE]
    if len(whole) == 1 and any(sign.isdigit() for sign in whole[0].plain):
        return whole
    return [token for token in tokens if token.role is Role.WORD]


def _weighed(word: Telling, narrowed: Query, find: Find, total: int) -> Telling:
    exactly = find(replace(narrowed, required=(Word(word.text),)))
    documents = exactly or find(replace(narrowed, required=(Word(word.text),), reach=Reach.SIMILAR_WORDS))
    weight = math.log(1 + total / documents) if documents else math.log(1 + total) * MISSED
    return replace(word, documents=documents, weight=weight, similar=bool(documents and not exactly))
