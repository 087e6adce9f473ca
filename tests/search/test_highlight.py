"""What was found is marked in the text, and the stretch shown is the one that has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.index.analyser import Analyser
from mainstem.index.query import Phrase, Query, Reach, Term, Word
from mainstem.search.highlight import Mark, Marker, alike, excerpt
from tests.index.model import distance

ANALYSER = Analyser()


def marked(text: str, *terms: Term, reach: Reach = Reach.ALL_WORDS) -> list[str]:
    return [text[start:end] for start, end in marks(text, *terms, reach=reach)]


def marks(text: str, *terms: Term, reach: Reach = Reach.ALL_WORDS) -> tuple[Mark, ...]:
    return Marker(Query(required=terms, reach=reach), ANALYSER).marked(text).marks


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [
        ("Deploying twice, then a deployment", Word("deployed"), ["Deploying", "deployment"]),
        ("Zu\u0308rich und ZÜRICH", Word("zurich"), ["Zu\u0308rich", "ZÜRICH"]),
        ("call getUserById(7)", Word("user"), ["User"]),
        ("call getUserById(7)", Word("get_user_by_id"), ["getUserById"]),
        ("get user by id", Word("getUserById"), ["get", "user", "by", "id"]),
        ("the user's guide", Word("user"), ["user"]),
        ("本社は東京都庁の隣", Word("東京都"), ["東京都"]),
        ("本社は東京都庁の隣", Word("都"), ["都"]),
        ("call on call", Phrase("on call"), ["on", "call"]),
        ("clusters and clustering", Word("cluster", beginning=True), ["clusters", "clustering"]),
        ("nothing here", Word("..."), []),
    ],
)
def test_words_are_marked_as_they_stand(text: str, term: Term, found: list[str]) -> None:
    assert marked(text, term) == found


def test_similar_words_are_marked_only_where_the_word_itself_is_missing() -> None:
    assert marked("Kubernetes runs", Word("kubernetse"), reach=Reach.SIMILAR_WORDS) == ["Kubernetes"]
    assert marked("green greek", Word("green"), reach=Reach.SIMILAR_WORDS) == ["green"]
    assert marked("Kubernetes runs", Word("kubernetse")) == []


def test_each_word_has_its_own_places() -> None:
    marker = Marker(Query(required=(Word("call"), Word("user"), Phrase("on call"))), ANALYSER)
    assert marker.marked("call on call").places == (((0, 4), (8, 12)), (), ((5, 7), (8, 12)))


@given(st.lists(st.text("abAB_ 東-", max_size=30), max_size=4), st.sampled_from(Reach))
def test_what_a_marker_saw_of_other_texts_changes_nothing(texts: list[str], reach: Reach) -> None:
    query = Query(required=(Word("ab"), Word("aabb"), Phrase("a b"), Word("東", beginning=True)), reach=reach)
    marker = Marker(query, ANALYSER)
    assert [marker.marked(text) for text in texts] == [Marker(query, ANALYSER).marked(text) for text in texts]


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 3))
def test_likeness_counts_mistakes_as_the_model_does(one: str, other: str, mistakes: int) -> None:
    assert alike(one, other, mistakes) == (distance(one, other) <= mistakes)


def test_a_long_text_is_cut_between_words_around_what_was_found() -> None:
    text = "padding words here " * 40 + "the needle is here " + "more padding words " * 40
    shown = excerpt(text, marks(text, Word("needle")), length=120)
    ((start, end),) = shown.marks
    assert shown.text[start:end] == "needle"
    assert len(shown.text) <= 122
    assert shown.text.startswith("\u2026")
    assert shown.text.endswith("\u2026")
    assert set(shown.text.strip("\u2026").split()) <= set(text.split())


@given(st.text("ab 東 ", max_size=400), st.sampled_from(["a", "ab", "東", "b a"]), st.integers(20, 100))
def test_marks_of_an_excerpt_lie_inside_it(text: str, word: str, length: int) -> None:
    shown = excerpt(text, marks(text, Word(word), Phrase(word)), length)
    assert len(shown.text) <= length + 2
    assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)
    bare = shown.text.strip("\u2026")
    assert bare in text
