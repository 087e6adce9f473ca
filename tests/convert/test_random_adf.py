"""Whatever a document in ADF holds: nothing fails, no word is lost, no parameter leaks, all output is bounded."""

from collections import Counter
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from mainstem.convert import extract, parse, to_html, to_json, to_markdown, to_text
from mainstem.convert.errors import NotADocument
from mainstem.wiki.documents import BodyFormat
from tests.convert import words
from tests.convert.adf_grammar import DOCUMENTS, ODD


def missing(source: str, found: Counter[str]) -> Counter[str]:
    expected = words.in_adf(source)
    return Counter({word: count for word, count in (expected - found).items() if word.startswith("w")})


@given(DOCUMENTS)
def test_markdown_keeps_every_word_when_rendered(source: str) -> None:
    markdown = to_markdown(parse(source, BodyFormat.ADF))
    assert not missing(source, words.counted(words.rendered(markdown)))
    assert "junk" not in markdown


@given(DOCUMENTS)
def test_html_and_plain_text_keep_every_word(source: str) -> None:
    document = parse(source, BodyFormat.ADF)
    html, text = to_html(document), to_text(document)
    assert not missing(source, words.counted(words.shown(html)))
    assert not missing(source, words.counted(text))
    assert "junk" not in html + text


@given(DOCUMENTS)
def test_passages_cover_every_word_under_ids_that_the_html_has(source: str) -> None:
    document = parse(source, BodyFormat.ADF)
    converted = extract(document)
    assert not missing(source, words.in_passages(converted))
    html = to_html(document)
    for passage in converted.passages:
        assert "junk" not in passage.text
        assert not passage.anchor or f'id="{passage.anchor}"' in html


@given(st.one_of(ODD, DOCUMENTS), st.integers(0, 400), st.integers(0, 6))
def test_no_text_fails_otherwise_than_as_no_document_or_outgrows_its_bound(
    source: str, place: int, length: int
) -> None:
    broken = source[:place] + source[place + length :]
    with suppress(NotADocument):
        document = parse(broken, BodyFormat.ADF)
        extract(document)
        limit = 10 * len(broken) + 64 * 1024
        for output in (to_markdown(document), to_html(document), to_text(document), to_json(document)):
            assert len(output) <= limit
