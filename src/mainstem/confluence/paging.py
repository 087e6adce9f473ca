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


async def pages(http: Http, source: Source, *, start: str | None = None) -> AsyncIterator[Page]:
    """Every page of a list, to the end of `next`, or from the link `start` on.

    Raises ListingBroken when a link repeats or pages bring nothing new: the end was then never proved.
    """
    guard = _Guard(source)
    link, params = (start, None) if start else (source.path, source.params)
    while True:
        page = _page(await http.get(link, params, item=source.name), source)
        if source.by_offset and not page.rows:
            yield Page([], None, page.base)
            return
        guard.check(page)
        yield page
        if page.next is None:
            return
        link, params = source.completed(page.next), None


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


def _page(answer: Any, source: Source) -> Page:
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise ListingBroken(source.name, "the answer is no list")
    links = answer.get("_links") or {}
    return Page(answer["results"], links.get("next") or None, links.get("base"))


def _key(row: dict[str, Any]) -> str:
    identity = row.get("id") or row.get("userKey") or row.get("accountId") or row.get("name")
    return str(identity) if identity else json.dumps(row, sort_keys=True)


class _Guard:
    """Notices a list that goes round in circles."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._links: set[str] = set()
        self._seen: set[str] = set()
        self._empty = 0

    def check(self, page: Page) -> None:
        fresh = {_key(row) for row in page.rows} - self._seen
        self._seen |= fresh
        self._empty = 0 if page.rows else self._empty + 1
        if page.next is None:
            return
        if page.next in self._links:
            raise ListingBroken(self._source.name, "a link to the next page came twice")
        if page.rows and not fresh:
            raise ListingBroken(self._source.name, "a page repeats what came before")
        if self._empty > MOST_EMPTY_PAGES:
            raise ListingBroken(self._source.name, "empty pages follow each other without end")
        self._links.add(page.next)
