"""Answers as their askers keep them: the question, what was said, what it rests on, and what they thought of it.

An answer belongs to the member who asked, and nobody else's is found here. What of it they may still read is for
`store.quotes` to say. A question may be answered again, so whoever writes holds the number of a run, and writes nothing
once another run began or the asker stopped it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from mainstem.store.quotes import Quote
from mainstem.store.tables import answer_feedback, answer_sources, answers
from mainstem.store.upsert import upsert


class State(StrEnum):
    """How far an answer is."""

    WRITING = "writing"
    STOPPED = "stopped"
    DONE = "done"


class Outcome(StrEnum):
    """What came of a question."""

    OPEN = ""
    NOTHING = "nothing"
    """It is not in the documents that the asker may read."""
    QUOTED = "quoted"
    """Sentences of the documents, word for word."""
    WRITTEN = "written"
    """Sentences of a language model."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer and the numbers of the passages it rests on; none where nothing was cited.

    Claims of the same `paragraph`, and in it of the same `line`, stand together. A line that is `listed` is an item of
    a list; `step` is its number there, 0 where the list has none.
    """

    text: str
    cites: tuple[int, ...]
    paragraph: int = 0
    line: int = 0
    listed: bool = False
    step: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What was answered. `missing` are words of the question that no document has; `trouble` is what went wrong.

    `model` is the name of the model that wrote it, "" where sentences were quoted.
    """

    outcome: Outcome = Outcome.OPEN
    claims: tuple[Claim, ...] = ()
    missing: tuple[str, ...] = ()
    model: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the list of what somebody asked."""

    id: int
    question: str
    state: State
    outcome: Outcome
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the asker thought of an answer."""

    good: bool
    reasons: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class SavedAnswer(Asked):
    """An answer as stored, with passages and claims that its asker may no longer read. `sources` is their number."""

    written: Written
    sources: int
    feedback: Feedback | None


def ask(db: Connection, member_id: int, question: str, now: datetime) -> int:
    """Keep a question; its id."""
    new = insert(answers).values(
        member_id=member_id, question=question, state=State.WRITING, run=0, sources=0, asked_at=now, **_row(Written())
    )
    return int(db.execute(new.returning(answers.c.id)).scalar_one())


def begin(db: Connection, answer_id: int, member_id: int) -> int | None:
    """Begin to answer, anew if need be; the number of this run, None where it is not this member's question."""
    anew = {"state": State.WRITING, "run": answers.c.run + 1, "sources": 0, "ended_at": None, **_row(Written())}
    begun = db.execute(update(answers).where(_own(answer_id, member_id)).values(anew).returning(answers.c.run))
    run = begun.scalar_one_or_none()
    if run is not None:
        db.execute(delete(answer_sources).where(answer_sources.c.answer_id == answer_id))
        db.execute(delete(answer_feedback).where(answer_feedback.c.answer_id == answer_id))
    return run


def save_sources(db: Connection, answer_id: int, run: int, quotes: Sequence[Quote]) -> bool:
    """Keep the passages that the answer of a run rests on, in the place of others; False when the run is over."""
    if not _change(db, answer_id, run, sources=len(quotes)):
        return False
    db.execute(delete(answer_sources).where(answer_sources.c.answer_id == answer_id))
    if quotes:
        db.execute(insert(answer_sources), [_source(answer_id, quote) for quote in quotes])
    return True


def save(db: Connection, answer_id: int, run: int, written: Written) -> bool:
    """Keep what a run has written so far; False when the run is over."""
    return _change(db, answer_id, run, **_row(written))


def end(db: Connection, answer_id: int, run: int, written: Written, now: datetime) -> bool:
    """Keep what a run has written, and end it; False when it was over."""
    return _change(db, answer_id, run, state=State.DONE, ended_at=now, **_row(written))


def stop(db: Connection, answer_id: int, member_id: int, now: datetime) -> bool:
    """Let what is written so far be all; False where nothing of this member's is being written under this id."""
    writing = and_(_own(answer_id, member_id), answers.c.state == State.WRITING)
    return db.execute(update(answers).where(writing).values(state=State.STOPPED, ended_at=now)).rowcount == 1


def forget(db: Connection, answer_id: int, member_id: int) -> bool:
    """Forget a question and all that belongs to it; False where it is not this member's."""
    return db.execute(delete(answers).where(_own(answer_id, member_id))).rowcount == 1


def every(db: Connection, member_id: int, limit: int) -> list[Asked]:
    """What a member asked, the newest first."""
    columns = (answers.c[name] for name in Asked.__dataclass_fields__)
    own = select(*columns).where(answers.c.member_id == member_id).order_by(answers.c.id.desc()).limit(limit)
    return [_asked(row) for row in db.execute(own).mappings()]


def answer(db: Connection, answer_id: int, member_id: int) -> SavedAnswer | None:
    """An answer of a member; None where it is not theirs."""
    row = db.execute(select(answers).where(_own(answer_id, member_id))).mappings().one_or_none()
    if row is None:
        return None
    claims = tuple(Claim(**facts | {"cites": tuple(facts["cites"])}) for facts in row["claims"])
    written = Written(Outcome(row["outcome"]), claims, tuple(row["missing"]), row["model"], row["trouble"])
    asked = _asked(row)
    return SavedAnswer(
        asked.id,
        asked.question,
        asked.state,
        asked.outcome,
        asked.asked_at,
        written,
        row["sources"],
        _feedback(db, answer_id),
    )


def say(db: Connection, answer_id: int, member_id: int, said: Feedback, now: datetime) -> bool:
    """Keep what the asker thinks of an answer now; False where it is not theirs."""
    if db.execute(select(answers.c.id).where(_own(answer_id, member_id))).one_or_none() is None:
        return False
    row = asdict(said) | {"reasons": list(said.reasons), "answer_id": answer_id, "said_at": now}
    upsert(db, answer_feedback, [row], key=["answer_id"])
    return True


def _asked(row: Any) -> Asked:
    return Asked(row["id"], row["question"], State(row["state"]), Outcome(row["outcome"]), row["asked_at"])


def _feedback(db: Connection, answer_id: int) -> Feedback | None:
    columns = answer_feedback.c
    chosen = select(columns.good, columns.reasons, columns.text).where(columns.answer_id == answer_id)
    row = db.execute(chosen).one_or_none()
    return None if row is None else Feedback(row.good, tuple(row.reasons), row.text)


def _own(answer_id: int, member_id: int) -> ColumnElement[bool]:
    return and_(answers.c.id == answer_id, answers.c.member_id == member_id)


def _change(db: Connection, answer_id: int, run: int, **columns: Any) -> bool:
    same = and_(answers.c.id == answer_id, answers.c.run == run, answers.c.state == State.WRITING)
    return db.execute(update(answers).where(same).values(columns)).rowcount == 1


def _row(written: Written) -> dict[str, Any]:
    claims = [asdict(claim) | {"cites": list(claim.cites)} for claim in written.claims]
    return asdict(written) | {"claims": claims, "missing": list(written.missing)}


def _source(answer_id: int, quote: Quote) -> dict[str, Any]:
    return {
        "answer_id": answer_id,
        "number": quote.number,
        "document_id": quote.document_id,
        "ordinal": quote.ordinal,
        "heading_path": list(quote.heading_path),
        "anchor": quote.anchor,
        "text": quote.text,
        "document_updated_at": quote.updated_at,
    }
