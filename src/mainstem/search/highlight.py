"""Why a text was found: where in it the searched words stand, and which stretch of it to show.

A text is read here as the index reads it, so `getUserById` is marked at `User` and 東京都 sign by sign.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

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


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, and where each of the words that were asked for stands in it: in order, without overlaps."""

    text: str
    places: tuple[tuple[Mark, ...], ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Where any of the words stands, in order, without overlaps."""
        return _joined(mark for places in self.places for mark in places)


class Marker:
    """Finds where the words of one query stand. Keeps what it saw of each word of a text for the next text."""

    def __init__(self, query: Query, analyser: Analyser) -> None:
        self._analyser = analyser
        self._sought = [_Sought(term, analyser.ask(term.text), query.reach) for term in query.required]
        self._words = frozenset[str]().union(*(sought.words for sought in self._sought))
        self._beginnings = tuple(sought.plain for sought in self._sought if sought.begins)
        self._seen: set[str] = set()
        self._said: dict[str, tuple[tuple[int, int, int], ...]] = {}
        self._meant = cache(self._meant_by)

    def marked(self, text: str) -> Marked:
        """A text with the places of each word in it."""
        found = [list[Mark]() for _ in self._sought]
        for piece, marks in self._said_in(self._analyser.vocabulary(text)).items():
            for at in _places(piece, text):
                for number, start, end in marks:
                    found[number].append((at + start, at + end))
        for number, sought in enumerate(self._sought):
            found[number] += (mark for row in sought.rows for mark in _rows(row, self._analyser.tokens(text)))
            if sought.mistakes and not found[number]:
                found[number] = [
                    (at + start, at + end)
                    for piece in self._analyser.vocabulary(text)
                    for start, end in self._meant(number, piece)
                    for at in _places(piece, text)
                ]
        return Marked(text, tuple(map(_joined, found)))

    def _said_in(self, pieces: set[str]) -> dict[str, tuple[tuple[int, int, int], ...]]:
        """Which of the words, by number, stand in pieces as they were asked for or as they begin, and where in each.

        Most pieces say none of the words, or stood in a text before: so each is looked at once, and sets do the rest.
        """
        for piece in pieces - self._seen:
            tokens = self._analyser.forms(piece)
            for token in tokens:
                if token.stem in self._words or token.plain.startswith(self._beginnings):
                    self._said[piece] = self._said_by(tokens)
                    break
        self._seen |= pieces
        return {piece: self._said[piece] for piece in pieces & self._said.keys()}

    def _said_by(self, tokens: Sequence[Token]) -> tuple[tuple[int, int, int], ...]:
        return tuple((number, *mark) for number, sought in enumerate(self._sought) for mark in sought.said_by(tokens))

    def _meant_by(self, number: int, piece: str) -> tuple[Mark, ...]:
        """Where in a piece stands what one of the words may have been meant to be."""
        sought = self._sought[number]
        meant = (one for one in self._analyser.forms(piece) if alike(sought.plain, one.plain, sought.mistakes))
        return tuple((token.start, token.end) for token in meant)


class _Sought:
    """One word or phrase as it is looked for: words alone, `rows` of several, and how many `mistakes` are forgiven."""

    def __init__(self, term: Term, asked: Asked, reach: Reach) -> None:
        self.plain = asked.plain
        self.rows = [row for row in asked.rows if len(row) > 1]
        self.mistakes = tolerance(asked.plain) if isinstance(term, Word) and reach >= Reach.SIMILAR_WORDS else 0
        self.words = {row[0] for row in asked.rows if len(row) == 1}
        self.begins = begins(asked, term)
        self._pair = not asked.words

    def said_by(self, tokens: Iterable[Token]) -> Iterator[Mark]:
        """Where it stands itself among these tokens, or a word that it begins."""
        for token in tokens:
            if token.stem in self.words:
                yield token.start, token.end
            elif self.begins and token.plain.startswith(self.plain):
                # Of a pair of signs only the first is the one asked for.
                yield token.start, token.start + 1 if self._pair else token.end


def excerpt(text: str, found: Sequence[Mark], length: int = EXCERPT) -> Excerpt:
    """The stretch of about this many letters in which most was found; the beginning when nothing was."""
    start = _best_start(text, found, length)
    end = len(text) if start + length >= len(text) else _break_before(text, start + length, start)
    before, after = (_CUT if start else ""), (_CUT if end < len(text) else "")
    shift = len(before) - start
    inside = tuple((first + shift, last + shift) for first, last in found if start <= first and last <= end)
    return Excerpt(before + text[start:end] + after, inside)


def _places(piece: str, text: str) -> Iterator[int]:
    """Where in a text a piece begins that stands there between blanks."""
    at = text.find(piece)
    while at >= 0:
        end = at + len(piece)
        if not text[max(0, at - 1) : at].strip() and not text[end : end + 1].strip():
            yield at
        at = text.find(piece, at + 1)


def _rows(row: tuple[str, ...], tokens: Sequence[Token]) -> Iterator[Mark]:
    for role in (Role.WORD, Role.PIECE):
        line = [token for token in tokens if token.role is role]
        for at in range(len(line) - len(row) + 1):
            if all(token.stem == stem for token, stem in zip(line[at:], row, strict=False)):
                yield from ((token.start, token.end) for token in line[at : at + len(row)])


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
