"""A passage is taken apart into what can be quoted, and every word of it stays where it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.assist.sentences import Sentence, sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is valid for 90 days. If it expires, nothing connects!", 2),
        ("See e.g. The handbook. Then go.", 2),
        ("Version 4.3 of the clock.", 1),
        ("Ask Dr. Berg first.", 1),
        ("今日は雨です。明日は晴れです。", 2),
        ("Name | Value. More", 1),
        ("", 0),
        ("First line\n\nSecond line", 2),
        ("He said “Stop.” Nobody did.", 2),
    ],
)
def test_a_passage_has_so_many_sentences(text: str, found: int) -> None:
    assert len(sentences(text)) == found


def test_marks_of_lists_are_left_away_and_steps_are_numbered() -> None:
    assert sentences("- One thing\n2. Wait. Then go on.\n[x] Done") == (
        Sentence("One thing", 0, item=True),
        Sentence("Wait.", 1, item=True, step=2),
        Sentence("Then go on.", 1, item=True, step=2),
        Sentence("Done", 2, item=True),
    )


@given(st.text(alphabet=st.sampled_from(list("aZ9 .!?。\n-|[]x\u201d")), max_size=80))
def test_every_sentence_stands_in_its_passage_word_for_word(text: str) -> None:
    for sentence in sentences(text):
        assert sentence.text in text.split("\n")[sentence.line]
