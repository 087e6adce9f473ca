"""The tantivy adapter and the model keep the contract, and agree wherever Hypothesis looks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstem.index.errors import IndexHeld, IndexUnreadable, UnknownLanguage
from mainstem.index.local import LocalIndex
from mainstem.index.passage_index import Entry, PassageIndex, Size
from mainstem.index.query import Field, Filter, Phrase, PropertyFilter, Query, Reach, Sign, Word
from mainstem.wiki.properties import PageProperty, PropertyType
from tests.index.contract import PassageIndexContract, PassageIndexFilterContract, ids, words
from tests.index.entries import entry
from tests.index.model import ModelIndex


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalIndex]:
    index = LocalIndex(tmp_path)
    yield index
    index.close()


class TestLocalIndex(PassageIndexContract, PassageIndexFilterContract):
    @pytest.fixture
    def index(self, local: LocalIndex) -> PassageIndex:
        return local


class TestModelIndex(PassageIndexContract, PassageIndexFilterContract):
    @pytest.fixture
    def index(self) -> PassageIndex:
        return ModelIndex()


VOCABULARY = [
    "tea",
    "teapot",
    "green",
    "getTeaPot",
    "tea_pot",
    "greens",
    "gren",
    "pot-tea",
    "東京",
    "京都駅",
    "2026",
    "C++",
]
TEXTS = st.lists(st.sampled_from([*VOCABULARY, "/", "..."]), max_size=6).map(" ".join)
TERMS = st.one_of(
    st.builds(Word, st.sampled_from([*VOCABULARY, "te", "京", "potTea", "..."]), st.booleans()),
    st.builds(Phrase, TEXTS),
)
LABELS = st.lists(st.sampled_from(["a", "b", "C"]), max_size=2, unique=True).map(tuple)
FILTERS = st.builds(
    Filter,
    st.sampled_from([Field.LABEL, Field.SPACE, Field.PROPERTY]),
    st.frozensets(st.sampled_from(["A", "b", "c", "eng", "OPS", "OWNER"]), min_size=1, max_size=2),
    st.booleans(),
)
VALUES = st.sampled_from(
    ["Done", "done", "DONE é", "Ana López", "3", "3.0", "-2", "€ 1,200", "€ 3.00", "2026-05-31", "1 May 2026"]
)
PROPERTIES = st.lists(
    st.builds(
        PageProperty,
        st.sampled_from(["Owner", "owner", "Due  date", "a=b"]),
        st.just(""),
        st.sampled_from(PropertyType),
        st.lists(VALUES, max_size=3).map(tuple),
    ),
    max_size=3,
).map(tuple)
BY_PROPERTY = st.builds(
    PropertyFilter,
    st.sampled_from(["OWNER", "due date", "a=b", "none"]),
    st.sampled_from(Sign),
    st.frozensets(st.one_of(VALUES, st.just("ana")), min_size=1, max_size=1),
    st.booleans(),
)
QUERIES = st.builds(
    Query,
    required=st.lists(TERMS, max_size=3).map(tuple),
    excluded=st.lists(TERMS.filter(lambda term: not getattr(term, "beginning", False)), max_size=1).map(tuple),
    filters=st.lists(FILTERS, max_size=2).map(tuple),
    properties=st.lists(BY_PROPERTY, max_size=2).map(tuple),
    documents=st.just(frozenset[int]()) | st.frozensets(st.integers(0, 6), max_size=4),
    reach=st.sampled_from(Reach),
)


@st.composite
def corpora(draw: st.DrawFn) -> list[Entry]:
    found: list[Entry] = []
    for number in range(draw(st.integers(0, 6))):
        title, chain, labels, properties = draw(TEXTS), draw(st.integers(1, 3)), draw(LABELS), draw(PROPERTIES)
        space = draw(st.sampled_from(["ENG", "Ops"]))
        for ordinal, (text, heading) in enumerate(draw(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3))):
            about = entry(number, text, ordinal=ordinal, title=title, chain=chain, labels=labels, space=space)
            found.append(replace(about, heading_path=(heading,), properties=properties))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(corpora(), st.lists(QUERIES, min_size=1, max_size=8), st.none() | st.frozensets(st.integers(1, 4)))
def test_the_local_index_agrees_with_the_model(
    local: LocalIndex, corpus: list[Entry], queries: list[Query], chains: frozenset[int] | None
) -> None:
    model = ModelIndex()
    for index in (local, model):
        index.clear()
        index.apply(1, add=corpus)
    assert local.count() == model.count()
    assert local.suggest("te", chains=chains) == model.suggest("te", chains=chains)
    for query in queries:
        found, expected = (index.find(query, chains=chains, without=[0], limit=50) for index in (local, model))
        assert replace(found, hits=()) == replace(expected, hits=()), query
        assert local.find(query, chains=chains, without=[0], limit=50, facets=False) == replace(
            found, facets={}, values={}
        )
        assert sorted(ids(found)) == sorted(ids(expected)), query
        scores = [hit.score for hit in found.hits]
        assert scores == sorted(scores, reverse=True)


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    first = LocalIndex(tmp_path)
    first.apply(4, add=[entry(1, "tea")])
    first.close()
    again = LocalIndex(tmp_path)
    assert (again.position, ids(again.find(words("tea"), chains=None))) == (4, [1])


KILLED = """
import os, sys
from pathlib import Path
from mainstem.index.local import LocalIndex
from tests.index.entries import entry

def entries():
    yield entry(2, "half")
    os._exit(9)

index = LocalIndex(Path(sys.argv[1]))
index.apply(1, add=[entry(1, "whole")])
index.apply(2, remove=[1], add=entries())
"""


def test_a_process_killed_while_it_writes_leaves_the_last_whole_state(tmp_path: Path) -> None:
    path = os.pathsep.join(sys.path)
    died = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env={"PYTHONPATH": path}, check=False)
    assert died.returncode == 9
    index = LocalIndex(tmp_path)
    assert (index.position, index.count()) == (1, Size(1, 1))
    index.apply(2, add=[entry(2, "again")])
    assert index.position == 2
    index.close()


def test_a_failure_half_way_changes_nothing(local: LocalIndex) -> None:
    local.apply(1, add=[entry(1, "tea")])
    with pytest.raises(ValueError, match="do not stand next to each other"):
        local.apply(2, remove=[1], add=[entry(2), entry(3), entry(2, ordinal=1)])
    local.apply(3)
    assert (local.position, local.count()) == (3, Size(1, 1))


def test_a_second_writer_is_told_who_is_in_the_way_but_may_read(local: LocalIndex, tmp_path: Path) -> None:
    local.apply(1, add=[entry(1, "tea")])
    other = LocalIndex(tmp_path)
    with pytest.raises(IndexHeld, match=str(tmp_path)):
        other.apply(2)
    local.apply(2, add=[entry(2, "tea")])
    assert (other.position, other.find(words("tea"), chains=None).total) == (2, 2)
    local.close()
    other.apply(3)
    assert local.position == 3
    other.close()


def test_damaged_files_are_named(tmp_path: Path) -> None:
    LocalIndex(tmp_path).close()
    (meta,) = tmp_path.glob("*/meta.json")
    meta.write_text("{")
    with pytest.raises(IndexUnreadable, match="rebuilt"):
        LocalIndex(tmp_path)


def test_each_language_has_its_own_index_and_stemmer(tmp_path: Path) -> None:
    german, english = LocalIndex(tmp_path, language="german"), LocalIndex(tmp_path)
    german.apply(1, add=[entry(1, "Die Häuser werden gebaut")])
    assert german.find(words("Haus"), chains=None).total == 1
    assert english.position == 0
    german.close()
    with pytest.raises(UnknownLanguage, match="english"):
        LocalIndex(tmp_path, language="klingon")
