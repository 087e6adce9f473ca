"""Who may see what on Data Center and Server: space grants, site access, groups in groups, labels, restrictions.

Versions differ in what they serve and to whom, so each question goes through its known forms in order. Whatever is
not understood grants nothing; space permissions are never expanded on spaces (CONFSERVER-99908: 500 for most people).
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx

from mainstem.confluence import payloads_v1
from mainstem.confluence.errors import (
    ItemBroken,
    NotVisible,
    RightMissing,
    SignInRejected,
)
from mainstem.confluence.fields import Row, at, identity, text
from mainstem.confluence.http import Http, Params
from mainstem.confluence.pacing import together
from mainstem.confluence.paging import Source, pages, rows
from mainstem.confluence.restrictions import (
    RULES_EXPANSION,
    among,
    by_groups,
    datacenter_group,
    in_bulk,
    is_whole,
    is_whole_list,
    own_clause,
    principals,
    whole_restriction,
)
from mainstem.confluence.sign_in import CURRENT_USER, signed_in
from mainstem.errors import SkipItem
from mainstem.wiki.audience import ALL_LICENSED, Clause, Principal, Rules, group, user
from mainstem.wiki.content import Group, Kind, Membership, Person, Space

MOST_ROWS = 200
SPACE_RIGHT = "administrator of the space"
SITE_RIGHT = "Confluence administrator"
SCAN = "/rest/api/content/scan"
LIST = "/rest/api/content"
WITH_ARCHIVED = ("current", "archived")
WITH_STATUS = {"expand": "status"}
WORTH_A_LIST = 20
"""People: for fewer of them the list of all accounts is not worth a try."""

PERMISSIONS_SINCE = (9, 3)
"""The first version whose own specification has the global permissions; some before it serve them too."""

RPC = "/rpc/json-rpc/confluenceservice-v2"


@dataclass(frozen=True, slots=True)
class Served:
    """What this version serves.

    scan: lists of content by cursor. archived: lists that name archived pages too. permissions: whoever administrates
    is told who may use the site; False where the version is not known to.
    """

    scan: bool
    archived: bool
    permissions: bool = False


def serves_permissions(version: str) -> bool:
    """Whether a version, such as `9.2.1`, is known to serve the global permissions."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= PERMISSIONS_SINCE


@dataclass(slots=True)
class DataCenterAudience:
    """The permission side of a Data Center client."""

    http: Http
    served: Served
    _keys_of_names: dict[str, str | None] = field(default_factory=dict, init=False)

    def rules(self, spaces: Sequence[Space], kind: Kind) -> AsyncIterator[Sequence[Rules]]:
        """See `Confluence.rules`; taken from the listing itself, so nothing is missing but what does not read whole."""
        one = partial(self.rules_of, kind=kind)

        def read(some: Sequence[Space]) -> AsyncIterator[list[Rules]]:
            return in_bulk(self.http, self.of_space(some[0], kind, RULES_EXPANSION), datacenter_group, one)

        return by_groups([[space] for space in spaces], read)

    async def rules_among(self, ids: Sequence[str], kind: Kind) -> list[Rules]:
        """See `Confluence.rules_among`."""
        return await among(self.http, ids, datacenter_group, partial(self.rules_of, kind=kind))

    async def rules_of(self, content_id: str, kind: Kind) -> Rules:
        """See `Confluence.rules_of`: in one answer, which comes for archived pages too, unlike each list by itself.

        What is neither current nor archived, such as a draft, is NotVisible: few but this account can open it.
        """
        item = f"{kind} {content_id}"
        expanded: Params = {"expand": RULES_EXPANSION, "status": "any"}
        row = await self.http.get(f"{LIST}/{content_id}", expanded, item=item)
        if text(row, "status") not in WITH_ARCHIVED:
            raise NotVisible(item)
        labels, read = at(row, "metadata", "labels"), at(row, "restrictions", "read")
        if not is_whole_list(labels):
            labels = await self._labels(content_id, item)
        if not is_whole(read):
            read = await whole_restriction(self.http, content_id, item)
        return Rules(content_id, payloads_v1.labels(labels), own_clause(read, datacenter_group, item))

    async def space_clause(self, space: Space) -> Clause:
        """See `Confluence.space_clause`: the list of 9.1 and later, else the remote API, else RightMissing."""
        try:
            return await self._listed_clause(space)
        except SkipItem:
            return await self._remote_clause(space)

    async def site_clause(self) -> Clause:
        """See `Confluence.site_clause`: the global permissions where the version has them, told to administrators.

        Where it has none, everyone with a licence, which is what "can use" means on a server (decision 9). An account
        that may not read what is served is a missing right, never a reason to assume: such an account may not read
        the members of groups either, so that little would be shown on the assumption but what should not.
        """
        item = "the global permissions"
        try:
            granted = await self._blunt.get("/rest/api/permissions", item=item)
        except (NotVisible, ItemBroken) as error:
            lacking = isinstance(error, NotVisible) or error.status == httpx.codes.METHOD_NOT_ALLOWED
            if lacking and not self.served.permissions:
                return Clause(frozenset({ALL_LICENSED}))
            raise RightMissing(item, SITE_RIGHT) from error
        except RightMissing as error:
            raise RightMissing(item, SITE_RIGHT) from error
        return Clause(_holders(granted, "use", "application"))

    async def anonymous_spaces(self) -> frozenset[str]:
        """See `Confluence.anonymous_spaces`."""
        source = Source("spaces open to everyone", "/rest/api/space", {"limit": MOST_ROWS}, by_offset=True)
        try:
            return frozenset([identity(row) async for row in rows(self.http.unsigned(), source)])
        except (SkipItem, SignInRejected):
            return frozenset()

    async def membership(self, group_id: str) -> Membership:
        """See `Confluence.membership`; ids are lower-cased names, and groups may be in groups."""
        path = f"/rest/api/group/{quote(group_id, safe='')}"
        try:
            people = await self._members(f"{path}/member", group_id)
            groups = await self._members(f"{path}/groupmember", group_id)
        except RightMissing as error:
            raise RightMissing(f"the members of group {group_id}", SITE_RIGHT) from error
        persons = [payloads_v1.person(row) for row in people]
        inner = tuple(payloads_v1.group(row) for row in groups if text(row, "name"))
        return Membership(Group(group_id, group_id), tuple(each for each in persons if each.id), inner)

    async def people(self, ids: Sequence[str]) -> list[Person]:
        """See `Confluence.people`: many from the list of all accounts, if that is short enough, else one by one."""
        listed = await self._listed(ids) if len(ids) >= WORTH_A_LIST else {}
        rest = [key for key in ids if key not in listed]
        asked = [row for row in await together(self._user({"key": key}) for key in rest) if row]
        known = [payloads_v1.person(row) for row in [*listed.values(), *asked] if row.get("type") != "unknown"]
        if len(known) < len(ids):
            await signed_in(self.http)
        return known

    async def tells_deactivation(self) -> bool:
        """See `Confluence.tells_deactivation`: asked of the account itself."""
        row = await self.http.get(CURRENT_USER, WITH_STATUS, item="the account itself")
        return bool(text(row, "status"))

    def of_space(self, space: Space, kind: Kind, expand: str) -> Source:
        """The complete list of one kind in a space: by scan, or by offset where scan is not served."""
        params: Params = {"spaceKey": space.key, "type": str(kind), "expand": expand, "limit": MOST_ROWS}
        if kind is Kind.PAGE and self.served.archived:
            params = {**params, "status": WITH_ARCHIVED}
        name = f"{kind}s of space {space.key}"
        path = SCAN if self.served.scan else LIST
        heavy = "body" in expand
        return Source(name, path, params, by_offset=not self.served.scan, sticky=("expand", "limit"), heavy=heavy)

    @property
    def _blunt(self) -> Http:
        # Whoever may not read permissions is told 500, not 403, so a 500 is believed at once.
        return replace(self.http, final_500=True)

    async def _labels(self, content_id: str, item: str) -> Row:
        path = f"{LIST}/{content_id}/label"
        source = Source(f"labels of {item}", path, {"limit": MOST_ROWS}, by_offset=True)
        return {"results": [row async for row in rows(self.http, source)]}

    async def _listed_clause(self, space: Space) -> Clause:
        path = f"/rest/api/space/{quote(space.key, safe='~')}/permissions"
        granted = await self._blunt.get(path, item=f"the permissions of space {space.key}")
        return Clause(_holders(granted, "read", "space"))

    async def _remote_clause(self, space: Space) -> Clause:
        item = f"the permissions of space {space.key}"
        call = {"jsonrpc": "2.0", "method": "getSpacePermissionSets", "params": [space.key], "id": 1}
        try:
            answer = await self._blunt.post(RPC, call, item=item)
        except (SignInRejected, SkipItem) as error:
            # The remote API may be switched off, or WebSudo answers with its page; the sign-in may be as good as ever.
            await signed_in(self.http)
            raise RightMissing(item, SPACE_RIGHT) from error
        sets = at(answer, "result")
        if not isinstance(sets, list):
            raise RightMissing(item, SPACE_RIGHT)
        return await self._remote_holders(sets)

    async def _remote_holders(self, sets: list[Row]) -> Clause:
        grants = [
            grant for each in sets if at(each, "type") == "VIEWSPACE" for grant in each.get("spacePermissions") or ()
        ]
        names = [text(grant, "userName") for grant in grants if text(grant, "userName")]
        keys = await together(self._key_of(name) for name in names)
        groups = {group(text(grant, "groupName").lower()) for grant in grants if text(grant, "groupName")}
        return Clause(frozenset(groups | {user(key) for key in keys if key}))

    async def _key_of(self, name: str) -> str | None:
        if name not in self._keys_of_names:
            self._keys_of_names[name] = payloads_v1.account_id(await self._user({"username": name}))
        return self._keys_of_names[name]

    async def _listed(self, ids: Sequence[str]) -> dict[str, Row]:
        """Those of the accounts that the list of all names, for half as many requests as asking for each at most."""
        wanted = set(ids)
        found: dict[str, Row] = {}
        source = Source("all accounts", "/rest/api/user/list", {"limit": MOST_ROWS, **WITH_STATUS}, by_offset=True)
        asked = 0
        try:
            async for page in pages(self.http, source):
                known = [(payloads_v1.account_id(row) or "", row) for row in page.rows]
                found |= {key: row for key, row in known if key in wanted}
                asked += 1
                if len(found) == len(wanted) or asked >= len(ids) // 2:
                    break
        except SkipItem:
            return found  # Not served before version 8, or not to this account.
        return found

    async def _user(self, params: dict[str, str]) -> Row | None:
        try:
            row = await self.http.get("/rest/api/user", {**params, **WITH_STATUS}, item="a person")
        except NotVisible:
            return None
        return row if isinstance(row, dict) else None

    async def _members(self, path: str, group_id: str) -> list[Row]:
        params: Params = {"limit": MOST_ROWS, **WITH_STATUS}
        source = Source(f"members of group {group_id}", path, params, by_offset=True)
        return [row async for row in rows(self.http, source)]


def _holders(granted: Any, key: str, target: str) -> frozenset[Principal]:
    if not isinstance(granted, list):
        raise ItemBroken("a list of permissions", "it is no list")
    subjects = [
        at(row, "subject")
        for row in granted
        if at(row, "operation", "operationKey") == key and at(row, "operation", "targetType") == target
    ]
    people = [subject for subject in subjects if at(subject, "type") == "user"]
    groups = [subject for subject in subjects if at(subject, "type") == "group"]
    return principals(people, groups, datacenter_group)
