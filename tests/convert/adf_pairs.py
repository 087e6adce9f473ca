"""Pages written twice, in ADF and in storage format, as Confluence writes one page; one for each construct."""

from typing import Any

from tests.convert.adf import link, macro, marked, node, p, text
from tests.convert.storage import macro as stored
from tests.convert.storage import page, plain, rich

NOTE = (
    '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">{}</ac:adf-attribute>'
    "{}<ac:adf-content><p>a</p></ac:adf-content></ac:adf-node></ac:adf-extension>"
)
ICON = '<ac:adf-attribute key="panel-icon-text">🌧</ac:adf-attribute>'
DECISION = (
    '<ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute>'
    "<ac:adf-content>a</ac:adf-content></ac:adf-node>"
)
TASK = "<ac:task><ac:task-status>{}</ac:task-status><ac:task-body>{}</ac:task-body></ac:task>"
TALL = '<td rowspan="2"><p>a</p></td><td><p>b</p></td>'
FILE = '<ac:parameter ac:name="name"><ri:attachment ri:filename="a.pdf" /></ac:parameter>'
SMALL = '<ac:image ac:alt="a.png"><ri:attachment ri:filename="a.png" /></ac:image>'
LINKED = (
    '<ac:image ac:layout="center" ac:alt="a.png" ac:href="https://example.org">'
    '<ri:attachment ri:filename="a.png" /></ac:image>'
)
CARD = '<a href="https://example.org/x" data-card-appearance="inline">https://example.org/x</a>'


def alone(macro: str) -> str:
    """A macro that is a block of its own, as the editor writes it."""
    return macro.replace("<ac:structured-macro", '<ac:structured-macro data-layout="default"', 1)


PAIRS: dict[str, tuple[list[Any], str]] = {
    "paragraphs": ([p("a"), p(), p("b", node("hardBreak"), "c")], "<p>a</p><p /><p>b<br/>c</p>"),
    "headings": (
        [node("heading", text("a ", "strong"), "b", level=level) for level in range(1, 7)],
        "".join(f"<h{level}><strong>a </strong>b</h{level}>" for level in range(1, 7)),
    ),
    "a rule": ([p("a"), node("rule"), p("b")], "<p>a</p><hr/><p>b</p>"),
    "styles in styles": (
        [
            p(
                "x",
                text("a ", "em", "strong"),
                text("b", "strong"),
                text(" c", "strong", "underline"),
                text("d", "strike"),
            )
        ],
        "<p>x<strong><em>a </em>b<u> c</u></strong><s>d</s></p>",
    ),
    "low and high": (
        [p("H", text("2", node("subsup", type="sub")), "O", text("x", node("subsup", type="sup")))],
        "<p>H<sub>2</sub>O<sup>x</sup></p>",
    ),
    "code in a line": ([p("a ", text("b*", "code"), " c")], "<p>a <code>b*</code> c</p>"),
    "marks that only colour": (
        [marked(p(text("a", node("textColor", color="#123456"), node("annotation", id="junk1"))), "alignment")],
        '<p><span style="color: #123456">a</span></p>',
    ),
    "a link around styles": (
        [p("see ", text("a ", link("https://example.org")), text("b", link("https://example.org"), "em"), ".")],
        '<p>see <a href="https://example.org">a <em>b</em></a>.</p>',
    ),
    "a link to a page": (
        [p(text("a", link("/wiki/spaces/S/pages/12/T", linkType="page", contentTitle="T", spaceKey="S")))],
        (
            "<p><ac:link><ri:page ri:content-title='T' ri:space-key='S' ri:content-id='12' />"
            "<ac:link-body>a</ac:link-body></ac:link></p>"
        ),
    ),
    "a link to a file": (
        [p(text("a", link("/wiki/download/1/f.pdf", linkType="attachment", fileName="f.pdf")))],
        '<p><ac:link><ri:attachment ri:filename="f.pdf" /><ac:link-body>a</ac:link-body></ac:link></p>',
    ),
    "a link to a space": (
        [p(text("a", link("/wiki/spaces/S", linkType="space", spaceKey="S")))],
        '<p><ac:link><ri:space ri:space-key="S" /><ac:link-body>a</ac:link-body></ac:link></p>',
    ),
    "a link on this page": (
        [node("heading", "Next steps", level=2), p(text("a", link("#Next-steps")))],
        '<h2>Next steps</h2><p><a href="#Next-steps">a</a></p>',
    ),
    "lists in lists": (
        [
            node(
                "bulletList",
                node("listItem", p("a"), node("orderedList", node("listItem", p("b")), order=3)),
                node("listItem", p("c"), p("d")),
            )
        ],
        '<ul><li><p>a</p><ol start="3"><li><p>b</p></li></ol></li><li><p>c</p><p>d</p></li></ul>',
    ),
    "tasks in tasks": (
        [
            node(
                "taskList",
                node("taskItem", "a", state="DONE", localId="junk1"),
                node("taskList", node("taskItem", "b")),
                node("blockTaskItem", p("c")),
            )
        ],
        (
            f"<ac:task-list>{TASK.format('complete', 'a')}<ac:task-list>{TASK.format('incomplete', 'b')}</ac:task-list>"
            f"{TASK.format('incomplete', '<p>c</p>')}</ac:task-list>"
        ),
    ),
    "decisions": (
        [node("decisionList", node("decisionItem", "a", state="DECIDED"))],
        f'<ac:adf-extension><ac:adf-node type="decision-list">{DECISION}</ac:adf-node></ac:adf-extension>',
    ),
    "a quotation": ([node("blockquote", p("a"), p("b"))], "<blockquote><p>a</p><p>b</p></blockquote>"),
    "code": (
        [node("codeBlock", "a  = 1\n", "if x:\n  <b>&", language="python")],
        stored("code", plain("a  = 1\nif x:\n  <b>&"), language="python"),
    ),
    "panels that storage format has": (
        [node("panel", p(kind), panelType=kind) for kind in ("info", "success", "warning", "error")],
        "".join(
            stored(name, rich(f"<p>{kind}</p>"))
            for name, kind in (("info", "info"), ("tip", "success"), ("note", "warning"), ("warning", "error"))
        ),
    ),
    "a panel that storage format has not": ([node("panel", p("a"), panelType="note")], NOTE.format("note", "")),
    "a panel of one's own": (
        [node("panel", p("a"), panelType="custom", panelIconText="🌧", panelColor="#fff")],
        NOTE.format("custom", ICON),
    ),
    "what opens on a click": (
        [node("expand", p("a"), node("nestedExpand", p("b"), title="Y"), title="X & Z")],
        stored("expand", rich("<p>a</p>" + stored("expand", rich("<p>b</p>"), title="Y")), title="X &amp; Z"),
    ),
    "a layout": (
        [node("layoutSection", node("layoutColumn", p("a"), width=50), node("layoutColumn", p("b"), width=50))],
        (
            "<ac:layout><ac:layout-section><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><p>b</p>"
            "</ac:layout-cell></ac:layout-section></ac:layout>"
        ),
    ),
    "a table": (
        [
            node(
                "table",
                node("tableRow", node("tableHeader", p("H"), colwidth=[9]), node("tableHeader", p("I"))),
                node("tableRow", node("tableCell", p("a"), colspan=1, rowspan=2), node("tableCell", p("b"))),
                node("tableRow", node("tableCell", p("c"), background="#fff")),
                layout="default",
            )
        ],
        (
            f"<table><tbody><tr><th><p>H</p></th><th><p>I</p></th></tr><tr>{TALL}</tr>"
            "<tr><td><p>c</p></td></tr></tbody></table>"
        ),
    ),
    "a mention, a status, a date": (
        [
            p(
                node("mention", id="u1", text="@Ann"),
                " ",
                node("status", text="Done", color="neutral", localId="junk1"),
                " ",
                node("date", timestamp="1767225600000"),
            )
        ],
        (
            '<p><ac:link><ri:user ri:account-id="u1" /></ac:link> '
            f'{stored("status", title="Done", colour="Grey")} <time datetime="2026-01-01" /></p>'
        ),
    ),
    "emoji": (
        [p("a", node("emoji", shortName=":smile:", id="1f604", text="😄"), node("emoji", shortName=":acme:"))],
        (
            '<p>a<ac:emoticon ac:name="smile" ac:emoji-shortname=":smile:" ac:emoji-fallback="😄" />'
            '<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":acme:" ac:emoji-fallback=":acme:" /></p>'
        ),
    ),
    "cards": (
        [
            p(node("inlineCard", url="https://example.org/x"), " a"),
            node("blockCard", url="https://example.org/x", layout="wide"),
            node("embedCard", url="https://example.org/x", layout="center", width=100),
        ],
        f"<p>{CARD} a</p><p>{CARD}</p><p>{CARD}</p>",
    ),
    "a picture from elsewhere": (
        [
            node(
                "mediaSingle",
                node("media", type="external", url="https://example.org/a.png", alt="A", width=9, height=8),
                node("caption", "so ", text("it", "em"), " is"),
                layout="center",
            )
        ],
        (
            '<ac:image ac:layout="center" ac:alt="A" ac:width="9" ac:height="8">'
            '<ri:url ri:value="https://example.org/a.png" />'
            "<ac:caption><p>so <em>it</em> is</p></ac:caption></ac:image>"
        ),
    ),
    "a picture": (
        [node("mediaSingle", marked(node("media", type="file", id="f1", alt="a.png"), link("https://example.org")))],
        LINKED,
    ),
    "files": (
        [
            node("mediaGroup", node("media", type="file", id="f1", alt="a.pdf")),
            p(
                node("mediaInline", type="file", id="f1", alt="a.pdf"),
                " b ",
                node("mediaInline", type="image", id="f1", alt="a.png"),
            ),
        ],
        stored("view-file", FILE) + f'<p><ac:link><ri:attachment ri:filename="a.pdf" /></ac:link> b {SMALL}</p>',
    ),
    "instructions to the writer": (
        [p("a", node("placeholder", text="junk1"))],
        "<p>a<ac:placeholder>x</ac:placeholder></p>",
    ),
    "a macro without a body": (
        [p("a"), macro("toc", maxLevel="6"), macro("made-up", title="T", width=3), p("b")],
        f"<p>a</p>{alone(stored('toc', maxLevel='6'))}{alone(stored('made-up', title='T', width='3'))}<p>b</p>",
    ),
    "a macro in a line": (
        [p("see ", macro("jira", kind="inlineExtension", key="AB-1", serverId="junk1"), ".")],
        f"<p>see {stored('jira', key='AB-1', serverId='junk1')}.</p>",
    ),
    "a macro with a plain body": (
        [macro("plantuml", body="a -> b\n", title="T")],
        stored("plantuml", plain("a -> b\n"), title="T"),
    ),
    "a macro with a rich body": (
        [macro("details", p("a"), node("rule"), kind="bodiedExtension", hidden="true")],
        stored("details", rich("<p>a</p><hr/>"), hidden="true"),
    ),
    "a macro with several bodies": (
        [macro("ui-tabs", node("extensionFrame", p("a")), node("extensionFrame", p("b")), kind="multiBodiedExtension")],
        stored("ui-tabs", rich("<p>a</p><p>b</p>")),
    ),
    "an issue": ([p("a ", node("confluenceJiraIssue", issueKey="AB-1"))], f"<p>a {stored('jira', key='AB-1')}</p>"),
    "storage format inside": (
        [
            node("confluenceUnsupportedBlock", cxhtml="<center>a <b>b</b> c</center>"),
            p("d ", node("confluenceUnsupportedInline", cxhtml=page("junk1") + "<ac:link>e</ac:link>&nbsp;f")),
        ],
        "<center>a <b>b</b> c</center><p>d e&nbsp;f</p>",
    ),
    "what an older editor did not know": (
        [node("unsupportedBlock", originalValue=p("a", node("unsupportedInline", originalValue=text("b", "em"))))],
        "<p>a<em>b</em></p>",
    ),
    "a document in a document": ([node("doc", p("a"), p("b"))], "<div><p>a</p><p>b</p></div>"),
}
