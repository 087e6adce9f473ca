"""The seam between search and whatever looks words up: what goes in, what comes out, what every adapter promises.

`tests/index/contract.py` holds the promises as a suite that runs on each adapter.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mainstem.index.analyser import Analyser
from mainstem.index.query import Field, Query
from mainstem.wiki.properties import PageProperty


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage with what is searched, filtered and counted of its document.

    A document without any text has one entry with an empty one. `author` and `owner` are names, "" when unknown.
    `tags` are its labels and what it was given beside them; `category` is "" without one.
    `updated_at` is aware; None, when unknown, is in no span of time. `connection` is the name of the source.
    """

    document_id: int
    ordinal: int
    chain_id: int
    title: str
    heading_path: tuple[str, ...]
    anchor: str
    text: str
    space_key: str
    kind: str
    tags: tuple[str, ...]
    author: str
    updated_at: datetime | None
    connection: str
    properties: tuple[PageProperty, ...] = ()
    category: str = ""
    collections: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One document and its best passage. Scores only compare within one answer."""

    document_id: int
    ordinal: int
    score: float


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the documents found have this value."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, score falling, each document once; all counts are of all documents that match.

    `facets` name properties in one spelling each. `values` are those of the properties that the query names, by that
    name, in one spelling each as well.
    """

    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: Mapping[Field, tuple[Count, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is indexed."""

    documents: int
    passages: int


class PassageIndex(Protocol):
    """Finds passages by words. `chains` are the chain ids a viewer passes; None is the operator, who sees everything.

    Nothing that stands outside these chains shows in any way: not in hits, counts, facets or suggestions.
    """

    @property
    def analyser(self) -> Analyser:
        """How this index reads text; whoever marks hits in a text must read it the same way."""

    @property
    def position(self) -> int:
        """The journal entry up to which this index has followed the store; 0 when it is empty."""

    def apply(self, position: int, *, remove: Collection[int] = (), add: Iterable[Entry] = ()) -> None:
        """Take documents out and put documents in, and move to `position`: all of it or nothing, also after a kill.

        A document in `add` replaces what was indexed of it; its entries must stand next to each other.
        """

    def find(
        self,
        query: Query,
        *,
        chains: Collection[int] | None,
        without: Collection[int] = (),
        limit: int = 10,
        offset: int = 0,
        facets: bool = True,
    ) -> Found:
        """The documents that match, except those in `without`. `facets` list the most frequent values first."""

    def suggest(
        self, prefix: str, *, chains: Collection[int] | None, without: Collection[int] = (), limit: int = 10
    ) -> tuple[str, ...]:
        """Words that begin like this one, those in the most documents first; folded (lower case, no accents)."""

    def clear(self) -> None:
        """Forget everything and return to position 0."""

    def count(self) -> Size:
        """How much is indexed, for everybody's eyes together: for the operator, not for readers."""
