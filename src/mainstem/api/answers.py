"""Answers to questions, from what the member may read, with the passage behind each sentence. They are not kept."""

import asyncio
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from mainstem.api.asking import Asking, Reads
from mainstem.api.searching import Narrowed
from mainstem.assist.asking import Draft, Library, answer
from mainstem.assist.keeping import renumbered
from mainstem.store.answers import Outcome
from mainstem.store.database import reading
from mainstem.store.quotes import Quote
from mainstem.wiki.audience import Viewer

router = APIRouter(tags=["answers"])


class Question(Narrowed):
    """What somebody wants to know, and where it is looked for, as in a search."""

    question: str = Field(min_length=1, max_length=1000, description="Operators such as `space:ENG` narrow it.")
    quote: bool = Field(default=False, description="Quote passages, also where a language model is set.")


class Sentence(BaseModel):
    """One sentence of an answer."""

    model_config = ConfigDict(from_attributes=True)

    text: str
    cites: list[int] = Field(description="The numbers of the passages it rests on.")
    paragraph: int = Field(description="Sentences of one paragraph have one number.")
    listed: bool = Field(description="Whether it is an item of a list.")


class Cited(BaseModel):
    """A passage that an answer rests on, or that comes near a question which nothing answers."""

    number: int
    document_id: int
    title: str
    space: str = Field(description="The key of its space.")
    connection: str = Field(description="The name of its connection.")
    section: list[str] = Field(description="The headings above it, the outermost first.")
    anchor: str = Field(description="Its section, as `documents` takes it; empty at the top.")
    text: str
    updated_at: datetime | None
    href: str = Field(description="Its page in Mainstem.")
    url: str = Field(description="Its address in Confluence.")


class Answer(BaseModel):
    """What your documents say. Without sentences they do not say it."""

    outcome: Outcome
    sentences: list[Sentence]
    passages: list[Cited]
    nearest: list[Cited] = Field(description="What comes near the question where nothing answers it.")
    missing: list[str] = Field(description="Words of the question that none of your documents has.")
    model: str = Field(description="The language model that wrote it; empty where passages are quoted.")
    trouble: str = Field(description="Why no model wrote it though one is set; empty when all is well.")


@router.post("/ask")
async def ask(who: Reads, asked: Question) -> Answer:
    """Answer a question from what you may read. Nothing is changed by it, so a key that only reads may ask."""
    reader = who.behind.reader
    draft = await answer(
        asked.question,
        viewer=await asyncio.to_thread(_viewer, who),
        library=Library(reader.engine, reader.index),
        now=reader.clock(),
        model=None if asked.quote else who.behind.model,
        filters=asked.filters,
    )
    return _shown(who, draft)


def _viewer(who: Asking) -> Viewer:
    with reading(who.behind.reader.engine) as db:
        return who.viewer(db)


def _shown(who: Asking, draft: Draft) -> Answer:
    quotes, claims = renumbered(draft.quotes, draft.written.claims)
    written = draft.written
    return Answer(
        outcome=written.outcome,
        sentences=[Sentence.model_validate(claim) for claim in claims],
        passages=[_cited(who, each) for each in quotes],
        nearest=[_cited(who, each) for each in draft.nearest],
        missing=list(written.missing),
        model=written.model,
        trouble=written.trouble,
    )


def _cited(who: Asking, quote: Quote) -> Cited:
    return Cited(
        number=quote.number,
        document_id=quote.document_id,
        title=quote.title,
        space=quote.space_key,
        connection=quote.source,
        section=list(quote.heading_path),
        anchor=quote.anchor,
        text=quote.text,
        updated_at=quote.updated_at,
        href=who.behind.addresses.document(quote.document_id, quote.anchor),
        url=quote.url,
    )
