"""Log lines as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from mainstem.store.events import Line
from mainstem.web import addresses
from mainstem.web.connection_views import DEPLOYMENTS
from mainstem.web.exporting import exported
from mainstem.web.log_views import confluence_href, connection_href

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


def lines_of(kind: str, lines: Iterable[Line], public_url: str = "") -> Iterator[str]:
    """A file of one of the FORMATS, piece by piece. `public_url` is where people reach the hub; "" gives no links."""
    return exported(kind, COLUMNS, (_row(line, public_url) for line in lines))


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
    return connection_href(line) if line.document_id is None else addresses.document(line.document_id)
