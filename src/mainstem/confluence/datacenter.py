"""Confluence Data Center and Server, 7 and later: v1 alone, with a context path and offset lists.

Who may see what is in `datacenter_audience`.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import urlsplit

from mainstem.confluence import counting, payloads_v1, spacekeys
from mainstem.confluence.absences import those_shown, those_there
from mainstem.confluence.client import Count, Listing, Server, Traffic, live
from mainstem.confluence.cql import quoted
from mainstem.confluence.credentials import PersonalToken
from mainstem.confluence.datacenter_audience import MOST_ROWS, DataCenterAudience
from mainstem.confluence.errors import ItemBroken, ListingBroken, NotVisible, ServerBroken
from mainstem.confluence.fields import Row, at, instant
from mainstem.confluence.http import Params
from mainstem.confluence.pacing import together
from mainstem.confluence.paging import Page, Source, batches, rows
from mainstem.confluence.sign_in import signed_in
from mainstem.errors import SkipItem
from mainstem.wiki.content import Content, Deployment, Kind, Person, Space
from mainstem.wiki.selection import Selection

ALWAYS = "space,version,history"
EXPANSIONS = {
    Kind.PAGE: f"{ALWAYS},ancestors",
    Kind.BLOGPOST: ALWAYS,
    Kind.COMMENT: f"{ALWAYS},container,ancestors,extensions.inlineProperties,extensions.resolution",
    Kind.ATTACHMENT: f"{ALWAYS},container",
}
NAMED = (Kind.PAGE, Kind.BLOGPOST)
WITH_BODY = {Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT}


OWN_TOKENS = "/rest/pat/latest/tokens"


@dataclass(slots=True)
class DataCenter(DataCenterAudience):
    """One server. `version` is "" where it is not told."""

    site_url: str
    version: str
    account: Person
    deployment: Deployment = Deployment.DATA_CENTER

    @property
    def api_url(self) -> str:
        """See `Confluence.api_url`."""
        return self.http.endpoint.base

    @property
    def traffic(self) -> Traffic:
        """What was spent so far."""
        return self.http.pace.traffic

    def make_way(self, sharers: int, quiet: float) -> None:
        """Leave room for others."""
        self.http.pace.make_way(sharers, quiet)

    async def current_person(self) -> Person:
        """See `Confluence.current_person`."""
        return await signed_in(self.http)

    async def server(self) -> Server:
        """See `Confluence.server`."""
        return Server("Confluence Data Center", self.version, urlsplit(self.site_url).hostname or "")

    async def expires_on(self) -> date | None:
        """See `Confluence.expires_on`: of the account's only token, for nothing tells which of several this is."""
        if not isinstance(self.http.credential, PersonalToken):
            return None
        try:
            listed = await self.http.get(OWN_TOKENS, item="the account's tokens")
        except SkipItem:
            return None
        ends = [at(row, "expiringAt") for row in listed] if isinstance(listed, list) else []
        end = instant(ends[0]) if len(ends) == 1 else None
        return None if end is None else end.date()

    async def lacking_scopes(self) -> Mapping[str, Sequence[str]]:
        """See `Confluence.lacking_scopes`: tokens have none here."""
        return {}

    async def spaces(self, keys: Collection[str] | None = None) -> list[Space]:
        """See `Confluence.spaces`."""
        if keys is None:
            return await self._spaces({})
        keys = [spacekeys.key_in(pasted) for pasted in keys]
        found = await self._spaces({"spaceKey": keys}) if keys else []
        chosen, missing = spacekeys.named(keys, found)
        if not missing:
            return chosen
        # Keys in another case: the filter may not know them.
        visible = await self._spaces({})
        chosen, missing = spacekeys.named(keys, visible)
        if missing:
            raise spacekeys.unknown(missing, visible)
        return chosen

    async def count(self, space: Space, *, exact: bool = True) -> Count:
        """See `Confluence.count`: by the search index, which lags and may miss, so it is never exact."""
        del exact
        return await counting.of_space(self.http, space)

    async def matching(self, chosen: Selection, kinds: Collection[Kind], keys: Sequence[str] | None) -> Count:
        """See `Confluence.matching`."""
        return await counting.matching(self.http, chosen, kinds, keys)

    def listing(self, spaces: Sequence[Space], kind: Kind, *, bodies: bool, start: str | None = None) -> Listing:
        """See `Confluence.listing`.

        Attachments, and comments where the version has no scan, come from the search index: not authoritative.
        """
        if kind not in EXPANSIONS:
            raise ValueError(f"Confluence lists no {kind}")
        complete = kind in {Kind.PAGE, Kind.BLOGPOST} or (kind is Kind.COMMENT and self.served.scan)
        expand = _expansion(kind, bodies=bodies)
        pick = self.of_space if complete else _searched
        sources = [pick(space, kind, expand) for space in spaces]

        def read(page: Page, _: Source) -> list[Content]:
            return [_content(row, kind, page.base or self.site_url) for row in page.rows]

        return Listing(batches(self.http, sources, read, start), authoritative=complete)

    async def contents(self, ids: Sequence[str], kind: Kind) -> list[Content]:
        """See `Confluence.contents`; one request an item, since bulk reading by id came only with version 10."""
        return live(await those_shown(ids, partial(self.content, kind=kind)))

    async def heads(self, ids: Sequence[str], kind: Kind) -> list[Content]:
        """See `Confluence.heads`; an item that Confluence fails on is not absent, so its error is raised."""
        params: Params = {"expand": _expansion(kind, bodies=False), "status": "any"}
        return await those_there(ids, partial(self._single, kind=kind, params=params), self.current_person)

    async def found(self, content_id: str) -> Content | None:
        """See `Confluence.found`."""
        params: Params = {"expand": EXPANSIONS[Kind.PAGE], "status": "any"}
        try:
            row = await self.http.get(f"/rest/api/content/{content_id}", params, item=f"content {content_id}")
        except NotVisible:
            await self.current_person()
            return None
        return next((_content(row, kind, self.site_url) for kind in NAMED if kind == at(row, "type")), None)

    async def named(self, space: Space, title: str) -> list[Content]:
        """See `Confluence.named`."""

        async def of_kind(kind: Kind) -> list[Content]:
            wanted: Params = {"type": kind, "spaceKey": space.key, "title": title, "status": "any"}
            params: Params = {**wanted, "expand": EXPANSIONS[kind], "limit": MOST_ROWS}
            source = Source(f"{kind}s of space {space.key} by title", "/rest/api/content", params, by_offset=True)
            return [_content(row, kind, self.site_url) async for row in rows(self.http, source)]

        return [content for some in await together(map(of_kind, NAMED)) for content in some]

    async def content(self, content_id: str, kind: Kind) -> Content:
        """See `Confluence.content`."""
        return await self._single(content_id, kind, {"expand": _expansion(kind, bodies=True), "status": "any"})

    def download(self, content: Content) -> AsyncIterator[bytes]:
        """See `Confluence.download`."""
        if content.file is None or not content.file.download:
            raise ValueError(f"{content.kind} {content.id} is no file")
        return self.http.stream(content.file.download, item=f"{content.kind} {content.id}")

    async def _spaces(self, params: Params) -> list[Space]:
        wanted: Params = {"expand": "homepage", "limit": MOST_ROWS, **params}
        found = rows(self.http, Source("spaces", "/rest/api/space", wanted, by_offset=True))
        return [payloads_v1.space(row, self.site_url) async for row in found]

    async def _single(self, content_id: str, kind: Kind, params: Params) -> Content:
        item = f"{kind} {content_id}"
        try:
            row = await self.http.get(f"/rest/api/content/{content_id}", params, item=item)
        except ServerBroken as error:
            if error.passing:
                raise
            raise ItemBroken(item, f"HTTP {error.status}") from error
        return _content(row, kind, self.site_url)


def _content(row: Row, kind: Kind, base: str) -> Content:
    # A page that seems to stand at the top would escape the restrictions of what is really above it.
    if kind is Kind.PAGE and not isinstance(row.get("ancestors"), list):
        raise ListingBroken(f"page {row.get('id')}", "its place in the tree was not told")
    return payloads_v1.content(row, kind, base)


def _expansion(kind: Kind, *, bodies: bool) -> str:
    known = EXPANSIONS.get(kind, ALWAYS)
    return f"{known},body.storage" if bodies and kind in WITH_BODY else known


def _searched(space: Space, kind: Kind, expand: str) -> Source:
    cql = f"type = {kind} and space = {quoted(space.key)}"
    params: Params = {"cql": cql, "expand": expand, "limit": MOST_ROWS}
    name = f"{kind}s of space {space.key} in the search index"
    return Source(name, "/rest/api/content/search", params, by_offset=True, sticky=("expand", "limit"))
