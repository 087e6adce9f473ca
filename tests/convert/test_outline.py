"""The headings of a document, wherever they stand, as a table of contents names them."""

import pytest

from mainstem.convert import Heading, headings, parse, to_html

MACRO = '<ac:structured-macro ac:name="{}">{}<ac:rich-text-body><h2>Here</h2></ac:rich-text-body></ac:structured-macro>'
HIDDEN = '<ac:parameter ac:name="hidden">true</ac:parameter>'
PLACES = {
    "text": "<h2>Here</h2>",
    "style": "<h2><em>He</em>re</h2>",
    "list": "<ul><li><h2>Here</h2></li></ul>",
    "task": "<ac:task-list><ac:task><ac:task-body><h2>Here</h2></ac:task-body></ac:task></ac:task-list>",
    "table": "<table><tbody><tr><td><h2>Here</h2></td></tr></tbody></table>",
    "quote": "<blockquote><h2>Here</h2></blockquote>",
    "columns": "<ac:layout><ac:layout-section><ac:layout-cell><p>a</p></ac:layout-cell>"
    "<ac:layout-cell><h2>Here</h2></ac:layout-cell></ac:layout-section></ac:layout>",
    "panel": MACRO.format("info", ""),
    "expand": MACRO.format("expand", ""),
    "excerpt": MACRO.format("excerpt", ""),
    "unknown": "<blink-box><h2>Here</h2></blink-box>",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_heading_is_found_wherever_it_stands(place: str) -> None:
    document = parse(PLACES[place])
    assert headings(document) == (Heading(2, "here", "Here"),)
    assert '<h2 id="here">' in to_html(document)


def test_a_heading_that_nobody_sees_is_left_out() -> None:
    assert headings(parse("<h2> </h2>" + MACRO.format("excerpt", HIDDEN))) == ()
