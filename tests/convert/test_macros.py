"""Each family of macros, by example: what of it becomes text, and what leaves a placeholder."""

import importlib
import json
import pkgutil
from urllib.parse import quote

import pytest

from mainstem.convert import extract, macros, parse, to_html, to_markdown, to_text
from mainstem.wiki.documents import Destination, PersonTarget, Target, UrlTarget
from tests.convert.storage import macro, packed, page, plain, rich, user

FILE = '<ri:attachment ri:filename="plan.pdf">{}</ri:attachment>'
COLUMN = macro("column", rich("<p>{}</p>"), width="50%")

MODEL = (
    '<mxGraphModel dx="7"><root><mxCell id="0"/><mxCell value="Boat&lt;br&gt;&lt;b&gt;yard&lt;/b&gt;" style="junk"/>'
    '<object label="Sea" link="junk"><mxCell/></object><mxCell value="Sea"/></root></mxGraphModel>'
)
DRAWING = f'<mxfile host="junk"><diagram id="junk" name="Page-1">{MODEL}</diagram></mxfile>'
WORDS = "\\[drawio: d\\]\n\n<details>\n<summary>Words in the drawing</summary>\n\n- Boat yard\n- Sea\n\n</details>"


PLAN = quote(
    json.dumps(
        {
            "title": "Year one",
            "timeline": {"startDate": "2030-01-01 00:00:00", "displayOption": "junk"},
            "lanes": [
                {
                    "title": "Sea",
                    "color": {"lane": "junk"},
                    "bars": [{"title": "Boats", "description": "New  ones", "startDate": "2030-01-07 00:00:00"}],
                }
            ],
            "markers": [{"title": "Review", "markerDate": "2030-02-01 00:00:00"}],
        }
    )
)

EXAMPLES = {
    # Text that another tool draws or sets
    "a diagram without its text": (macro("mermaid-cloud", filename="flow"), "\\[mermaid-cloud: flow\\]"),
    "a diagram's packed text": (
        macro("plantumlcloud", filename="a.svg", data=packed("@startuml\nA -> B : ü\n@enduml"), compressed="true"),
        "```plantuml\n@startuml\nA -> B : ü\n@enduml\n```",
    ),
    "a packed text that is none": (macro("plantumlcloud", filename="a", data="junk"), "\\[plantumlcloud: a\\]"),
    "a diagram's text in a parameter": (macro("plantuml", diagram="A -&gt; B"), "```plantuml\nA -> B\n```"),
    "a drawing with its file": (macro("drawio", plain(DRAWING), diagramName="d"), WORDS),
    "a drawing with its packed file": (
        macro("drawio", plain(f'<mxfile host="junk"><diagram>{packed(MODEL)}</diagram></mxfile>'), diagramName="d"),
        WORDS,
    ),
    "a drawing without words": (macro("drawio", plain("<mxfile>"), diagramName="d"), "\\[drawio: d\\]"),
    "a diagram's text in a rich body": (macro("plantuml", rich("<p>A -&gt; B</p>")), "A -> B"),
    "a diagram without anything": (macro("gliffy"), "\\[gliffy\\]"),
    "code in a rich body": (macro("code", rich("<p>x = 1</p>")), "```\nx = 1\n```"),
    "code without a body": (macro("code", language="py"), "```py\n\n```"),
    # Languages
    "HTML": (
        macro("html", plain("<h2>a</h2><p>b <b>c</b></p><script>junk()</script><style>p{junk:1}</style>")),
        "## a\n\nb **c**",
    ),
    "HTML in a rich body": (macro("html", rich("<p>a</p>")), "a"),
    "HTML without a body": (macro("html", script="junk"), ""),
    "a style": (f"<p>a{macro('style', plain('p{junk:1}'))}b</p>", "a b"),
    "Markdown": (
        macro("markdown", plain("# a\n\n- b\n- **c**\n\n|d|e|\n|-|-|\n|1|2|\n\n```py\nx\n```\n\n<i>f</i>")),
        "# a\n\n- b\n- **c**\n\n| d | e |\n| --- | --- |\n| 1 | 2 |\n\n```py\nx\n```\n\n\\<i>f\\</i>",
    ),
    "Markdown in a rich body": (macro("markdown", rich("<p># a</p>")), "\\# a"),
    "very deep Markdown": (macro("markdown", plain(">" * 70 + "a")), f"```markdown\n{'>' * 70}a\n```"),
    "deep Markdown": (macro("markdown", plain(">" * 30 + "a")), f"{'> ' * 30}a"),
    "very long Markdown": (macro("markdown", plain("*a*" + "\n" * 200_000)), "```markdown\n*a*\n```"),
    "values between commas": (
        macro("csv", plain('a,b\n1,"2,3"\n')),
        "| a | b |\n| --- | --- |\n| 1 | 2,3 |",
    ),
    "values between other signs, without a header": (
        macro("csv", plain("1;2\n3;\n"), delimiter="semicolon", heading="false"),
        "|  |  |\n| --- | --- |\n| 1 | 2 |\n| 3 |  |",
    ),
    "no values": (macro("csv", plain(" ")), ""),
    "a query": (macro("sql", plain("select 1"), dataSource="junk"), "```sql\nselect 1\n```"),
    "a query in a rich body": (macro("sql", rich("<p>select 1</p>")), "select 1"),
    # Boxes
    "a panel with a picture": (macro("panel", rich("<p>a</p>"), panelIconText="💡", title="T"), "> **💡 T**\n>\n> a"),
    "a box of an app": (macro("panelbox", rich("<p>a</p>"), title="T", id="junk"), "> **T**\n>\n> a"),
    "a message of an app": (
        macro("auimessage", rich("<p>a</p>"), type="Warning", title="T"),
        "> [!WARNING]\n> **T**\n>\n> a",
    ),
    "a message of an odd type": (macro("alert", rich("<p>a</p>"), type="loud"), "> [!NOTE]\n> a"),
    "a panel with a plain body": (macro("panel", plain("a  b")), "> ```\n> a  b\n> ```"),
    "a panel without a body": (macro("info", title="T"), "> [!NOTE]\n> **T**"),
    "a decision": (macro("decision", rich("<p>a</p>"), title="T"), "> [!IMPORTANT]\n> **T**\n>\n> a"),
    "tabs": (macro("ui-tabs", rich(macro("ui-tab", rich("<p>a</p>"), title="One"))), "**One**\n\na"),
    "a container with a plain body": (macro("highlight", plain("a")), "```\na\n```"),
    # Excerpts and what is included
    "an excerpt in a line": (
        macro("excerpt", rich("<p>a</p>"), **{"atlassian-macro-output-type": "INLINE"}) + " b",
        "a b",
    ),
    "an excerpt of several blocks": (
        macro("excerpt", rich("<p>a</p><p>b</p>"), **{"atlassian-macro-output-type": "INLINE"}),
        "a\n\nb",
    ),
    "an excerpt without a body": (macro("excerpt", hidden="true"), ""),
    "an excerpt of another page": (macro("excerpt-include", **{"": page("P"), "name": "N"}), "↪ P"),
    "a page named in words": (macro("include", **{"": "DEV:Start here"}), "↪ Start here"),
    "a page in a parameter with a name": (macro("include-page", pageTitle="Start"), "↪ Start"),
    "a page by its id": (macro("include", **{"": '<ri:content-entity ri:content-id="7" />'}), "↪ linked page"),
    "no page at all": (macro("include"), "\\[macro: include\\]"),
    # Columns
    "columns": (macro("section", rich(COLUMN.format("a") + COLUMN.format("b"))), "a\n\nb"),
    "a section of one column": (macro("section", rich(COLUMN.format("a"))), "a"),
    "a section of columns and words": (
        macro("section", rich(f"<p>a</p>{COLUMN.format('b')}{COLUMN.format('c')}")),
        "a\n\nb\n\nc",
    ),
    "a section without a body": (macro("section", border="true"), ""),
    "headings that count": (
        macro("numberedheadings", rich("<h2>a</h2><h3>b</h3><h3>c</h3><p>d</p><h2>e</h2><h4>f</h4>")),
        "## 1 a\n\n### 1.1 b\n\n### 1.2 c\n\nd\n\n## 2 e\n\n#### 2.1.1 f",
    ),
    "headings that count from three": (
        macro("numberedheadings", rich("<h1>a</h1>"), **{"start-numbering-with": "3"}),
        "# 3 a",
    ),
    "headings that count in Roman": (
        macro("numberedheadings", rich("<h1>a</h1>"), **{"number-format": "upper-roman"}),
        "# a",
    ),
    "headings that do not count": (macro("numberedheadings", rich("<h1>a</h1>"), **{"number-format": "none"}), "# a"),
    # Issues of Jira
    "a list of issues": (macro("jira", jqlQuery="project = A", title="Open"), "Open: `project = A`"),
    "a list of issues without a name": (macro("jira", jqlQuery="a = b", columns="junk"), "Jira issues: `a = b`"),
    "a list of issues by an address": (
        macro("jiraissues", url="https://j.example/x?jqlQuery=a+%3D+b&amp;n=9"),
        "Jira issues: [`a = b`](https://j.example/x?jqlQuery=a+%3D+b&n=9)",
    ),
    "a saved filter": (macro("jiraissues", url="https://j.example/9"), "Jira issues: <https://j.example/9>"),
    "a chart of issues": (macro("jirachart", jql="jqlQuery=a%20%3D%20b", chartType="junk"), "Jira issues: `a = b`"),
    "no issues": (macro("jira", columns="junk"), "\\[macro: jira\\]"),
    "an issue with its summary": (macro("jira", key="A-1", summary="Rain"), "A-1 Rain"),
    "an issue at an address": (
        macro("jira", key="A-1", baseurl="https://j.example/"),
        "[A-1](https://j.example/browse/A-1)",
    ),
    "an issue beside the site": (macro("jira", key="A-1", server="System Jira"), "[A-1](/browse/A-1)"),
    # Plans
    "a plan with lanes": (
        macro("roadmap", source=PLAN, timeline="true", hash="junk"),
        "**Year one**\n\n- Sea\n  - 2030-01-07 Boats\n\n    New ones\n- 2030-02-01 Review",
    ),
    "a plan that is none": (macro("roadmap", title="T", source="[junk"), "\\[macro: roadmap: T\\]"),
    "a plan of odd parts": (
        macro("roadmap", source='{"lanes":[7,{"title":"a","bars":{}},{"bars":[{}]}],"title":[]}'),
        "- a",
    ),
    # What Confluence makes
    "the work of Confluence": (macro("favpages", max="9"), "\\[macro: favpages\\]"),
    "a list that nobody looks at": (
        macro("contentbylabel", title="How to", labels="howto", spaces="ENG"),
        "\\[list of pages by their labels: How to\\]",
    ),
    "people that Confluence lists": (
        macro("people", hideAvatar="junk", showTitles="junk", fields="fullNamejunk,nickjunk"),
        "\\[macro: people\\]",
    ),
    "a report of an app": (macro("vendor-report", query="junk", layout="junk"), "\\[macro: vendor-report\\]"),
    "a list in a table": (
        f"<table><tbody><tr><td>{macro('children', depth='9')}</td></tr></tbody></table>",
        "|  |\n| --- |\n| \\[list of the pages below this one\\] |",
    ),
    # Links to files, people and addresses
    "a file at an address": (macro("viewpdf", url="https://v.example/a.pdf"), "<https://v.example/a.pdf>"),
    "several files": (
        macro("slideshow", images=f'{FILE.format("")}<ri:attachment ri:filename="b.png" />'),
        "[plan.pdf](plan.pdf) [b.png](b.png)",
    ),
    "a picture": (
        macro("img", src='<ri:url ri:value="https://v.example/1.png" />', alt="A", id="junk", width="69px"),
        "![A](https://v.example/1.png)",
    ),
    "no picture": (macro("img", width="9"), "\\[macro: img\\]"),
    "a person by name": (macro("profile-picture", User="ann"), "@Ann"),
    "two people": (macro("profile", user=user("ann") + user("ann")), "@Ann @Ann"),
    "an author": (macro("author", firstName="Ann", lastName="Lee", twitterAccount="junk"), "Ann Lee"),
    "an author of the wiki": (macro("author", user=user("ann")), "@Ann"),
    "a file": (macro("view-file", name=FILE.format(""), height="250"), "[plan.pdf](plan.pdf)"),
    "a file of another page": (macro("view-file", name=FILE.format(page("P"))), "plan.pdf"),
    "a file in words, of a page": (macro("viewpdf", name="plan.pdf", page=page("P")), "plan.pdf"),
    "no file": (macro("view-file", height="250"), "\\[macro: view-file\\]"),
    "a person": (macro("profile", user=user("ann")), "@Ann"),
    "nobody": (macro("profile"), "\\[macro: profile\\]"),
    "an address": (macro("widget", url="https://v.example/1", title="Film"), "[Film](https://v.example/1)"),
    "an address in a resource": (
        macro("iframe", src='<ri:url ri:value="https://v.example/2" />'),
        "<https://v.example/2>",
    ),
    "no address": (macro("widget", width="9"), "\\[macro: widget\\]"),
    # Words that a parameter holds
    "a status that is only a colour": (macro("status", colour="Green"), "`Green`"),
    "a status of nothing": (f"<p>a{macro('status')}</p>", "a"),
    "a plan": (macro("roadmap", title="Year+one%21", source="%7B%7D"), "\\[macro: roadmap: Year one!\\]"),
    "a plan without a name": (macro("roadmap"), "\\[macro: roadmap\\]"),
    "a day": (macro("date", **{"": "2030-01-02"}), "2030-01-02"),
    "no day": (macro("date"), ""),
    "a tooltip": (macro("tooltip", rich("<p>a</p>"), linkText="shown", hidden="no"), "shown\n\na"),
    "a tooltip over words": (macro("cfm-tooltip", text="popping", linkText="shown"), "shown (popping)"),
    "a footnote": (f"<p>a{macro('footnote', rich('<p>b</p>'))}</p>", "a (b)"),
    "a footnote in a parameter": (f"<p>a{macro('cfm-footnote', text='b', id='junk')}</p>", "a (b)"),
    "a footnote of nothing": (f"<p>a{macro('footnote')}</p>", "a"),
    "a button": (macro("ui-button", title="Go", url="https://e.example", color="blue"), "[Go](https://e.example)"),
    "a button to a page": (macro("auibutton", title="Go", page=page("P")), "Go"),
    "a button that leads nowhere": (macro("ui-button", title="Go"), "Go"),
    "a button without words": (macro("ui-button", url="https://e.example"), "<https://e.example>"),
    "a status of an app": (macro("status-handy", Status="In work", id="2941"), "`In work`"),
    "a formula with a name, and a reference to it": (
        f"{macro('mathblock', plain('a^2'), anchor='b')}<p>{macro('mathblock-ref', anchor='b')}</p>",
        '<a id="b"></a>\n\n```math\na^2\n```\n\n[b](#b)',
    ),
    "a formula without one": (macro("mathblock", plain(" ")), ""),
    "an anchor without a name": (f"<p>a{macro('anchor')}</p>", "a"),
    # What stands where the format has no place for it
    "words beside a macro's body": (
        f'<ac:structured-macro ac:name="info">stray{rich("<p>a</p>")}</ac:structured-macro>',
        "> [!NOTE]\n> a\n\nstray",
    ),
}


class Site:
    """Knows one person, and leads to addresses outside."""

    def resolve(self, target: Target) -> Destination | None:
        if isinstance(target, UrlTarget):
            return Destination(target.url, "")
        return Destination("", "Ann") if target == PersonTarget("ann") else None


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_macro_becomes_this_markdown(name: str) -> None:
    source, markdown = EXAMPLES[name]
    assert to_markdown(parse(source), Site()).rstrip("\n") == markdown


@pytest.mark.parametrize("name", EXAMPLES)
def test_nobody_sees_a_parameter_that_no_reader_saw(name: str) -> None:
    source, markdown = EXAMPLES[name]
    document = parse(source)
    passages = [passage.text for passage in extract(document).passages]
    for output in (markdown, to_html(document), to_text(document), *passages):
        assert "junk" not in output


def test_a_packed_text_that_swells_too_much_is_left_alone() -> None:
    bomb = macro("plantumlcloud", filename="a", data=packed("a" * 1_000_000))
    assert to_markdown(parse(bomb)).rstrip("\n") == "\\[plantumlcloud: a\\]"


def test_no_macro_has_two_handlers() -> None:
    modules = [
        importlib.import_module(found.name) for found in pkgutil.iter_modules(macros.__path__, macros.__name__ + ".")
    ]
    families = [module.HANDLERS for module in modules if hasattr(module, "HANDLERS")]
    assert sum(map(len, families)) == len(macros.MACROS)
