"""Which passages may answer a question: found for the viewer, then weighed by what of the question each holds."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from mainstem.assist.question import Question, Telling, read
from mainstem.assist.sentences import Sentence, sentences
from mainstem.index.analyser import Analyser
from mainstem.index.passage_index import PassageIndex
from mainstem.index.query import Narrowing, Query, Reach
from mainstem.search.find import scope_of
from mainstem.store.quotes import Quote, in_full
from mainstem.store.results import Card
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.documents import Passage

CLOSE, WIDE = 8, 16
"""Documents looked into that have all words of the question, and that have any."""

PASSAGES = 10
"""The most that are handed on."""

NEAREST = 5
"""Documents that are offered where nothing answers."""

SOME = 0.25

IN_HEADINGS, IN_TITLE = 0.8, 0.7
"""What a word counts that stands above a passage, beside one in it."""

TWICE = 0.3
"""How much of that is added where it stands in both."""

A_COMMENT = 0.85
STEPS = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage and what of the question it holds: `coverage` is the share of what the question's words tell."""

    quote: Quote
    sentences: tuple[Sentence, ...]
    around: frozenset[Telling]
    held: frozenset[Telling]
    coverage: float
    score: float

    @property
    def steps(self) -> bool:
        """Whether it says what to do, one thing after the other."""
        return sum(1 for sentence in self.sentences if sentence.step) > 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question and the passages that may answer it, the best first, numbered as they may be cited."""

    question: Question
    candidates: tuple[Candidate, ...]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The passages."""
        return tuple(candidate.quote for candidate in self.candidates)

    @property
    def nearest(self) -> tuple[Quote, ...]:
        """One passage of each document that holds at least some of the question."""
        near = {each.quote.document_id: each.quote for each in reversed(self.candidates) if each.coverage >= SOME}
        return tuple(quote for quote in self.quotes if near.get(quote.document_id) is quote)[:NEAREST]


def choose(
    text: str,
    *,
    viewer: Viewer,
    store: Connection,
    index: PassageIndex,
    now: datetime,
    filters: Sequence[Narrowing] = (),
) -> Chosen:
    """The passages that may answer a question, of documents that the viewer may read and the filters leave."""
    scope = scope_of(store, index, viewer=viewer)

    def find(query: Query, limit: int) -> tuple[int, list[int]]:
        found = index.find(query, chains=scope.chains, without=scope.without, limit=limit, facets=False)
        return found.total, [hit.document_id for hit in found.hits]

    question = read(text, lambda query: find(query, 1)[0], index.analyser, now, filters)
    if not question.words:
        return Chosen(question, ())
    ids = find(question.query, CLOSE)[1] + find(replace(question.query, reach=Reach.ANY_WORD), WIDE)[1]
    documents = in_full(store, list(dict.fromkeys(ids)), viewer=viewer)
    titles = frozenset(card.title for card, _ in documents if " " in card.title)
    weighed = [
        candidate
        for rank, (card, passages) in enumerate(documents)
        for candidate in _candidates(card, _parted(passages, titles - {card.title}), question, index.analyser, rank)
    ]
    best = sorted(weighed, key=lambda each: -each.score)[:PASSAGES]
    numbered = (replace(each, quote=replace(each.quote, number=number)) for number, each in enumerate(best, start=1))
    return Chosen(question, tuple(numbered))


def _parted(passages: Sequence[Passage], others: Collection[str]) -> Iterator[tuple[Passage, tuple[Sentence, ...]]]:
    """Passages with their sentences. The name of another page says nothing here, however well it fits."""
    for passage in passages:
        parts = (replace(each, own=_without(each.text, others)) for each in sentences(passage.text))
        yield passage, tuple(each for each in parts if each.own.strip(" .,;:-"))


def _without(text: str, names: Collection[str]) -> str:
    for name in names:
        if name in text:
            text = text.replace(name, "")
    return text


def _candidates(
    card: Card,
    parted: Iterable[tuple[Passage, tuple[Sentence, ...]]],
    question: Question,
    analyser: Analyser,
    rank: int,
) -> Iterator[Candidate]:
    in_title = held(card.title, question, analyser)
    for passage, parts in parted:
        in_text = held("\n".join(part.own for part in parts), question, analyser)
        in_headings = held("\n".join(passage.heading_path), question, analyser)
        if not parts or not in_text | in_headings | in_title:
            continue
        around = in_headings | in_title
        told = sum(word.weight * _counts(word, in_text, in_headings, in_title) for word in question.words)
        candidate = Candidate(
            quote=_quote(card, passage),
            sentences=parts,
            around=around,
            held=in_text | around,
            coverage=sum(word.weight for word in in_text | around) / question.weight,
            score=told / question.weight + 0.1 / (1 + rank),
        )
        weight = A_COMMENT if card.kind is Kind.COMMENT else 1.0
        more = STEPS if question.how and candidate.steps else 0.0
        yield replace(candidate, score=candidate.score * weight + more)


def held(text: str, question: Question, analyser: Analyser) -> frozenset[Telling]:
    """The words of a question that stand in a text."""
    read = analyser.read([text])
    stems = frozenset(f"{read.texts[0].words} {read.texts[0].parts}".split())
    spellings = frozenset(read.spellings.split())
    return frozenset(word for word in question.words if word.is_in(stems, spellings))


def _counts(
    word: Telling, in_text: frozenset[Telling], in_headings: frozenset[Telling], in_title: frozenset[Telling]
) -> float:
    above = IN_HEADINGS if word in in_headings else IN_TITLE if word in in_title else 0.0
    return 1.0 + above * TWICE if word in in_text else above


def _quote(card: Card, passage: Passage) -> Quote:
    return Quote(
        number=0,
        document_id=card.document_id,
        kind=card.kind,
        title=card.title,
        space_key=card.space_key,
        space_name=card.space_name,
        source=card.source,
        url=card.url,
        ordinal=passage.ordinal,
        heading_path=passage.heading_path,
        anchor=passage.anchor,
        text=passage.text,
        updated_at=card.updated_at,
    )
