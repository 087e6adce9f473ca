"""A hub with a small wiki, served in memory, and its cast: Alice (member), Bob (may read less), Charlie (outsider).

A hub in which nobody is yet comes as `unfounded`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import Engine

from mainstem.accounts import members, sessions
from mainstem.accounts.roles import Role
from mainstem.index.local import LocalIndex
from mainstem.store import chains, rules
from mainstem.web.face import Face
from mainstem.wiki.audience import Clause, Rules, user
from mainstem.wiring.reader import Reader
from tests.search.conftest import Wiki
from tests.store.site import ALICE, BOB, NOW, site
from tests.web.desk import Desk, application, served

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "a stem that branches"
ORIGIN = "http://hub.example"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Hub:
    """A served hub."""

    wiki: Wiki
    app: FastAPI
    clock: Clock
    tokens: dict[str, str] = field(default_factory=dict)

    def browser(self, who: str = "", **headers: str) -> httpx.AsyncClient:
        """A browser in which somebody is signed in; "" for nobody."""
        cookies = {"mainstem_session": self.tokens[who]} if who else {}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies, headers=headers)

    def restrict(self, id_: str, account: str, *labels: str) -> None:
        """Let nobody but one account of Confluence see a page, and label it."""
        with self.wiki.engine.begin() as db:
            rules.save_rules(db, self.wiki.site_id, [Rules(id_, labels, Clause(frozenset({user(account)})))])
            chains.rebuild_chains(db, self.wiki.site_id)

    def join(self, who: str, role: Role = Role.READER, account: str = "") -> None:
        """Add a member who is signed in, tied to an account of Confluence if they have one."""
        with self.wiki.engine.begin() as db:
            member = members.add(
                db,
                name=who.capitalize(),
                email=f"{who}@hub.example",
                password=PASSWORD,
                role=role,
                now=self.clock(),
                hasher=CHEAP,
            )
            if account:
                members.tie(db, member.id, self.wiki.site_id, account, self.clock())
            self.tokens[who] = sessions.begin(db, member, agent="test", now=self.clock()).token


@pytest.fixture
def unfounded(sqlite: Engine, tmp_path: Path) -> Iterator[Hub]:
    """A hub that nobody has set up."""
    with sqlite.begin() as db:
        stored = site(db)
    index = LocalIndex(tmp_path / "index")
    clock = Clock()
    face = Face(Reader(sqlite, index, clock, timedelta(hours=72)), secure_cookies=False)
    yield Hub(Wiki(sqlite, index, stored.id), application(face), clock)
    index.close()


@pytest.fixture
def hub(unfounded: Hub) -> Hub:
    """A hub with its cast. The owner, Olga, is nobody in Confluence, as Charlie is."""
    with unfounded.wiki.engine.begin() as db:
        members.found(
            db,
            workspace="Acme",
            name="Olga",
            email="olga@hub.example",
            password=PASSWORD,
            now=unfounded.clock(),
            hasher=CHEAP,
        )
    unfounded.join("alice", account=ALICE.id)
    unfounded.join("bob", account=BOB.id)
    unfounded.join("charlie")
    return unfounded


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A hub that works, with an owner, Olga, and a reader, Charlie."""
    with served(tmp_path / "home") as desk:
        yield desk
