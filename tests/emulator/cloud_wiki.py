"""A small Confluence Cloud for tests: Alice (member), Bob (restricted), Charlie (outsider), Root (admin) and a guest.

ENG is open to members, HID to Root alone. In ENG: Home > Plans > Secret (Bob only) > Below, a folder, and the rest.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette

from confluence_emulator.accounts import Accounts, CredentialKind
from confluence_emulator.app import create_app, open_desk
from confluence_emulator.state import Content, Group, Kind, Site, Space, User, changes, membership
from confluence_emulator.state.spaces import ADMIN_RIGHTS, MEMBER_RIGHTS, group_principal, user_principal

SITE = "https://acme.atlassian.net"
GATEWAY = "https://api.atlassian.com"


@dataclass
class Clock:
    """The time, which passes only when told to."""

    at: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@dataclass
class Wiki:
    """The site under test, with who and what is in it."""

    clock: Clock
    site: Site
    accounts: Accounts
    app: Starlette
    members: Group
    users: dict[str, User]
    spaces: dict[str, Space]
    pages: dict[str, Content] = field(default_factory=dict)

    def page(self, title: str, parent: str | None = None, *, space: str = "ENG", **said: Any) -> Content:
        above = self.pages[parent] if parent is not None else None
        draft = changes.Draft(title, **{"body": f"<p>{title}</p>", **said})
        made = changes.create(
            self.site, Kind.PAGE, self.spaces[space], self.users["root"].account_id, draft, parent=above
        )
        self.pages[title] = made
        return made

    def folder(self, title: str, parent: str | None = None, kind: Kind = Kind.FOLDER) -> Content:
        above = self.pages[parent] if parent is not None else None
        author = self.users["root"].account_id
        made = changes.create(self.site, kind, self.spaces["ENG"], author, changes.Draft(title), parent=above)
        self.pages[title] = made
        return made

    @property
    def gateway(self) -> str:
        """What goes before `/wiki` on the gateway."""
        return f"{GATEWAY}/ex/confluence/{self.site.cloud_id}"

    async def ask(
        self, path: str, who: str | None = "alice", *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Ask as somebody (None: anonymously). A POST when `json` is given."""
        sent = dict(headers or ({} if who is None else basic(who)))
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
            return await client.request("POST" if "json" in more else "GET", path, headers=sent, **more)

    async def json(self, path: str, who: str | None = "alice", **more: Any) -> Any:
        """What is answered with 200."""
        response = await self.ask(path, who, **more)
        assert response.status_code == 200, (response.status_code, response.text)
        return response.json()

    async def all(self, path: str, who: str | None = "alice") -> list[Any]:
        """Every row of a v2 listing, followed to its end."""
        rows: list[Any] = []
        at: str | None = path
        while at is not None:
            answer = await self.json(at, who)
            rows += answer["results"]
            at = answer["_links"].get("next")
        return rows


def basic(who: str, secret: str = "") -> dict[str, str]:
    pair = f"{who}@example.com:{secret or f'{who}-{CredentialKind.API_TOKEN}'}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def bearer(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}-{CredentialKind.OAUTH}"}


def titles(rows: list[Any]) -> list[str]:
    return [row["title"] for row in rows]


def build(*, lag: timedelta = timedelta(0), anonymous_access: bool = False) -> Wiki:
    clock = Clock()
    site = Site("acme", clock, anonymous_access=anonymous_access)
    members = membership.add_group(site, "confluence-users-acme", access="user")
    admins = membership.add_group(site, "site-admins", access="site-admin")
    users = {name: membership.add_user(site, name.title(), name, groups=(members,)) for name in ("alice", "bob")}
    users["root"] = membership.add_user(site, "Root", "root", groups=(members, admins))
    users["charlie"] = membership.add_user(site, "Charlie", "charlie", groups=(members,))
    users["unlicensed"] = membership.add_user(site, "No Licence", "unlicensed")
    users["guest"] = membership.add_user(site, "Guest", "guest")
    users["guest"].guest = True
    spaces = {key: membership.add_space(site, key, f"Space {key}", users["root"].account_id) for key in ("ENG", "HID")}
    inside = membership.add_group(site, "engineers")
    for name in ("alice", "bob", "root"):
        membership.join(site, inside, users[name])
    membership.grant(site, spaces["ENG"], group_principal(inside.id), MEMBER_RIGHTS)
    for space in spaces.values():
        membership.grant(site, space, user_principal(users["root"].account_id), ADMIN_RIGHTS)
    desk = open_desk(site, lag=lag)
    app = create_app(site, desk=desk, media_url="https://media.example.com")
    wiki = Wiki(clock, site, desk.accounts, app, members, users, spaces)
    _fill(wiki)
    return wiki


def _fill(wiki: Wiki) -> None:
    site = wiki.site
    membership.set_homepage(site, wiki.spaces["ENG"], wiki.page("Home").id)
    wiki.page("Plans", "Home")
    changes.restrict(site, wiki.page("Secret", "Plans"), users=(wiki.users["bob"].account_id,))
    wiki.page("Below", "Secret")
    wiki.page("Hidden", space="HID")
