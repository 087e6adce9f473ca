"""A passage index that keeps lists and looks at all of them each time: what the real ones are held against."""

import operator
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import product

from mainstem.index.analyser import Analyser, Readings
from mainstem.index.passage_index import Count, Entry, Found, Hit, Size
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
from mainstem.wiki.properties import PageProperty, PropertyType, day_of, number_of

COMPARED = {
    Sign.IS: operator.eq,
    Sign.BELOW: operator.lt,
    Sign.AT_MOST: operator.le,
    Sign.ABOVE: operator.gt,
    Sign.AT_LEAST: operator.ge,
}


class ModelIndex:
    """PassageIndex by brute force. Scores are crude: exact far above beginning, above similar."""

    def __init__(self, language: str = "english") -> None:
        self._analyser = Analyser(language)
        self._documents: dict[int, list[Entry]] = {}
        self._position = 0

    @property
    def analyser(self) -> Analyser:
        return self._analyser

    @property
    def position(self) -> int:
        return self._position

    def apply(self, position: int, *, remove: Collection[int] = (), add: Iterable[Entry] = ()) -> None:
        documents = {key: value for key, value in self._documents.items() if key not in remove}
        last = None
        for one in add:
            if one.document_id != last:
                documents[one.document_id] = []
            documents[one.document_id].append(one)
            last = one.document_id
        self._documents, self._position = documents, position

    def clear(self) -> None:
        self._documents, self._position = {}, 0

    def count(self) -> Size:
        return Size(len(self._documents), sum(map(len, self._documents.values())))

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
        scored = [
            (self._score(query, entries), entries)
            for entries in self._visible(chains, without)
            if self._matches(query, entries)
        ]
        scored.sort(key=lambda one: -one[0] if query.required else -_updated(one[1][0]))
        hits = [Hit(entries[0].document_id, self._best(query, entries), score) for score, entries in scored]
        found = [entries[0] for _, entries in scored]
        counted = {field: _counted(field, found) for field in Field} if facets and found else {}
        values = {name: self._valued(name, found) for name in properties_named(query)} if counted else {}
        if counted:
            names = [
                {self._fold(each.name): " ".join(each.name.split()) for each in one.properties[::-1]} for one in found
            ]
            counted[Field.PROPERTY] = _one_spelling(names)
        return Found(len(hits), tuple(hits[offset : offset + limit]), counted, values)

    def suggest(
        self, prefix: str, *, chains: Collection[int] | None, without: Collection[int] = (), limit: int = 10
    ) -> tuple[str, ...]:
        plain = self._analyser.ask(prefix).plain
        seen = Counter(
            word
            for entries in self._visible(chains, without)
            for word in self._spellings(entries)
            if plain and word.startswith(plain)
        )
        return tuple(word for word, _ in sorted(seen.items(), key=lambda one: (-one[1], one[0]))[:limit])

    def _visible(self, chains: Collection[int] | None, without: Collection[int]) -> Iterator[list[Entry]]:
        for entries in self._documents.values():
            if entries[0].document_id not in without and (chains is None or entries[0].chain_id in chains):
                yield entries

    def _matches(self, query: Query, entries: list[Entry]) -> bool:
        required = self._meaningful(query.required)
        if query.required and not required:
            return False
        enough = any if query.reach is Reach.ANY_WORD else all
        if required and not enough(self._tier(term, query.reach, entries) for term in required):
            return False
        if any(self._tier(term, Reach.ALL_WORDS, entries) for term in self._meaningful(query.excluded)):
            return False
        return (
            _in_time(query, entries[0])
            and (not query.documents or entries[0].document_id in query.documents)
            and all(self._passes(one, entries[0]) for one in query.filters)
            and all(self._has(one, entries[0]) != one.excluded for one in query.properties)
        )

    def _fold(self, text: str) -> str:
        return self._analyser.fold(text)

    def _has(self, wanted: PropertyFilter, one: Entry) -> bool:
        for own in one.properties:
            if self._fold(own.name) != self._fold(wanted.name):
                continue
            for part, value in product(own.parts, wanted.values):
                if wanted.sign is Sign.IS and self._fold(value) in self._alike(own, part):
                    return True
                if any(
                    mine is not None and its is not None and COMPARED[wanted.sign](mine, its)
                    for mine, its in ((number_of(part), number_of(value)), (day_of(part), day_of(value)))
                ):
                    return True
        return False

    def _alike(self, own: PageProperty, part: str) -> set[str]:
        return {self._fold(part), *(self._fold(part).split() if own.type is PropertyType.PERSON else ())}

    def _valued(self, name: str, found: list[Entry]) -> tuple[Count, ...]:
        own = [
            [part for each in one.properties if self._fold(each.name) == self._fold(name) for part in each.parts]
            for one in found
        ]
        return _one_spelling([{self._fold(part): part for part in parts[::-1]} for parts in own])

    def _meaningful(self, terms: Iterable[Term]) -> list[Term]:
        return [term for term in terms if not self._analyser.ask(term.text).nothing]

    def _score(self, query: Query, entries: list[Entry]) -> float:
        titled = [replace(entries[0], text="", heading_path=())]
        return sum(
            self._tier(term, query.reach, entries) + self._tier(term, query.reach, titled)
            for term in self._meaningful(query.required)
        )

    def _best(self, query: Query, entries: list[Entry]) -> int:
        def worth(one: Entry) -> float:
            bare = replace(one, title="")
            return sum(self._tier(term, query.reach, [bare]) for term in self._meaningful(query.required))

        best = max(entries, key=worth)
        return best.ordinal if worth(best) else 0

    def _tier(self, term: Term, reach: Reach, entries: list[Entry]) -> float:
        """0 when the term is not there, more the closer it is."""
        asked = self._analyser.ask(term.text)
        readings = self._read(entries).texts
        for row in asked.rows:
            for reading in readings:
                identifier = len(row) == 1 or asked.whole
                if _in_a_row(row, reading.words.split()) or (identifier and _in_a_row(row, reading.parts.split())):
                    return 100.0
        spellings = self._spellings(entries)
        unfinished = isinstance(term, Word) and term.beginning and len(asked.plain) >= 2
        if (unfinished or (asked.plain and not asked.words)) and any(w.startswith(asked.plain) for w in spellings):
            return 1.0
        mistakes = tolerance(asked.plain) if isinstance(term, Word) and reach >= Reach.SIMILAR_WORDS else 0
        return 0.1 if mistakes and any(distance(asked.plain, word) <= mistakes for word in spellings) else 0.0

    def _read(self, entries: list[Entry]) -> Readings:
        texts = [entries[0].title, *(one.text for one in entries), *(" / ".join(one.heading_path) for one in entries)]
        return self._analyser.read(texts)

    def _spellings(self, entries: list[Entry]) -> frozenset[str]:
        return frozenset(self._read(entries).spellings.split())

    def _passes(self, wanted: Filter, one: Entry) -> bool:
        values = {self._analyser.fold(value) for value in _values(wanted.field, one)}
        if wanted.field in (Field.AUTHOR, Field.OWNER):
            values |= {part for value in values for part in value.split()}
        return wanted.excluded != bool(values & {self._analyser.fold(value) for value in wanted.values})


def distance(one: str, other: str) -> int:
    """Letters more, less, other or swapped with their neighbour."""

    @cache
    def between(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        best = min(between(i - 1, j) + 1, between(i, j - 1) + 1, between(i - 1, j - 1) + (one[i - 1] != other[j - 1]))
        if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
            best = min(best, between(i - 2, j - 2) + 1)
        return best

    return between(len(one), len(other))


def _in_a_row(row: tuple[str, ...], words: list[str]) -> bool:
    return any(tuple(words[at : at + len(row)]) == row for at in range(len(words)))


def _in_time(query: Query, one: Entry) -> bool:
    if one.updated_at is None:
        return query.since is None and query.before is None
    after = query.since is None or one.updated_at >= query.since
    return after and (query.before is None or one.updated_at < query.before)


def _updated(one: Entry) -> float:
    return one.updated_at.timestamp() if one.updated_at else float("-inf")


def _values(field: Field, one: Entry) -> tuple[str, ...]:
    single = {Field.SPACE: one.space_key, Field.KIND: one.kind, Field.AUTHOR: one.author, Field.SOURCE: one.connection}
    single |= {Field.CATEGORY: one.category, Field.OWNER: one.owner}
    several = {Field.LABEL: one.tags, Field.PROPERTY: tuple(each.name for each in one.properties)}
    several |= {Field.COLLECTION: one.collections}
    return several[field] if field in several else (single[field],)


def _one_spelling(spelled: list[dict[str, str]]) -> tuple[Count, ...]:
    """By folded value how each document spells it; the spellings of one together, under the most frequent."""
    seen: dict[str, Counter[str]] = {}
    for own in spelled:
        for folded, text in own.items():
            seen.setdefault(folded, Counter())[text] += 1
    found = [(min(each, key=lambda text: (-each[text], text)), each.total()) for each in seen.values()]
    return tuple(Count(text, number) for text, number in sorted(found, key=lambda one: (-one[1], one[0])))


def _counted(field: Field, found: list[Entry]) -> tuple[Count, ...]:
    seen = Counter(value for one in found for value in set(_values(field, one)) if value)
    return tuple(Count(value, number) for value, number in sorted(seen.items(), key=lambda one: (-one[1], one[0])))
