"""Searching: what somebody typed becomes results that this person may see, and nothing else shows in any number.

The chains a viewer passes are asked for once and filter inside the index; what the index has not heard of yet is kept
out by id; and every hit is read from the store again under the rules of now.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from mainstem.index.analyser import Analyser
from mainstem.index.passage_index import Count, Found, PassageIndex
from mainstem.index.query import Field, Narrowing, Query, Reach
from mainstem.search.highlight import Excerpt, Mark, Marker, excerpt
from mainstem.search.query import parse, troubles, with_filters
from mainstem.search.why import Reason, Spot, reasons
from mainstem.store.results import Card, cards, readable_chain_ids, unreadable_since
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind

FEW = 3
"""With fewer documents than this, similar words are looked for as well."""


@dataclass(frozen=True, slots=True)
class Result:
    """One document found, with its best passage.

    `space` is the key, `source` the connection's name, `url` the address in Confluence. `anchor` is the passage's place
    in our own page, "" at its top; Confluence may have other anchors, so `url` carries none. `score` only falls.
    `tags` are labels and what was given beside them.
    `reasons` tell where the words that were asked for stand. `on` is the title of what a file or comment hangs on.
    """

    document_id: int
    source_id: str
    kind: Kind
    title: str
    title_marks: tuple[Mark, ...]
    space: str
    space_name: str
    source: str
    url: str
    anchor: str
    heading_path: tuple[str, ...]
    passage: Excerpt
    tags: tuple[str, ...]
    author: str
    updated_at: datetime | None
    score: float
    reasons: tuple[Reason, ...] = ()
    on: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results. `reach` tells how far the search had to go; `total` and `facets` count all it found.

    `facets` are empty where nobody asked for them, and so are `values`: those of the page properties that were named.
    `troubles` tell in sentences what looks like an operator and was looked for as words.
    """

    total: int
    results: tuple[Result, ...]
    facets: Mapping[Field, tuple[Count, ...]]
    reach: Reach
    values: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()

    @property
    def relaxed(self) -> bool:
        """Whether no document has all the words, so that these have only some of them."""
        return self.reach is Reach.ANY_WORD


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the results to give. `facets` are counted where they are shown: that may take as long as the search."""

    limit: int = 10
    offset: int = 0
    facets: bool = False


FIRST = Page()
COUNTS = Page(0, facets=True)
"""No results, only how many there are and what they have in common."""

Look = Callable[[str, Page, Sequence[Narrowing]], Results]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a viewer may find: documents of these chains (None: of all), except those in `without`."""

    chains: frozenset[int] | None
    without: frozenset[int]


def find(
    text: str,
    *,
    viewer: Viewer,
    store: Connection,
    index: PassageIndex,
    now: datetime,
    page: Page = FIRST,
    filters: Sequence[Narrowing] = (),
) -> Results:
    """The documents that fit the text best, among those the viewer may read. Never raises on any text.

    A text without words lists what its operators leave, the newest first. `filters` count as more operators.
    """
    return finder(viewer=viewer, store=store, index=index, now=now)(text, page, filters)


def finder(*, viewer: Viewer, store: Connection, index: PassageIndex, now: datetime) -> Look:
    """`find` for who looks several times in one transaction: what they may find is asked once for all of it."""
    scope = scope_of(store, index, viewer=viewer)

    def look(text: str, page: Page, filters: Sequence[Narrowing]) -> Results:
        within = partial(index.find, chains=scope.chains, without=scope.without)
        query, found = _widening(
            with_filters(parse(text, now), filters),
            partial(within, limit=page.limit, offset=page.offset, facets=page.facets),
        )
        readable = cards(store, [(hit.document_id, hit.ordinal) for hit in found.hits], viewer=viewer)
        marker = Marker(query, index.analyser)
        results = tuple(
            _result(readable[hit.document_id], hit.score, query, marker, index.analyser)
            for hit in found.hits
            if hit.document_id in readable
        )
        total = found.total - len(found.hits) + len(results)
        return Results(total, results, found.facets, query.reach, found.values, troubles(text))

    return look


def scope_of(store: Connection, index: PassageIndex, *, viewer: Viewer) -> Scope:
    """What this viewer may find just now."""
    # In this order: were the index to follow the journal meanwhile, it would only know more than `without` assumes.
    position = index.position
    return Scope(readable_chain_ids(store, viewer=viewer), unreadable_since(store, position, viewer=viewer))


def _widening(query: Query, find: Callable[[Query], Found]) -> tuple[Query, Found]:
    """Look for the words; for similar ones too when that finds few; for any of them when it finds nothing.

    The way depends on totals alone, so every page of the same search takes the same one.
    """

    def reaching(reach: Reach) -> tuple[Query, Found]:
        wider = replace(query, reach=reach)
        return wider, find(wider)

    narrow = reaching(Reach.ALL_WORDS)
    if narrow[1].total >= FEW or not query.required:
        return narrow
    similar = reaching(Reach.SIMILAR_WORDS)
    if similar[1].total > narrow[1].total:
        return similar
    if narrow[1].total or len(query.required) == 1:
        return narrow
    return reaching(Reach.ANY_WORD)


def _result(card: Card, score: float, query: Query, marker: Marker, analyser: Analyser) -> Result:
    passage = card.passage
    title, text = marker.marked(card.title), marker.marked(passage.text if passage else "")
    headings = marker.marked(" · ".join(passage.heading_path) if passage else "")
    return Result(
        document_id=card.document_id,
        source_id=card.source_id,
        kind=card.kind,
        title=card.title,
        title_marks=title.marks,
        space=card.space_key,
        space_name=card.space_name,
        source=card.source,
        url=card.url,
        anchor=passage.anchor if passage else "",
        heading_path=passage.heading_path if passage else (),
        passage=excerpt(text.text, text.marks),
        tags=card.tags,
        author=card.author,
        updated_at=card.updated_at,
        score=score,
        on=card.on,
        reasons=reasons(query, {Spot.TITLE: title, Spot.HEADING: headings, Spot.TEXT: text}, analyser),
    )
