"""HTML: what readers get to see, and the tree as JSON."""

import json

import pytest

from mainstem.convert import parse, to_html, to_json
from mainstem.wiki.documents import Destination, PageTarget, Target, UrlTarget

EXAMPLES = {
    "heading": ("<h2>Next steps</h2>", '<h2 id="next-steps">Next steps</h2>'),
    "merged cells": (
        '<table><tr><td colspan="2" rowspan="3">a</td></tr></table>',
        '<table><tbody><tr><td colspan="2" rowspan="3">a</td></tr>\n</tbody></table>',
    ),
    "code": (
        (
            '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">py</ac:parameter>'
            "<ac:plain-text-body><![CDATA[a < b]]></ac:plain-text-body></ac:structured-macro>"
        ),
        '<pre data-language="py"><code>a &lt; b</code></pre>',
    ),
    "unknown macro": (
        '<ac:structured-macro ac:name="vendor" />',
        '<p><span class="macro" data-macro="vendor">[macro: vendor]</span></p>',
    ),
    "include": (
        (
            '<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ri:page ri:content-title="P" />'
            "</ac:parameter></ac:structured-macro>"
        ),
        '<div class="include"><a href="/pages/P" rel="noopener noreferrer">P</a></div>',
    ),
    "page link": (
        '<p><ac:link><ri:page ri:content-title="P" /><ac:link-body>here</ac:link-body></ac:link></p>',
        '<p><a href="/pages/P" rel="noopener noreferrer">here</a></p>',
    ),
    "card": (
        '<p><a href="https://e.org/1" data-card-appearance="inline">https://e.org/1</a></p>',
        '<p><a href="https://e.org/1" rel="noopener noreferrer">Title of it</a></p>',
    ),
}


class Site:
    """Knows where pages are, and what addresses are called."""

    def resolve(self, target: Target) -> Destination | None:
        if isinstance(target, PageTarget):
            return Destination(f"/pages/{target.title}", target.title)
        return Destination(target.url, "Title of it") if isinstance(target, UrlTarget) else None


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_construct_becomes_this_html(name: str) -> None:
    source, html = EXAMPLES[name]
    assert to_html(parse(source), Site()).strip() == html


def test_the_tree_as_json_says_what_each_node_is_and_keeps_the_source_of_the_unknown() -> None:
    source = (
        '<p>a <b>c</b></p><blink-box size="2"><p>d</p></blink-box><ac:structured-macro ac:name="vendor">'
        '<ac:parameter ac:name="k">v</ac:parameter></ac:structured-macro>'
    )
    assert json.loads(to_json(parse(source)))["blocks"] == [
        {"type": "Paragraph", "content": ["a ", {"type": "Styled", "style": "strong", "content": ["c"]}]},
        {
            "type": "Unknown",
            "tag": "blink-box",
            "attributes": [["size", "2"]],
            "blocks": [{"type": "Paragraph", "content": ["d"]}],
        },
        {"type": "Paragraph", "content": [{"type": "Placeholder", "macro": "vendor", "parameters": [["k", "v"]]}]},
    ]
