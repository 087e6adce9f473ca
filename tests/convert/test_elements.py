"""What elements become where the format leaves room: old ones, new ones, and words where none belong."""

import pytest

from mainstem.convert import parse, to_markdown

TASK = "<ac:task>{}</ac:task>"
ADF = "<ac:adf-extension>{}</ac:adf-extension>"
NODE = '<ac:adf-node type="{}">{}</ac:adf-node>'
CONTENT = "<ac:adf-content>{}</ac:adf-content>"
FALLBACK = "<ac:adf-fallback>{}</ac:adf-fallback>"


def attribute(key: str, value: str) -> str:
    return f'<ac:adf-attribute key="{key}">{value}</ac:adf-attribute>'


def decision(state: str, content: str) -> str:
    return NODE.format("decision-item", attribute("state", state) + CONTENT.format(content))


EXAMPLES = {
    # Lists
    "words before a list's first item": ("<ul>a<li>b</li></ul>", "- a\n- b"),
    "words between items": ("<ul><li>a</li>b<li>c</li></ul>", "- a\n- b\n- c"),
    "a list straight inside a list": ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
    "a paragraph straight inside a list": ("<ul><p>a</p><li>b</li></ul>", "- a\n- b"),
    "a start that is no number": ('<ol start="x"><li>a</li></ol>', "1. a"),
    "a list without items": ("<ul></ul>", ""),
    # Code and preformatted text
    "code with its language on itself": ('<pre class="language-go"><code>a := 1</code></pre>', "```go\na := 1\n```"),
    "code with its language inside": ('<pre><code class="x language-go">a</code></pre>', "```go\na\n```"),
    "code without a language": ("<pre><code>a\n b</code></pre>", "```\na\n b\n```"),
    "a block in preformatted text": ("<pre>a<hr/>b</pre>", "```\na\nb\n```\n\n***"),
    "nothing preformatted": ("<pre></pre>", ""),
    "a plain body without its macro": ("<ac:plain-text-body><![CDATA[a  b]]></ac:plain-text-body>", "```\na  b\n```"),
    "an empty plain body": ("<ac:plain-text-body></ac:plain-text-body>", ""),
    # What opens on a click
    "details": (
        "<details><summary>More\n here</summary><p>a</p></details>",
        "<details>\n<summary>More here</summary>\n\na\n\n</details>",
    ),
    "details with words of their own": (
        "<details>a<summary>S</summary>b<summary>T</summary></details>",
        "<details>\n<summary>S</summary>\n\na\n\nb\n\nT\n\n</details>",
    ),
    # Dates and emoji
    "a time without a day": ("<p>at <time>noon</time></p>", "at noon"),
    "an emoji by name": ('<p>a<ac:emoticon ac:name="nosuch" /></p>', "a:nosuch:"),
    "an emoji without a name": ("<p>a<ac:emoticon /></p>", "a"),
    # Tasks
    "a task without a body": (f"<ac:task-list>{TASK.format('')}</ac:task-list>", ""),
    "words among tasks": (
        (f"<ac:task-list>{TASK.format('<ac:task-body>a</ac:task-body>')}b<p>c</p><p></p></ac:task-list>"),
        "- [ ] a\n- [ ] b\n- [ ] c",
    ),
    "words of a task list and of a task in no body": (
        f"<ac:task-list>a{TASK.format('b<ac:task-body>c</ac:task-body>')}</ac:task-list>",
        "- [ ] a\n- [ ] b\n\n  c",
    ),
    "tasks in tasks": (
        "<ac:task-list>{0}<ac:task-list>{0}</ac:task-list></ac:task-list>".format(
            TASK.format("<ac:task-body>a</ac:task-body>")
        ),
        "- [ ] a\n\n  - [ ] a",
    ),
    "a task list without tasks": ("<ac:task-list></ac:task-list>", ""),
    # Tables and links
    "words of a table that are in no cell": (
        "<table>a<tbody>b<tr>c<td>d</td>e</tr>f</tbody>g</table>",
        "a\n\nb\n\nc\n\ne\n\nf\n\ng\n\n|  |\n| --- |\n| d |",
    ),
    "words of a link that are in no body": (
        '<p><ac:link>a <ri:user ri:userkey="k" />b<ac:link-body>c</ac:link-body> d</ac:link></p>',
        "a bc d",
    ),
    # Layouts
    "a section of one cell": (
        "<ac:layout><ac:layout-section><ac:layout-cell><p>a</p></ac:layout-cell></ac:layout-section></ac:layout>",
        "a",
    ),
    "words beside the cells of a section": (
        "<ac:layout-section>a<ac:layout-cell>b</ac:layout-cell>c<ac:layout-cell>d</ac:layout-cell></ac:layout-section>",
        "a\n\nc\n\nb\n\nd",
    ),
    "an empty quotation": ("<blockquote><p></p></blockquote>", ""),
    # The new editor's blocks inside storage format
    "a panel of the new editor": (
        ADF.format(
            NODE.format("panel", attribute("panel-type", "note") + CONTENT.format("<p>a</p>"))
            + FALLBACK.format("<p>not this</p>")
        ),
        "> [!IMPORTANT]\n> a",
    ),
    "a panel with an icon": (
        ADF.format(
            NODE.format(
                "panel",
                attribute("panel-type", "custom") + attribute("panel-icon-text", "🌧") + CONTENT.format("<p>a</p>"),
            )
        ),
        "> **🌧**\n>\n> a",
    ),
    "a panel without content": (ADF.format(NODE.format("panel", attribute("panel-type", "info"))), "> [!NOTE]"),
    "decisions taken and open": (
        ADF.format(NODE.format("decision-list", decision("DECIDED", "Go") + decision("OPEN", "When?"))),
        "- ◆ Go\n- ◆ When?",
    ),
    "a decision list without decisions": (
        ADF.format(NODE.format("decision-list", NODE.format("decision-item", ""))),
        "",
    ),
    "words of a decision list that are in no decision": (
        ADF.format(NODE.format("decision-list", "a" + decision("OPEN", "b") + "<p>c</p>")),
        "c\n\na\n\n- ◆ b",
    ),
    "a macro of an app": (
        ADF.format(
            NODE.format(
                "bodied-extension",
                attribute("extension-key", "1a2b/3c4d/static/acme-box")
                + '<ac:adf-parameter key="hidden">junk</ac:adf-parameter>'
                + CONTENT.format("<p>a</p>"),
            )
        ),
        "\\[macro: acme-box\\]\n\na",
    ),
    "a macro of an app that a handler knows": (
        ADF.format(
            NODE.format(
                "extension",
                attribute("extension-key", "com.acme.apps:drawio")
                + '<ac:adf-attribute key="parameters"><ac:adf-parameter key="guest-params">'
                '<ac:adf-parameter key="diagram-name">Map</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute>',
            )
        ),
        "\\[drawio: Map\\]",
    ),
    "an extension of nothing": (
        ADF.format(NODE.format("sync-block", attribute("id", "junk"))),
        "\\[macro: adf:sync-block\\]",
    ),
    "a break that a style begins with": ("<p>a<b><b><br/></b><b>b<br/><br/></b></b></p>", "a **b**"),
    "a link around nothing": ('<p>a<a href="https://example.org"> </a>b</p>', "a b"),
    "an extension with a fallback": (
        ADF.format(NODE.format("vendor", CONTENT.format("<p>not this</p>")) + FALLBACK.format("<p>a</p>")),
        "a",
    ),
    "an extension whose fallback is empty": (
        ADF.format(NODE.format("vendor", CONTENT.format("<p>a</p>")) + FALLBACK.format("")),
        "a",
    ),
    "an extension of a fallback alone": (ADF.format(FALLBACK.format("a")), "a"),
    "words beside an extension's nodes": (
        f"<p>a</p>{ADF.format('b' + FALLBACK.format('c') + 'd')}",
        "a\n\nb\n\nc\n\nd",
    ),
    "an empty extension": (f"<p>a</p>{ADF.format('')}<p>b</p>", "a\n\nb"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_element_becomes_this_markdown(name: str) -> None:
    source, markdown = EXAMPLES[name]
    assert to_markdown(parse(source)).rstrip("\n") == markdown
