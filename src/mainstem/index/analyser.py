"""How text becomes the words that are searched: folded, stemmed, identifiers taken apart, Chinese in pairs.

The same reading serves texts, queries and highlights, so it happens here and not in an index's own tokenizers. What
stands between two blanks is read once and remembered: that makes this fast.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from mainstem.index.errors import UnknownLanguage
from mainstem.index.query import SHORTEST_PREFIX, Term, Word

STEMMED = (
    "arabic",
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "greek",
    "hungarian",
    "italian",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
)
LANGUAGES = (*STEMMED, "none")
"""`none` matches words as they are written: for languages without a stemmer, or a mixture."""

LONGEST_WORD = 80
_LONGEST_CHUNK = 400
# Neither stands in a chunk, because text is split at them, too.
_ASIDE = "\x1f"
_BREAK = "\x1e"
_BETWEEN = "\0"
"""Stands between texts that are read together; no text should have it."""
_REMEMBERED = 1 << 15
_SHOWN = 64
_ASKED = 1 << 10
_REMEMBERED_LETTERS = 1 << 20

# Vowel signs and the like continue a word, though Python's \w does not count them in.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
# Scripts that are written without blanks between words (Hangul has some, but glues particles to its words).
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_LETTERS = rf"[\w{_MARKS}{_UNSPACED}]+"
_CHUNK = re.compile(rf"{_LETTERS}(?:[.-]+{_LETTERS})*(?:\+\+|\#|['\u2019]s(?!\w))?")
_PIECE = re.compile(r"\S+")
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?P<spaced>[^_.\-{_UNSPACED}]+)")
_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ0-9])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])")
# The breve stays: without it the Russian stemmer would not know the ending -ый.
_ACCENTS = re.compile("[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u0610-\u061a\u0640\u064b-\u065f\u0670]")
# None of these is part of a word wherever it stands, and none makes one with what is left: # and + do.
_PUNCTUATION = '.,;:!?()[]{}"/|*=<>`'
_SYMBOLS = str.maketrans({"+": "plus", "#": "sharp"})
# Ordinary words, and compounds of them whose parts are told by signs alone: nearly everything that is ever written.
_PART = "(?:[A-Z]?[a-z0-9]+|[A-Z]+)"
_PLAIN_COMPOUND = re.compile(rf"{_PART}(?:[-._]{_PART})*")
_JOINTS = re.compile("[-._]")


class Role(Enum):
    """What a token is to the text it stands in."""

    WORD = "word"
    """One of the words in reading order."""
    PIECE = "piece"
    """A part of an identifier: `User` in `getUserById`."""
    WHOLE = "whole"
    """A compound written as one: `getuserbyid` for `get_user_by_id`."""
    TAIL = "tail"
    """The last sign of an unspaced run, which begins no pair."""


class Token(NamedTuple):
    """One searched form and where in the text it stands. `stem` is what is matched, `plain` the folded spelling."""

    start: int
    end: int
    stem: str
    plain: str
    role: Role


class Reading(NamedTuple):
    """A text as it is indexed, as words with blanks between them: `words` in order, `parts` of each identifier."""

    words: str
    parts: str


class Readings(NamedTuple):
    """Some texts, and every spelling in them, with blanks between them."""

    texts: Sequence[Reading]
    spellings: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A searched word or phrase: the `words` that must follow each other.

    Of a single identifier also its `pieces` and the `whole` it makes; of a single word its `plain` spelling (""
    otherwise). A single sign of an unspaced script has no words: it is looked up as the beginning `plain`.
    """

    words: tuple[str, ...]
    pieces: tuple[str, ...] = ()
    whole: str = ""
    plain: str = ""

    @property
    def nothing(self) -> bool:
        """Whether there is no letter or digit to look for."""
        return not self.words and not self.plain

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows of words that say the same: `get user by id`, `getuserbyid`."""
        rows = (self.words, self.pieces, (self.whole,) if self.whole else ())
        return tuple(dict.fromkeys(row for row in rows if row))


class _Chunk(NamedTuple):
    """What stands between two blanks, read once; all three are space-joined."""

    words: str
    parts: str
    plain: str


class _Memory(dict[str, str]):
    """The words of chunks that were read: a look-up where a call would cost, and reads what it does not hold.

    The parts of an identifier stand behind its words between two `_ASIDE`; `plain` holds the spellings of all. Whoever
    reads a text holds on to one memory; a full one is replaced, never emptied.
    """

    def __init__(self, read: Callable[[str], _Chunk]) -> None:
        super().__init__({_BETWEEN: _BREAK})
        self._read = read
        self._letters = 0
        self.plain = {_BETWEEN: ""}

    @property
    def full(self) -> bool:
        """Whether another one should be begun."""
        return self._letters > _REMEMBERED_LETTERS

    def __missing__(self, chunk: str) -> str:
        found = self._read(chunk)
        self._letters += len(chunk)
        self.plain[chunk] = found.plain
        self[chunk] = f"{found.words}{_ASIDE}{found.parts}{_ASIDE}" if found.parts else found.words
        return self[chunk]


class Analyser:
    """Reads text in one language. Safe to share between threads."""

    def __init__(self, language: str = "english") -> None:
        if language not in LANGUAGES:
            raise UnknownLanguage(language, LANGUAGES)
        self.language = language
        self._latin = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.ascii_fold()).build()
        stemmer = TextAnalyzerBuilder(Tokenizer.raw())
        if language in STEMMED:
            stemmer = stemmer.filter(Filter.stemmer(language))
        self._stemmer = stemmer.build()
        self._forms = lru_cache(_REMEMBERED)(self._read_word)
        self._shapes = lru_cache(_REMEMBERED)(self._read_chunks)
        self._shown = lru_cache(_SHOWN)(self._read_shown)
        self._asked = lru_cache(_ASKED)(self._read_asked)
        self._memory = _Memory(self._read)

    def read(self, texts: Sequence[str]) -> Readings:
        """Some texts, one at least, as they are indexed. All texts of a document together take less time."""
        memory = self._memory
        chunks = f" {_BETWEEN} ".join(texts).split()
        said = " ".join(map(memory.__getitem__, chunks)).split(_BREAK)
        spellings = " ".join(map(memory.plain.__getitem__, set(chunks)))
        if memory.full:
            self._memory = _Memory(self._read)
        if len(said) != len(texts):
            return self.read([text.replace(_BETWEEN, " ") for text in texts])
        return Readings([_reading(text.split(_ASIDE)) for text in said], spellings)

    def ask(self, text: str) -> Asked:
        """A searched word or phrase."""
        return self._asked(text)

    def _read_asked(self, text: str) -> Asked:
        chunks = _CHUNK.findall(text)
        tokens = [token for chunk in chunks for token in self._tokens(chunk)]
        words = tuple(token.stem for token in tokens if token.role is Role.WORD)
        if len(chunks) != 1:
            return Asked(words)
        whole = next((token for token in tokens if token.role is Role.WHOLE), None)
        if whole is not None:
            pieces = tuple(token.stem for token in tokens if token.role is Role.PIECE)
            return Asked(words, pieces, whole.stem, whole.plain)
        if len(words) != 1:
            return Asked(words)
        plain = tokens[0].plain
        return Asked((), plain=plain) if _lone_sign(plain) else Asked(words, plain=plain)

    def tokens(self, text: str) -> Sequence[Token]:
        """Every searched form in the text, with its place; quick where the text was read a moment ago."""
        return self._shown(text)

    def vocabulary(self, text: str) -> set[str]:
        """What stands between blanks in the text: the same piece has the same `forms` wherever it stands."""
        return set(text.split())

    def forms(self, piece: str) -> tuple[Token, ...]:
        """Every searched form in what stands between two blanks of a text, with its place in there."""
        return self._shapes(piece)

    def fold(self, value: str) -> str:
        """A value as values are compared: lower case, without accents, blanks as one."""
        return " ".join(self._fold(value).split())

    def _read(self, chunk: str) -> _Chunk:
        bare = chunk.strip(_PUNCTUATION)
        if len(bare) <= LONGEST_WORD and _PLAIN_COMPOUND.fullmatch(bare):
            return self._read_plain(bare)
        tokens = self._read_shown(chunk)
        return _Chunk(
            words=" ".join(token.stem for token in tokens if token.role is Role.WORD),
            parts=" ".join(token.stem for token in tokens if token.role in (Role.PIECE, Role.WHOLE)),
            plain=" ".join({token.plain for token in tokens}),
        )

    def _read_plain(self, chunk: str) -> _Chunk:
        """What `tokens` would say, without asking it: texts hold many thousands of compounds, each a few times."""
        parts = _JOINTS.split(chunk)
        if len(parts) == 1:
            plain, stem = self._forms(chunk)
            return _Chunk(stem, "", plain)
        read = [self._forms(part) for part in parts]
        whole_plain, whole_stem = self._forms(_whole(parts))
        spellings = " ".join({whole_plain, *(plain for plain, _ in read)})
        return _Chunk(" ".join(stem for _, stem in read), whole_stem, spellings)

    def _read_shown(self, text: str) -> tuple[Token, ...]:
        return tuple(
            Token(match.start() + start, match.start() + end, stem, plain, role)
            for match in _PIECE.finditer(text)
            for start, end, stem, plain, role in self.forms(match[0])
        )

    def _read_chunks(self, piece: str) -> tuple[Token, ...]:
        return tuple(
            Token(match.start() + start, match.start() + end, stem, plain, role)
            for match in _CHUNK.finditer(piece)
            for start, end, stem, plain, role in self._tokens(match[0])
        )

    def _tokens(self, chunk: str) -> Iterator[Token]:
        text = chunk.removesuffix("'s").removesuffix("\u2019s")
        runs = list(_RUN.finditer(text))
        for run in runs:
            yield from self._pairs(run) if run["unspaced"] else self._word(run.start(), run[0], run[0], Role.WORD)
        if len(text) <= _LONGEST_CHUNK and all(run["spaced"] for run in runs):
            yield from self._compound(runs)

    def _compound(self, runs: list[re.Match[str]]) -> Iterator[Token]:
        """The pieces and the whole of an identifier; nothing for an ordinary word."""
        pieces = [piece for run in runs for piece in _pieces(run)]
        if len(pieces) > len(runs):
            for start, piece in pieces:
                yield from self._word(start, piece, piece, Role.PIECE)
        if len(pieces) > 1:
            written = runs[0].string[runs[0].start() : runs[-1].end()]
            yield from self._word(runs[0].start(), written, _whole([run[0] for run in runs]), Role.WHOLE)

    def _pairs(self, run: re.Match[str]) -> Iterator[Token]:
        signs = unicodedata.normalize("NFKC", run[0])
        if len(signs) != len(run[0]):
            places = [(run.start(), run.end())] * len(signs)
        else:
            places = [(at, at + 2) for at in range(run.start(), run.end())]
        if len(signs) == 1:
            yield Token(run.start(), run.end(), signs, signs, Role.WORD)
            return
        for (start, end), first, second in zip(places, signs, signs[1:], strict=False):
            yield Token(start, end, first + second, first + second, Role.WORD)
        yield Token(run.end() - 1, run.end(), signs[-1], signs[-1], Role.TAIL)

    def _word(self, start: int, written: str, text: str, role: Role) -> Iterator[Token]:
        if len(text) <= LONGEST_WORD:
            plain, stem = self._forms(text)
            if plain:
                yield Token(start, start + len(written), stem, plain, role)

    def _read_word(self, text: str) -> tuple[str, str]:
        plain = "".join(self._fold(text.translate(_SYMBOLS)).split())
        return plain, "".join(self._stemmer.analyze(plain))

    def _fold(self, text: str) -> str:
        if text.isascii():
            return text.lower()
        apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
        return "".join(self._latin.analyze(unicodedata.normalize("NFC", _ACCENTS.sub("", apart))))


def _reading(said: Sequence[str]) -> Reading:
    """What was said, words and parts in turns; the same parts need to be told once."""
    return Reading("".join(said[::2]), " ".join(dict.fromkeys(said[1::2])))


def _whole(parts: Sequence[str]) -> str:
    """A compound written as one; but 1.2 is not 12."""
    return ("." if all(map(str.isdigit, parts)) else "").join(parts)


def _pieces(run: re.Match[str]) -> Iterator[tuple[int, str]]:
    start = run.start()
    for piece in _CAMEL.split(run[0]):
        yield start, piece
        start += len(piece)


def begins(asked: Asked, term: Term) -> bool:
    """Whether the term also stands for the words that begin with it."""
    unfinished = isinstance(term, Word) and term.beginning and len(asked.plain) >= SHORTEST_PREFIX
    return unfinished or (bool(asked.plain) and not asked.words)


def _lone_sign(text: str) -> bool:
    return len(text) == 1 and re.match(f"[{_UNSPACED}]", text) is not None
