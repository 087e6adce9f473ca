"""Each family of macros, by example: what of it becomes text, and what leaves a placeholder."""

import importlib
import pkgutil

import pytest

from mainstem.convert import macros, parse, to_markdown
from mainstem.wiki.documents import Destination, PersonTarget, Target, UrlTarget
from tests.convert.storage import macro, page, plain, rich, user

FILE = '<ri:attachment ri:filename="plan.pdf">{}</ri:attachment>'
COLUMN = macro("column", rich("<p>{}</p>"), width="50%")

EXAMPLES = {
    # Text that another tool draws or sets
    "a diagram without its text": (macro("mermaid-cloud", filename="flow"), "\\[mermaid-cloud: flow\\]"),
    "a diagram's text in a rich body": (macro("plantuml", rich("<p>A -&gt; B</p>")), "A -> B"),
    "a diagram without anything": (macro("gliffy"), "\\[gliffy\\]"),
    "code in a rich body": (macro("code", rich("<p>x = 1</p>")), "```\nx = 1\n```"),
    "code without a body": (macro("code", language="py"), "```py\n\n```"),
    # Boxes
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
    # Links to files, people and addresses
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
    "a list of issues": (macro("jira", jqlQuery="project = A", title="Open"), "\\[macro: jira: Open\\]"),
    "an issue with its summary": (macro("jira", key="A-1", summary="Rain"), "A-1 Rain"),
    "a plan": (macro("roadmap", title="Year+one%21", source="%7B%7D"), "\\[macro: roadmap: Year one!\\]"),
    "a plan without a name": (macro("roadmap"), "\\[macro: roadmap\\]"),
    "a day": (macro("date", **{"": "2030-01-02"}), "2030-01-02"),
    "no day": (macro("date"), ""),
    "a tooltip": (macro("tooltip", rich("<p>a</p>"), linkText="shown", hidden="no"), "shown\n\na"),
    "a button without words": (macro("ui-button", url="https://e.example"), ""),
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


def test_no_macro_has_two_handlers() -> None:
    modules = [
        importlib.import_module(found.name) for found in pkgutil.iter_modules(macros.__path__, macros.__name__ + ".")
    ]
    families = [module.HANDLERS for module in modules if hasattr(module, "HANDLERS")]
    assert sum(map(len, families)) == len(macros.MACROS)
