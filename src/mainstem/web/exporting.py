"""Rows as a file: CSV for a spreadsheet, JSON Lines for a program; made row by row, however many there are.

Cells of CSV are all quoted, and none of them begins as a formula, be it behind a semicolon: spreadsheets in many
countries part cells there. (OWASP, "CSV Injection".)
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

FORMATS: Mapping[str, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
"""What can be had, by the end of the name, with its media type."""

_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")
"""Where a spreadsheet could take what follows for a formula: where a cell begins, or what it takes for one."""


def exported(kind: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A file of one of the FORMATS, piece by piece. `rows` have exactly these columns, of JSON values."""
    if kind == "csv":
        yield _csv_line(columns)
        yield from (_csv_line([harmless(_text(row[name])) for name in columns]) for row in rows)
    else:
        yield from (f"{json.dumps(dict(row), ensure_ascii=False)}\n" for row in rows)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, whoever wrote what stands in it."""
    return _FORMULA.sub(r"\1'", cell)


def _text(value: Any) -> str:
    """A value as a cell: lists line up, facts stay JSON, nothing is nothing."""
    match value:
        case None:
            return ""
        case list():
            return " ".join(str(each) for each in value)
        case dict():
            return json.dumps(value, ensure_ascii=False) if value else ""
        case _:
            return str(value)


def _csv_line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow(cells)
    return written.getvalue()
