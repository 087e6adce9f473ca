"""What a page says of its macros: which came out as they were, and why others did not."""

import pytest

from mainstem.convert import extract, macros, parse
from mainstem.wiki.macros import WHY, MacroUse, Reason, Treatment
from tests.convert.storage import macro, plain, rich

LOSSES = {
    "nobody knows it": (macro("made-up", rich("<p>a</p>")), Reason.UNKNOWN),
    "Confluence makes it": (macro("favpages"), Reason.COMPUTED),
    "it names no page": (macro("include"), Reason.UNNAMED),
    "it names no address": (macro("widget", width="9"), Reason.UNNAMED),
    "it asks Jira nothing": (macro("jira", columns="key"), Reason.UNNAMED),
    "another tool draws it": (macro("gliffy", name="a"), Reason.DRAWING),
    "a text is drawn": (macro("plantuml", plain("a -> b")), Reason.SOURCE),
    "a database is asked": (macro("sql", plain("select 1")), Reason.SOURCE),
    "numbers are drawn": (macro("chart", rich("<table><tr><td>1</td></tr></table>")), Reason.CHART),
    "a film is shown": (macro("widget", url="https://v.example/1"), Reason.EMBEDDED),
    "a file is shown": (macro("view-file", name='<ri:attachment ri:filename="a.pdf" />'), Reason.EMBEDDED),
    "Jira is asked": (macro("jira", jqlQuery="a = b"), Reason.QUERY),
    "time is drawn": (macro("roadmap", source='{"lanes":[{"title":"a"}]}'), Reason.PLAN),
    "tabs open": (macro("ui-tabs", rich("<p>a</p>")), Reason.STACKED),
    "headings count in Roman": (
        macro("numberedheadings", rich("<h1>a</h1>"), **{"number-format": "upper-roman"}),
        Reason.NUMBERS,
    ),
    "a table is filtered": (macro("table-filter", rich("<table><tr><td>1</td></tr></table>")), Reason.CONTROLS),
    "a menu floats": (macro("floatmenu"), Reason.LEFT_OUT),
    "some may see it": (macro("show-if", rich("<p>a</p>")), Reason.AUDIENCE),
    "a script runs": (macro("html", plain("<script>a</script><p>b</p>")), Reason.SCRIPT),
    "a style colours": (macro("style", plain("p{}")), Reason.SCRIPT),
}
WHOLE = {
    "a code": macro("code", plain("x")),
    "a note": macro("note", rich("<p>a</p>")),
    "an anchor": macro("anchor", **{"": "a"}),
    "an issue": macro("jira", key="A-1"),
    "a table of contents, which the hub has": macro("toc"),
    "HTML that only shows": macro("html", plain("<p>a</p>")),
    "Markdown": macro("markdown", plain("*a*")),
}


def uses(source: str) -> tuple[MacroUse, ...]:
    return extract(parse(source)).macros


@pytest.mark.parametrize("name", LOSSES)
def test_what_does_not_come_out_as_it_was_is_told_once_with_its_reason(name: str) -> None:
    source, reason = LOSSES[name]
    (use,) = uses(source)
    assert (use.reason, use.uses) == (reason, 1)


@pytest.mark.parametrize("name", WHOLE)
def test_what_comes_out_whole_is_counted_without_a_reason(name: str) -> None:
    (use,) = uses(WHOLE[name])
    assert (use.reason, use.uses, use.treatment) == (None, 1, Treatment.RENDERED)


def test_macros_are_counted_by_name_whatever_its_case_and_wherever_they_stand() -> None:
    inner = macro("Code", plain("x")) + macro("jira", key="A-1") + macro("jira", jqlQuery="a = b")
    source = f"<table><tr><td>{macro('section', rich(inner + inner))}</td></tr></table>"
    assert uses(source) == (
        MacroUse("code", None, 2),
        MacroUse("jira", None, 2),
        MacroUse("jira", Reason.QUERY, 2),
        MacroUse("section", None, 1),
    )


def test_columns_beside_words_are_read_and_counted_once() -> None:
    column = macro("column", rich("<h1>a</h1>"))
    document = parse(macro("section", rich(f"<p>b</p>{column}")))
    assert [use.uses for use in document.macros] == [1, 1]
    assert list(document.anchors.values()) == ["a"]


def test_every_reason_has_its_sentence_and_an_example() -> None:
    assert set(WHY) == set(Reason) == {Reason.CHOSEN, *(reason for _, reason in LOSSES.values())}
    assert {MacroUse("a", reason, 1).treatment for reason in Reason} == {Treatment.SIMPLIFIED, Treatment.PLACEHOLDER}


def test_macros_have_names_in_small_letters_as_they_are_looked_up() -> None:
    assert [name for name in macros.MACROS if name != name.lower()] == []
