"""One question, from the first look into the index to the last citation, as drafts of which each says more.

Passages are read for the viewer alone. Where a model is set and may be given them, it writes; where none is, or it
fails, sentences are quoted, so that nobody goes away without what the documents say.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine

from mainstem.assist.choosing import Chosen, choose
from mainstem.assist.citations import claims_of
from mainstem.assist.errors import ModelRefused, ModelSilent, ModelsMissing
from mainstem.assist.extract import extract
from mainstem.assist.language_model import LanguageModel
from mainstem.assist.prompt import INSTRUCTIONS, NOT_THERE, prompt
from mainstem.index.passage_index import PassageIndex
from mainstem.index.query import Narrowing
from mainstem.store.answers import Outcome, Written
from mainstem.store.consents import documents_given
from mainstem.store.database import reading
from mainstem.store.quotes import Quote
from mainstem.wiki.audience import Viewer


class Step(StrEnum):
    """What is being done."""

    READING = "reading"
    WRITING = "writing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as far as it is. `quotes` are the passages it may cite, and stay the same once it is being written.

    `nearest` is what comes near the question where nothing answers it.
    """

    step: Step
    written: Written
    quotes: tuple[Quote, ...] = ()
    nearest: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """What answers are made from: the truth and its index."""

    engine: Engine
    index: PassageIndex


async def drafts(
    question: str,
    *,
    viewer: Viewer,
    library: Library,
    now: datetime,
    model: LanguageModel | None = None,
    filters: Sequence[Narrowing] = (),
) -> AsyncGenerator[Draft]:
    """The answer to a question for this viewer, as it grows. The last draft is DONE.

    Operators in the question, and `filters`, narrow where it is looked for, as they narrow a search.
    """
    chosen = await asyncio.to_thread(look_up, question, viewer=viewer, library=library, now=now, filters=filters)
    if model is None:
        yield _quoted(chosen, library)
        return
    allowed = await asyncio.to_thread(_allowed, chosen.quotes, model, viewer=viewer, library=library)
    if not allowed:
        yield _quoted(chosen, library, _KEPT_BACK if chosen.quotes else "")
        return
    yield Draft(Step.READING, Written(missing=chosen.question.missing, model=model.name), allowed)
    last: Draft | None = None
    try:
        async with aclosing(_writing(chosen, allowed, model)) as growing:
            async for last in growing:
                yield last
    except (ModelSilent, ModelRefused, ModelsMissing) as error:
        yield _quoted(chosen, library, str(error))
        return
    yield _finished(last, chosen, library)


async def answer(
    question: str,
    *,
    viewer: Viewer,
    library: Library,
    now: datetime,
    model: LanguageModel | None = None,
    filters: Sequence[Narrowing] = (),
) -> Draft:
    """The whole answer at once."""
    growing = drafts(question, viewer=viewer, library=library, now=now, model=model, filters=filters)
    return [each async for each in growing][-1]


_KEPT_BACK = (
    "None of these passages may be given to the language model, so they are quoted. "
    "An admin decides that under System, Language model."
)
_SAID_NOTHING = "The language model wrote nothing, so passages are quoted. Try again in a moment."
_CITED_NOTHING = "What the language model wrote cites no passage, so it is not shown, and passages are quoted."


def look_up(
    question: str, *, viewer: Viewer, library: Library, now: datetime, filters: Sequence[Narrowing] = ()
) -> Chosen:
    """The passages that may answer a question for this viewer."""
    with reading(library.engine) as db:
        return choose(question, viewer=viewer, store=db, index=library.index, now=now, filters=filters)


def _allowed(quotes: tuple[Quote, ...], model: LanguageModel, *, viewer: Viewer, library: Library) -> tuple[Quote, ...]:
    """The passages that may go to a model: by the settings, or by the word of an admin, as it stands now."""
    with reading(library.engine) as db:
        ids = {quote.document_id for quote in quotes}
        given = documents_given(db, ids, model.destination, viewer=viewer)
    return tuple(each for each in quotes if model.may_have(each.source, each.space_key) or each.document_id in given)


def _quoted(chosen: Chosen, library: Library, trouble: str = "") -> Draft:
    found = extract(chosen, library.index.analyser)
    nearest = chosen.nearest if found.written.outcome is Outcome.NOTHING else ()
    return Draft(Step.DONE, replace(found.written, trouble=trouble), found.quotes, nearest)


async def _writing(chosen: Chosen, quotes: tuple[Quote, ...], model: LanguageModel) -> AsyncGenerator[Draft]:
    given = {quote.number for quote in quotes}
    before = Written(Outcome.WRITTEN, missing=chosen.question.missing, model=model.name)
    async with aclosing(model.write(INSTRUCTIONS, prompt(chosen.question.text, quotes))) as pieces:
        async for text in pieces:
            said = text.strip().strip('."').upper()
            if not said:
                continue
            claims = () if NOT_THERE.startswith(said[: len(NOT_THERE)]) else claims_of(text, given)
            yield Draft(Step.WRITING, replace(before, claims=claims), quotes)


def _finished(last: Draft | None, chosen: Chosen, library: Library) -> Draft:
    """The last draft as the answer. One that cites nothing is none: whatever it says, no passage says it."""
    if last is None:
        return _quoted(chosen, library, _SAID_NOTHING)
    if not last.written.claims:
        return Draft(Step.DONE, replace(last.written, outcome=Outcome.NOTHING), nearest=chosen.nearest)
    if not any(claim.cites for claim in last.written.claims):
        return _quoted(chosen, library, _CITED_NOTHING)
    return replace(last, step=Step.DONE)
