"""Lists that come in pages: followed by `next` alone, guarded against servers that repeat themselves.

How many were asked for never matters: servers lower the limit without a word, and a short page is not the last one.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from mainstem.confluence.client import Batch
from mainstem.confluence.errors import ListingBroken
from mainstem.confluence.http import Http, Params
from mainstem.wiki.content import Content

MOST_EMPTY_PAGES = 20
"""A search may give empty pages in the midst of a list; more than this in a row is a server in a loop."""


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
    server's `next` may forget and which are then put back.
    """

    name: str
    path: str
    params: Params
    by_offset: bool = False
    sticky: tuple[str, ...] = ()

    def completed(self, link: str) -> str:
        """A link to the next page with the sticky parameters it lacks."""
        url = httpx.URL(link)
        lost = {name: self.params[name] for name in self.sticky if name not in url.params}
        return str(url.copy_merge_params(lost)) if lost else link


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
    page = await _ask(http, source, start)
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
    page = await _ask(http, source, start)
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
        page = await _ask(http, source, None if asked_behind else page.next, behind=len(seen))


async def _ask(http: Http, source: Source, link: str | None, *, behind: int = 0) -> Page:
    if link:
        answer = await http.get(source.completed(link), item=source.name)
    else:
        params = {**source.params, "start": behind} if behind else source.params
        answer = await http.get(source.path, params, item=source.name)
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise ListingBroken(source.name, "the answer is no list")
    links = answer.get("_links") or {}
    return Page(answer["results"], links.get("next") or None, links.get("base"))


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
