"""Offset paging and `expand` of v1; `search` pages by cursor and has its own module."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, answer

Row = TypeVar("Row")

Expand = dict[str, Any]
"""What to expand, as a tree: `a,b.c` is `{"a": {}, "b": {"c": {}}}`."""


def expand_of(call: Call, *, below: str = "") -> Expand:
    """The request's `expand`; only what stands below a prefix if one is given."""
    return expand_from(call.many("expand")).get(below, {}) if below else expand_from(call.many("expand"))


def expand_from(names: Iterable[str]) -> Expand:
    """Dotted names as a tree."""
    tree: Expand = {}
    for name in names:
        at = tree
        for part in name.strip().split("."):
            at = at.setdefault(part, {})
    return tree


def integer(call: Call, name: str, default: int) -> int:
    """A whole number that is not negative."""
    text = call.one(name, str(default))
    if not text.isascii() or not text.removeprefix("-").isdigit():
        raise refusals.v1_bad_integer(name, text)
    if text.startswith("-"):
        raise refusals.v1_bad_request(f"{name} must not be negative: {text}")
    return int(text)


def page(
    call: Call,
    rows: Sequence[Row],
    shape: Callable[[Row], Any],
    *,
    limit: int,
    cap: int,
    extra: dict[str, Any] | None = None,
) -> Response:
    """One page from `start`. More than `cap` rows are never given; the effective limit is told."""
    start = integer(call, "start", 0)
    limit = min(integer(call, "limit", limit), cap)
    shown = rows[start : start + limit]
    path = call.path("")
    links = {"base": call.site.base_url, "context": "/wiki", "self": f"{call.site.base_url}{path}"}
    if start + len(shown) < len(rows) and shown:
        query = [
            ("next", "true"),
            ("limit", limit),
            ("start", start + len(shown)),
            *call.others("next", "limit", "start"),
        ]
        links["next"] = f"{path}?{urlencode(query)}"
    body = {"results": [shape(row) for row in shown], "start": start, "limit": limit, "size": len(shown)}
    return answer({**body, **(extra or {}), "_links": links})
