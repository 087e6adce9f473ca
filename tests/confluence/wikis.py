"""What these tests talk to: an emulated site in both dialects, hand-made answers, and a clock that never sleeps."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
from starlette.applications import Starlette

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.app import create_app, open_desk
from confluence_emulator.control import Desk
from confluence_emulator.faults import parse_fault
from confluence_emulator.state import Content as Stored
from confluence_emulator.state import Kind as StoredKind
from confluence_emulator.state import Site, User, changes, membership
from confluence_emulator.state import Space as StoredSpace
from confluence_emulator.state.spaces import ADMIN_RIGHTS, VIEWER_RIGHTS, group_principal, user_principal
from mainstem.confluence.addresses import Endpoint
from mainstem.confluence.client import Confluence, Traffic, Waiting
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken
from mainstem.confluence.http import Http
from mainstem.confluence.opening import Line, open_client
from mainstem.confluence.pacing import Pace, Patience, Timing
from mainstem.wiki.content import Deployment, Kind

CLOUD = "https://acme.atlassian.net"
SERVER = "https://wiki.example.com/confluence"
MEDIA = "https://media.example.com"


@dataclass(slots=True)
class SleeplessClock:
    """Seconds that pass only by sleeping; `slept` keeps each sleep."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def timing(self, jitter: float = 0.0) -> Timing:
        return Timing(clock=lambda: self.now, sleep=self.sleep, jitter=lambda: jitter)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class WallClock:
    """The emulator's clock: a second later at each look."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class Wiki:
    """An emulated site served as Cloud or as Data Center. Alice and Bob are engineers, Root administrates."""

    deployment: Deployment
    site: Site
    desk: Desk
    app: Starlette
    people: dict[str, User]
    eng: StoredSpace
    clock: SleeplessClock = field(default_factory=SleeplessClock)
    waits: list[Waiting] = field(default_factory=list)

    def page(self, title: str, *, body: str = "<p>text</p>", parent: Stored | None = None) -> Stored:
        return self.make(StoredKind.PAGE, title, body=body, parent=parent)

    def make(self, kind: StoredKind, title: str, *, body: str = "", parent: Stored | None = None) -> Stored:
        author = self.people["alice"].account_id
        return changes.create(self.site, kind, self.eng, author, changes.Draft(title, body), parent=parent)

    def space(self, key: str) -> StoredSpace:
        """One more space, which Alice may view."""
        made = membership.add_space(self.site, key, key.title(), None)
        membership.grant(self.site, made, user_principal(self.people["alice"].account_id), VIEWER_RIGHTS)
        return made

    def id_of(self, name: str) -> str:
        user = self.people[name]
        return user.account_id if self.deployment is Deployment.CLOUD else user.user_key

    def group_id(self, name: str) -> str:
        group = self.site.group_by_name(name)
        assert group is not None
        return group.id if self.deployment is Deployment.CLOUD else name.lower()

    def strike(self, *specs: str) -> None:
        self.desk.faults.replace([parse_fault(spec) for spec in specs])

    def credential(self, name: str = "alice", kind: str = CredentialKind.API_TOKEN) -> Credential:
        if self.deployment is Deployment.CLOUD:
            return EmailToken(f"{name}@example.com", f"{name}-{kind}")
        return PersonalToken(f"{name}-{CredentialKind.PERSONAL_ACCESS_TOKEN}")

    @property
    def address(self) -> str:
        return CLOUD if self.deployment is Deployment.CLOUD else SERVER

    def line(self, **more: Any) -> Line:
        return Line(transport=httpx.ASGITransport(self.app), timing=self.clock.timing(), **more)

    @asynccontextmanager
    async def client(self, name: str = "alice", kind: str = CredentialKind.API_TOKEN) -> AsyncIterator[Confluence]:
        credential = self.credential(name, kind)
        async with open_client(self.address, credential, line=self.line(), on_wait=self.waits.append) as client:
            yield client


def build_wiki(deployment: Deployment = Deployment.CLOUD, *, anonymous: bool = False, version: str = "9.2.1") -> Wiki:
    site = Site("acme", WallClock(), datacenter_url=SERVER, anonymous_access=anonymous)
    users = membership.add_group(site, "confluence-users", access="user")
    admins = membership.add_group(site, "confluence-administrators", access="admin")
    engineers = membership.add_group(site, "Engineers / Zürich")
    people = {name: membership.add_user(site, name.title(), name, groups=(users,)) for name in ("alice", "bob")}
    people["root"] = membership.add_user(site, "Root", "root", groups=(users, admins))
    for person in people.values():
        membership.join(site, engineers, person)
    eng = membership.add_space(site, "ENG", "Engineering", people["alice"].account_id)
    membership.grant(site, eng, user_principal(people["alice"].account_id), ADMIN_RIGHTS)
    membership.grant(site, eng, group_principal(engineers.id), VIEWER_RIGHTS)
    membership.add_space(site, "SEC", "Secret", people["root"].account_id)
    desk = open_desk(site)
    name = "cloud" if deployment is Deployment.CLOUD else "datacenter"
    app = create_app(
        site, desk=desk, deployment=name, version=version, media_url=MEDIA, broken=httpx.RemoteProtocolError
    )
    return Wiki(deployment, site, desk, app, people, eng)


@dataclass
class RoundTrips(httpx.AsyncBaseTransport):
    """A network that answers, all together, what is under way once nobody has more to ask; `number` counts that."""

    behind: httpx.AsyncBaseTransport
    number: int = 0
    waiting: list[anyio.Event] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        turn = anyio.Event()
        self.waiting.append(turn)
        await turn.wait()
        return await self.behind.handle_async_request(request)

    async def go(self) -> None:
        while True:
            await anyio.wait_all_tasks_blocked()
            if self.waiting:
                self.number += 1
                turns, self.waiting = self.waiting, []
                for turn in turns:
                    turn.set()


@asynccontextmanager
async def round_trips(wiki: Wiki) -> AsyncIterator[RoundTrips]:
    async with anyio.create_task_group() as tasks:
        trips = RoundTrips(httpx.ASGITransport(wiki.app))
        tasks.start_soon(trips.go)
        yield trips
        tasks.cancel_scope.cancel()


Answer = Callable[[httpx.Request], httpx.Response]


def http_to(answer: Answer, *, clock: SleeplessClock | None = None, credential: Credential | None = None) -> Http:
    """A border to hand-made answers, as Cloud's site host."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    pace = Pace((clock or SleeplessClock()).timing(), Traffic(), lambda _: None, Patience())
    return Http(client, Endpoint(CLOUD, "/wiki"), credential, pace)


def in_turn(*responses: httpx.Response | Exception) -> Answer:
    """One answer after the other; an exception is raised."""
    left = list(responses)

    def answer(request: httpx.Request) -> httpx.Response:
        response = left.pop(0)
        if isinstance(response, Exception):
            raise response
        response.request = request
        return response

    return answer


def says(content: Any, status: int = 200, **headers: str) -> httpx.Response:
    """An answer in JSON; underscores in header names become dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps(content).encode()
    return httpx.Response(status, content=body, headers={"content-type": "application/json", **named})


def html(text: str, status: int = 200) -> httpx.Response:
    return httpx.Response(status, text=text, headers={"content-type": "text/html"})


async def titles(client: Confluence, kind: Kind, *, bodies: bool = False) -> list[str]:
    listing = client.listing(await client.spaces(), kind, bodies=bodies)
    return [content.title async for batch in listing for content in batch.contents]
