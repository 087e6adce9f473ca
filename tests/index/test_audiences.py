"""Audiences of hundreds of chains, which are not looked up as small ones are, see what the model shows them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstem.index.local import LocalIndex
from mainstem.index.lookup import Audience
from mainstem.index.matching import gaps
from mainstem.index.passage_index import Entry, Found
from mainstem.index.query import Phrase, Query, Reach, Word
from tests.index.contract import ids
from tests.index.entries import entry
from tests.index.model import ModelIndex

DOCUMENTS = 1_200
CHAINS = 1_000
WORDS = ["tea", "pot", "green", "cup", "leaf", "kettle"]
QUERIES = [
    Query(required=(Word("tea"),)),
    Query(required=(Word("tea"), Word("po", beginning=True))),
    Query(required=(Phrase("tea pot"),)),
    Query(required=(Word("kettle"),), excluded=(Word("leaf"),)),
    Query(required=(Word("rare"),)),
    Query(required=(Word("kettel"), Word("cup")), reach=Reach.ANY_WORD),
]


def corpus() -> list[Entry]:
    chance = random.Random(5)
    return [
        entry(
            number,
            " ".join(chance.choices(WORDS, k=4)) + (" rare" if number % 97 == 0 else ""),
            chain=number * 7 % CHAINS,
            labels=(f"l{number % 9}",),
            space=f"S{number % 4}",
        )
        for number in range(DOCUMENTS)
    ]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalIndex, ModelIndex]]:
    local, model = LocalIndex(tmp_path_factory.mktemp("audiences")), ModelIndex()
    for index in (local, model):
        index.apply(1, add=corpus())
    yield local, model
    local.close()


def some_chains(share: float, seed: int) -> frozenset[int]:
    return frozenset(random.Random(seed).sample(range(CHAINS), int(share * CHAINS)))


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(QUERIES),
    st.sampled_from([0.02, 0.4, 0.6, 0.97, 1.0]),
    st.integers(0, 3),
    st.sampled_from([0, 5, 700]),
    st.sampled_from([frozenset[int](), frozenset({0, 97, 500})]),
)
def test_an_audience_of_any_size_gets_its_own_hits_and_numbers(
    both: tuple[LocalIndex, ModelIndex], query: Query, share: float, seed: int, offset: int, without: frozenset[int]
) -> None:
    chains = some_chains(share, seed)
    found, expected = (index.find(query, chains=chains, without=without, limit=10, offset=offset) for index in both)
    assert (found.total, found.facets) == (expected.total, expected.facets)
    assert len(found.hits) == len(expected.hits)
    lean = both[0].find(query, chains=chains, without=without, limit=10, offset=offset, facets=False)
    assert lean == replace(found, facets={})
    allowed = {one.document_id for one in corpus() if one.chain_id in chains} - without
    assert set(ids(found)) <= allowed


@pytest.mark.parametrize("facets", [True, False])
@pytest.mark.parametrize("query", QUERIES)
def test_pages_of_hits_go_on_beyond_what_is_fetched_at_once(
    both: tuple[LocalIndex, ModelIndex], query: Query, facets: bool
) -> None:
    chains = some_chains(0.6, 1)
    pages = [both[0].find(query, chains=chains, limit=90, offset=at, facets=facets) for at in range(0, 720, 90)]
    everything = both[0].find(query, chains=chains, limit=800)
    assert [one for page in pages for one in ids(page)] == ids(everything)
    assert len(set(ids(everything))) == everything.total


@pytest.mark.parametrize("chains", [frozenset(range(500)), frozenset(range(0, 1_000, 2)), some_chains(0.9, 2)])
def test_a_chain_that_nobody_named_is_hidden_wherever_its_number_lies(tmp_path: Path, chains: frozenset[int]) -> None:
    assert not Audience(chains, frozenset()).simple or gaps(chains) < len(chains)
    local = LocalIndex(tmp_path)
    strangers = [chain for chain in (*range(CHAINS + 3), 10**9, 2**40) if chain not in chains]
    local.apply(1, add=[entry(number, "tea", chain=chain) for number, chain in enumerate(strangers)])
    for query in (Query(required=(Word("tea"),)), Query(required=(Phrase("tea"),)), Query()):
        assert local.find(query, chains=chains) == Found()
    assert local.suggest("te", chains=chains) == ()
    local.close()
