"""Hubs that are served by a process of their own, as people run them, over a Confluence in this one."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn
from argon2 import PasswordHasher
from sqlalchemy import Connection

from confluence_emulator.app import create_app, open_desk
from confluence_emulator.cli import settle
from confluence_emulator.sample import MEMBER, OWNER
from confluence_emulator.state import Site
from mainstem.accounts import members, sessions
from mainstem.accounts.roles import Role
from mainstem.settings import load_settings
from mainstem.wiring.hub import open_hub

SERVE = (sys.executable, "-c", "from mainstem.cli import main; main()", "serve", "--port", "0", "--json", "--home")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "a stem that branches"


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the browser's own clock cannot be moved


@dataclass(frozen=True)
class Served:
    """A hub at `url`; `cookies` are the sessions of its people, `known` the addresses of things that tests look for."""

    url: str
    cookies: Mapping[str, str]
    known: Mapping[str, str]


@contextmanager
def wiki(site: Site) -> Iterator[str]:
    """Serve a Confluence, Cloud and Data Center, on a free port of this machine; the address of the Cloud side."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        settle(site, port, "both")
        app = create_app(site, desk=open_desk(site), deployment="both", media_url=f"http://localhost:{port}")
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        door.listen()  # from here on a request waits instead of being refused
        thread.start()
        yield site.base_url
        server.should_exit = True
        thread.join()


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve a home until the block ends; its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAINSTEM_")}  # noqa: TID251
    command = [*SERVE, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def peopled(home: Path) -> dict[str, str]:
    """Found the hub of a loaded home with its three people; their sessions.

    The owner is Mara in Confluence and the member Tomás; the outsider is nobody there.
    """
    with open_hub(load_settings({}), folder=home, pid=os.getpid(), clock=now) as hub, hub.engine.begin() as db:
        at = now()
        owner = members.found(
            db,
            workspace="Larkspur",
            name=OWNER.name,
            email="mara@hub.example",
            password=PASSWORD,
            now=at,
            hasher=CHEAP,
        )
        member, outsider = (_joined(db, name, at) for name in (MEMBER.name, "Charlie Outsider"))
        members.tie(db, owner.id, 1, OWNER.account_id, at)
        members.tie(db, member.id, 1, MEMBER.account_id, at)
        cast = {"owner": owner, "member": member, "outsider": outsider}
        return {name: sessions.begin(db, one, agent="test", now=at).token for name, one in cast.items()}


def _joined(db: Connection, name: str, at: datetime) -> members.Member:
    email = f"{name.split()[0].lower()}@hub.example".encode("ascii", "ignore").decode()
    return members.add(db, name=name, email=email, password=PASSWORD, role=Role.READER, now=at, hasher=CHEAP)


def document_called(url: str, cookie: str, title: str) -> str:
    """The address of a document, found by whoever's cookie this is."""
    cookies = {"mainstem_session": cookie}
    text = httpx.get(f"{url}/search", params={"q": f'"{title}"'}, cookies=cookies, timeout=30).text
    found = re.search(r'<h2><a href="(/documents/\d+)">', text)
    assert found, title
    return found[1]


def answered(url: str, cookie: str, question: str) -> str:
    """The address of an answer to a question of whoever's cookie this is."""
    cookies = {"mainstem_session": cookie}
    taken = httpx.post(f"{url}/ask", data={"question": question}, cookies=cookies, timeout=30)
    return taken.headers["location"]


def changing(url: str, cookie: str) -> str:
    """The address of a change of what comes in by the first connection, by which most would leave."""
    cookies = {"mainstem_session": cookie}
    with httpx.Client(base_url=url, cookies=cookies, timeout=30) as browser:
        begun = browser.post("/connections/1/change")
        draft = begun.headers["location"].removesuffix("/test")
        browser.post(f"{draft}/test")
        browser.post(f"{draft}/spaces", data={"scope": "some", "key": ["ENG"]})
    return draft


def drafted(url: str, cookie: str, wiki: str) -> str:
    """The address of a connection that was filled in and tested, but not saved."""
    cookies = {"mainstem_session": cookie}
    with httpx.Client(base_url=url, cookies=cookies, timeout=30) as browser:
        begun = browser.post("/new-connection", data={"name": "A second wiki", "family": "cloud", "url": wiki})
        draft = begun.headers["location"].removesuffix("/credentials")
        browser.post(f"{draft}/credentials", data={"login": "mara@larkspur.example", "secret": "mara-api-token"})
        tested = browser.post(f"{draft}/test")
    assert tested.headers["location"] == f"{draft}/spaces"
    return draft
