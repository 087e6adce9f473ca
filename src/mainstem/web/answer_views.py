"""What the page of an answer shows: its sentences with their citations, the passages behind them, and what was asked.

An address of a passage names its heading and its first words, so that a browser flashes the very words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from mainstem.assist.asking import Draft, Step
from mainstem.assist.extract import best_sentence
from mainstem.assist.keeping import OpenAnswer, renumbered
from mainstem.assist.sentences import cells, is_row, sentences
from mainstem.index.analyser import Analyser
from mainstem.store.answers import Asked, Claim, Feedback, Outcome, State, Written
from mainstem.store.quotes import Quote
from mainstem.web import addresses
from mainstem.web.scoping import Scope
from mainstem.web.words import Link

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `code` when it is a command or a name of code."""

    text: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation: the number of a passage, and where it stands."""

    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One claim as it is shown."""

    pieces: tuple[Piece, ...]
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a list: its items, each of lines, each of sentences. `start` numbers the items, 0 for none.

    Or a table: `rows` of cells, of which the first is its head, and what it `cites`.
    """

    items: tuple[tuple[tuple[Sentence, ...], ...], ...] = ()
    listed: bool = False
    start: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    cites: tuple[Cite, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that is cited. `place` is its space and section; `changed`: its page is not as it was then."""

    number: int
    href: str
    title: str
    space: str
    space_name: str
    place: str
    text: str
    updated_at: datetime | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """An answer. `busy` while it is being written, with what is being done in `step`.

    `copied` is the answer as Markdown; `withheld`: the member may no longer read all that it rested on.
    """

    id: int
    busy: bool
    step: str
    outcome: str
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()
    nearest: tuple[Link, ...] = ()
    model: str = ""
    trouble: str = ""
    stopped: bool = False
    withheld: bool = False
    grounded: bool = False
    copied: str = ""
    feedback: Feedback | None = None

    @property
    def frame(self) -> tuple[object, ...]:
        """All but the text and its sources, for as long as it is being written."""
        return (self.busy, self.step, bool(self.blocks))


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The page of one question. `reasons` are what may be wrong with an answer, `history` what the member asked.

    `model` is the name of the model that would write the next answer, "" where passages are quoted.
    """

    id: int
    question: str
    asked_at: datetime
    card: Card
    reasons: tuple[str, ...]
    model: str
    scope: Scope
    history: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class AskPage:
    """The page to ask on. `question` is what to begin with, `model` the name of the model that writes, if one does."""

    question: str
    model: str
    scope: Scope
    history: tuple[Asked, ...]


def searching(answer_id: int) -> Card:
    """The card of a question that is about to be answered."""
    return Card(answer_id, busy=True, step="Searching what you may read", outcome=Outcome.OPEN)


def growing(answer_id: int, draft: Draft, analyser: Analyser) -> Card:
    """The card of an answer that is being written."""
    count = len(draft.quotes)
    step = "Writing" if draft.step is Step.WRITING else f"Reading {count} {'passage' if count == 1 else 'passages'}"
    blocks, sources = _shown(draft.quotes, draft.written, analyser)
    return Card(
        answer_id, busy=True, step=step, outcome=draft.written.outcome, blocks=blocks, sources=sources,
        model=draft.written.model,
    )  # fmt: skip


def finished(found: OpenAnswer, nearest: Sequence[Quote], analyser: Analyser) -> Card:
    """The card of an answer as its asker may read it now; of one that is still being written, its beginning."""
    saved = found.saved
    if saved.state is State.WRITING:
        return searching(saved.id)
    shown = Written(saved.written.outcome, found.claims)
    blocks, sources = _shown(found.quotes, shown, analyser)
    return Card(
        id=saved.id,
        busy=False,
        step="",
        outcome=saved.outcome,
        blocks=blocks,
        sources=sources,
        missing=saved.written.missing,
        nearest=tuple(Link(each.title, addresses.document(each.document_id), _place(each)) for each in nearest),
        model=saved.written.model,
        trouble=saved.written.trouble,
        stopped=saved.state is State.STOPPED,
        withheld=found.withheld,
        grounded=found.grounded,
        copied=_markdown(found),
        feedback=saved.feedback,
    )


def _shown(
    quotes: tuple[Quote, ...], written: Written, analyser: Analyser
) -> tuple[tuple[Block, ...], tuple[Source, ...]]:
    numbered, claims = renumbered(quotes, written.claims)
    by_number = {quote.number: quote for quote in numbered}
    verbatim = written.outcome is Outcome.QUOTED

    def cite(claim: Claim, number: int) -> Cite:
        quote = by_number[number]
        words = claim.text if verbatim else best_sentence(claim.text, sentences(quote.text), analyser)
        return Cite(number, addresses.passage(quote.document_id, quote.anchor, words))

    def sentence(claim: Claim) -> Sentence:
        pieces = (Piece(claim.text),) if verbatim else _pieces(claim.text)
        return Sentence(pieces, tuple(cite(claim, number) for number in claim.cites))

    lines = [
        _Line(some[0], tuple(map(sentence, some)))
        for _, same in groupby(claims, key=lambda claim: (claim.paragraph, claim.line))
        if (some := list(same))
    ]
    return tuple(_blocks(lines, tables=verbatim)), tuple(_source(quote) for quote in numbered)


@dataclass(frozen=True, slots=True)
class _Line:
    first: Claim
    sentences: tuple[Sentence, ...]


def _blocks(lines: Sequence[_Line], *, tables: bool) -> list[Block]:
    """Lines as paragraphs, lists and tables. What follows an item without a mark of its own belongs to the item."""
    blocks: list[Block] = []
    before: Claim | None = None
    for line in lines:
        same = before is not None and before.paragraph == line.first.paragraph
        goes_on = same and blocks[-1].listed
        if tables and is_row(line.first.text):
            above = blocks.pop().rows if same and blocks[-1].rows else ()
            blocks.append(Block(rows=(*above, cells(line.first.text)), cites=line.sentences[0].cites))
        elif goes_on and line.first.listed:
            blocks[-1] = Block((*blocks[-1].items, (line.sentences,)), listed=True, start=blocks[-1].start)
        elif goes_on:
            *others, last = blocks[-1].items
            blocks[-1] = Block((*others, (*last, line.sentences)), listed=True, start=blocks[-1].start)
        else:
            blocks.append(Block(((line.sentences,),), line.first.listed, line.first.step))
        before = line.first
    return blocks


def _pieces(text: str) -> tuple[Piece, ...]:
    parts = _CODE.split(text)
    return tuple(Piece(part, code=bool(number % 2)) for number, part in enumerate(parts) if part)


def _source(quote: Quote) -> Source:
    return Source(
        number=quote.number,
        href=addresses.passage(quote.document_id, quote.anchor, sentences(quote.text)[0].text if quote.text else ""),
        title=quote.title,
        space=quote.space_key,
        space_name=quote.space_name or quote.space_key,
        place=_place(quote),
        text=quote.text,
        updated_at=quote.updated_at,
        changed=quote.changed,
    )


def _place(quote: Quote) -> str:
    return " / ".join(part for part in (quote.space_name or quote.space_key, *quote.heading_path) if part)


def _markdown(found: OpenAnswer) -> str:
    """The answer with its sources, to be pasted elsewhere."""
    quotes, claims = renumbered(found.quotes, found.claims)
    lines: list[str] = []
    heads: set[int] = set()
    for (paragraph, _), same in groupby(claims, key=lambda claim: (claim.paragraph, claim.line)):
        some = list(same)
        mark = (f"{some[0].step}. " if some[0].step else "- ") if some[0].listed else ""
        said = " ".join(claim.text + "".join(f" [{number}]" for number in claim.cites) for claim in some)
        if found.saved.outcome != Outcome.QUOTED or not is_row(said):
            lines.append(mark + said)
            continue
        lines.append(f"| {said} |")
        if paragraph not in heads:
            lines.append("|" + " --- |" * len(cells(said)))
        heads.add(paragraph)
    sources = [f"[{quote.number}]: {quote.url} ({quote.title})" for quote in quotes]
    return "\n".join([*lines, "", *sources]) if lines else ""
