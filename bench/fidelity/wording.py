"""Whether words are said: as they are, with their letters torn apart or stuck to others, or not at all."""

import re
from collections.abc import Iterable
from functools import lru_cache

KEPT, BROKEN, LOST = "kept", "broken", "lost"

SHORTEST = 5
"""Letters of which words have at least so many to be called broken: fewer may stand anywhere by chance."""


def outcome(ways: Iterable[str], text: str) -> str:
    """KEPT where one of these ways to say a fact stands in a text; BROKEN where only its letters do, in order."""
    ways = tuple(ways)
    if any(says(text, way) for way in ways):
        return KEPT
    letters = _letters(text)
    broken = (_letters(way) for way in ways)
    return BROKEN if any(len(word) >= SHORTEST and word in letters for word in broken) else LOST


def says(text: str, words: str) -> bool:
    """Whether a text holds these words, as words of their own; any white space may part them."""
    return _pattern(words).search(text) is not None


def count(text: str, words: str) -> int:
    """How often a text says these words."""
    return len(_pattern(words).findall(text))


@lru_cache(maxsize=2048)
def _pattern(words: str) -> re.Pattern[str]:
    inner = r"\s+".join(map(re.escape, words.split()))
    before = r"(?<!\w)" if words[0].isalnum() else ""
    after = r"(?!\w)" if words[-1].isalnum() else ""
    return re.compile(before + inner + after)


@lru_cache(maxsize=64)
def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
