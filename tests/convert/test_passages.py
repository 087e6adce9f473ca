"""Passages: where they are cut, what stands above them, and what `extract` gives beside them."""

import pytest

from mainstem.convert import extract, parse, to_html
from mainstem.convert.passages import LONGEST
from mainstem.wiki.documents import (
    AttachmentTarget,
    ContentTarget,
    Converted,
    Destination,
    NoLinks,
    PageTarget,
    PersonTarget,
    SpaceTarget,
    Target,
    UrlTarget,
)
from tests.convert.storage import macro, rich

SENTENCE = "This sentence has some words. "


def test_headings_cut_passages_and_stand_above_them_in_order() -> None:
    found = extract(parse("<p>a</p><h1>One</h1><h2>Two</h2><p>b</p><h2>Two</h2><p>c</p><h1>Last</h1>")).passages
    assert [(passage.heading_path, passage.anchor, passage.text) for passage in found] == [
        ((), "", "a"),
        (("One", "Two"), "two", "b"),
        (("One", "Two"), "two-1", "c"),
        (("Last",), "last", "Last"),
    ]
    assert [passage.ordinal for passage in found] == [0, 1, 2, 3]


def test_anchors_are_the_ids_of_the_html() -> None:
    document = parse("<h1>A b</h1><p>x</p><h1>A b</h1><p>y</p><h1>***</h1><p>z</p><h2>Ünï</h2><p>q</p>")
    assert [passage.anchor for passage in extract(document).passages] == ["a-b", "a-b-1", "section", "ünï"]
    assert all(f'id="{passage.anchor}"' in to_html(document) for passage in extract(document).passages)


def test_long_text_is_cut_between_words_and_blocks() -> None:
    source = f"<p>{SENTENCE * 100}</p>" + f"<p>{SENTENCE * 8}</p>" * 10
    found = extract(parse(source)).passages
    assert all(600 < len(passage.text) <= LONGEST + 10 for passage in found[:-1])
    assert " ".join(" ".join(passage.text for passage in found).split()) == (SENTENCE * 180).strip()


def test_a_word_longer_than_a_passage_stays_whole() -> None:
    word = "x" * 5000
    assert [passage.text for passage in extract(parse(f"<p>{word} and more</p>")).passages] == [word, "and more"]


def test_a_long_table_is_cut_between_rows_and_each_part_says_its_header_and_merged_cells() -> None:
    rows = "".join(f"<tr><td>row {number} {SENTENCE * 3}</td></tr>" for number in range(30))
    merged = rows.replace("<tr>", '<tr><td rowspan="30">group</td>', 1)
    table = f"<table><tbody><tr><th>Name</th><th>Text</th></tr>{merged}</tbody></table>"
    found = extract(parse(table)).passages
    assert len(found) > 2
    assert all(passage.text.startswith("Name | Text\ngroup | row") for passage in found)


def test_long_code_is_cut_between_lines() -> None:
    lines = [f"line {number} = {number}" for number in range(300)]
    body = "\n".join(lines)
    source = f'<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[{body}]]></ac:plain-text-body>'
    found = extract(parse(f"{source}</ac:structured-macro>")).passages
    assert [line for passage in found for line in passage.text.split("\n")] == lines


def test_soft_hyphens_and_zero_width_blanks_do_not_split_words() -> None:
    assert extract(parse("<p>un&shy;believ\u200bable</p>")).passages[0].text == "unbelievable"


def test_a_number_raised_behind_a_word_is_told_by_a_caret_and_raised_letters_stay_with_their_word() -> None:
    source = (
        "<p>10<sup>9</sup> on <b>m</b><sup>-2</sup>, the 1<sup>st</sup>, <a href='https://e.org'>x<sup>2</sup></a></p>"
    )
    assert extract(parse(source)).passages[0].text == "10^9 on m^-2, the 1st, x^2"


def test_page_properties_become_pairs_whether_keys_stand_beside_or_above_their_values() -> None:
    down = "<table><tr><th>Owner</th><td>Ann <b>B</b></td></tr><tr><th>State</th><td><p>on</p></td></tr></table>"
    across = "<table><tr><th>Team</th><th>Tier</th></tr><tr><td>Core</td><td>1</td></tr></table>"
    body = f'<ac:structured-macro ac:name="details"><ac:rich-text-body>{down}{across}</ac:rich-text-body>'
    converted = extract(parse(f"{body}</ac:structured-macro>"))
    assert told(converted) == (("Owner", "Ann B"), ("State", "on"), ("Team", "Core"), ("Tier", "1"))


def told(converted: Converted) -> tuple[tuple[str, str], ...]:
    return tuple((each.name, each.value) for each in converted.properties)


def rows(*rows: str) -> str:
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


OWNER = rows("<th>Owner</th><td>Ann</td>")
PROPERTIES = {
    "several values": (rows("<th>Team</th><td>Core</td><td>Edge</td>"), (("Team", "Core Edge"),)),
    "no value": (rows("<th>Team</th><td></td>"), (("Team", ""),)),
    "no key": (rows("<th></th><td>Core</td>"), ()),
    "a cell alone": (rows("<td>Core</td>"), ()),
    "two plain cells": (rows("<td>Team</td><td>Core</td>"), (("Team", "Core"),)),
    "keys above, of which one has no value": (
        rows("<th>Team</th><th>Tier</th>", "<td>Core</td>"),
        (("Team", "Core"),),
    ),
    "a table in a panel": (macro("info", rich(OWNER)), (("Owner", "Ann"),)),
    "a table that opens on a click": (macro("expand", rich(OWNER)), (("Owner", "Ann"),)),
    "a table in an excerpt": (macro("excerpt", rich(OWNER)), (("Owner", "Ann"),)),
    "tables side by side": (
        macro("section", rich("".join(macro("column", rich(rows(f"<th>{key}</th><td>1</td>"))) for key in "AB"))),
        (("A", "1"), ("B", "1")),
    ),
    "words": ("<p>Owner: Ann</p>", ()),
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_page_properties_are_found_wherever_their_table_stands(name: str) -> None:
    body, properties = PROPERTIES[name]
    assert told(extract(parse(macro("details", rich(body))))) == properties


def test_links_are_every_target_once_and_in_order() -> None:
    source = """
    <ac:link><ri:page ri:content-title="P" ri:space-key="S" /></ac:link>
    <ac:link ac:anchor="a%20b"><ri:page ri:content-title="P" /></ac:link>
    <ac:link><ri:content-entity ri:content-id="7" /></ac:link>
    <ac:link><ri:space ri:space-key="S" /></ac:link>
    <ac:link><ri:user ri:userkey="u" /></ac:link>
    <ac:image><ri:attachment ri:filename="f"><ri:page ri:content-title="Q" /></ri:attachment></ac:image>
    <a href="https://example.org/">x</a> <a href="https://example.org/">y</a> <a href="javascript:x">z</a>
    """
    assert extract(parse(source)).links == (
        PageTarget("P", "S"),
        PageTarget("P", anchor="a b"),
        ContentTarget("7"),
        SpaceTarget("S"),
        PersonTarget("u"),
        AttachmentTarget("f", PageTarget("Q")),
        UrlTarget("https://example.org/"),
    )


class People:
    """Knows everybody by one name."""

    def resolve(self, target: Target) -> Destination | None:
        return Destination("", "Ada") if isinstance(target, PersonTarget) else NoLinks().resolve(target)


def test_a_mention_reads_as_a_name_and_never_as_an_id() -> None:
    document = parse('<p>ask <ac:link><ri:user ri:account-id="5f1" /></ac:link> first</p>')
    assert extract(document, People()).passages[0].text == "ask @Ada first"
    assert "5f1" not in extract(document).passages[0].text
