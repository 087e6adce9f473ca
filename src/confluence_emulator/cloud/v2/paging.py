"""Cursor paging of v2: a cursor names the last row given, so that changes between two pages repeat and skip nothing."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, among, answer
from confluence_emulator.state import Content, Kind
from confluence_emulator.state.site import SortKey

MAX_LIMIT = 250

Row = TypeVar("Row")


def limit_of(call: Call, default: int = 25) -> int:
    """How many rows are asked for; anything but 1 to 250 is refused."""
    text = call.one("limit", str(default))
    limit = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= limit <= MAX_LIMIT:
        raise refusals.v2(400, f"Invalid value for limit: {text}. It must be between 1 and {MAX_LIMIT}")
    return limit


def sort_of(call: Call, allowed: tuple[str, ...], default: str) -> tuple[str, bool]:
    """The field to sort by and whether downwards."""
    given = call.one("sort", default)
    field = given.removeprefix("-")
    wrong = among("sort", [field], allowed)
    if wrong:
        raise refusals.v2(400, wrong)
    return field, given.startswith("-")


def encode(key: SortKey) -> str:
    """A place in a listing as an opaque word."""
    value = key[0].isoformat() if isinstance(key[0], datetime) else key[0]
    return base64.urlsafe_b64encode(json.dumps([value, key[1]]).encode()).decode()


def decode(call: Call, *, dated: bool = False) -> SortKey | None:
    """The place that the request's cursor names, or None at the beginning."""
    if not call.has("cursor"):
        return None
    try:
        value, number = json.loads(base64.urlsafe_b64decode(call.one("cursor")))
        return (datetime.fromisoformat(value) if dated else value, int(number))
    except (ValueError, TypeError):
        raise refusals.v2(400, "Invalid cursor") from None


def page(
    call: Call, rows: Iterator[Row], shape: Callable[[Row], Any], key: Callable[[Row], SortKey], default: int = 25
) -> Response:
    """One page of rows that already begin behind the cursor."""
    limit = limit_of(call, default)
    taken = list(islice(rows, limit + 1))
    links = {"base": call.site.base_url}
    header = f'<{call.site.base_url}>; rel="base"'
    if len(taken) > limit:
        taken.pop()
        query = urlencode([*call.others("cursor", "limit"), ("limit", limit), ("cursor", encode(key(taken[-1])))])
        links = {"next": f"{call.path()}?{query}", **links}
        header = f'<{links["next"]}>; rel="next", {header}'
    return answer({"results": [shape(row) for row in taken], "_links": links}, headers={"Link": header})


def page_of(
    call: Call,
    rows: Iterable[Row],
    shape: Callable[[Row], Any],
    key: Callable[[Row], SortKey],
    *,
    descending: bool = False,
    default: int = 25,
    dated: bool = False,
) -> Response:
    """One page of a list that is short enough to be walked from its beginning; it need not be sorted."""
    after = decode(call, dated=dated)
    ordered = sorted(rows, key=key, reverse=descending)
    behind = (row for row in ordered if after is None or (key(row) < after if descending else key(row) > after))
    return page(call, behind, shape, key, default)


def numbered(call: Call, rows: Iterable[Row], shape: Callable[[Row], Any]) -> Response:
    """One page of a list that has an order of its own."""
    pairs = list(enumerate(rows))
    return page_of(call, pairs, lambda pair: shape(pair[1]), lambda pair: (pair[0], 0))


def content_page(
    call: Call,
    kind: Kind,
    keep: Callable[[Content], bool],
    shape: Callable[[Content], Any],
    *,
    sort: tuple[str, bool],
    space_id: str = "",
    default: int = 25,
) -> Response:
    """One page of a site's or a space's contents of a kind, those that `keep` admits and the caller may view."""
    field, descending = sort
    after = decode(call, dated=field.endswith("-date"))
    rows = call.site.listing_from(kind, field, after, space_id=space_id, descending=descending)
    seen = (content for content in rows if keep(content) and call.sight.content(content))
    return page(call, seen, shape, lambda content: call.site.sort_key(content, field), default)
