"""`mainstem convert`: from a file or standard input to each format, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import answer, mainstem

ADF = (
    '{"type":"doc","version":1,"content":[{"type":"heading","attrs":{"level":1},"content":[{"type":"text","text":"Tea"}]},'
    '{"type":"paragraph","content":[{"type":"text","text":"Green & "},'
    '{"type":"text","text":"hot","marks":[{"type":"strong"}]}]}]}'
)
BODY = "<h1>Tea</h1><p>Green &amp; <strong>hot</strong></p>"


FORMATS = pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("markdown", "# Tea\n\nGreen & **hot**\n"),
        ("text", "Tea\nGreen & hot\n"),
        ("html", '<h1 id="tea">Tea</h1>'),
        ("json", '{"type":"Document"'),
    ],
)


@FORMATS
def test_a_file_becomes_each_format(target: str, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "page.xml"
    file.write_text(BODY)
    result = mainstem("convert", file, "--to", target)
    assert result.exit_code == 0
    assert result.stdout.startswith(expected)
    assert result.stdout.endswith("\n")


@FORMATS
@pytest.mark.parametrize("options", [[], ["--from", "adf"]])
def test_adf_becomes_each_format_named_or_not(target: str, expected: str, options: list[str]) -> None:
    result = mainstem("convert", "-", "--to", target, *options, input=ADF)
    assert (result.exit_code, result.stdout[: len(expected)]) == (0, expected)


def test_programs_are_told_the_format_that_was_seen() -> None:
    assert answer("convert", "-", "--json", input=ADF)["from"] == "adf"


@pytest.mark.parametrize(
    ("form", "expected"),
    [("markdown", "| A |\n| --- |\n| a |\n"), ("html", "<table><thead>"), ("records", "- A: a\n")],
)
def test_tables_take_the_form_that_is_asked_for(form: str, expected: str) -> None:
    body = "<table><tr><th>A</th></tr><tr><td>a</td></tr></table>"
    assert mainstem("convert", "-", "--tables", form, input=body).stdout.startswith(expected)


def test_standard_input_is_a_dash() -> None:
    assert mainstem("convert", "-", input=BODY).stdout.startswith("# Tea")


def test_programs_get_the_tree_as_it_is() -> None:
    told = answer("convert", "-", "--to", "json", input=BODY)
    assert (told["from"], told["to"], told["content"]["type"]) == ("storage", "json", "Document")


def test_text_is_wrapped_for_programs() -> None:
    told = json.loads(mainstem("convert", "-", "--to", "text", "--json", input="<p>Grün</p>").stdout)
    assert told == {"from": "storage", "to": "text", "content": "Grün\n"}


LOSSY = (
    '<ac:structured-macro ac:name="gliffy"><ac:parameter ac:name="name">Pump</ac:parameter></ac:structured-macro>' * 2
    + '<ac:structured-macro ac:name="made-up" /><ac:structured-macro ac:name="toc" />'
)


def test_a_report_tells_beside_the_result_what_was_simplified_and_why() -> None:
    result = mainstem("convert", "-", "--report", input=LOSSY)
    assert result.exit_code == 0
    assert result.stdout.startswith("\\[gliffy: Pump\\]")
    summary, *lines = result.stderr.splitlines()
    assert summary == "4 macros: 1 rendered, 2 simplified, 1 placeholder"
    assert [line.split(". ")[0] for line in lines] == ["simplified: gliffy (2 times)", "placeholder: made-up"]


def test_a_page_without_macros_has_nothing_to_report() -> None:
    assert mainstem("convert", "-", "--report", input=BODY).stderr.startswith("0 macros")


def test_programs_get_the_report_with_the_result() -> None:
    told = answer("convert", "-", "--report", "--json", input=LOSSY)["macros"]
    assert [(each["macro"], each["uses"], each["treatment"], each["reason"]) for each in told] == [
        ("gliffy", 2, "simplified", "drawing"),
        ("made-up", 1, "placeholder", "unknown"),
        ("toc", 1, "rendered", None),
    ]
    assert all(bool(each["why"]) == (each["reason"] is not None) for each in told)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["/nowhere/page.xml"], "Cannot read /nowhere/page.xml"),
        (["-", "--from", "adf"], "This is no document of ADF (it is not JSON at character 0)"),
        (["-", "--to", "word"], "word"),
    ],
)
def test_what_cannot_be_done_is_bad_input(options: list[str], said: str) -> None:
    result = mainstem("convert", *options, input=BODY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_file_that_is_no_text_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    result = mainstem("convert", tmp_path / "picture.png")
    assert (result.exit_code, "not text in UTF-8" in result.stderr) == (2, True)


def test_macros_tables_and_pictures_take_the_form_that_was_asked_for() -> None:
    body = (
        '<ac:structured-macro ac:name="toc"/><ac:structured-macro ac:name="drawio"/>'
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
        '<ac:image ac:alt="A plan"><ri:attachment ri:filename="p.png" /></ac:image>'
    )
    asked = ("--macro", "drawio=drop", "--tables", "records", "--images", "alt")
    assert mainstem("convert", "-", *asked, input=body).stdout == "- A: 1; B: 2\n\nA plan\n"


def test_a_form_that_there_is_not_is_refused() -> None:
    result = mainstem("convert", "-", "--macro", "drawio", input="<p/>")
    assert result.exit_code == 2
    assert "choose one of render, text, placeholder, drop" in result.stderr
