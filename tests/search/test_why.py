"""Why a document was found: each word that was asked for, and where it stands."""

import pytest

from mainstem.search.why import Reason, Spot
from mainstem.wiki.audience import Viewer
from tests.search.conftest import Wiki


@pytest.fixture
def filled(wiki: Wiki) -> Wiki:
    wiki.save("1", "Rotate the key by hand.", "The gateway waits.", title="Broker certificates")
    wiki.index_all()
    return wiki


def reasons(wiki: Wiki, text: str, viewer: Viewer) -> tuple[Reason, ...]:
    (result,) = wiki.find(text, viewer).results
    return result.reasons


def test_each_word_is_told_with_where_it_stands_and_how_it_is_written(filled: Wiki, alice: Viewer) -> None:
    assert reasons(filled, 'certificate "the key" top', alice) == (
        Reason("certificate", Spot.TITLE, "certificates"),
        Reason("the key", Spot.TEXT, "the key"),
        Reason("top", Spot.HEADING, "Top"),
    )


def test_a_word_of_another_passage_is_elsewhere(filled: Wiki, alice: Viewer) -> None:
    spots = {reason.asked: reason.spot for reason in reasons(filled, "rotate hand gateway", alice)}
    assert spots == {"rotate": Spot.TEXT, "hand": Spot.TEXT, "gateway": Spot.ELSEWHERE}


def test_a_typing_mistake_is_told_as_what_was_found(filled: Wiki, alice: Viewer) -> None:
    assert reasons(filled, "certificatex", alice) == (Reason("certificatex", Spot.TITLE, "certificates"),)


def test_where_any_word_was_enough_the_others_are_passed_over(filled: Wiki, alice: Viewer) -> None:
    assert reasons(filled, "rotate zebra", alice) == (Reason("rotate", Spot.TEXT, "Rotate"),)


def test_without_words_there_is_nothing_to_tell(filled: Wiki, alice: Viewer) -> None:
    assert reasons(filled, "space:ENG", alice) == ()
