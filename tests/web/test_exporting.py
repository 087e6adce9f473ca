"""Rows as a file: no cell of it is run by a spreadsheet, whichever character parts its cells."""

import csv
import io

import pytest

from mainstem.web.exporting import exported, harmless


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff20", " =", "\n="])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(begin: str) -> None:
    assert harmless(f"{begin}1").startswith("'")
    assert harmless("a=1") == "a=1"
    assert harmless("") == ""


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("fine;=cmd()", "fine;'=cmd()"),
        ("a\n-1", "a\n'-1"),
        ("a; =b", "a;' =b"),
        ("well-known; fine", "well-known; fine"),
    ],
)
def test_what_follows_a_semicolon_or_a_line_end_is_made_harmless_too(cell: str, kept: str) -> None:
    assert harmless(cell) == kept


def test_every_cell_is_quoted_and_lists_and_facts_are_told_in_one() -> None:
    row = {"text": 'say "hi", then', "steps": ["one", "two"], "facts": {"a": 1}, "none": None, "empty": {}}
    written = "".join(exported("csv", tuple(row), [row]))
    assert written.splitlines()[0] == '"text","steps","facts","none","empty"'
    assert list(csv.reader(io.StringIO(written)))[1] == ['say "hi", then', "one two", '{"a": 1}', "", ""]


def test_rows_for_a_program_are_json_as_they_are() -> None:
    assert list(exported("jsonl", ("a",), [{"a": "=1"}])) == ['{"a": "=1"}\n']
