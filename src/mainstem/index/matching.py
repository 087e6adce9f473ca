"""A Query as tantivy's objects: what must match, and what a match is worth.

A reader's text only ever becomes a term here; it never reaches tantivy's own query parser, so no text can name a field.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache

import tantivy
from tantivy import FieldType, Occur, Schema, Searcher

from mainstem.index.analyser import Analyser, Asked, begins
from mainstem.index.layout import PAGE, PAGE_TEXTS
from mainstem.index.passage_index import Count
from mainstem.index.properties import compared, equal, key, merged, name_key, prefix_of_values
from mainstem.index.query import (
    Field,
    Filter,
    PropertyFilter,
    Query,
    Reach,
    Sign,
    Term,
    Word,
    properties_named,
    tolerance,
)

_WORTH = {"title": 3.0, "headings": 1.5, "body": 1.0, "parts": 1.0}
_WHOLE_TITLE = 5.0
_IN_A_ROW = 1.0
# Below whatever BM25 gives: a beginning ranks after the word itself, a typing mistake after both.
_BEGINNING = 0.01
_SIMILAR = 0.001
_TIE = 0.1
_FORMS = 20
_AUDIENCES = 32

SHOWN = 100
"""Values of one property that are counted for a reader."""


class Matching:
    """Builds the queries for page and passage records of one index."""

    def __init__(self, schema: Schema, analyser: Analyser) -> None:
        self._schema = schema
        self._analyser = analyser
        # To read thousands of ids takes tantivy milliseconds, and the same person asks again and again.
        self._chain_filter = lru_cache(_AUDIENCES)(self._of_chains)

    def pages(self, query: Query, searcher: Searcher) -> tantivy.Query | None:
        """The pages a query matches, whoever may see them; None when there cannot be any."""
        asked = self._asked(query.required)
        if query.required and not asked:
            return None
        clauses = [] if asked else [(Occur.Must, tantivy.Query.const_score_query(self.every_page(), 0.0))]
        if asked:
            clauses.append((Occur.Must, self._words(asked, query.reach)))
            clauses += [(Occur.Should, bonus) for bonus in self._bonuses(asked)]
        for term, one in self._asked(query.excluded):
            clauses.append((Occur.MustNot, self._page_term(one, term, Reach.ALL_WORDS)))
        clauses += [self._filter(one) for one in query.filters]
        clauses += [self._property(one, searcher) for one in query.properties]
        if query.since or query.before:
            clauses.append((Occur.Must, self._updated(query.since, query.before)))
        if query.documents:
            clauses.append((Occur.Must, tantivy.Query.const_score_query(self.pages_of(query.documents), 0.0)))
        return tantivy.Query.boolean_query(clauses)

    def within(
        self, pages: tantivy.Query, chains: frozenset[int] | None, without: Collection[int] = ()
    ) -> tantivy.Query:
        """Those of the pages that stand within these chains (None: in any) and are none of those documents."""
        clauses = [(Occur.Must, pages)]
        if chains is not None:
            clauses += self._chain_filter(chains)
        if without:
            clauses.append((Occur.MustNot, self.of_documents(without)))
        return tantivy.Query.boolean_query(clauses)

    def pages_of(self, document_ids: Collection[int]) -> tantivy.Query:
        """The page records of these documents."""
        return tantivy.Query.term_set_query(self._schema, "page", list(document_ids))

    def of_documents(self, document_ids: Collection[int]) -> tantivy.Query:
        """All records of these documents."""
        return tantivy.Query.term_set_query(self._schema, "document", list(document_ids))

    def _of_chains(self, chains: frozenset[int]) -> list[tuple[Occur, tantivy.Query]]:
        """Either each chain by name, or all between the first and the last but those missing: whichever is shorter.

        Both say the same of every number there is, so a chain that was made a moment ago passes neither.
        """
        if gaps(chains) >= len(chains):
            named = tantivy.Query.term_set_query(self._schema, "chain", list(chains))
            return [(Occur.Must, tantivy.Query.const_score_query(named, 0.0))]
        first, last = min(chains), max(chains)
        between = tantivy.Query.range_query(self._schema, "chain", FieldType.Unsigned, first, last)
        missing = tantivy.Query.term_set_query(self._schema, "chain", [*{*range(first, last)} - chains])
        return [(Occur.Must, tantivy.Query.const_score_query(between, 0.0)), (Occur.MustNot, missing)]

    def values(self, query: Query, searcher: Searcher, pages: tantivy.Query) -> dict[str, tuple[Count, ...]]:
        """How many of these pages have each value of the properties that a query names."""
        return {
            name: self.one_spelling(
                (term.removeprefix(prefix), number)
                for term, number in searcher.terms_with_prefix("keys", prefix, filter_query=pages)
            )
            for name in properties_named(query)
            for prefix in [prefix_of_values(name, self._analyser)]
        }

    def one_spelling(self, counts: Iterable[tuple[str, int]]) -> tuple[Count, ...]:
        """Counts of texts, those that differ by their spelling alone together; as many as are shown."""
        return merged(counts, self._analyser, SHOWN)

    def every_page(self) -> tantivy.Query:
        """Every page record, whoever may see it."""
        return self._term("keys", PAGE)

    def passages(self, query: Query, searcher: Searcher, document_ids: Collection[int]) -> tantivy.Query | None:
        """The passages of these documents with any of the words; None when the query has no words."""
        asked = self._asked(query.required)
        if not asked:
            return None
        documents = tantivy.Query.const_score_query(self.of_documents(document_ids), 0.0)
        spelled = self._spelled(asked, searcher, document_ids)
        words = _any([self._passage_term(one, term, query.reach, spelled.get(one, ())) for term, one in asked])
        return tantivy.Query.boolean_query([(Occur.Must, documents), (Occur.Must, words)])

    def _spelled(
        self, asked: Sequence[tuple[Term, Asked]], searcher: Searcher, document_ids: Collection[int]
    ) -> dict[Asked, Sequence[Asked]]:
        """What beginnings stand for in these documents. A passage keeps no spellings, but its page does."""
        pages = self.pages_of(document_ids)
        most = _FORMS * len(document_ids)
        return {
            one: [self._analyser.ask(word) for word, _ in searcher.terms_with_prefix("plain", one.plain, pages, most)]
            for term, one in asked
            if begins(one, term)
        }

    def _asked(self, terms: Iterable[Term]) -> list[tuple[Term, Asked]]:
        read = ((term, self._analyser.ask(term.text)) for term in terms)
        return [(term, asked) for term, asked in read if not asked.nothing]

    def _words(self, asked: Sequence[tuple[Term, Asked]], reach: Reach) -> tantivy.Query:
        occur = Occur.Should if reach is Reach.ANY_WORD else Occur.Must
        return tantivy.Query.boolean_query([(occur, self._page_term(one, term, reach)) for term, one in asked])

    def _bonuses(self, asked: Sequence[tuple[Term, Asked]]) -> Iterable[tantivy.Query]:
        """What ranks a match higher without being asked for: the exact title; the words in a row."""
        words = [word for _, one in asked for word in one.words]
        whole = self._term("keys", key("title", " ".join(words)))
        yield tantivy.Query.const_score_query(whole, _WHOLE_TITLE)
        if len(asked) > 1 and len(words) > 1:
            for field in ("title", "body"):
                row = tantivy.Query.phrase_query(self._schema, field, list(words), slop=1)
                yield tantivy.Query.boost_query(row, _IN_A_ROW)

    def _page_term(self, asked: Asked, term: Term, reach: Reach) -> tantivy.Query:
        """The term as asked or, where it allows it, beginnings and similar words, which rank below."""
        exact = [
            tantivy.Query.boost_query(self._row(field, words), _WORTH[field])
            for words in asked.rows
            for field in _fields(words, asked)
        ]
        best = [tantivy.Query.disjunction_max_query(exact, _TIE)] if exact else []
        if begins(asked, term):
            prefixed = tantivy.Query.fuzzy_term_query(self._schema, "plain", asked.plain, distance=0, prefix=True)
            best.append(tantivy.Query.const_score_query(prefixed, _BEGINNING))
        return _any([*best, *self._similar("plain", asked.plain, term, reach)])

    def _passage_term(self, asked: Asked, term: Term, reach: Reach, spelled: Sequence[Asked]) -> tantivy.Query:
        meant = [asked, *spelled]
        rows = dict.fromkeys(row for one in meant for row in one.rows)
        exact = [self._row(field, words) for words in rows for field in ("passage", "passage_parts")]
        best = [tantivy.Query.disjunction_max_query(exact, _TIE)] if exact else []
        stem = asked.rows[-1][0] if asked.plain and asked.rows else ""
        return _any([*best, *self._similar("passage", stem, term, reach)])

    def _similar(self, field: str, word: str, term: Term, reach: Reach) -> Iterable[tantivy.Query]:
        mistakes = tolerance(word)
        if mistakes and isinstance(term, Word) and reach >= Reach.SIMILAR_WORDS:
            similar = tantivy.Query.fuzzy_term_query(self._schema, field, word, distance=mistakes)
            yield tantivy.Query.const_score_query(similar, _SIMILAR)

    def _filter(self, wanted: Filter) -> tuple[Occur, tantivy.Query]:
        if wanted.field is Field.PROPERTY:
            keys = [name_key(name, self._analyser) for name in wanted.values]
        else:
            keys = [key(wanted.field, self._analyser.fold(value)) for value in wanted.values]
        matches = tantivy.Query.const_score_query(_any([self._term("keys", one) for one in keys]), 0.0)
        return (Occur.MustNot if wanted.excluded else Occur.Must, matches)

    def _property(self, wanted: PropertyFilter, searcher: Searcher) -> tuple[Occur, tantivy.Query]:
        """Text has no ranges in tantivy, so a comparison becomes the set of those values that there are."""
        if wanted.sign is Sign.IS:
            found = equal(wanted, self._analyser)
        else:
            stretches = compared(wanted, self._analyser)
            found = [
                one for each in stretches for one, _ in searcher.terms_with_prefix("keys", each.prefix) if one in each
            ]
        matches = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, "keys", found), 0.0)
        return (Occur.MustNot if wanted.excluded else Occur.Must, matches)

    def _updated(self, since: datetime | None, before: datetime | None) -> tantivy.Query:
        within = tantivy.Query.range_query(
            self._schema,
            "updated",
            FieldType.Integer,
            lower_bound=None if since is None else _seconds_from(since),
            upper_bound=None if before is None else _seconds_from(before),
            include_upper=before is None,
        )
        return tantivy.Query.const_score_query(within, 0.0)

    def _row(self, field: str, words: Sequence[str]) -> tantivy.Query:
        if len(words) == 1:
            return self._term(field, words[0])
        return tantivy.Query.phrase_query(self._schema, field, list(words))

    def _term(self, field: str, value: int | str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value)


def gaps(chains: Collection[int]) -> int:
    """How many numbers between the first and the last of these are missing."""
    return max(chains, default=0) - min(chains, default=1) + 1 - len(chains)


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _fields(words: tuple[str, ...], asked: Asked) -> tuple[str, ...]:
    # Pieces of a plain word's neighbours prove nothing: only what may be an identifier is looked for among parts.
    identifier = len(words) == 1 or bool(asked.whole)
    return (*PAGE_TEXTS, "parts") if identifier else PAGE_TEXTS


def _seconds_from(moment: datetime) -> int:
    """The first whole second that is not before this moment; updates are kept in whole seconds, rounded down."""
    return math.ceil(moment.timestamp())
