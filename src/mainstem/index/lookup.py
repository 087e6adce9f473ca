"""One search of one state of an index: the best documents, how many there are, and what they have in common.

To tell thousands of chains from each other takes tantivy longer than to find the words. So that is asked of it once: in
one pass that ranks and counts or, with facets, where they are counted. Those have the best found among all pages, and
by the chain in its own record each is passed over that is not the viewer's; where all that was found is at hand, its
facets need no audience any more.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

import tantivy
from tantivy import Order, Searcher, SearchResult

from mainstem.index.matching import Matching, gaps
from mainstem.index.passage_index import Count, Found, Hit
from mainstem.index.query import Field, Phrase, Query

_FEW = 500
"""So many hits are fetched at once."""
_MANY = 10_000
"""So many of a phrase: to look for it takes longest, so it is done once if there are not more."""
_FEW_CHAINS = 300
"""So few are told from each other in no time."""
_PASSAGES = 1_000
_FACET_VALUES = 100
# Each segment hands on all its values, so that counts stay exact when segments are added up.
_VALUES = {"size": _FACET_VALUES, "segment_size": 65_000}
_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose search it is: who reads documents of these chains (None: of all), except those in `without`."""

    chains: frozenset[int] | None
    without: frozenset[int]

    @property
    def simple(self) -> bool:
        """Whether a query takes no longer for it."""
        return self.chains is None or min(len(self.chains), gaps(self.chains)) <= _FEW_CHAINS


class _Pages(NamedTuple):
    """Documents in order, and their scores (or times, where nothing is scored)."""

    ids: list[int]
    scores: list[float]


class Lookup:
    """What a query finds for an audience in what a searcher sees."""

    def __init__(self, searcher: Searcher, matching: Matching, query: Query, audience: Audience) -> None:
        self._searcher = searcher
        self._matching = matching
        self._query = query
        self._audience = audience
        self._newest = None if query.required else "updated"

    def found(self, limit: int, offset: int, *, facets: bool) -> Found:
        """The page of hits, and all counts."""
        everybody = self._matching.pages(self._query, self._searcher)
        if everybody is None:
            return Found()
        ours = self._matching.within(everybody, self._audience.chains, self._audience.without)
        if facets:
            return self._with_facets(everybody, ours, limit, offset)
        result = self._search(ours, max(1, offset + limit))
        best = self._admitted(result)  # by the query already: a second lock costs nothing here
        shown = slice(offset, offset + limit)
        return Found(matches(result), self._hits(best.ids[shown], best.scores[shown]))

    def _with_facets(self, everybody: tantivy.Query, ours: tantivy.Query, limit: int, offset: int) -> Found:
        enough = offset + limit
        window = max(enough, _MANY if any(isinstance(term, Phrase) for term in self._query.required) else _FEW)
        result = self._search(ours if self._audience.simple else everybody, window)
        best = self._admitted(result)
        if matches(result) <= window:
            counted = self._matching.pages_of(best.ids)
            total, counts = len(best.ids), self._count(counted)[1] if best.ids else {}
        else:
            counted = ours
            total, counts = self._count(ours)
            if len(best.ids) < min(enough, total):
                best = self._admitted(self._search(ours, enough))
        shown = slice(offset, enough)
        values = self._matching.values(self._query, self._searcher, counted) if total else {}
        return Found(total, self._hits(best.ids[shown], best.scores[shown]), counts, values)

    def _search(self, pages: tantivy.Query, limit: int) -> SearchResult:
        return self._searcher.search(pages, limit=limit, order_by_field=self._newest, order=Order.Desc)

    def _admitted(self, result: SearchResult) -> _Pages:
        # Thousands of hits, so no Python for each of them that can be helped.
        hits, chains, without = result.hits, self._audience.chains, self._audience.without
        addresses = [address for _, address in hits]
        ids = [int(one or 0) for one in self._searcher.fast_field_values("document", addresses)]
        ours = [True] * len(hits)
        if chains is not None:
            ours = list(map(chains.__contains__, self._searcher.fast_field_values("chain", addresses)))
        if without:
            ours = [one and document_id not in without for one, document_id in zip(ours, ids, strict=True)]
        return _Pages(list(compress(ids, ours)), [score for score, _ in compress(hits, ours)])

    def _count(self, pages: tantivy.Query) -> tuple[int, dict[Field, tuple[Count, ...]]]:
        wanted = {field.value: {"terms": {"field": field.value} | _VALUES} for field in Field}
        counted = self._searcher.aggregate(pages, wanted | {_TOTAL: {"value_count": {"field": "document"}}})
        total = int(counted[_TOTAL]["value"])
        counts = {field: tuple(_counts(counted[field.value]["buckets"])) for field in Field if total}
        if names := counts.get(Field.PROPERTY):
            counts[Field.PROPERTY] = self._matching.one_spelling((name.value, name.documents) for name in names)
        return total, counts

    def _hits(self, ids: Sequence[int], scores: Sequence[float]) -> tuple[Hit, ...]:
        ordinals = self._best_passages(ids)
        return tuple(
            Hit(document_id, ordinals.get(document_id, 0), 0.0 if self._newest else score)
            for document_id, score in zip(ids, scores, strict=True)
        )

    def _best_passages(self, document_ids: Collection[int]) -> dict[int, int]:
        """The ordinal of the best passage of each document that has the words elsewhere than in its title."""
        passages = self._matching.passages(self._query, self._searcher, document_ids) if document_ids else None
        if passages is None:
            return {}
        result = self._searcher.search(passages, limit=_PASSAGES)
        addresses = [address for _, address in result.hits]
        documents = self._searcher.fast_field_values("document", addresses)
        ordinals = self._searcher.fast_field_values("ordinal", addresses)
        best: dict[int, int] = {}
        for document, ordinal in zip(documents, ordinals, strict=True):
            best.setdefault(int(document or 0), int(ordinal or 0))
        crowded_out = set(document_ids) - best.keys() if matches(result) > _PASSAGES else ()
        for document_id in crowded_out if len(document_ids) > 1 else ():
            best |= self._best_passages([document_id])
        return best


def matches(result: SearchResult) -> int:
    """How many records a search found."""
    return int(result.count)  # type: ignore[attr-defined]  # its stub forgets this attribute


def _counts(buckets: Iterable[dict[str, object]]) -> Iterable[Count]:
    counts = (Count(str(bucket["key"]), int(str(bucket["doc_count"]))) for bucket in buckets if bucket["key"])
    return sorted(counts, key=lambda count: (-count.documents, count.value))
