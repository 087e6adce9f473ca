"""Searching, and what a text may go on with: found and counted among what the member may read, and nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from mainstem.api.asking import Asking, Reads
from mainstem.api.pages import Asked, Paged, Stretch
from mainstem.index.passage_index import Count
from mainstem.index.query import Field as Facet
from mainstem.index.query import Filter
from mainstem.search.find import Page, Result, Results, find
from mainstem.search.query import LONGEST_TEXT
from mainstem.search.suggest import Suggestions, suggest
from mainstem.store.database import reading
from mainstem.wiki.content import Kind

router = APIRouter(tags=["search"])

VALUES = 50

Text = Annotated[
    str,
    Field(
        max_length=LONGEST_TEXT,
        description='Words, "phrases", -exclusions and operators such as `space:ENG property:owner=mara updated:<30d`.',
    ),
]
Several = Annotated[tuple[str, ...], Field(max_length=VALUES)]


class Narrowed(Asked):
    """What documents are looked into. Several values widen, but every tag and collection narrows."""

    space: Several = ()
    kind: Annotated[tuple[Kind, ...], Field(max_length=VALUES)] = ()
    tag: Several = ()
    label: Annotated[Several, Field(description="The same as `tag`.")] = ()
    category: Several = ()
    collection: Several = ()
    owner: Several = ()
    author: Several = ()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Documents have one space, kind and the like, so more of these widen; every tag must be there."""
        widening: dict[Facet, Sequence[str]] = {
            Facet.SPACE: self.space,
            Facet.KIND: self.kind,
            Facet.CATEGORY: self.category,
            Facet.OWNER: self.owner,
            Facet.AUTHOR: self.author,
        }
        narrowing = {Facet.LABEL: (*self.tag, *self.label), Facet.COLLECTION: self.collection}
        each = (Filter(field, frozenset({value})) for field, values in narrowing.items() for value in values)
        return (*(Filter(field, frozenset(values)) for field, values in widening.items() if values), *each)


class Search(Narrowed, Stretch):
    """What somebody asks for."""

    q: Text = ""
    facets: bool = Field(default=False, description="Whether to count what the results can be narrowed by.")


class Begun(Asked):
    """What somebody has typed so far."""

    q: Text
    limit: int = Field(default=5, ge=1, le=20, description="How many of each.")


class Passage(BaseModel):
    """The stretch of a document that fits best."""

    text: str = Field(description="Plain text; an ellipsis stands for what is left out.")
    marks: list[tuple[int, int]] = Field(description="Where in it the words were found: begin and end, in characters.")


class Hit(BaseModel):
    """One document found."""

    id: int
    kind: Kind
    title: str
    space: str = Field(description="The key of its space.")
    space_name: str
    connection: str = Field(description="The name of its connection.")
    section: list[str] = Field(description="The headings above the passage, the outermost first.")
    anchor: str = Field(description="The section of the passage, as `documents` takes it; empty at the top.")
    passage: Passage
    tags: list[str] = Field(description="Its labels, and what it was given beside them.")
    author: str = Field(description="Empty when unknown.")
    updated_at: datetime | None
    score: float = Field(description="Compares within this answer alone.")
    href: str = Field(description="Its page in Mainstem.")
    url: str = Field(description="Its address in Confluence.")


class Value(BaseModel):
    """One value that the results can be narrowed by."""

    value: str
    documents: int


class Found(Paged):
    """One page of results, the best first; without words, the newest first."""

    results: list[Hit]
    relaxed: bool = Field(description="Whether no document has all the words, so that these have only some of them.")
    facets: dict[str, list[Value]] = Field(
        description="If asked, by `space`, `kind`, `label` (tags), `category`, `collection`, `owner`, `author`, "
        "`source` and `property` (their names)."
    )
    properties: dict[str, list[Value]] = Field(
        description="The values of the page properties that the search names, if facets were asked for."
    )
    troubles: list[str] = Field(description="What looks like an operator, but was looked for as words, and why.")


class Title(BaseModel):
    """A document that the text may mean."""

    id: int
    kind: Kind
    title: str
    space: str
    space_name: str
    href: str


class Suggested(BaseModel):
    """What a text may go on with."""

    texts: list[str] = Field(description="Whole texts to search for.")
    documents: list[Title] = Field(description="Documents that have the text in their title.")


@router.get("/search")
def search(who: Reads, asked: Annotated[Search, Query()]) -> Found:
    """Search as its member would. Several values of one kind widen a search; every tag and collection narrows it."""
    reader = who.behind.reader
    with reading(reader.engine) as db:
        found = find(
            asked.q,
            viewer=who.viewer(db),
            store=db,
            index=reader.index,
            now=reader.clock(),
            page=Page(asked.limit, asked.offset, asked.facets),
            filters=asked.filters,
        )
    return _found(who, asked, found)


@router.get("/suggest")
def suggestions(who: Reads, asked: Annotated[Begun, Query()]) -> Suggested:
    """What a text that is being typed may go on with."""
    reader = who.behind.reader
    with reading(reader.engine) as db:
        viewer = who.viewer(db)
        found = (
            suggest(asked.q, viewer=viewer, store=db, index=reader.index, now=reader.clock(), limit=asked.limit)
            if asked.q.strip()
            else Suggestions()
        )
    return Suggested(texts=list(found.texts), documents=[_title(who, each) for each in found.titles])


def _found(who: Asking, asked: Search, found: Results) -> Found:
    return Found(
        total=found.total,
        limit=asked.limit,
        offset=asked.offset,
        results=[_hit(who, each) for each in found.results],
        relaxed=found.relaxed,
        facets={field.value: _values(counts) for field, counts in found.facets.items()},
        properties={name: _values(counts) for name, counts in found.values.items()},
        troubles=list(found.troubles),
    )


def _values(counts: Sequence[Count]) -> list[Value]:
    return [Value(value=each.value, documents=each.documents) for each in counts]


def _hit(who: Asking, result: Result) -> Hit:
    return Hit(
        id=result.document_id,
        kind=result.kind,
        title=result.title,
        space=result.space,
        space_name=result.space_name,
        connection=result.source,
        section=list(result.heading_path),
        anchor=result.anchor,
        passage=Passage(text=result.passage.text, marks=list(result.passage.marks)),
        tags=list(result.tags),
        author=result.author,
        updated_at=result.updated_at,
        score=result.score,
        href=who.behind.addresses.document(result.document_id, result.anchor),
        url=result.url,
    )


def _title(who: Asking, result: Result) -> Title:
    return Title(
        id=result.document_id,
        kind=result.kind,
        title=result.title,
        space=result.space,
        space_name=result.space_name,
        href=who.behind.addresses.document(result.document_id),
    )
