"""The pages of questions: where to ask, and the answer that its asker watches, keeps, judges and may forget.

Somebody else's answer is not there. With scripts an answer comes as a stream, which begins anew when the page is loaded
again before it ended; without them the page waits for all of it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.assist.question import LONGEST_QUESTION
from mainstem.store import answers
from mainstem.store.answers import Asked, Feedback, SavedAnswer
from mainstem.store.database import reading
from mainstem.web.answer_views import AnswerPage, AskPage, Card
from mainstem.web.asking import Asking, SignedIn, still
from mainstem.web.face import Face, face_of
from mainstem.web.pages import Pages, Part, page
from mainstem.web.scoping import Picks, Scope, put_together, scope_of, taken_apart
from mainstem.web.writing import shown, writing

router = APIRouter(prefix="/ask")

HISTORY = 30
REASONS = ("wrong", "not what I asked", "bad source", "outdated", "unsafe")
LONGEST_FEEDBACK = 2000


@dataclass(frozen=True, slots=True)
class Growing:
    """What the blocks of an answer's page read while it is being written."""

    card: Card


class Begun(Picks):
    """What a page to ask on begins with."""

    q: str = ""


class Sent(Picks):
    """A question as it is sent; `live`: the browser will watch the answer being written."""

    question: str = ""
    live: str = ""


Id = Annotated[int, Path(ge=1, le=2**62)]


def own_answer(request: Request, asking: SignedIn, answer_id: Id) -> SavedAnswer:
    """The answer that a request is about, if it is the asker's."""
    with reading(face_of(request).reader.engine) as db:
        found = answers.answer(db, answer_id, asking.member.id)
    if found is None:
        raise HTTPException(404)
    return found


Text = Annotated[str, Form()]


@router.get("")
def ask_page(
    request: Request,
    asking: SignedIn,
    begun: Annotated[Begun, Query()],
) -> Response:
    """Where to ask. A search leads here with what it picked, and a document with itself."""
    face = face_of(request)
    question = put_together(begun.q, begun.where)[:LONGEST_QUESTION]
    words, scope, history = _box(face, asking, question)
    return page(request, "ask.html", AskPage(words, _model(face), scope, history), asking=asking)


@router.post("")
async def ask(
    request: Request,
    asking: SignedIn,
    sent: Annotated[Sent, Form()],
) -> Response:
    """Take a question, and where it is to be looked for."""
    words = " ".join(sent.question.split())
    if not words:
        return RedirectResponse("/ask", 303)
    asked = put_together(words, sent.where)
    if len(asked) > LONGEST_QUESTION:
        raise HTTPException(413)
    answer_id = await asyncio.to_thread(_keep, face_of(request), asking, asked)
    return await _answered(request, asking, answer_id, asked, live=bool(sent.live))


@router.get("/{answer_id}")
def answer_page(request: Request, asking: SignedIn, answer_id: Id) -> Response:
    """A question and its answer."""
    own = own_answer(request, asking, answer_id)
    return page(request, "answer.html", _content(request, asking, own), asking=asking)


@router.post("/{answer_id}/again")
async def again(request: Request, asking: SignedIn, answer_id: Id, live: Text = "") -> Response:
    """Answer a question once more."""
    own = await asyncio.to_thread(own_answer, request, asking, answer_id)
    await asyncio.to_thread(_anew, face_of(request), asking, own.id)
    return await _answered(request, asking, own.id, own.question, live=bool(live))


@router.post("/{answer_id}/stream", response_class=EventSourceResponse, dependencies=[Depends(own_answer)])
async def stream(request: Request, asking: SignedIn, answer_id: Id) -> AsyncIterator[ServerSentEvent]:
    """The answer as it is being written, to nobody who was signed out or shut out meanwhile."""
    pages: Pages = request.app.state.pages
    own = await asyncio.to_thread(own_answer, request, asking, answer_id)
    before: Card | None = None
    async with aclosing(writing(face_of(request), asking, own.id, own.question)) as cards:
        async for card in cards:
            if not await asyncio.to_thread(still, request, asking, Act.SEARCH_AND_READ):
                return
            # The whole card is sent where more than its text changes.
            block = "text" if before and before.frame == card.frame else "update"
            yield ServerSentEvent(raw_data=pages.block("answer.html", block, page=Growing(card)))
            before = card


@router.post("/{answer_id}/stop")
def stop(request: Request, asking: SignedIn, answer_id: Id) -> Response:
    """Let what is written so far be all."""
    own, reader = own_answer(request, asking, answer_id), face_of(request).reader
    with reader.engine.begin() as db:
        answers.stop(db, own.id, asking.member.id, reader.clock())
    return _shown_or_there(request, asking, own)


@router.post("/{answer_id}/feedback")
def feedback(
    request: Request,
    asking: SignedIn,
    answer_id: Id,
    good: Text,
    reason: Annotated[list[str], Form()] = [],  # noqa: B006  FastAPI copies it
    text: Text = "",
) -> Response:
    """Keep what the asker thinks of an answer."""
    own, reader = own_answer(request, asking, answer_id), face_of(request).reader
    reasons = tuple(each for each in REASONS if each in reason)
    said = Feedback(True) if good == "yes" else Feedback(False, reasons, text.strip()[:LONGEST_FEEDBACK])
    with reader.engine.begin() as db:
        answers.say(db, own.id, asking.member.id, said, reader.clock())
    return _shown_or_there(request, asking, own)


@router.post("/{answer_id}/forget")
def forget(request: Request, asking: SignedIn, answer_id: Id) -> Response:
    """Forget a question and its answer."""
    own = own_answer(request, asking, answer_id)
    with face_of(request).reader.engine.begin() as db:
        answers.forget(db, own.id, asking.member.id)
    return RedirectResponse("/ask", 303)


async def _answered(request: Request, asking: Asking, answer_id: int, question: str, *, live: bool) -> Response:
    """The way to the answer: at once if the browser watches it being written, else when it is whole."""
    if not live:
        async with aclosing(writing(face_of(request), asking, answer_id, question)) as cards:
            async for _ in cards:
                pass
    return RedirectResponse(f"/ask/{answer_id}", 303)


def _model(face: Face) -> str:
    return face.model.name if face.model else ""


def _keep(face: Face, asking: Asking, question: str) -> int:
    with face.reader.engine.begin() as db:
        return answers.ask(db, asking.member.id, question, face.reader.clock())


def _anew(face: Face, asking: Asking, answer_id: int) -> None:
    with face.reader.engine.begin() as db:
        answers.begin(db, answer_id, asking.member.id)


def _content(request: Request, asking: Asking, own: SavedAnswer) -> AnswerPage:
    face = face_of(request)
    card = shown(face, asking, own.id)
    if card is None:
        raise HTTPException(404)
    words, scope, history = _box(face, asking, own.question)
    return AnswerPage(own.id, words, own.asked_at, card, REASONS, _model(face), scope, history)


def _box(face: Face, asking: Asking, question: str) -> tuple[str, Scope, tuple[Asked, ...]]:
    """The words of a question, where it is looked for, and what the member asked before, in words alone."""
    reader = face.reader
    words, where = taken_apart(question, reader.clock())
    with reading(reader.engine) as db:
        viewer = viewer_of(db, asking.member, rules_since=reader.rules_since)
        scope = scope_of(db, reader, where, viewer=viewer)
        history = answers.every(db, asking.member.id, HISTORY)
    before = tuple(replace(each, question=taken_apart(each.question, reader.clock())[0]) for each in history)
    return words, scope, before


def _shown_or_there(request: Request, asking: Asking, own: SavedAnswer) -> Response:
    """The answer for htmx, and the way to its page for a browser without scripts."""
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/ask/{own.id}", 303)
    content = _content(request, asking, own)
    return page(request, "answer.html", content, asking=asking, part=Part("update"))
