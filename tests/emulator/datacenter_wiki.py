"""A small Data Center wiki for tests: two spaces, a tree with restrictions, nested groups, and clients that call it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from starlette.applications import Starlette

from confluence_emulator.accounts import Accounts, CredentialKind
from confluence_emulator.cql import SearchIndex
from confluence_emulator.datacenter import Installation, datacenter_routes
from confluence_emulator.state import Content, Group, Kind, Site, Space, User, changes, membership
from confluence_emulator.state.changes import Draft
from confluence_emulator.state.spaces import ADMIN_RIGHTS, VIEWER_RIGHTS, group_principal, user_principal

BASE = "http://wiki.example/confluence"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 10, 0, 30, 250000, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **much: float) -> None:
        self.now += timedelta(**much)


@dataclass
class Wiki:
    """The site and everybody in it: Alice (owns ENG), Bob (inner team), Charlie (outsider), Root (administrator)."""

    site: Site
    clock: Clock
    accounts: Accounts
    index: SearchIndex
    people: dict[str, User]
    groups: dict[str, Group]
    eng: Space
    secret: Space

    def page(self, title: str, body: str = "<p>text</p>", *, parent: Content | None = None) -> Content:
        draft = Draft(title, body)
        return changes.create(self.site, Kind.PAGE, self.eng, self.people["alice"].account_id, draft, parent=parent)

    def installation(self, version: str = "9.3.1") -> Installation:
        return Installation(self.site, self.accounts, self.index, version)

    def client(self, name: str | None = "alice", *, installation: Installation | None = None) -> httpx.AsyncClient:
        """A client signed in with a personal access token; None sends no credential."""
        app = Starlette(routes=list(datacenter_routes(installation or self.installation())))
        headers = {"Authorization": f"Bearer {name}-{CredentialKind.PERSONAL_ACCESS_TOKEN}"} if name else {}
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, headers=headers)


def build_wiki() -> Wiki:
    """The wiki before any page is written."""
    clock = Clock()
    site = Site("acme", clock, datacenter_url=BASE)
    staff = membership.add_group(site, "confluence-users", access="user")
    supers = membership.add_group(site, "confluence-administrators", access="admin")
    inner = membership.add_group(site, "platform / Zürich")
    outer = membership.add_group(site, "engineering")
    membership.join(site, outer, inner)
    people = {
        "alice": membership.add_user(site, "Alice", "alice", groups=(staff,)),
        "bob": membership.add_user(site, "Bob", "bob", groups=(staff, inner)),
        "charlie": membership.add_user(site, "Charlie", "charlie", groups=(staff,)),
        "root": membership.add_user(site, "Root", "root", groups=(staff, supers)),
    }
    eng = membership.add_space(site, "ENG", "Engineering", people["alice"].account_id)
    secret = membership.add_space(site, "SEC", "Secret", people["root"].account_id)
    membership.grant(site, eng, user_principal(people["alice"].account_id), ADMIN_RIGHTS)
    membership.grant(site, eng, group_principal(outer.id), VIEWER_RIGHTS)
    accounts = Accounts(site)
    for user in people.values():
        accounts.issue_all(user)
    groups = {group.name: group for group in site.groups.values()}
    return Wiki(site, clock, accounts, SearchIndex(site), people, groups, eng, secret)


async def read(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    """The JSON behind a REST path, which must answer 200."""
    response = await client.get(f"{BASE}/rest/api/{path}", params=params)
    assert response.status_code == 200, response.text
    return response.json()


async def read_all(client: httpx.AsyncClient, path: str, **params: Any) -> list[Any]:
    """Every row of a listing, by its next links."""
    payload = await read(client, path, **params)
    rows = list(payload["results"])
    while "next" in payload["_links"]:
        response = await client.get(BASE + payload["_links"]["next"])
        payload = response.json()
        rows += payload["results"]
    return rows


def segment(name: str) -> str:
    """A name as one path segment."""
    return quote(name, safe="")
