"""How an index follows the journal: each document is read once, and none is passed over."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from mainstem.index.passage_index import Entry
from mainstem.store import journal
from mainstem.sync.indexing import catch_up, steps
from tests.index.contract import words
from tests.index.model import ModelIndex
from tests.search.conftest import Wiki

CHANGED = st.lists(st.integers(1, 9), min_size=1, max_size=30)


class CountingIndex(ModelIndex):
    """Remembers which documents it was given, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[int] = []

    def apply(self, position: int, *, remove: Iterable[int] = (), add: Iterable[Entry] = ()) -> None:
        removed = list(remove)
        self.given += removed
        super().apply(position, remove=removed, add=add)


@given(CHANGED, st.integers(1, 5), st.integers(1, 3))
def test_each_position_is_behind_all_that_was_read_and_before_all_that_was_not(
    changed: list[int], size: int, gap: int
) -> None:
    entries = [journal.Entry(7 + number * gap, document) for number, document in enumerate(changed)]
    read: list[int] = []
    for step in steps(entries, size):
        assert len(step.document_ids) <= size
        read += step.document_ids
        assert {entry.document_id for entry in entries if entry.seq <= step.position} <= set(read)
    assert sorted(read) == sorted(set(changed))
    assert step.position == entries[-1].seq


def test_a_document_that_changed_often_is_indexed_once(wiki: Wiki) -> None:
    for text in ("tea", "more tea", "coffee"):
        wiki.save("1", text)
        wiki.save("2", text)
    index = CountingIndex()
    assert catch_up(wiki.engine, index) == 2
    assert sorted(index.given) == sorted(set(index.given))
    assert index.find(words("coffee"), chains=None).total == 2
