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
    ((reading,), spellings) = ENGLISH.read([text])
    assert reading.words.split() == [token.stem for token in tokens if token.role is Role.WORD]
    parts = {token.stem for token in tokens if token.role in (Role.PIECE, Role.WHOLE)}
    assert set(reading.parts.split()) == parts
    assert set(spellings.split()) == {token.plain for token in tokens}


@given(st.lists(st.lists(st.sampled_from([*CHUNKS, "\0", "a\0b", "\x1e", "\x1f"])).map(" ".join), min_size=1))
def test_texts_read_together_are_read_as_each_alone(texts: list[str]) -> None:
    alone = [ENGLISH.read([text]) for text in texts]
    together = ENGLISH.read(texts)
    assert [(one.words.split(), one.parts) for one in together.texts] == [
        (one.words.split(), one.parts) for reading in alone for one in reading.texts
    ]
    assert set(together.spellings.split()) == {word for one in alone for word in one.spellings.split()}
