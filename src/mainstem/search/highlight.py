"""Why a text was found: where in it the searched words stand, and which stretch of it to show.

A text is read here as the index reads it, so `getUserById` is marked at `User` and 東京都 sign by sign.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mainstem.index.analyser import Analyser, Asked, Role, Token, begins
from mainstem.index.query import Query, Reach, Term, Word, tolerance

EXCERPT = 300
"""Letters of a passage that a list of results shows."""

_LEAD = 60
_CUT = "\u2026"

Mark = tuple[int, int]
"""Start and end of a stretch to highlight, in letters; the end is the first letter behind it."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text, cut between words, with what was found in it. An ellipsis stands for what is missing."""

    text: str
    marks: tuple[Mark, ...] = ()


def marks(text: str, query: Query, analyser: Analyser) -> tuple[Mark, ...]:
    """Where the query's words stand in the text, in order, without overlaps."""
    tokens = analyser.tokens(text)
    return _joined(mark for term in query.required for mark in _marks_of(term, query.reach, tokens, analyser))


def excerpt(text: str, found: Sequence[Mark], length: int = EXCERPT) -> Excerpt:
    """The stretch of about this many letters in which most was found; the beginning when nothing was."""
    start = _best_start(text, found, length)
    end = len(text) if start + length >= len(text) else _break_before(text, start + length, start)
    before, after = (_CUT if start else ""), (_CUT if end < len(text) else "")
    shift = len(before) - start
    inside = tuple((first + shift, last + shift) for first, last in found if start <= first and last <= end)
    return Excerpt(before + text[start:end] + after, inside)


def _marks_of(term: Term, reach: Reach, tokens: Sequence[Token], analyser: Analyser) -> list[Mark]:
    asked = analyser.ask(term.text)
    found = [mark for row in asked.rows for mark in _rows(row, tokens)]
    found += _beginnings(asked, term, tokens)
    if not found and isinstance(term, Word) and reach >= Reach.SIMILAR_WORDS:
        found += _similar(asked.plain, tokens)
    return found


def _rows(row: tuple[str, ...], tokens: Sequence[Token]) -> Iterator[Mark]:
    if len(row) == 1:
        yield from ((token.start, token.end) for token in tokens if token.stem == row[0])
        return
    for role in (Role.WORD, Role.PIECE):
        line = [token for token in tokens if token.role is role]
        for at in range(len(line) - len(row) + 1):
            if all(token.stem == stem for token, stem in zip(line[at:], row, strict=False)):
                yield from ((token.start, token.end) for token in line[at : at + len(row)])


def _beginnings(asked: Asked, term: Term, tokens: Sequence[Token]) -> list[Mark]:
    if not begins(asked, term):
        return []
    # Of a pair of signs only the first is the one asked for.
    found = [token for token in tokens if token.plain.startswith(asked.plain)]
    return [(token.start, token.end if asked.words else token.start + 1) for token in found]


def _similar(word: str, tokens: Iterable[Token]) -> list[Mark]:
    mistakes = tolerance(word)
    return [(token.start, token.end) for token in tokens if mistakes and alike(word, token.plain, mistakes)]


def alike(one: str, other: str, mistakes: int) -> bool:
    """Whether at most so many letters are more, less, other, or swapped with their neighbour."""
    if abs(len(one) - len(other)) > mistakes:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        above, row = row, [i + 1]
        for j, opposite in enumerate(other):
            cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (letter != opposite))
            if i and j and letter == other[j - 1] and one[i - 1] == opposite:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        before = above
    return row[-1] <= mistakes


def _joined(found: Iterable[Mark]) -> tuple[Mark, ...]:
    joined: list[Mark] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _best_start(text: str, found: Sequence[Mark], length: int) -> int:
    if len(text) <= length or not found:
        return 0
    starts = [max(0, first - _LEAD) for first, _ in found]
    best = max(starts, key=lambda start: sum(start <= first and last <= start + length for first, last in found))
    latest = max(0, len(text) - length)
    return _break_after(text, min(best, latest))


def _break_after(text: str, start: int) -> int:
    """The next beginning of a word, but not far away: some scripts have no blanks."""
    if start == 0:
        return 0
    blank = text.find(" ", start - 1, start + _LEAD // 2)
    return start if blank < 0 else blank + 1


def _break_before(text: str, end: int, start: int) -> int:
    blank = text.rfind(" ", max(start, end - _LEAD // 2), end + 1)
    return end if blank < 0 else blank
