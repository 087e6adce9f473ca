"""What is written to the index and what is looked up are the same words, whichever way they were read."""

from hypothesis import given
from hypothesis import strategies as st

from mainstem.index.analyser import Analyser, Role

ENGLISH = Analyser("english")
CHUNKS = ["word", "Word", "wOrd", "users'", "it's", "(see)", "[1]", "a.b", "c++", "c#", "*c#*", "é", "x", "-", "v1.2,"]
COMPOUNDS = st.from_regex(r"[a-cA-C1é]{1,3}([-._][a-cA-C1é]{1,3}){0,2}[-._,]?", fullmatch=True)


@given(st.lists(st.sampled_from(CHUNKS) | COMPOUNDS | st.text(max_size=6)))
def test_a_text_is_indexed_by_the_very_words_that_are_looked_up(chunks: list[str]) -> None:
    text = " ".join(chunks)
    tokens = [token for chunk in text.split() for token in ENGLISH.tokens(chunk)]
    reading = ENGLISH.read(text)
    assert reading.words.split() == [token.stem for token in tokens if token.role is Role.WORD]
    parts = {token.stem for token in tokens if token.role in (Role.PIECE, Role.WHOLE)}
    assert set(reading.parts.split()) == parts
    assert set(ENGLISH.spellings([reading]).split()) == {token.plain for token in tokens}
