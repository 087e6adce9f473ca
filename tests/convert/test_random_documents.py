"""Whatever the document: nothing fails, no word is lost, no parameter leaks, and no output outgrows its bound."""

from collections import Counter
from html import escape

from hypothesis import given
from hypothesis import strategies as st

from mainstem.convert import extract, parse, to_html, to_json, to_markdown, to_text
from tests.convert import words
from tests.convert.storage_grammar import DOCUMENTS, LINE, SIGNS


def missing(source: str, found: Counter[str]) -> Counter[str]:
    expected = words.in_storage(source)
    return Counter({word: count for word, count in (expected - found).items() if word.startswith("w")})


@given(DOCUMENTS)
def test_markdown_keeps_every_word_when_rendered(source: str) -> None:
    markdown = to_markdown(parse(source))
    assert not missing(source, words.counted(words.rendered(markdown)))
    assert "junk" not in markdown


@given(DOCUMENTS)
def test_html_keeps_every_word(source: str) -> None:
    html = to_html(parse(source))
    assert not missing(source, words.counted(words.shown(html)))
    assert "junk" not in html


@given(DOCUMENTS)
def test_plain_text_keeps_every_word(source: str) -> None:
    text = to_text(parse(source))
    assert not missing(source, words.counted(text))
    assert "junk" not in text


@given(DOCUMENTS)
def test_passages_cover_every_word_under_ids_that_the_html_has(source: str) -> None:
    document = parse(source)
    converted = extract(document)
    assert not missing(source, words.in_passages(converted))
    html = to_html(document)
    for passage in converted.passages:
        assert "junk" not in passage.text
        assert not passage.anchor or f'id="{passage.anchor}"' in html


@given(st.one_of(st.text(), DOCUMENTS, st.text(alphabet="<>/&;!-[]CDATAabp:=\"' \x00\x1c\ud800", max_size=80)))
def test_no_text_at_all_makes_the_converter_fail_or_outgrow_its_bound(source: str) -> None:
    document = parse(source)
    extract(document)
    limit = 10 * len(source) + 64 * 1024
    for output in (to_markdown(document), to_html(document), to_text(document), to_json(document)):
        assert len(output) <= limit


@given(DOCUMENTS, st.integers(0, 400), st.integers(1, 6))
def test_markup_broken_anywhere_keeps_the_words_that_stand_outside_tags(source: str, place: int, length: int) -> None:
    broken = f"<div>{source[:place]}{source[place + length :]}</div> w1 & w2 < w3"
    found = words.counted(to_text(parse(broken)))
    assert {"w1", "w2", "w3"} <= set(found)


@given(st.text(alphabet="*_[]()<>&`~#|!\\-+=.:;\"'/ab1é\xa0 ", max_size=30))
def test_a_paragraph_of_any_signs_reads_the_same_after_a_round_trip_through_markdown(text: str) -> None:
    markdown = to_markdown(parse(f"<p>{escape(text)}</p>"))
    assert words.rendered(markdown).split() == text.split()


@given(st.lists(st.tuples(st.sampled_from(["strong", "em", "s", "span", "code"]), SIGNS), max_size=4))
def test_styled_signs_read_the_same_after_a_round_trip_through_markdown(parts: list[tuple[str, str]]) -> None:
    source = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in parts)
    shown = words.rendered(to_markdown(parse(f"<p>x {source} y</p>")))
    assert "".join(shown.split()) == "".join(f"x{''.join(text for _, text in parts)}y".split())


@given(LINE)
def test_a_line_keeps_its_words_whole_in_the_cell_of_a_table(line: str) -> None:
    source = f"<table><tr><th>A</th><th>B</th></tr><tr><td>{line}</td><td>w0</td></tr></table>"
    assert not missing(source, words.counted(words.rendered(to_markdown(parse(source)))))
