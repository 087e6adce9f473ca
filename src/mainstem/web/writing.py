"""Writing an answer for whoever watches, and keeping it as it grows, so that little is lost when they go away."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sqlalchemy import Connection

from mainstem.accounts.members import viewer_of
from mainstem.assist.asking import Draft, Library, Step, drafts, look_up
from mainstem.assist.keeping import open_answer
from mainstem.store import answers
from mainstem.store.answers import Outcome, Written
from mainstem.store.database import reading
from mainstem.store.quotes import Quote
from mainstem.web.answer_views import Card, finished, growing, searching
from mainstem.web.asking import Asking
from mainstem.web.face import Face
from mainstem.wiki.audience import Viewer

log = logging.getLogger(__name__)

BEAT = 0.2
"""Seconds between two looks of a browser at an answer that grows."""

BROKE = "Something went wrong here while this was answered. Your question is kept: try again."


async def writing(face: Face, asking: Asking, answer_id: int, question: str) -> AsyncGenerator[Card, None]:
    """Answer a question of this member and keep the answer: its cards, at most one a beat, the last one whole."""
    yield searching(answer_id)
    run = await asyncio.to_thread(_begin, face, asking, answer_id)
    if run is None:
        return
    try:
        async with aclosing(_growth(face, asking, answer_id, run, question)) as drafted:
            async for draft in drafted:
                yield growing(answer_id, draft, face.reader.index.analyser)
    except Exception:
        # The border of a stream: beyond it nobody could tell the asker.
        log.exception("A question could not be answered")
        await asyncio.to_thread(_save, face, answer_id, run, Draft(Step.DONE, Written(trouble=BROKE)), quotes=())
    card = await asyncio.to_thread(shown, face, asking, answer_id)
    if card is not None:
        yield card


def shown(face: Face, asking: Asking, answer_id: int) -> Card | None:
    """An answer as this member may read it now; None where it is not theirs."""
    reader = face.reader
    with reading(reader.engine) as db:
        viewer = _viewer(db, face, asking)
        found = open_answer(db, answer_id, asking.member.id, viewer=viewer)
    if found is None:
        return None
    nearest: tuple[Quote, ...] = ()
    if found.saved.outcome is Outcome.NOTHING:
        library = Library(reader.engine, reader.index)
        nearest = look_up(found.saved.question, viewer=viewer, library=library, now=reader.clock()).nearest
    return finished(found, nearest, reader.index.analyser)


async def _growth(face: Face, asking: Asking, answer_id: int, run: int, question: str) -> AsyncGenerator[Draft, None]:
    """The drafts of an answer but the last, each kept, until it is done, or over for another reason."""
    reader, loop = face.reader, asyncio.get_running_loop()
    viewer = await asyncio.to_thread(_viewer_now, face, asking)
    library = Library(reader.engine, reader.index)
    kept: tuple[Quote, ...] | None = None
    next_beat = loop.time()
    written = drafts(question, viewer=viewer, library=library, now=reader.clock(), model=face.model)
    async with aclosing(written) as every:
        async for draft in every:
            if draft.step is not Step.DONE and loop.time() < next_beat:
                continue
            quotes = None if draft.quotes == kept else draft.quotes
            if not await asyncio.to_thread(_save, face, answer_id, run, draft, quotes=quotes):
                return
            kept = draft.quotes
            if draft.step is not Step.DONE:
                yield draft
            next_beat = loop.time() + BEAT


def _begin(face: Face, asking: Asking, answer_id: int) -> int | None:
    with face.reader.engine.begin() as db:
        return answers.begin(db, answer_id, asking.member.id)


def _save(face: Face, answer_id: int, run: int, draft: Draft, *, quotes: tuple[Quote, ...] | None) -> bool:
    """Keep a draft, and its passages where they are others than before; False when the run is over."""
    with face.reader.engine.begin() as db:
        if quotes is not None and not answers.save_sources(db, answer_id, run, quotes):
            return False
        if draft.step is Step.DONE:
            return answers.end(db, answer_id, run, draft.written, face.reader.clock())
        return answers.save(db, answer_id, run, draft.written)


def _viewer(db: Connection, face: Face, asking: Asking) -> Viewer:
    return viewer_of(db, asking.member, rules_since=face.reader.rules_since)


def _viewer_now(face: Face, asking: Asking) -> Viewer:
    with reading(face.reader.engine) as db:
        return _viewer(db, face, asking)
