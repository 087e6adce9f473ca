"""Conversion by the options of a connection: macros, tables and pictures in the form that was chosen."""

import pytest
from hypothesis import given

from mainstem.convert import extract, parse, to_html, to_markdown
from mainstem.wiki.conversion import ConversionOptions, ImageForm, MacroForm, TableForm, macros_of
from mainstem.wiki.documents import BodyFormat
from mainstem.wiki.macros import MacroUse, Reason
from tests.convert import words
from tests.convert.storage import macro, plain, rich
from tests.convert.storage_grammar import DOCUMENTS
from tests.convert.test_bounds import DOCUMENTS as EXTREME
from tests.convert.test_random_documents import missing

PANEL = macro("info", rich("<p>Some <strong>words</strong>.</p>"), title="Mind")
DRAWING = macro("drawio", diagramName="Flow")
EXAMPLES = [
    (PANEL, MacroForm.TEXT, "**Mind**\n\nSome **words**.\n"),
    (PANEL, MacroForm.PLACEHOLDER, "\\[macro: info: Mind\\]\n"),
    (PANEL, MacroForm.DROP, ""),
    (DRAWING, MacroForm.TEXT, "Flow\n"),
    (DRAWING, MacroForm.DROP, ""),
    (f"<p>a{macro('status', title='Done')}b</p>", MacroForm.TEXT, "a Done b\n"),
    (f"<p>a{macro('status', title='Done')}b</p>", MacroForm.DROP, "a b\n"),
    (macro("code", plain("x = 1\n  y"), language="py"), MacroForm.TEXT, "x = 1\\\ny\n"),
    (macro("code", plain("x = 1")), MacroForm.PLACEHOLDER, "\\[macro: code\\]\n"),
]


def by(form: MacroForm) -> ConversionOptions:
    return ConversionOptions(macros=macros_of((name, form) for name in ("info", "drawio", "status", "code")))


@pytest.mark.parametrize(("source", "form", "expected"), EXAMPLES)
def test_a_macro_takes_the_form_that_was_chosen_for_it(source: str, form: MacroForm, expected: str) -> None:
    document = parse(source, options=by(form))
    assert to_markdown(document) == expected
    assert [(use.reason, use.uses) for use in document.macros] == [(Reason.CHOSEN, 1)]


def test_other_macros_are_rendered_and_the_choice_holds_in_adf_too() -> None:
    dropped = by(MacroForm.DROP)
    assert parse(macro("expand", rich("<p>a</p>")), options=dropped).macros == (MacroUse("expand", None, 1),)
    panel = '{"type":"panel","attrs":{"panelType":"info"},"content":[{"type":"paragraph","content":[]}]}'
    adf = parse(f'{{"type":"doc","version":1,"content":[{panel}]}}', BodyFormat.ADF, dropped)
    assert adf.macros == (MacroUse("info", Reason.CHOSEN, 1),)
    assert not adf.blocks


PICTURE = '<p>See <ac:image ac:alt="A plan"><ri:attachment ri:filename="p.png" /></ac:image>.</p>'


@pytest.mark.parametrize(
    ("form", "text", "links"),
    [(ImageForm.LINK, "See A plan (p.png).", 1), (ImageForm.ALT, "See A plan.", 0), (ImageForm.DROP, "See  .", 0)],
)
def test_a_picture_is_itself_or_its_words_or_nothing(form: ImageForm, text: str, links: int) -> None:
    made = extract(parse(PICTURE, options=ConversionOptions(images=form)))
    assert ([passage.text for passage in made.passages], len(made.links)) == ([text], links)


def test_a_picture_without_words_goes_by_the_name_of_its_file() -> None:
    source = '<ac:image><ri:attachment ri:filename="p.png" /></ac:image>'
    assert "p.png" in to_html(parse(source, options=ConversionOptions(images=ImageForm.ALT)))


TABLE = (
    "<table><tr><th>Team</th><th>Service</th><th>Tier</th></tr>"
    '<tr><td rowspan="2">Core</td><td>Mail <em>in</em></td><td>1 &lt; 2</td></tr>'
    "<tr><td><ul><li>Chat</li><li>Calls</li></ul></td><td></td></tr></table>"
)
DOWN = "<table><tr><th>Owner</th><td>Ann</td></tr><tr><th>State</th><td>on</td><td>off</td></tr></table>"


@pytest.mark.parametrize(
    ("source", "form", "passage", "markdown"),
    [
        (
            TABLE,
            TableForm.RECORDS,
            "Team: Core; Service: Mail in; Tier: 1 < 2\nTeam: Core; Service: - Chat - Calls",
            "- Team: Core; Service: Mail *in*; Tier: 1 < 2\n- Team: Core; Service: • Chat<br>• Calls\n",
        ),
        (DOWN, TableForm.RECORDS, "Owner: Ann\nState: on; off", "- Owner: Ann\n- State: on; off\n"),
        (
            TABLE,
            TableForm.HTML,
            (
                "<tr><th>Team</th><th>Service</th><th>Tier</th></tr>\n"
                "<tr><td>Core</td><td>Mail in</td><td>1 &lt; 2</td></tr>\n"
                "<tr><td>Core</td><td>- Chat - Calls</td><td></td></tr>"
            ),
            "<table><thead><tr><th>Team</th>",
        ),
    ],
)
def test_a_table_takes_the_form_that_was_chosen(source: str, form: TableForm, passage: str, markdown: str) -> None:
    document = parse(source, options=ConversionOptions(tables=form))
    assert [each.text for each in extract(document).passages] == [passage]
    assert to_markdown(document).startswith(markdown)
    assert to_html(document) == to_html(parse(source))


def test_an_html_table_in_markdown_is_one_block_with_its_code_unchanged() -> None:
    source = f"<ul><li>a<table><tr><td>{macro('code', plain('x  y'))}</td></tr></table></li></ul>"
    broken = source.replace("x  y", "x\n\n  \ny")
    markdown = to_markdown(parse(broken, options=ConversionOptions(tables=TableForm.HTML)))
    assert all(map(str.strip, markdown.splitlines()[2:]))
    assert "x\n\n" in words.rendered(markdown)


def test_columns_with_long_names_say_them_whole_once() -> None:
    long = " ".join(["long"] * 20)
    source = f"<table><tr><th>{long}</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    [passage] = extract(parse(source, options=ConversionOptions(tables=TableForm.RECORDS))).passages
    assert passage.text == f"{long}\nlong long long long long long long long…: 1; b: 2"


FORMS = pytest.mark.parametrize("form", [TableForm.HTML, TableForm.RECORDS])


@FORMS
@given(DOCUMENTS)
def test_no_form_of_tables_loses_a_word(form: TableForm, source: str) -> None:
    document = parse(source, options=ConversionOptions(tables=form))
    assert not missing(source, words.in_passages(extract(document)))
    assert not missing(source, words.counted(words.rendered(to_markdown(document))))


@FORMS
@pytest.mark.parametrize("name", EXTREME)
def test_an_extreme_document_stays_within_its_bound_in_every_form(form: TableForm, name: str) -> None:
    source = EXTREME[name]
    document = parse(source, options=ConversionOptions(tables=form))
    limit = 10 * len(source) + 64 * 1024
    assert len(to_markdown(document)) <= limit
    assert sum(len(passage.text) for passage in extract(document).passages) <= limit
