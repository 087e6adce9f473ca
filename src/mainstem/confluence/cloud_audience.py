"""Who may see what on Cloud: space grants and roles, the site's groups, members, labels and view restrictions.

Whatever is not understood here grants nothing. Anonymous access is believed on one proof only: that a caller without
credentials is listed the space; grants that speak of it count for nothing while the site's own flag is unknown.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import anyio

from mainstem.confluence import payloads_v1, payloads_v2
from mainstem.confluence.addresses import Endpoint
from mainstem.confluence.cql import quoted
from mainstem.confluence.errors import NotVisible, RightMissing, SignInRejected
from mainstem.confluence.fields import Row, at, identity, results, text
from mainstem.confluence.http import Http, Params
from mainstem.confluence.pacing import both, together
from mainstem.confluence.paging import Source, rows
from mainstem.confluence.restrictions import (
    RULES_EXPANSION,
    SEARCH,
    among,
    by_groups,
    cloud_group,
    in_bulk,
    own_clause,
    whole_restriction,
)
from mainstem.confluence.sign_in import signed_in
from mainstem.confluence.spacekeys import together_named
from mainstem.errors import SkipItem
from mainstem.wiki.audience import ALL_LICENSED, Clause, Principal, Rules, group, user
from mainstem.wiki.content import Group, Kind, Membership, Person, Space

MOST_ROWS = 250
MOST_MEMBERS = 200
MOST_PEOPLE = 250
MOST_KEYS = 50
"""Spaces in one query: those of persons have keys so long that more of them would not fit into an address."""

ACCESS = ("user", "admin", "site-admin")
ROLE_MODES = {"ROLES", "ROLES_TRANSITION"}
VIEW_SPACE = "read/space"
LABELLED = {Kind.PAGE: "pages", Kind.BLOGPOST: "blogposts", Kind.ATTACHMENT: "attachments"}


@dataclass(slots=True)
class CloudAudience:
    """The permission side of a Cloud client. `site` is the site's own host, also when requests use the gateway."""

    http: Http
    site: Endpoint
    _viewing_roles: frozenset[str] | None = field(default=None, init=False)
    _names: dict[str, str] | None = field(default=None, init=False)
    _naming: anyio.Lock = field(default_factory=anyio.Lock, init=False)
    _reading_roles: anyio.Lock = field(default_factory=anyio.Lock, init=False)

    def rules(self, spaces: Sequence[Space], kind: Kind) -> AsyncIterator[Sequence[Rules]]:
        """See `Confluence.rules`."""
        one = partial(self.rules_of, kind=kind)
        groups = [spaces[start : start + MOST_KEYS] for start in range(0, len(spaces), MOST_KEYS)]
        return by_groups(groups, lambda some: in_bulk(self._apart, _rules_source(some, kind), cloud_group, one))

    async def rules_among(self, ids: Sequence[str], kind: Kind) -> list[Rules]:
        """See `Confluence.rules_among`."""
        return await among(self._apart, ids, cloud_group, partial(self.rules_of, kind=kind))

    async def rules_of(self, content_id: str, kind: Kind) -> Rules:
        """See `Confluence.rules_of`."""
        labels = await self._labels(content_id, kind)
        return Rules(content_id, labels, await self._own_clause(content_id, kind))

    async def space_clause(self, space: Space) -> Clause:
        """See `Confluence.space_clause`: classic grants, and role assignments where the site has roles."""
        granted, held = await both(self._granted(space), self._by_role(space))
        return Clause(frozenset(granted | held))

    async def site_clause(self) -> Clause:
        """See `Confluence.site_clause`: the groups that give access to Confluence, and the guests' group."""
        parts = await together([self._guests(), *(self._with_access(access) for access in ACCESS)])
        return Clause(frozenset(group(each.id) for part in parts for each in part))

    async def anonymous_spaces(self) -> frozenset[str]:
        """See `Confluence.anonymous_spaces`; asked at the site's own host."""
        source = Source("spaces open to everyone", "/api/v2/spaces", _limit())
        visitor = self.http.unsigned(self.site)
        try:
            return frozenset([identity(row) async for row in rows(visitor, source)])
        except (SkipItem, SignInRejected):
            return frozenset()

    async def membership(self, group_id: str) -> Membership:
        """See `Confluence.membership`; groups are never in groups on Cloud."""
        item = f"group {group_id}"
        name = (await self._group_names()).get(group_id)
        if name is None:
            raise NotVisible(item)
        path = f"/rest/api/group/{group_id}/membersByGroupId"
        source = Source(f"members of {item}", path, {"limit": MOST_MEMBERS}, by_offset=True)
        members = [payloads_v1.person(each) async for each in rows(self._apart, source)]
        return Membership(Group(group_id, name), tuple(each for each in members if each.id))

    async def _group_names(self) -> dict[str, str]:
        """All groups' names by id, read once: a client lives no longer than a run."""
        async with self._naming:
            if self._names is None:
                params: Params = {"limit": MOST_MEMBERS}
                source = Source("the list of groups", "/rest/api/group", params, by_offset=True)
                found = [payloads_v1.group(row) async for row in rows(self._apart, source)]
                self._names = {each.id: each.name for each in found}
        return self._names

    async def people(self, ids: Sequence[str]) -> list[Person]:
        """See `Confluence.people`; RightMissing where the token lacks the scope for it."""
        groups = [ids[start : start + MOST_PEOPLE] for start in range(0, len(ids), MOST_PEOPLE)]
        answers = await together(
            self._apart.post("/api/v2/users-bulk", {"accountIds": list(some)}, item="people") for some in groups
        )
        found = [payloads_v2.person(row) for answer in answers for row in results(answer) if text(row, "accountId")]
        if len(found) < len(ids):
            await signed_in(self.http)
        return found

    async def tells_deactivation(self) -> bool:
        """See `Confluence.tells_deactivation`."""
        return True

    @property
    def _apart(self) -> Http:
        # A token without a scope for permissions still reads content: what it cannot tell of stays hidden.
        return replace(self.http, scopes_as_rights=True)

    async def _labels(self, content_id: str, kind: Kind) -> tuple[str, ...]:
        if kind not in LABELLED:
            return ()
        source = Source(f"labels of {kind} {content_id}", f"/api/v2/{LABELLED[kind]}/{content_id}/labels", _limit())
        return payloads_v1.labels({"results": [row async for row in rows(self._apart, source)]})

    async def _own_clause(self, content_id: str, kind: Kind) -> Clause | None:
        item = f"{kind} {content_id}"
        return own_clause(await whole_restriction(self._apart, content_id, item), cloud_group, item)

    async def _granted(self, space: Space) -> set[Principal]:
        source = Source(f"permissions of space {space.key}", f"/api/v2/spaces/{space.id}/permissions", _limit())
        return {holder async for row in rows(self._apart, source) for holder in _granted(row)}

    async def _by_role(self, space: Space) -> set[Principal]:
        viewing = await self._roles_that_view()
        if not viewing:
            return set()
        source = Source(f"roles in space {space.key}", f"/api/v2/spaces/{space.id}/role-assignments", _limit())
        assigned = [row async for row in rows(self._apart, source)]
        found = [_role_holder(row) for row in assigned if row.get("roleId") in viewing]
        return {holder for holder in found if holder}

    async def _roles_that_view(self) -> frozenset[str]:
        async with self._reading_roles:
            if self._viewing_roles is None:
                self._viewing_roles = await self._read_roles()
            return self._viewing_roles

    async def _read_roles(self) -> frozenset[str]:
        try:
            mode = await self._apart.get("/api/v2/space-role-mode", item="the space role mode")
        except (NotVisible, RightMissing):
            return frozenset()
        if text(mode, "mode") not in ROLE_MODES:
            return frozenset()
        found = rows(self._apart, Source("space roles", "/api/v2/space-roles", _limit()))
        return frozenset([identity(row) async for row in found if VIEW_SPACE in (row.get("spacePermissions") or ())])

    async def _with_access(self, access: str) -> list[Group]:
        params: Params = {"accessType": access, "limit": MOST_MEMBERS}
        source = Source(f"groups with {access} access", "/rest/api/group", params, by_offset=True)
        return [payloads_v1.group(row) async for row in rows(self._apart, source)]

    async def _guests(self) -> list[Group]:
        try:
            answer = await self._apart.get("/rest/api/group/picker", {"query": "confluence-guests"}, item="guests")
        except SkipItem:
            return []
        return [payloads_v1.group(row) for row in results(answer) if text(row, "name").startswith("confluence-guests")]


def _limit() -> Params:
    return {"limit": MOST_ROWS}


def _rules_source(spaces: Sequence[Space], kind: Kind) -> Source:
    cql = f"type = {kind} and space in ({', '.join(quoted(space.key) for space in spaces)})"
    params: Params = {"cql": cql, "expand": RULES_EXPANSION, "limit": MOST_ROWS}
    return Source(f"rules of {together_named(spaces)}", SEARCH, params, sticky=("expand", "limit"))


def _granted(row: Row) -> set[Principal]:
    if at(row, "operation", "key") != "read" or at(row, "operation", "targetType") != "space":
        return set()
    holder = text(row, "principal", "id")
    makers = {"user": user, "group": group}
    maker = makers.get(text(row, "principal", "type"))
    return {maker(holder)} if maker and holder else set()


def _role_holder(row: Row) -> Principal | None:
    holder = text(row, "principal", "principalId")
    match text(row, "principal", "principalType"):
        case "USER" if holder:
            return user(holder)
        case "GROUP" if holder:
            return group(holder)
        case "ACCESS_CLASS" if holder == "all-licensed-users":
            return ALL_LICENSED
        case _:
            return None
