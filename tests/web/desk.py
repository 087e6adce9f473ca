"""A hub that works, served in memory: connected to a wiki in process, with its worker, an owner and a reader."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from confluence_emulator.state import Content, User
from mainstem.accounts import members, sessions
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.settings import Settings
from mainstem.store import connections
from mainstem.store.database import reading
from mainstem.web.app import make_app
from mainstem.web.face import Face
from mainstem.web.office import Office, offers_of
from mainstem.wiring.worker import Worker
from tests.sync.larkhill import Session, Wiki, connected

PASSWORD = "a stem that branches"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ORIGIN = "http://hub.example"
SECRET = "sync-api-token"
APPLICATIONS: dict[tuple[bool, str], FastAPI] = {}
PAUSE = 0.005
"""Seconds between questions to the worker: asked without a pause, it has no time to work."""


@dataclass
class Desk:
    """A served hub with an owner, Olga, and a reader, Charlie."""

    session: Session
    app: FastAPI
    worker: Worker
    tokens: dict[str, str]
    page: Content
    olga: Member
    charlie: Member

    def browser(self, who: str) -> httpx.AsyncClient:
        """A browser in which somebody is signed in."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        cookies = {"mainstem_session": self.tokens[who]}
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies, headers={"Origin": ORIGIN})

    def tie(self, member: Member, person: User) -> None:
        """Let a member be somebody in Confluence."""
        with self.session.hub.engine.begin() as db:
            now = self.session.hub.clock()
            members.tie(db, member.id, self.session.connection_id, person.account_id, now)

    async def rest(self) -> None:
        """Let the worker do what it was asked to."""
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            working = tasks.create_task(self.worker.work())
            while any(self.worker.state(id_) for id_ in self.ids()):  # noqa: ASYNC110 - the worker tells nobody
                await asyncio.sleep(PAUSE)
            working.cancel()

    async def look(self) -> None:
        """Let the worker look once at what is due."""
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            self.worker.idle = False
            working = tasks.create_task(self.worker.work())
            while not self.worker.idle:  # noqa: ASYNC110 - the worker tells nobody
                await asyncio.sleep(PAUSE)
            working.cancel()

    def ids(self) -> list[int]:
        """All connections."""
        with reading(self.session.hub.engine) as db:
            return [each.id for each in connections.every(db)]


def application(face: Face, office: Office | None = None) -> FastAPI:
    """The pages as served, but for the cost of passwords.

    One application serves all tests in turn, and shows what it was given last: its routes take longer to make than most
    tests take to run.
    """
    kind = (office is not None, face.public_url)
    app = APPLICATIONS[kind] = APPLICATIONS.get(kind) or make_app(face, office)
    app.state.face, app.state.office, app.state.offers = replace(face, hasher=CHEAP), office, offers_of(office)
    return app


@contextmanager
def served(folder: Path, settings: Settings | None = None) -> Iterator[Desk]:
    """A desk whose home is this folder."""
    wiki = Wiki()
    page = wiki.page("Kettle", "<p>How to boil water.</p>")
    with connected(wiki, folder, settings=settings) as session:
        hub, worker, now = session.hub, Worker(session.hub), wiki.clock()
        with hub.engine.begin() as db:
            found = partial(members.found, db, password=PASSWORD, now=now, hasher=CHEAP)
            add = partial(members.add, db, password=PASSWORD, now=now, hasher=CHEAP)
            olga = found(workspace="Acme", name="Olga", email="olga@hub.example")
            charlie = add(name="Charlie", email="charlie@hub.example", role=Role.READER)
            tokens = {
                name: sessions.begin(db, member, agent="test", now=now).token
                for name, member in (("olga", olga), ("charlie", charlie))
            }
        app = application(Face(hub, secure_cookies=False), Office(hub, worker))
        yield Desk(session, app, worker, tokens, page, olga, charlie)
