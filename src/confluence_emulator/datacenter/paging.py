"""Listings page by page: by offset, and for scans by a cursor that survives changes between pages."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.refusals import Refused

Row = TypeVar("Row")
INTEGER = re.compile(r"-?\d+")
CURSOR = re.compile(r"(?P<kind>[a-z]+):(?P<reverse>true|false):(?P<number>\d+)")


def integer(request: Request, name: str, default: int) -> int:
    """A whole number from the query, 0 or more; what cannot be read is a 404 without explanation, as JAX-RS has it."""
    text = request.query_params.get(name)
    if text is None or not text.strip():
        return default
    if INTEGER.fullmatch(text.strip()) is None:
        raise Refused(404, "HTTP 404 Not Found")
    number = int(text)
    if number < 0:
        raise Refused(400, f"{name} must not be negative: {number}")
    return number


def offset_page(
    request: Request,
    caller: Caller,
    rows: Sequence[Row],
    shape: Callable[[Row], object],
    *,
    default: int = 25,
    cap: int = 200,
    undercount: int = 0,
) -> Json:
    """One page of a listing. A limit above the cap is lowered in silence; the effective one is in the answer.

    undercount: by how much the next link of a capped page falls short.
    """
    quirks = caller.installation.quirks
    start, asked = integer(request, "start", 0), integer(request, "limit", default)
    limit = min(asked, cap)
    repeated = quirks.repeat_last_page and start >= len(rows) > 0 and limit > 0
    begin = (len(rows) - 1) // limit * limit if repeated else start
    chosen = rows[begin : begin + limit]
    links = _links(request, caller)
    if begin + len(chosen) < len(rows) or quirks.repeat_last_page or quirks.endless_next:
        short = undercount if asked > cap else 0
        links["next"] = _link(request, caller, limit=limit, start=start + (len(chosen) or limit) - short)
    if start > 0:
        links["prev"] = _link(request, caller, limit=limit, start=max(0, start - limit))
    return {
        "results": [shape(row) for row in chosen],
        "start": start,
        "limit": limit,
        "size": len(chosen),
        "_links": links,
    }


def read_cursor(request: Request) -> tuple[int | None, bool]:
    """Behind which number to go on, and whether backwards; Refused 400 for what is no cursor."""
    text = request.query_params.get("cursor", "")
    if not text:
        return None, False
    found = CURSOR.fullmatch(text)
    if found is None:
        raise Refused(400, f"Invalid cursor: {text}")
    return int(found["number"]), found["reverse"] == "true"


def cursor_page(
    request: Request,
    caller: Caller,
    rows: Sequence[tuple[int, object]],
    *,
    limit: int,
    more: bool,
) -> Json:
    """One page of a scan. rows: the number that orders, and the shaped row; more: whether others follow."""
    answer: Json = {"results": [row for _, row in rows], "limit": limit, "size": len(rows)}
    links = _links(request, caller)
    if given := request.query_params.get("cursor"):
        answer["cursor"] = given
    if rows and given:
        answer["prevCursor"] = f"content:true:{rows[0][0]}"
        links["prev"] = _link(request, caller, limit=limit, cursor=answer["prevCursor"])
    if rows and more:
        answer["nextCursor"] = f"content:false:{rows[-1][0]}"
        links["next"] = _link(request, caller, limit=limit, cursor=answer["nextCursor"])
    return {**answer, "_links": links}


def _links(request: Request, caller: Caller) -> dict[str, str]:
    base, context = caller.installation.base_url, caller.installation.context
    path = request.url.path.removeprefix(context)
    query = f"?{request.url.query}" if request.url.query else ""
    return {"self": f"{base}{path}{query}", "base": base, "context": context}


def _link(request: Request, caller: Caller, **changed: object) -> str:
    """A link to another page of the same listing, relative to `_links.base`."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    path = request.url.path.removeprefix(caller.installation.context)
    return f"{path}?{urlencode([*kept, *((name, str(value)) for name, value in changed.items())])}"
