"""A small Confluence on a loopback port, for commands that need one: both families, and a gate before its answers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import anyio
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from confluence_emulator.app import create_app, open_desk
from confluence_emulator.control import Desk
from confluence_emulator.faults import parse_fault
from confluence_emulator.state import Kind, Site, changes, membership
from confluence_emulator.state.spaces import ADMIN_RIGHTS, VIEWER_RIGHTS, group_principal, user_principal

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PATIENCE = 30.0
"""Seconds that a test waits for something that must happen."""


@dataclass
class Gate:
    """Lets requests pass, or holds those for pages until it is opened again."""

    app: ASGIApp
    held: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.free.is_set() and "/pages" in scope.get("path", ""):
            self.held.set()
            await anyio.to_thread.run_sync(self.free.wait, PATIENCE)
        await self.app(scope, receive, send)

    def close(self) -> None:
        self.held.clear()
        self.free.clear()


@dataclass(frozen=True)
class Acme:
    """The site as it is served. Ada owns it, Bob reads ENG, and nobody has heard of Eve."""

    port: int
    desk: Desk
    gate: Gate

    @property
    def cloud(self) -> str:
        return f"http://127.0.0.1:{self.port}/wiki"

    @property
    def datacenter(self) -> str:
        return f"http://localhost:{self.port}/confluence"

    def as_ada(self) -> list[str]:
        return ["--url", self.cloud, "--email", "ada@example.com", "--token", "ada-api-token"]

    def strike(self, *specs: str) -> None:
        self.desk.faults.replace([parse_fault(spec) for spec in specs])


def build_site() -> Site:
    site = Site("acme", lambda: NOON)
    users = membership.add_group(site, "confluence-users", access="user")
    ada, bob = [membership.add_user(site, name.title(), name, groups=(users,)) for name in ("ada", "bob")]
    ada.email_visible = bob.email_visible = True
    eng = membership.add_space(site, "ENG", "Engineering", ada.account_id)
    membership.grant(site, eng, user_principal(ada.account_id), ADMIN_RIGHTS)
    membership.grant(site, eng, group_principal(users.id), VIEWER_RIGHTS)
    sec = membership.add_space(site, "SEC", "Security", ada.account_id)
    membership.grant(site, sec, user_principal(ada.account_id), ADMIN_RIGHTS)

    def page(space: object, title: str, body: str) -> None:
        changes.create(site, Kind.PAGE, space, ada.account_id, changes.Draft(title, body))  # type: ignore[arg-type]

    page(eng, "Rotate the signing key", "<p>Rotate the <strong>signing key</strong> each spring.</p>")
    page(eng, "Coffee machine", "<ul><li>Descale it</li></ul>")
    page(sec, "Signing key of the vault", "<p>The signing key is behind the third brick.</p>")
    return site


@contextmanager
def served() -> Iterator[Acme]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        site = build_site()
        site.base_url, site.datacenter_url = f"http://127.0.0.1:{port}/wiki", f"http://localhost:{port}/confluence"
        desk = open_desk(site)
        gate = Gate(create_app(site, desk=desk, deployment="both", media_url=f"http://localhost:{port}"))
        gate.free.set()
        server = uvicorn.Server(uvicorn.Config(gate, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        door.listen()  # from here on a request waits instead of being refused
        thread.start()
        yield Acme(port, desk, gate)
        server.should_exit = True
        gate.free.set()
        thread.join()
