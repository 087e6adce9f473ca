"""Lists that come in pages: followed by `next` alone, guarded against servers that repeat themselves.

How many were asked for never matters: servers lower the limit without a word, and a short page is not the last one.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from mainstem.confluence.client import Batch
from mainstem.confluence.errors import CUT_OFF, TOO_LONG, ListingBroken, ServerBroken, Unreachable
from mainstem.confluence.fields import at
from mainstem.confluence.http import Http, Params
from mainstem.errors import MainstemError
from mainstem.wiki.content import Content

MOST_EMPTY_PAGES = 20
"""A search may give empty pages in the midst of a list; more than this in a row is a server in a loop."""


OVERTAXED = {500, 504}
"""What a server answers that has more to put together than it can, or than the proxy before it waits for."""

LIGHTER = 5


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a list: its rows, the link to the next one (None at the end) and `_links.base`."""

    rows: list[dict[str, Any]]
    next: str | None
    base: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A list that starts at a path; `name` says in errors what it is.

    `by_offset`: a v1 list, which may end with an empty page that has a `next`. `sticky`: parameters which the
    server's `next` may forget and which are then put back. `heavy`: pages carry bodies, so one may be too much for
    the server, and is then asked for in smaller parts.
    """

    name: str
    path: str
    params: Params
    by_offset: bool = False
    sticky: tuple[str, ...] = ()
    heavy: bool = False

    def first(self, behind: int = 0) -> str:
        """The link to the first page, or of an offset list to the one behind so many rows."""
        params = {**self.params, "start": behind} if behind else self.params
        return str(httpx.URL(self.path, params=params))

    def completed(self, link: str) -> str:
        """A link to the next page with the sticky parameters it lacks."""
        url = httpx.URL(link)
        lost = {name: self.params[name] for name in self.sticky if name not in url.params}
        return str(url.copy_merge_params(lost)) if lost else link

    def lighter(self, link: str, error: MainstemError) -> str | None:
        """The same link for a fifth of the rows, when their weight may be the trouble; None when it cannot be."""
        asked = int(httpx.URL(link).params.get("limit", 0))
        overtaxed = isinstance(error, ServerBroken) and error.status in OVERTAXED
        overtaxed |= isinstance(error, Unreachable) and error.cause in {TOO_LONG, CUT_OFF}
        if not (self.heavy and overtaxed and asked >= LIGHTER):
            return None
        return str(httpx.URL(link).copy_merge_params({"limit": asked // LIGHTER}))


def pages(http: Http, source: Source, *, start: str | None = None) -> AsyncIterator[Page]:
    """Every page of a list, to the end of `next`, or from the link `start` on.

    Raises ListingBroken when the server goes round in circles, for then the end was never proved.
    """
    return _offset_pages(http, source, start) if source.by_offset else _cursor_pages(http, source, start)


async def _cursor_pages(http: Http, source: Source, start: str | None) -> AsyncIterator[Page]:
    links: set[str] = set()
    seen: set[str] = set()
    empty = 0
    async for page in _linked(http, source, start):
        fresh = {_key(row) for row in page.rows} - seen
        seen |= fresh
        empty = 0 if page.rows else empty + 1
        if page.next in links:
            raise ListingBroken(source.name, "a link to the next page came twice")
        if page.next and page.rows and not fresh:
            raise ListingBroken(source.name, "a page repeats what came before")
        if empty > MOST_EMPTY_PAGES:
            raise ListingBroken(source.name, "empty pages follow each other without end")
        yield page
        links.add(page.next or "")


async def _linked(http: Http, source: Source, start: str | None) -> AsyncIterator[Page]:
    page = await _ask(http, source, start or source.first())
    yield page
    while page.next:
        page = await _ask(http, source, page.next)
        yield page


async def _offset_pages(http: Http, source: Source, start: str | None) -> AsyncIterator[Page]:
    # Data Center gives its last page over and over (CONFSERVER-95396), links to empty pages, or counts `start` too low.
    # So where a page or its link brings nothing new, the row behind all known ones is asked for by number: either
    # there is one, or the end is proved.
    links: set[str] = set()
    seen: set[str] = set()
    page = await _ask(http, source, start or source.first())
    asked_behind = False
    while True:
        fresh = {_key(row) for row in page.rows} - seen
        seen |= fresh
        if not fresh and (asked_behind or not page.rows):
            yield Page([], None, page.base)
            return
        yield page
        if page.next is None:
            return
        asked_behind = not fresh or page.next in links
        links.add(page.next)
        page = await _ask(http, source, source.first(len(seen)) if asked_behind else page.next)


async def _ask(http: Http, source: Source, link: str) -> Page:
    wanted = source.completed(link)
    while True:
        try:
            return _page(await http.get(wanted, item=source.name), source)
        except (ServerBroken, Unreachable) as error:
            lighter = source.lighter(wanted, error)
            if lighter is None:
                raise
            wanted = lighter


def _page(answer: Any, source: Source) -> Page:
    found = at(answer, "results")
    if not isinstance(found, list):
        raise ListingBroken(source.name, "the answer is no list")
    following, base = at(answer, "_links", "next"), at(answer, "_links", "base")
    return Page(found, following or None, base)


async def rows(http: Http, source: Source) -> AsyncIterator[dict[str, Any]]:
    """Every row of a list, each id once."""
    seen: set[str] = set()
    async for page in pages(http, source):
        for row in page.rows:
            key = _key(row)
            if key not in seen:
                seen.add(key)
                yield row


async def batches(
    http: Http, sources: Sequence[Source], read: Callable[[Page, Source], list[Content]], start: str | None
) -> AsyncIterator[Batch]:
    """Several lists one after the other, as batches whose cursors lead on from there in any process."""
    at, link = _resume(sources, start)
    for number in range(at, len(sources)):
        source = sources[number]
        async for page in pages(http, source, start=link):
            yield Batch(read(page, source), _cursor(sources, number, page.next))
        link = None


def _cursor(sources: Sequence[Source], number: int, link: str | None) -> str | None:
    if link is None:
        number += 1
    return json.dumps([sources[number].name, link]) if number < len(sources) else None


def _resume(sources: Sequence[Source], start: str | None) -> tuple[int, str | None]:
    if start is None:
        return 0, None
    name, link = json.loads(start)
    names = [source.name for source in sources]
    if name not in names:
        raise ListingBroken(str(name), "it was to go on at a place that is no longer part of it")
    return names.index(name), link


def _key(row: dict[str, Any]) -> str:
    identity = row.get("id") or row.get("userKey") or row.get("accountId") or row.get("name")
    return str(identity) if identity else json.dumps(row, sort_keys=True)
