"""What a model wrote becomes claims, and only passages that it was given can be cited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.assist.citations import claims_of
from mainstem.store.answers import Claim

GIVEN = range(1, 6)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("It lasts 90 days [1].", (Claim("It lasts 90 days.", (1,)),)),
        (
            "It lasts 90 days. [1] Then it ends [2][3].",
            (Claim("It lasts 90 days.", (1,)), Claim("Then it ends.", (2, 3))),
        ),
        ("It lasts [1, 3].", (Claim("It lasts.", (1, 3)),)),
        ("It lasts [2-4].", (Claim("It lasts.", (2, 3, 4)),)),
        ("It lasts [9].", (Claim("It lasts.", ()),)),
        ("It lasts [1][9].", (Claim("It lasts.", (1,)),)),
        ("I think so. It lasts [1].", (Claim("I think so.", ()), Claim("It lasts.", (1,)))),
        ("- Ask [1]\n- Load [2]", (Claim("Ask", (1,), listed=True), Claim("Load", (2,), line=1, listed=True))),
        ("2. Load [2]", (Claim("Load", (2,), listed=True, step=2),)),
        ("One [1].\n\nTwo [2].", (Claim("One.", (1,)), Claim("Two.", (2,), 1, 2))),
        ("It lasts 90 days [", (Claim("It lasts 90 days", ()),)),
        ("It lasts 90 days [1", (Claim("It lasts 90 days", ()),)),
        ("## So\n**Bold** `code` [1]", (Claim("So", ()), Claim("Bold `code`", (1,), line=1))),
        ("", ()),
        ("[1]", ()),
    ],
)
def test_sentences_are_tied_to_the_passages_they_cite(text: str, claims: tuple[Claim, ...]) -> None:
    assert claims_of(text, GIVEN) == claims


@given(st.text(alphabet=st.sampled_from(list("aB.! \n-[]1239,;")), max_size=120))
def test_nothing_is_ever_cited_that_was_not_given(text: str) -> None:
    given_numbers = {1, 2}
    for claim in claims_of(text, given_numbers):
        assert set(claim.cites) <= given_numbers
        assert claim.text.strip()
