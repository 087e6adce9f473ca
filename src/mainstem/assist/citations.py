"""What a language model wrote, as claims: each sentence with the passages it cites, checked against those it was given.

A number that it was not given is dropped; a sentence that cites nothing stays, and is marked as such by having no
citation.
"""

import re
from collections.abc import Collection, Iterator

from mainstem.assist.sentences import sentences
from mainstem.store.answers import Claim

_GROUP = r"\[\s*\d{1,3}(?:\s*[,;\u2013-]\s*\d{1,3})*\s*\]"
_CITED = re.compile(rf"((?:\s*{_GROUP})+)")
_RANGE = re.compile(r"(\d{1,3})(?:\s*[\u2013-]\s*(\d{1,3}))?")
_BEGUN = re.compile(r"\s*\[[\d\s,;\u2013-]*$")
_ITEM = re.compile(r"^\s*(?:[-*•]|(?P<step>\d{1,3})[.)])\s+")
_DECORATION = re.compile(r"\*\*|__|^\s*#{1,6}\s+|^\s*```\w*\s*$|^\s*>\s+", re.MULTILINE)
_CLOSING = re.compile(r"^[.!?…。:;,)]+")
_LONGEST_RANGE = 20


def claims_of(text: str, given: Collection[int]) -> tuple[Claim, ...]:
    """The claims of an answer, also of one that is still being written: a citation that is only begun is left away."""
    clean = _BEGUN.sub("", _DECORATION.sub("", text))
    claims: list[Claim] = []
    paragraph, apart = 0, True
    for number, line in enumerate(clean.split("\n")):
        if not line.strip():
            apart = True
            continue
        item = _ITEM.match(line)
        paragraph += apart and bool(claims)
        apart = False
        body = line[item.end() :] if item else line
        step = int(item["step"] or 0) if item else 0
        claims += [
            Claim(words, cites, paragraph, number, item is not None, step)
            for words, cites in _cited(body.strip(), frozenset(given))
        ]
    return tuple(claims)


def _cited(line: str, given: frozenset[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The sentences of a line, each with its citations, wherever the full stop stands."""
    pieces = _CITED.split(line)
    for number in range(0, len(pieces), 2):
        words = pieces[number]
        if number:
            words = _CLOSING.sub("", words)
        cites = _numbers(pieces[number + 1], given) if number + 1 < len(pieces) else ()
        following = pieces[number + 2] if number + 2 < len(pieces) else ""
        closing = _CLOSING.match(following)
        said = [sentence.text for sentence in sentences(words.strip()) if sentence.text.strip(" .")]
        yield from ((sentence, ()) for sentence in said[:-1])
        if said:
            yield said[-1] + (closing[0] if closing and not said[-1].endswith(closing[0]) else ""), cites


def _numbers(group: str, given: frozenset[int]) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for match in _RANGE.finditer(group):
        first, last = int(match[1]), int(match[2] or match[1])
        found |= dict.fromkeys(range(first, min(last, first + _LONGEST_RANGE) + 1))
    return tuple(number for number in found if number in given)
