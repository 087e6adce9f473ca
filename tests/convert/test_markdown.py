"""Each construct of storage format and the Markdown that it becomes."""

from html import escape

import pytest

from mainstem.convert import parse, to_markdown
from tests.convert.storage import macro, plain, rich

TABLE = "<table><tbody>{}</tbody></table>"
EXAMPLES = {
    "heading": ("<h2>Two <em>words</em></h2>", "## Two *words*"),
    "paragraphs": ("<p>one\n  two</p><p>&nbsp;</p><p>three</p>", "one two\n\nthree"),
    "styles": ("<p>a <strong>b</strong> <em>c</em> <del>d</del> <u>e</u></p>", "a **b** *c* ~~d~~ <u>e</u>"),
    "style inside a word": ("<p>un<b>believe</b>able</p>", "un**believe**able"),
    "style against a word": ("<p><b>Note:</b>text</p>", "<strong>Note:</strong>text"),
    "blanks inside a style": ("<p>a<b> b </b>c</p>", "a **b** c"),
    "inline code": ("<p><code>a`b</code></p>", "`` a`b ``"),
    "line break": ("<p>a<br/>b</p>", "a\\\nb"),
    "two line breaks": ("<p>a<br/><br/>b</p>", "a\n\nb"),
    "signs that mean nothing": ("<p>2 * 3, snake_case, C:\\dir, a &lt; b</p>", "2 * 3, snake_case, C:\\dir, a < b"),
    "signs that would mean something": ("<p>*a* [b](c) `d`</p>", "\\*a\\* [b\\](c) \\`d\\`"),
    "a line like a list": ("<p>1. a<br/>- b<br/># c</p>", "1\\. a\\\n\\- b\\\n\\# c"),
    "nested lists": ("<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>", "- a\n  1. b\n  2. c"),
    "list that counts on": ('<ol start="3"><li>a</li></ol>', "3. a"),
    "two lists": ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n+ b"),
    "code in a list": (f"<ul><li>a{macro('code', plain('x'))}</li></ul>", "- a\n\n  ```\n  x\n  ```"),
    "quote": ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
    "rule": ("<hr/>", "***"),
    "code": (macro("code", plain("a\n  b"), language="py", title="T"), "**T**\n\n```py\na\n  b\n```"),
    "fences in code": (macro("code", plain("```")), "````\n```\n````"),
    "split CDATA": (macro("code", plain("a]]]]><![CDATA[>b")), "```\na]]>b\n```"),
    "preformatted": ("<pre>a\n  <b>b</b></pre>", "```\na\n  b\n```"),
    "callout": (macro("tip", rich("<p>a</p>"), title="T"), "> [!TIP]\n> **T**\n>\n> a"),
    "panel": (macro("panel", rich("<p>a</p>"), bgColor="#fff"), "> a"),
    "list below an expand in a list": (
        f"<ul><li>{macro('expand', rich('<p>a</p>'), title='T')}<ul><li>b</li></ul></li></ul>",
        "- <details>\n  <summary>T</summary>\n\n  a\n\n  </details>\n\n  - b",
    ),
    "expand": (macro("expand", rich("<p>a</p>"), title="T"), "<details>\n<summary>T</summary>\n\na\n\n</details>"),
    "status": (f"<p>is {macro('status', title='DONE', colour='Green')}.</p>", "is `DONE`."),
    "jira": (f"<p>see{macro('jira', key='A-1', server='s')}</p>", "see A-1"),
    "date": ('<p>by <time datetime="2030-01-02" /></p>', "by 2030-01-02"),
    "emoji": ('<p><ac:emoticon ac:name="tick" /><ac:emoticon ac:name="x" ac:emoji-shortname=":x:" /></p>', "✅:x:"),
    "mention without a name": ('<p>hi <ac:link><ri:user ri:account-id="7f" /></ac:link></p>', "hi @someone"),
    "link": ('<p><a href="https://a.example/b(c)">d]</a></p>', "[d\\]](https://a.example/b%28c%29)"),
    "bare address": ('<p><a href="https://a.example/">https://a.example/</a></p>', "<https://a.example/>"),
    "link to a heading": (
        '<h1>Next steps</h1><p><ac:link ac:anchor="Next-steps"><ac:link-body>go</ac:link-body></ac:link></p>',
        "# Next steps\n\n[go](#next-steps)",
    ),
    "link to a page unknown here": ('<p><ac:link><ri:page ri:content-title="P*" /></ac:link></p>', "P\\*"),
    "picture": (
        '<ac:image ac:alt="A"><ri:attachment ri:filename="a b.png" /><ac:caption><p>C</p></ac:caption></ac:image>',
        "![A](a%20b.png)\\\nC",
    ),
    "picture with a layout among words": (
        '<p>a<ac:image ac:alt="A" ac:layout="center"><ri:attachment ri:filename="a.png" /></ac:image>b</p>',
        "a\n\n![A](a.png)\n\nb",
    ),
    "picture that is a link": (
        '<p><ac:image ac:alt="A" ac:href="https://e.org/"><ri:attachment ri:filename="a.png" /></ac:image></p>',
        "[![A](a.png)](https://e.org/)",
    ),
    "macro below a picture with a caption": (
        (
            '<ac:image ac:alt="A"><ri:attachment ri:filename="a.png" /><ac:caption><p>C</p></ac:caption></ac:image>'
            + macro("vendor")
        ),
        "![A](a.png)\\\nC\n\n\\[macro: vendor\\]",
    ),
    "macros that are blocks": (
        "".join(f'<ac:structured-macro ac:name="{name}" data-layout="wide" />' for name in "ab"),
        "\\[macro: a\\]\n\n\\[macro: b\\]",
    ),
    "macros in a line": (f"<p>a {macro('b')} {macro('c')}</p>", "a \\[macro: b\\] \\[macro: c\\]"),
    "tasks": (
        (
            "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>"
            "<ac:task-body>a</ac:task-body></ac:task></ac:task-list>"
        ),
        "- [x] a",
    ),
    "decisions": (
        (
            '<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item"><ac:adf-content>Go'
            "</ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback>Go</ac:adf-fallback></ac:adf-extension>"
        ),
        "- ◆ Go",
    ),
    "table": (
        TABLE.format("<tr><th>A</th><th>B</th></tr><tr><th>k</th><td>a|b</td></tr>"),
        "| A | B |\n| --- | --- |\n| **k** | a\\|b |",
    ),
    "merged cells": (
        TABLE.format(
            '<tr><th>A</th><th colspan="2">B</th></tr><tr><td rowspan="2">a</td><td>b</td><td>c</td></tr>'
        ).replace("</tbody>", "<tr><td>d</td><td>e</td></tr></tbody>"),
        "| A | B | B |\n| --- | --- | --- |\n| a | b | c |\n| a | d | e |",
    ),
    "lists and tables in a cell": (
        TABLE.format(f"<tr><td><ul><li>a</li><li>b</li></ul>{TABLE.format('<tr><td>c</td><td>d</td></tr>')}</td></tr>"),
        "|  |\n| --- |\n| • a<br>• b<br>c / d |",
    ),
    "layout": (
        (
            "<ac:layout><ac:layout-section><ac:layout-cell><p>a</p></ac:layout-cell>"
            "<ac:layout-cell><p>b</p></ac:layout-cell></ac:layout-section></ac:layout>"
        ),
        "a\n\nb",
    ),
    "formula": (macro("mathblock", plain("a_b")), "```math\na_b\n```"),
    "formula in a line": (f"<p>with {macro('mathinline', body='a_b')}</p>", "with $`a_b`$"),
    "diagram source": (macro("plantuml", plain("A -> B")), "```plantuml\nA -> B\n```"),
    "diagram by name": (macro("drawio", diagramName="net", width="8"), "\\[drawio: net\\]"),
    "include": (macro("include", **{"": '<ac:link><ri:page ri:content-title="P" /></ac:link>'}), "↪ P"),
    "table of contents": (macro("toc", maxLevel="3"), ""),
    "unknown macro with text": (macro("vendor", rich("<p>a</p>"), size="9"), "\\[macro: vendor\\]\n\na"),
    "unknown macro with code": (macro("vendor", plain("a")), "\\[macro: vendor\\]\n\n```\na\n```"),
    "placeholder text of a template": ("<p>a<ac:placeholder>write here</ac:placeholder></p>", "a"),
    "inline comment": ('<p>a<ac:inline-comment-marker ac:ref="1">b</ac:inline-comment-marker>c</p>', "abc"),
    "macro of old": (
        (
            '<ac:macro ac:name="code"><ac:default-parameter>sql</ac:default-parameter>'
            "<ac:plain-text-body><![CDATA[x]]></ac:plain-text-body></ac:macro>"
        ),
        "```sql\nx\n```",
    ),
    "broken markup": ("<p>a & b <b>c</p><p>d \x1c< e</div>", "a & b **c**\n\nd < e"),
    "code in broken markup": (
        f"<p>a & b</p>{macro('code', plain('<x> & &amp;'))}<p>",
        "a & b\n\n```\n<x> & &amp;\n```",
    ),
    "unknown entity": ("<p>a &nosuch; b</p>", f"a {escape('&nosuch;').replace('&amp;', chr(92) + '&')} b"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_construct_becomes_this_markdown(name: str) -> None:
    source, markdown = EXAMPLES[name]
    assert to_markdown(parse(source)) == (f"{markdown}\n" if markdown else "")
