"""How operators go on while somebody types: with values that this person may read, and no others."""

import pytest

from mainstem.search.complete import complete
from mainstem.store.database import reading
from mainstem.wiki.audience import Viewer
from tests.search.conftest import Wiki
from tests.store.site import ALICE, NOW


@pytest.fixture
def filled(wiki: Wiki) -> Wiki:
    wiki.save("1", "The broker greets.", labels=("runbook", "two words"))
    wiki.save("2", "The broker rests.", labels=("runbook", "rare"))
    wiki.save("3", "The merger.", labels=("rumour",))
    wiki.restrict("3", ALICE.id)
    wiki.index_all()
    return wiki


def texts(wiki: Wiki, text: str, viewer: Viewer) -> list[str]:
    with reading(wiki.engine) as db:
        found = complete(text, viewer=viewer, store=db, index=wiki.index, now=NOW)
    return [choice.text for choice in found]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", []),
        ("x", []),
        ("s", []),
        ("sp", ["space:"]),
        ("broker -LA", ["broker -label:"]),
        ("so", ["source:"]),
        ("label:ra", ["label:rare "]),
        ("broker label:", ["broker label:runbook ", "broker label:rare ", 'broker label:"two words" ']),
        ("label:wor", ['label:"two words" ']),
        ('label:"two w', ['label:"two words" ']),
        ("space:engi", ["space:ENG "]),
        ("space:en", ["space:ENG "]),
        ("-type:p", ["-type:page "]),
        ("updated:<", ["updated:<7d ", "updated:<30d ", "updated:<1y "]),
        ("updated:>", ["updated:>1y "]),
        ("colour:r", []),
        ("label:a,r", []),
        ("merger label:ra", []),
    ],
)
def test_what_is_typed_goes_on_as_an_operator(filled: Wiki, bob: Viewer, typed: str, offered: list[str]) -> None:
    assert texts(filled, typed, bob) == offered


def test_a_value_that_only_hidden_documents_have_is_offered_to_nobody_else(
    filled: Wiki, alice: Viewer, bob: Viewer
) -> None:
    assert texts(filled, "label:ru", bob) == ["label:runbook "]
    assert texts(filled, "label:", Viewer("charlie")) == []
    assert texts(filled, "space:", Viewer("charlie")) == []


def test_counts_and_titles_come_along(filled: Wiki, bob: Viewer) -> None:
    with reading(filled.engine) as db:
        (space,) = complete("broker space:", viewer=bob, store=db, index=filled.index, now=NOW)
    assert (space.value, space.title, space.documents) == ("ENG", "Engineering", 2)
