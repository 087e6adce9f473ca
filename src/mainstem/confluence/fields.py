"""Single values out of Confluence's JSON, tolerant of what is missing: a strange value reads as "not known".

Tolerance ends at permissions: `restrictions` and the clauses refuse what they do not understand.
"""

from datetime import UTC, datetime
from typing import Any

from mainstem.confluence.errors import ListingBroken
from mainstem.wiki.content import Kind, Status

Row = dict[str, Any]


def identity(row: Row) -> str:
    """The id of an object, as an opaque string. Raises ListingBroken: what has no id cannot be accounted for."""
    known = optional_id(row.get("id"))
    if known is None:
        raise ListingBroken("an answer of Confluence", "an item has no id")
    return known


def optional_id(value: Any) -> str | None:
    """An id that may be absent; numbers become strings."""
    return str(value) if isinstance(value, str | int) and value != "" else None


def text(row: Row, *path: str) -> str:
    """The string at a path of keys, "" where there is none."""
    value = at(row, *path)
    return value if isinstance(value, str) else ""


def at(row: Any, *path: str) -> Any:
    """Whatever lies at a path of keys, None where the path breaks off."""
    for key in path:
        if not isinstance(row, dict):
            return None
        row = row.get(key)
    return row


def results(row: Row, *path: str) -> list[Row]:
    """The objects of an embedded list, none where there is no list."""
    found = at(row, *path, "results")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def number(value: Any) -> int | None:
    """A whole number; None for the rest (Data Center gives `"none"` as a position)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def instant(value: Any) -> datetime | None:
    """An instant in UTC from an ISO text with `Z` or an offset."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def status(value: Any) -> Status:
    """A status in Confluence's word; one it never told us about is UNKNOWN, which is hidden."""
    try:
        return Status(value)
    except ValueError:
        return Status.UNKNOWN


def kind(value: Any) -> Kind | None:
    """A kind in Confluence's word; None for app types and the like."""
    try:
        return Kind(value)
    except ValueError:
        return None


def storage(row: Row) -> str | None:
    """The body in storage format; None when it was not asked for or there is none."""
    value = at(row, "body", "storage", "value")
    return value if isinstance(value, str) else None
