"""The choice of how bodies are converted: kept as it was made, told apart, refused where it makes no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstem.wiki.conversion import (
    AS_IT_STANDS,
    MOST_MACROS,
    BadConversion,
    ConversionOptions,
    ImageForm,
    MacroForm,
    TableForm,
    facts_of,
    macros_of,
    options_of,
)

NAMES = st.text(alphabet="abcxyz-_.0", min_size=1, max_size=12)
OPTIONS = st.builds(
    ConversionOptions,
    macros=st.dictionaries(NAMES, st.sampled_from(MacroForm)).map(lambda chosen: macros_of(chosen.items())),
    tables=st.sampled_from(TableForm),
    images=st.sampled_from(ImageForm),
)


@given(OPTIONS)
def test_a_choice_is_the_same_after_it_was_kept(options: ConversionOptions) -> None:
    assert options_of(facts_of(options)) == options


@given(OPTIONS, OPTIONS)
def test_digests_tell_choices_apart_and_none_is_empty(one: ConversionOptions, other: ConversionOptions) -> None:
    assert (one.digest == other.digest) is (one == other)
    assert (one.digest == "") is (one == AS_IT_STANDS)


def test_macros_are_named_in_any_case_and_once() -> None:
    assert macros_of([(" DrawIO ", "drop"), ("toc", "render"), ("drawio", "drop")]) == (("drawio", MacroForm.DROP),)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"macros": {"drawio": "vanish"}}, "drawio cannot become 'vanish': choose one of render, text"),
        ({"macros": {"": "drop"}}, "no name of a macro"),
        ({"macros": {"two words": "drop"}}, "'two words' is no name of a macro"),
        ({"macros": {"A": "drop", "a": "text"}}, "a is named twice: choose one of drop and text"),
        ({"macros": {f"m{number}": "drop" for number in range(MOST_MACROS + 1)}}, "name at most 200"),
        ({"tables": "csv"}, "Tables cannot become 'csv': choose one of markdown, html, records"),
        ({"images": None}, "choose one of link, alt, drop"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_in_words(facts: dict[str, object], told: str) -> None:
    with pytest.raises(BadConversion, match=told):
        options_of(facts)
