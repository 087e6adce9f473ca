"""Listings by cursor, which cost the same on every page: content/scan and a space's trash."""

import heapq
from collections.abc import Iterator
from itertools import islice

from starlette.requests import Request

from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.content_json import content_json
from confluence_emulator.datacenter.contents import expand_of, kinds_of, statuses_of
from confluence_emulator.datacenter.expansion import Expand
from confluence_emulator.datacenter.paging import cursor_page, integer, read_cursor
from confluence_emulator.datacenter.refusals import Refused
from confluence_emulator.state import Content, Kind, Space, Status

TRASH_DEFAULT = ("ancestors,container,space,metadata",)
SCANNED_TYPES = ("page", "blogpost", "comment")


def scan(request: Request, caller: Caller) -> Json:
    """GET content/scan: all contents of a type in a space or the site, by id."""
    query = request.query_params
    space = caller.space(query["spaceKey"]) if query.get("spaceKey") else None
    name = query.get("type", "page")
    if name not in SCANNED_TYPES:
        raise Refused(400, f"Scanning is not supported for content of type {name}")
    states = statuses_of(request, everything=frozenset({Status.CURRENT, Status.TRASHED}))
    return _page(request, caller, kinds_of(name), states, space, expand_of(request))


def trash(request: Request, caller: Caller) -> Json:
    """GET space/{key}/trash: for the space's administrators."""
    space = caller.space(request.path_params["key"])
    if not caller.sight.bypass and not caller.sight.may("administer", space):
        raise Refused(403, f"The caller is no administrator of the space {space.key}")
    states = frozenset({Status.TRASHED})
    return _page(request, caller, frozenset(Kind), states, space, expand_of(request, TRASH_DEFAULT))


def _page(
    request: Request,
    caller: Caller,
    kinds: frozenset[Kind],
    states: frozenset[Status],
    space: Space | None,
    expand: Expand,
) -> Json:
    number, reverse = read_cursor(request)
    limit = max(1, min(integer(request, "limit", 25), expand.cap))
    follow = _following(caller, kinds, number, space.id if space is not None else "", reverse=reverse)
    found = list(islice((each for each in follow if each.status in states and caller.sees(each)), limit + 1))
    more = reverse or len(found) > limit
    chosen = found[:limit][::-1] if reverse else found[:limit]
    rows: list[tuple[int, object]] = [(each.number, content_json(each, caller, expand)) for each in chosen]
    return cursor_page(request, caller, rows, limit=limit, more=more)


def _following(
    caller: Caller, kinds: frozenset[Kind], number: int | None, space_id: str, *, reverse: bool
) -> Iterator[Content]:
    after = (number, number) if number is not None else None
    listings = (
        caller.site.listing_from(kind, "id", after, space_id=space_id, descending=reverse) for kind in sorted(kinds)
    )
    return heapq.merge(*listings, key=lambda each: each.number, reverse=reverse)
