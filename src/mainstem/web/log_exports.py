"""Log lines as a file: CSV for a spreadsheet, JSON Lines for a program; made line by line, however many there are."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mainstem.store.events import Line
from mainstem.web import addresses
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
    "link",
)

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def lines_of(kind: str, lines: Iterable[Line], public_url: str = "") -> Iterator[str]:
    """A file of one of the FORMATS, piece by piece. `public_url` is where people reach the hub; "" gives no links."""
    rows = (_row(line, public_url) for line in lines)
    return _csv(rows) if kind == "csv" else (f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield _csv_line(COLUMNS)
    for row in rows:
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


def _row(line: Line, public_url: str) -> dict[str, Any]:
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
        public_url + _page(line) if public_url else "",
    )
    return dict(zip(COLUMNS, values, strict=True))


def _page(line: Line) -> str:
    """The page here that a line is about: the document for whoever may read it, else the connection."""
    return f"/connections/{line.connection_id}" if line.document_id is None else addresses.document(line.document_id)
