"""Confluence Cloud, by site host or API gateway: v2 for content, v1 for search, restrictions, groups and sign-in.

Who may see what is in `cloud_audience`.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from urllib.parse import urlsplit

from mainstem.confluence import counting, payloads_v2, spacekeys
from mainstem.confluence.absences import those_shown, those_there
from mainstem.confluence.client import Count, Listing, Server, Traffic, live
from mainstem.confluence.cloud_audience import MOST_ROWS, CloudAudience
from mainstem.confluence.errors import ItemBroken, NotVisible, ServerBroken
from mainstem.confluence.fields import at
from mainstem.confluence.http import Params
from mainstem.confluence.pacing import together
from mainstem.confluence.paging import Page, Source, batches, rows
from mainstem.confluence.scope_probes import lacking
from mainstem.confluence.sign_in import signed_in
from mainstem.errors import SkipItem
from mainstem.wiki.content import Content, Deployment, Kind, Person, Space, Status
from mainstem.wiki.selection import Selection

ROUTES = {
    Kind.PAGE: ("pages",),
    Kind.BLOGPOST: ("blogposts",),
    Kind.COMMENT: ("footer-comments", "inline-comments"),
    Kind.ATTACHMENT: ("attachments",),
    Kind.FOLDER: ("folders",),
    Kind.WHITEBOARD: ("whiteboards",),
    Kind.DATABASE: ("databases",),
    Kind.EMBED: ("embeds",),
}
"""The v2 routes of a kind; a comment is behind one of two."""

WITH_BODY = {Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT}

LIVE = {Kind.PAGE: ("current", "archived"), Kind.BLOGPOST: ("current",)}
ANY = {Kind.PAGE: ("current", "archived", "trashed", "deleted"), Kind.BLOGPOST: ("current", "trashed", "deleted")}
"""The statuses that v2's lists take, by kind: others are refused with 400."""

MOST_SPACES = 100
"""How many spaces v2's lists of the site can be narrowed to."""


@dataclass(slots=True)
class Cloud(CloudAudience):
    """One Cloud site. `site_url` is what people open, never the gateway."""

    site_url: str
    account: Person
    deployment: Deployment = Deployment.CLOUD

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
        """See `Confluence.server`; Cloud has no version."""
        return Server("Confluence Cloud", "", urlsplit(self.site_url).hostname or "")

    async def expires_on(self) -> date | None:
        """See `Confluence.expires_on`: Cloud tells nobody."""
        return None

    async def lacking_scopes(self) -> Mapping[str, Sequence[str]]:
        """See `Confluence.lacking_scopes`: the gateway looks at scopes before at anything else."""
        return await lacking(replace(self.http, proof=None)) if self.http.endpoint.gateway else {}

    async def spaces(self, keys: Collection[str] | None = None) -> list[Space]:
        """See `Confluence.spaces`."""
        if keys is None:
            return await self._spaces({})
        keys = [spacekeys.key_in(pasted) for pasted in keys]
        found: list[Space] = []
        for part in _parts(keys):
            found += await self._spaces({"keys": part})
        chosen, missing = spacekeys.named(keys, found)
        if missing:
            raise spacekeys.unknown(missing, await self._spaces({}))
        return chosen

    async def count(self, space: Space, *, exact: bool = True) -> Count:
        """See `Confluence.count`: exact while each kind fits one answer, else by the index's own estimate."""
        if not exact:
            return await counting.of_space(self.http, space)
        found: list[Content] = []
        for kind in (Kind.PAGE, Kind.BLOGPOST):
            source = self._of_spaces([space], kind, bodies=False)
            answer = await self.http.get(source.path, source.params, item=source.name)
            if at(answer, "_links", "next"):
                return await counting.of_space(self.http, space)
            found += [payloads_v2.content(row, kind, self.site_url) for row in answer.get("results") or ()]
        changes = [content.modified_at for content in found if content.modified_at is not None]
        return Count(len(found), exact=True, changed_at=max(changes, default=None))

    async def matching(self, chosen: Selection, kinds: Collection[Kind], keys: Sequence[str] | None) -> Count:
        """See `Confluence.matching`."""
        return await counting.matching(self.http, chosen, kinds, keys)

    def listing(self, spaces: Sequence[Space], kind: Kind, *, bodies: bool, start: str | None = None) -> Listing:
        """See `Confluence.listing`."""
        if kind in LIVE:
            sources = [self._of_spaces(some, kind, bodies=bodies) for some in _groups(spaces)]
        elif kind in {Kind.COMMENT, Kind.ATTACHMENT}:
            params = _params(kind, bodies=bodies)
            sources = [
                Source(f"{route} of the site", f"/api/v2/{route}", params, heavy=bodies) for route in ROUTES[kind]
            ]
        else:
            raise ValueError(f"Confluence lists no {kind}")

        def read(page: Page, _: Source) -> list[Content]:
            return [payloads_v2.content(row, kind, page.base or self.site_url) for row in page.rows]

        return Listing(batches(self.http, sources, read, start))

    async def contents(self, ids: Sequence[str], kind: Kind) -> list[Content]:
        """See `Confluence.contents`; when a batch fails as a whole, its items are read one by one."""
        read = partial(self.content, kind=kind)
        if kind not in LIVE:
            return live(await those_shown(ids, read))

        async def some(part: Sequence[str]) -> list[Content]:
            found = await self._by_ids(part, kind, {**_params(kind, bodies=True), "status": LIVE[kind]})
            return await those_shown(part, read) if found is None else found

        found = await together(some(part) for part in _parts(ids))
        return live([content for part in found for content in part])

    async def heads(self, ids: Sequence[str], kind: Kind) -> list[Content]:
        """See `Confluence.heads`; an item that Confluence fails on is not absent, so its error is raised."""
        parts = _parts(ids) if kind in ANY else []
        params = {**_params(kind, bodies=False), "status": ANY.get(kind, ())}
        answers = await together(self._by_ids(part, kind, params) for part in parts)
        found = [content for answer in answers for content in answer or ()]
        named = {content.id for content in found}
        silent = [content_id for content_id in ids if content_id not in named]
        # The sign-in is proved behind them all, so not once more for each 404 that names nothing.
        unproved = replace(self, http=replace(self.http, proof=None))
        return [*found, *await those_there(silent, partial(unproved.content, kind=kind), self.current_person)]

    async def found(self, content_id: str) -> Content | None:
        """See `Confluence.found`."""
        for kind in ANY:
            if found := await self.heads([content_id], kind):
                return found[0]
        return None

    async def named(self, space: Space, title: str) -> list[Content]:
        """See `Confluence.named`."""

        async def of_kind(kind: Kind) -> list[Content]:
            route = ROUTES[kind][0]
            params: Params = {**_params(kind, bodies=False), "space-id": space.id, "title": title, "status": ANY[kind]}
            source = Source(f"{route} of space {space.key} by title", f"/api/v2/{route}", params)
            return [payloads_v2.content(row, kind, self.site_url) async for row in rows(self.http, source)]

        return [content for some in await together(map(of_kind, ANY)) for content in some]

    async def content(self, content_id: str, kind: Kind) -> Content:
        """See `Confluence.content`."""
        *others, last = ROUTES[kind]
        for route in others:
            try:
                return await self._single(route, content_id, kind)
            except NotVisible:
                continue
        return await self._single(last, content_id, kind)

    def download(self, content: Content) -> AsyncIterator[bytes]:
        """See `Confluence.download`."""
        if content.file is None:
            raise ValueError(f"{content.kind} {content.id} is no file")
        link = content.file.download
        # Without it, the bytes would be those of whatever is current by now, under rules that were read before.
        pinned = link if "?" in link else f"{link}?version={content.version}"
        return self.http.stream(pinned, item=f"{content.kind} {content.id}")

    async def _spaces(self, params: Params) -> list[Space]:
        source = Source("spaces", "/api/v2/spaces", {"limit": MOST_ROWS, **params})
        return [payloads_v2.space(row, self.site_url) async for row in rows(self.http, source)]

    def _of_spaces(self, spaces: Sequence[Space], kind: Kind, *, bodies: bool) -> Source:
        route = ROUTES[kind][0]
        params: Params = {**_params(kind, bodies=bodies), "status": LIVE[kind]}
        path = f"/api/v2/spaces/{spaces[0].id}/{route}"
        if len(spaces) > 1:
            path, params = f"/api/v2/{route}", {**params, "space-id": [space.id for space in spaces]}
        return Source(f"{route} of {spacekeys.together_named(spaces)}", path, params, heavy=bodies)

    async def _by_ids(self, ids: Sequence[str], kind: Kind, params: Params) -> list[Content] | None:
        """What one answer shows of up to 250 contents; None when it fails because of one of them."""
        route = ROUTES[kind][0]
        source = Source(f"{len(ids)} {route}", f"/api/v2/{route}", {**params, "id": ids}, heavy="body-format" in params)
        try:
            return [payloads_v2.content(row, kind, self.site_url) async for row in rows(self.http, source)]
        except (ServerBroken, SkipItem) as error:
            if isinstance(error, ServerBroken) and error.passing:
                raise
            return None

    async def _single(self, route: str, content_id: str, kind: Kind) -> Content:
        item = f"{kind} {content_id}"
        params = {"body-format": "storage"} if kind in WITH_BODY else {}
        try:
            row = await self.http.get(f"/api/v2/{route}/{content_id}", params, item=item)
        except ServerBroken as error:
            if error.passing:
                raise
            raise ItemBroken(item, f"HTTP {error.status}") from error
        return payloads_v2.content(row, kind, self.site_url)


def _groups(spaces: Sequence[Space]) -> list[Sequence[Space]]:
    """The spaces as they are listed together; archived ones alone, for the lists of the site may leave them out."""
    current = [space for space in spaces if space.status is Status.CURRENT]
    groups = [current[start : start + MOST_SPACES] for start in range(0, len(current), MOST_SPACES)]
    return [*groups, *([space] for space in spaces if space.status is not Status.CURRENT)]


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + MOST_ROWS] for start in range(0, len(ids), MOST_ROWS)]


def _params(kind: Kind, *, bodies: bool) -> dict[str, str | int]:
    body = {"body-format": "storage"} if bodies and kind in WITH_BODY else {}
    return {"limit": MOST_ROWS, **body}
