"""One page with 39 facts that a reader sees and 9 parameters that nobody does: each output keeps all and leaks none."""

import pytest

from mainstem.convert import extract, parse, to_html, to_markdown, to_text
from mainstem.wiki.documents import Destination, NoLinks, PersonTarget, Target

PAGE = """
<h1>fact01 heading</h1><h2>fact02 <em>styled</em> heading</h2>
<p>un<b>fact03be</b>lievable fact04&nbsp;caf&eacute; <code>fact05()</code></p>
<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">junk1</ac:parameter>
<ac:parameter ac:name="title">fact06.py</ac:parameter>
<ac:plain-text-body><![CDATA[if a < b: fact07 = "]]]]><![CDATA[>" # fact08]]></ac:plain-text-body></ac:structured-macro>
<ac:structured-macro ac:name="noformat"><ac:parameter ac:name="nopanel">junk2</ac:parameter>
<ac:plain-text-body><![CDATA[  fact09   kept]]></ac:plain-text-body></ac:structured-macro>
<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">fact10</ac:parameter>
<ac:rich-text-body><p>fact11</p></ac:rich-text-body></ac:structured-macro>
<ac:structured-macro ac:name="panel"><ac:parameter ac:name="bgColor">junk3</ac:parameter>
<ac:parameter ac:name="title">fact12</ac:parameter><ac:rich-text-body><p>fact13</p></ac:rich-text-body>
</ac:structured-macro>
<p><ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">junk4</ac:parameter>
<ac:parameter ac:name="title">fact14</ac:parameter></ac:structured-macro></p>
<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">fact15</ac:parameter>
<ac:rich-text-body><p>fact16</p></ac:rich-text-body></ac:structured-macro>
<p><ac:link><ri:page ri:content-title="fact17" /></ac:link>
<ac:link><ri:page ri:content-title="Y" /><ac:plain-text-link-body><![CDATA[fact18]]></ac:plain-text-link-body></ac:link>
<ac:link><ri:attachment ri:filename="fact19.pdf" /></ac:link>
<ac:link ac:anchor="fact01-heading"><ac:link-body>fact20</ac:link-body></ac:link>
<a href="https://example.org/fact21">https://example.org/fact21</a>
<ac:link><ri:user ri:account-id="junk5" /></ac:link> on <time datetime="2031-12-23" /></p>
<ac:image ac:alt="fact24" ac:width="junk6"><ri:attachment ri:filename="fact25.png" />
<ac:caption><p>fact26</p></ac:caption></ac:image>
<ac:task-list><ac:task><ac:task-id>junk7</ac:task-id><ac:task-status>complete</ac:task-status>
<ac:task-body>fact27</ac:task-body></ac:task></ac:task-list>
<table><tbody><tr><th>fact28</th><th>B</th></tr><tr><td rowspan="2">fact29</td><td><ul><li>fact30</li></ul></td></tr>
<tr><td><p>fact31</p></td></tr></tbody></table>
<p><ac:structured-macro ac:name="jira"><ac:parameter ac:name="server">junk8</ac:parameter>
<ac:parameter ac:name="key">FACT-32</ac:parameter></ac:structured-macro></p>
<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="fact33" /></ac:link>
</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="view-file"><ac:parameter ac:name="name"><ri:attachment ri:filename="fact34.xlsx" />
</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="drawio"><ac:parameter ac:name="diagramName">fact35</ac:parameter>
<ac:parameter ac:name="revision">junk9</ac:parameter></ac:structured-macro>
<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content>
<p>fact36</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>fact36</p></ac:adf-fallback></ac:adf-extension>
<p><ac:emoticon ac:name="blue-star" ac:emoji-shortname=":rocket:" ac:emoji-fallback="🚀" /></p>
<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>fact38</p></ac:layout-cell>
<ac:layout-cell><p>fact39</p></ac:layout-cell></ac:layout-section></ac:layout>
"""
SPECIAL = {3: "unfact03believable", 4: "fact04 café", 22: "Ada Lovelace", 23: "2031-12-23", 32: "FACT-32", 37: "🚀"}
FACTS = [SPECIAL.get(number, f"fact{number:02}") for number in range(1, 40)]
JUNK = [f"junk{number}" for number in range(1, 10)]


class People:
    """Knows one person, and no place."""

    def resolve(self, target: Target) -> Destination | None:
        return Destination("", "Ada Lovelace") if isinstance(target, PersonTarget) else NoLinks().resolve(target)


def passages() -> str:
    found = extract(parse(PAGE), People()).passages
    return "\n".join("\n".join([*passage.heading_path, passage.text]) for passage in found)


OUTPUTS = {
    "markdown": lambda: to_markdown(parse(PAGE), People()).replace("**", ""),
    "html": lambda: (
        to_html(parse(PAGE), People()).replace("<strong>", "").replace("</strong>", "").replace("&nbsp;", " ")
    ),
    "text": lambda: to_text(parse(PAGE), People()),
    "passages": passages,
}


ELSEWHERE = {"html": {"fact25"}, "text": {"fact33"}, "passages": {"fact33"}}
"""HTML has an alternative text instead; an included page's title is its own readers' to find, not the includer's."""


@pytest.mark.parametrize("output", OUTPUTS)
def test_all_39_facts_are_kept(output: str) -> None:
    text = OUTPUTS[output]()
    assert [fact for fact in FACTS if fact not in text and fact not in ELSEWHERE.get(output, ())] == []


@pytest.mark.parametrize("output", ["markdown", "text", "passages"])
def test_none_of_the_9_parameters_leaks(output: str) -> None:
    text = OUTPUTS[output]().replace("```junk1\n", "```\n")  # a language belongs to a fence
    assert [junk for junk in JUNK if junk in text] == []


@pytest.mark.parametrize("output", OUTPUTS)
def test_content_with_a_fallback_appears_once(output: str) -> None:
    assert OUTPUTS[output]().count("fact36") == 1
