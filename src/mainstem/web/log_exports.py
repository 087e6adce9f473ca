"""Log lines as a file: CSV for a spreadsheet, JSON Lines for a program; made line by line, however many there are."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mainstem.store.events import Line
from mainstem.web.connection_views import DEPLOYMENTS
from mainstem.web.log_views import confluence_href

FORMATS: Mapping[str, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
"""What can be had, by the end of the name, with its media type."""

COLUMNS = (
    "at",
    "level",
    "source",
    "site",
    "connection",
    "run",
    "event",
    "subject",
    "document",
    "title",
    "url",
    "cause",
    "repair",
    "facts",
)

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def lines_of(kind: str, lines: Iterable[Line]) -> Iterator[str]:
    """A file of one of the FORMATS, piece by piece."""
    return _csv(lines) if kind == "csv" else (f"{json.dumps(_row(line), ensure_ascii=False)}\n" for line in lines)


def _csv(lines: Iterable[Line]) -> Iterator[str]:
    yield _csv_line(COLUMNS)
    for line in lines:
        row = _row(line)
        row["repair"] = " ".join(row["repair"])
        row["facts"] = json.dumps(row["facts"], ensure_ascii=False) if row["facts"] else ""
        yield _csv_line([harmless("" if cell is None else str(cell)) for cell in row.values()])


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, whoever wrote what stands in it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _csv_line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _row(line: Line) -> dict[str, Any]:
    values = (
        line.at.isoformat(),
        line.level,
        DEPLOYMENTS[line.deployment],
        line.site,
        line.connection,
        line.run_id,
        line.text,
        line.subject,
        line.source_id,
        line.title or "",
        confluence_href(line),
        line.cause,
        line.repair.splitlines(),
        dict(line.facts),
    )
    return dict(zip(COLUMNS, values, strict=True))
