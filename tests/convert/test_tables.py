"""Tables keep their rows, columns and merged cells in Markdown, HTML and records; nothing shifts."""

import re
from html.parser import HTMLParser
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mainstem.convert import extract, parse, to_html, to_markdown
from mainstem.wiki.conversion import ConversionOptions, TableForm
from tests.convert import words
from tests.convert.storage import macro, plain, rich

RECORDS = ConversionOptions(tables=TableForm.RECORDS)


def table(*rows: str, attributes: str = "") -> str:
    return f"<table{attributes}><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


def th(*texts: str) -> str:
    return "".join(f"<th>{text}</th>" for text in texts)


def td(*texts: str) -> str:
    return "".join(f"<td><p>{text}</p></td>" for text in texts)


EXAMPLES = {
    "a header row": (
        table(th("Name", "Age"), td("Ann", "3"), td("Bob", "")),
        "| Name | Age |\n| --- | --- |\n| Ann | 3 |\n| Bob |  |",
        "- Name: Ann; Age: 3\n- Name: Bob",
    ),
    "a header column": (
        table(th("Owner") + td("Ann"), th("State") + td("on", "off")),
        "|  |  |  |\n| --- | --- | --- |\n| **Owner** | Ann |\n| **State** | on | off |",
        "- Owner: Ann\n- State: on; off",
    ),
    "a header row and a header column": (
        table(th("", "2023", "2024"), th("EU") + td("1", "2")),
        "|  | 2023 | 2024 |\n| --- | --- | --- |\n| **EU** | 1 | 2 |",
        "- EU; 2023: 1; 2024: 2",
    ),
    "no headers": (table(td("a", "b")), "|  |  |\n| --- | --- |\n| a | b |", "- a; b"),
    "two header rows": (
        table(
            '<th rowspan="2">Name</th><th colspan="2">Size</th>',
            th("W", "H"),
            td("Ann", "1", "2"),
        ),
        "| Name | Size | Size |\n| --- | --- | --- |\n| Name | **W** | **H** |\n| Ann | 1 | 2 |",
        "- Name: Ann; Size / W: 1; Size / H: 2",
    ),
    "a cell over two rows": (
        table(th("A", "B"), '<td rowspan="2">a</td><td>b</td>', td("c")),
        "| A | B |\n| --- | --- |\n| a | b |\n| a | c |",
        "- A: a; B: b\n- A: a; B: c",
    ),
    "a cell over two columns": (
        table(th("A", "B", "C"), '<td colspan="2">a</td><td>b</td>'),
        "| A | B | C |\n| --- | --- | --- |\n| a | a | b |",
        "- A, B: a; C: b",
    ),
    "a row that is one cell": (
        table(th("A", "B"), '<td colspan="2">all of it</td>'),
        "| A | B |\n| --- | --- |\n| all of it |",
        "A; B\n\n- all of it",
    ),
    "a long cell over two rows": (
        table(th("A", "B"), f'<td rowspan="2">{"long " * 20}</td><td>b</td>', td("c")),
        f"| A | B |\n| --- | --- |\n| {('long ' * 20).strip()} | b |\n|  | c |",
        None,
    ),
    "a place that links lead to, over two rows": (
        table(th("A", "B"), f'<td rowspan="2">{macro("anchor", **{"": "x"})}a</td><td>b</td>', td("c")),
        '| A | B |\n| --- | --- |\n| <a id="x"></a>a | b |\n|  | c |',
        None,
    ),
    "a header that nothing stands under": (
        table(th("A", "B"), td("a", "")),
        "| A | B |\n| --- | --- |\n| a |  |",
        "B\n\n- A: a",
    ),
    "a column of numbers": (
        table(th("A", "B"), '<td>a</td><td rowspan="2">b</td>', td("c"), attributes=' data-number-column="true"'),
        "|  | A | B |\n| --- | --- | --- |\n| 1 | a | b |\n| 2 | c | b |",
        "- 1; A: a; B: b\n- 2; A: c; B: b",
    ),
    "lists and code in cells": (
        table(th("A", "B"), "<td><ul><li>x</li><li>y</li></ul></td><td>" + macro("code", plain("a\n\n b")) + "</td>"),
        "| A | B |\n| --- | --- |\n| • x<br>• y | `a`<br>` b` |",
        "- A: • x<br>• y; B: `a`<br>` b`",
    ),
    "panels and expands in cells": (
        table(
            th("A"),
            "<td>" + macro("expand", rich("<p>e</p>" + macro("info", rich("<p>i</p>"))), title="T") + "</td>",
        ),
        "| A |\n| --- |\n| **T**<br>e<br>i |",
        "- A: **T**<br>e<br>i",
    ),
    "a table in a cell": (
        table(th("A"), f"<td>{table(th('x', 'y'), td('1', '2'))}</td>"),
        "| A |\n| --- |\n| x / y<br>1 / 2 |",
        "- A: x / y<br>1 / 2",
    ),
    "a cell that would begin a list of its own": (table(td("1. a"), td("- b")), None, "- 1\\. a\n- \\- b"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_table_becomes_this_markdown_and_these_records(name: str) -> None:
    source, markdown, records = EXAMPLES[name]
    assert markdown is None or to_markdown(parse(source)) == f"{markdown}\n"
    assert records is None or to_markdown(parse(source, options=RECORDS)) == f"{records}\n"


@pytest.mark.parametrize(
    "head", ['<th rowspan="2">A</th><th>B</th>', '<th rowspan="9">A</th><th>B</th>', '<th rowspan="0">A</th><th>B</th>']
)
def test_a_header_that_reaches_into_the_body_moves_no_column(head: str) -> None:
    source = table(head, td("b"), td("c", "d"))
    assert "<thead>" not in to_html(parse(source))
    assert places(to_html(parse(source)))["b"] == (1, 1)


def test_a_cell_ends_with_its_section() -> None:
    source = (
        f"<table><thead><tr>{th('A')}<th rowspan='3'>B</th></tr></thead><tbody><tr>{td('a', 'b')}</tr></tbody></table>"
    )
    assert to_markdown(parse(source)) == "| A | B |\n| --- | --- |\n| a | b |\n"


def test_passages_are_records_where_that_was_chosen() -> None:
    source = table(th("Name", "Team"), *(td(f"Person {number}", "Red") for number in range(100)))
    converted = extract(parse(source, options=RECORDS))
    lines = [line for passage in converted.passages for line in passage.text.splitlines()]
    assert lines == [f"Name: Person {number}; Team: Red" for number in range(100)]
    assert len(converted.passages) > 2


def test_passages_of_a_very_wide_table_say_each_header_with_its_value() -> None:
    names = [f"Long name of column {number}" for number in range(40)]
    source = table(th(*names), *(td(*(f"v{row}x{column}" for column in range(40))) for row in range(3)))
    text = "\n".join(passage.text for passage in extract(parse(source)).passages)
    for row in range(3):
        for column in range(40):
            assert re.search(rf"Long name of column {column}:\s+v{row}x{column}\b", text)


def test_long_headers_over_short_values_are_said_once() -> None:
    names = [f"H{number} {'long ' * 30}" for number in range(20)]
    source = table(th(*names), *(td(*("x" for _ in names)) for _ in range(200)))
    for text in (
        to_markdown(parse(source, options=RECORDS)),
        "\n".join(passage.text for passage in extract(parse(source, options=RECORDS)).passages),
    ):
        assert all(name.split()[0] in text for name in names)
        assert len(text) < 10 * len(source)


LONG = "long " * 20_000
EXPLOSIVE = {
    "a long cell over many rows": table(f'<td rowspan="1000">{LONG}</td>' + td("x"), *([td("y")] * 999)),
    "a long cell over many columns": table("<td/>" * 1000, f'<td colspan="1000">{LONG}</td>'),
    "a long header over many columns": table(th("a") * 500, f'<th colspan="500">{LONG}</th>', td("b") * 500),
}


@pytest.mark.parametrize("form", TableForm)
@pytest.mark.parametrize("name", EXPLOSIVE)
def test_a_long_merged_cell_is_not_said_again_and_again(name: str, form: TableForm) -> None:
    document = parse(EXPLOSIVE[name], options=ConversionOptions(tables=form))
    passages = "".join(passage.text for passage in extract(document).passages)
    for text in (to_markdown(document), passages):
        assert LONG.strip()[:500] in text
        assert len(text) < 2 * len(EXPLOSIVE[name])


class _Places(HTMLParser):
    """Where a browser puts each cell of a table without tables in it: its words to (row, column)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[int, int]] = {}
        self._taken: set[tuple[int, int]] = set()
        self._row, self._ends, self._here = -1, 0, (0, 0)
        self._spans: list[tuple[int, int, int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._row += 1
        elif tag in ("td", "th"):
            spans = dict(attrs)
            column = next(at for at in count() if (self._row, at) not in self._taken)
            self._here = (self._row, column)
            for below in range(int(spans.get("rowspan") or 1)):
                for beside in range(int(spans.get("colspan") or 1)):
                    self._taken.add((self._row + below, column + beside))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("thead", "tbody"):
            self._taken = {(row, column) for row, column in self._taken if row <= self._row}

    def handle_data(self, data: str) -> None:
        for word in data.split():
            self.found.setdefault(word, self._here)


def places(html: str) -> dict[str, tuple[int, int]]:
    page = _Places()
    page.feed(html)
    return page.found


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table in which each cell has a word of its own."""
    number = count()
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        cells = []
        for _ in range(draw(st.integers(0, 5))):
            tag = draw(st.sampled_from(["td", "td", "th"]))
            spans = (draw(st.sampled_from([1, 1, 1, 1, 2, 3])), draw(st.sampled_from([1, 1, 1, 2, 3])))
            cells.append(f'<{tag} colspan="{spans[0]}" rowspan="{spans[1]}">w{next(number)}</{tag}>')
        rows.append("".join(cells))
    return table(*rows)


@given(tables())
def test_each_cell_stands_in_its_column_in_html_and_markdown(source: str) -> None:
    wanted = places(source)
    document = parse(source)
    assert places(to_html(document)) == wanted
    columns = sorted({column for _, column in wanted.values()})
    shown = places(MarkdownIt("commonmark").enable("table").render(to_markdown(document)))
    rows = sorted({row for row, _ in shown.values()})
    # Markdown has a head always, and no columns that nothing begins in.
    first = 0 if rows[:1] == [0] else 1
    assert {word: (row - first, columns[column]) for word, (row, column) in shown.items()} == wanted


@given(tables())
def test_each_word_of_a_table_is_in_its_records(source: str) -> None:
    found = words.counted(to_markdown(parse(source, options=RECORDS)))
    assert not words.in_storage(source) - found
