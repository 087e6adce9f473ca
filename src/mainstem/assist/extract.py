"""An answer without a model: sentences of the passages that fit best, word for word, each with its passage.

Where no passage holds enough of the question, or none holds a name that the question is about, nothing is answered.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mainstem.assist.choosing import Candidate, Chosen, held
from mainstem.assist.question import Question, Telling
from mainstem.assist.sentences import Sentence, is_row
from mainstem.index.analyser import Analyser
from mainstem.store.answers import Claim, Outcome, Written
from mainstem.store.quotes import Quote

ENOUGH = 0.6
"""The share of what a question's words tell that a passage must hold, its headings and title with it."""

HALF = 0.5

NEAR = 0.85
"""How much of the best passage's score a further one needs to be quoted, too."""

PASSAGES = 3
A_DOCUMENT = 2
SENTENCES = 3
LONGEST, LONGEST_STEPS = 600, 1500
"""Letters quoted of one passage; of one that says what to do, step by step, all of it."""

AROUND = 0.35
"""What a word counts that stands above a sentence, beside one in it."""

A_SCRAP = 0.8
"""What a line counts that is no whole sentence."""

ALIKE = 0.7
_ENDS = (".", "!", "?", ":", "…", "。", "\uff01", "\uff1f", ".)", "”", '"')


@dataclass(frozen=True, slots=True)
class Extract:
    """What was quoted, and the passages it stands in, numbered anew."""

    written: Written
    quotes: tuple[Quote, ...] = ()


def extract(chosen: Chosen, analyser: Analyser) -> Extract:
    """The best sentences, or that there are none."""
    question = chosen.question
    claims: list[Claim] = []
    quotes: list[Quote] = []
    said: list[frozenset[str]] = []
    for candidate in _fitting(chosen):
        picked = [each for each in _picked(candidate, question, analyser) if not _again(each.text, said, analyser)]
        if not picked or not _on_the_point(picked, candidate, question, analyser):
            continue
        number = len(quotes) + 1
        quotes.append(replace(candidate.quote, number=number))
        claims += [Claim(each.text, (number,), number, each.line, each.item, each.step) for each in picked]
        said += [_words(each.text, analyser) for each in picked]
    if not claims:
        return Extract(Written(Outcome.NOTHING, missing=question.missing))
    return Extract(Written(Outcome.QUOTED, tuple(claims), question.missing), tuple(quotes))


def best_sentence(text: str, candidates: Sequence[Sentence], analyser: Analyser) -> str:
    """The sentence that has the most words in common with a text."""
    wanted = _words(text, analyser)
    return max(candidates, key=lambda each: len(wanted & _words(each.text, analyser)), default=Sentence("", 0)).text


def _fitting(chosen: Chosen) -> Iterator[Candidate]:
    """The passages to quote, the best first, not all of one document."""
    question = chosen.question
    names = frozenset(word for word in question.words if word.name)
    taken: dict[int, int] = {}
    best = 0.0
    for candidate in chosen.candidates:
        enough = candidate.coverage >= ENOUGH and names <= candidate.held and _more_than_names(candidate, question)
        of_document = taken.get(candidate.quote.document_id, 0)
        aside = question.how and bool(taken) and not of_document
        if not enough or aside or candidate.score < best * NEAR or of_document >= A_DOCUMENT:
            continue
        best = best or candidate.score
        taken[candidate.quote.document_id] = taken.get(candidate.quote.document_id, 0) + 1
        yield candidate
        if sum(taken.values()) >= PASSAGES:
            return


def _more_than_names(candidate: Candidate, question: Question) -> bool:
    """Whether it also holds what is asked about those who are named."""
    asked = [word for word in question.words if not word.name]
    told = sum(word.weight for word in asked if word in candidate.held)
    return told >= HALF * sum(word.weight for word in asked)


def _on_the_point(picked: Sequence[Sentence], candidate: Candidate, question: Question, analyser: Analyser) -> bool:
    """Whether what would be quoted, with what stands above it, holds enough by itself."""
    own = held("\n".join(each.own for each in picked), question, analyser)
    return sum(word.weight for word in own | candidate.around) >= HALF * question.weight


def _picked(candidate: Candidate, question: Question, analyser: Analyser) -> list[Sentence]:
    if question.how and candidate.steps:
        first = next(number for number, each in enumerate(candidate.sentences) if each.step)
        return list(_as_long_as(candidate.sentences[first:], LONGEST_STEPS))
    scores = [_score(each, held(each.own, question, analyser), candidate.around) for each in candidate.sentences]
    highest = max(scores)
    best = scores.index(highest)
    wanted = {best}
    by_score = sorted(range(len(scores)), key=lambda number: (-scores[number], abs(number - best)))
    wanted |= {number for number in by_score[:SENTENCES] if scores[number] >= highest * NEAR}
    if best + 1 < len(scores) and _goes_on(candidate.sentences, best):
        wanted.add(best + 1)
    wanted |= _of_tables(candidate.sentences, wanted)
    return list(_as_long_as([candidate.sentences[number] for number in sorted(wanted)], LONGEST))


def _of_tables(parts: Sequence[Sentence], wanted: Collection[int]) -> set[int]:
    """What makes rows readable: the first row of their table, and all others where none but the first is wanted."""
    more: set[int] = set()
    for of_table, same in groupby(range(len(parts)), key=lambda number: is_row(parts[number].text)):
        rows = list(same)
        first, asked = rows[0], [number for number in rows if number in wanted]
        if of_table and asked:
            more |= {first} if asked != [first] else set(rows)
    return more


def _goes_on(candidates: Sequence[Sentence], number: int) -> bool:
    """Whether the next sentence stands on the same line, or is what a colon announces."""
    return candidates[number].line == candidates[number + 1].line or candidates[number].text.endswith(":")


def _as_long_as(candidates: Sequence[Sentence], longest: int) -> Iterator[Sentence]:
    length = 0
    for each in candidates:
        length += len(each.text)
        if length > longest and length > len(each.text):
            return
        yield each


def _score(sentence: Sentence, own: frozenset[Telling], around: frozenset[Telling]) -> float:
    told = sum(word.weight for word in own) + AROUND * sum(word.weight for word in around - own)
    return told if sentence.text.endswith(_ENDS) or is_row(sentence.text) else told * A_SCRAP


def _again(text: str, said: Sequence[frozenset[str]], analyser: Analyser) -> bool:
    """Whether nearly the same was quoted already."""
    words = _words(text, analyser)
    return any(len(words & before) >= ALIKE * max(1, len(words | before)) for before in said)


def _words(text: str, analyser: Analyser) -> frozenset[str]:
    return frozenset(analyser.read([text]).texts[0].words.split())
