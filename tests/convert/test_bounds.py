"""No document may blow up time, memory or the stack."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mainstem.convert import extract, parse, to_html, to_json, to_markdown, to_text
from tests.convert.storage import macro, packed, plain, rich

EXPAND = '<ac:structured-macro ac:name="expand"><ac:rich-text-body>'
EXPAND_END = "</ac:rich-text-body></ac:structured-macro>"
WIDE_THEN_LONG = "<tr>" + '<td rowspan="1000">x</td>' * 900 + "</tr>" + "<tr><td>y</td></tr>" * 900
DRAWING = "<mxGraphModel>" + "".join(f'<mxCell value="x{number}"/>' for number in range(20_000)) + "</mxGraphModel>"
BOMB = packed("a" * 3_000_000)
PACKED_DRAWING = f"<mxfile><diagram>{packed(DRAWING)}</diagram></mxfile>"
DOCUMENTS = {
    "divisions in divisions": "<div>" * 5000 + "deep" + "</div>" * 5000,
    "styles in styles": "<b><i>" * 3000 + "deep" + "</i></b>" * 3000,
    "lists in lists": "<ul><li>x" * 3000 + "deep" + "</li></ul>" * 3000,
    "lists straight in lists": "<ul>" * 3000 + "<li>deep</li>" + "</ul>" * 3000,
    "quotes in quotes": "<blockquote><p>x</p>" * 2000 + "deep" + "</blockquote>" * 2000,
    "code in quotes": "<blockquote>" * 80
    + '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA['
    + "x\n" * 20_000
    + "deep]]></ac:plain-text-body></ac:structured-macro>"
    + "</blockquote>" * 80,
    "tables in tables": "<table><tr><td>" * 800 + "deep" + "</td></tr></table>" * 800,
    "expands in tables": f"<table><tr><td>{EXPAND}" * 400 + "deep" + f"{EXPAND_END}</td></tr></table>" * 400,
    "a long expand in a table of many rows": f"<table><tr><td>{EXPAND}{'<p>x</p>' * 5_000}deep{EXPAND_END}</td></tr>"
    + "<tr><td>x</td><td>y</td></tr>" * 2_000
    + "</table>",
    "a cell of 100,000 columns": '<table><tr><td colspan="100000" rowspan="100000">deep</td></tr><tr/></table>',
    "merged cells everywhere": f"<table>{WIDE_THEN_LONG}</table>deep",
    "a wide row over short ones": f"<table><tr>{'<td>x</td>' * 3000}</tr>{'<tr><td/></tr>' * 3000}</table>deep",
    "many identical headings": "<h1>deep</h1>" * 20_000,
    "many pieces in one word": "<p>deep " + "<span>x</span>" * 100_000 + "</p>",
    "unclosed tags": "<div><b>" * 20_000 + "deep",
    "stray end tags": "<a>" * 20_000 + "</b>" * 20_000 + "deep",
    "entities that expand": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>&b;' * 50
    + "deep",
    "a file as an entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>&a; deep</p>',
    "unknown entities": "".join(f"&name{number};" for number in range(5000)) + " deep",
    "open brackets": "deep <![CDATA[" * 20_000,
    "document types": "deep <!DOCTYPE [" * 5_000,
    "one long word": "<p>" + "x" * 300_000 + " deep</p>",
    "special signs": f"<p>{'*_`[]' * 30_000} deep</p>",
    "empty cells": f"<table><tr>{'<td/>' * 20_000}</tr></table>deep",
    "breaks": f"<p>{'x<br/>' * 30_000}deep</p>",
    "packed texts that swell": (macro("plantumlcloud", data=BOMB) + macro("drawio", plain(PACKED_DRAWING))) * 3
    + "deep",
    "a packed text beside its bound": macro("plantumlcloud", data=packed("ab" * 20)) * 2_000 + "deep",
    "brackets in Markdown": macro("markdown", plain("[" * 49_000)) + "deep",
    "stars in Markdown": macro("markdown", plain("**a *b " * 7_000)) + "deep",
    "quotes in Markdown": macro("markdown", plain(">" * 40_000)) + "deep",
    "tables in Markdown": macro("markdown", plain(f"{'|a' * 1_000}\n{'|-' * 1_000}\n{'|b' * 20_000}")) + "deep",
    "a row of values over short ones": macro("csv", plain(f"{',x' * 5_000}\n" + "x\n" * 5_000)) + "deep",
    "headings that count": macro("numberedheadings", rich("<h6>x</h6><h1>x</h1>" * 5_000)) + "deep",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_extreme_document_stays_within_its_bound_and_keeps_its_words(name: str) -> None:
    source = DOCUMENTS[name]
    started = time.process_time()
    document = parse(source)
    limit = 10 * len(source) + 64 * 1024
    for output in (to_markdown(document), to_html(document), to_text(document)):
        assert len(output) <= limit
        assert "deep" in output
    assert len(to_json(document)) <= limit
    passages = extract(document).passages
    assert any("deep" in passage.text or "deep" in passage.heading_path for passage in passages)
    assert sum(len(passage.text) for passage in passages) <= limit
    assert time.process_time() - started < 5 + len(source) / 50_000


def test_all_extreme_documents_together_take_little_memory() -> None:
    command = [sys.executable, "-c", "from tests.convert.test_bounds import growth; print(growth())"]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], text=True, stdout=subprocess.PIPE, check=True)
    assert int(ended.stdout) < 150_000_000


def growth() -> int:
    """By how many bytes the most that this process ever held grows while everything is converted to everything."""
    before = peak()
    for source in DOCUMENTS.values():
        document = parse(source)
        for output in (to_markdown, to_html, to_text, to_json, extract):
            output(document)
    return peak() - before


def peak() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def test_no_file_is_read_for_an_entity() -> None:
    assert "root:" not in to_text(parse(DOCUMENTS["a file as an entity"]))
