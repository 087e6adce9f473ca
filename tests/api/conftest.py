"""The API of a hub with a small wiki, and programs: Alice's, Bob's (may read less), Charlie's (outsider)."""

from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI

from mainstem.accounts import api_keys
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.store import members as rows
from mainstem.web.addresses import Ours
from mainstem.wiring.reader import Reader
from tests.store.site import ALICE, BOB
from tests.web.conftest import ORIGIN, Hub, desk, hub, unfounded

__all__ = ["desk", "hub", "unfounded"]

SESSION = "mainstem_session"


def key_of(reader: Reader, email: str, *, read_only: bool = True, days: int | None = 90, name: str = "test") -> str:
    """A new key of a member."""
    with reader.engine.begin() as db:
        saved = rows.with_email(db, email)
        assert saved is not None
        member = Member(saved.id, saved.email, saved.name, Role(saved.role))
        made = api_keys.make(db, member, name=name, read_only=read_only, days=days, now=reader.clock())
    return made.token


def program(app: FastAPI, key: str = "", **headers: str) -> httpx.AsyncClient:
    """A program that shows a key; "" for none."""
    shown = {"Authorization": f"Bearer {key}"} if key else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=shown | headers)


@dataclass
class Api:
    """A served API. Its wiki has four pages; one is Alice's alone, and what Charlie may read is nothing."""

    hub: Hub
    reader: Reader
    app: FastAPI
    ids: dict[str, int]
    keys: dict[str, str] = field(default_factory=dict)

    def program(self, who: str = "", **headers: str) -> httpx.AsyncClient:
        """A program of somebody; "" for nobody's."""
        if who and who not in self.keys:
            self.keys[who] = key_of(self.reader, f"{who}@hub.example")
        return program(self.app, self.keys[who] if who else "", **headers)

    def browser(self, who: str) -> httpx.AsyncClient:
        """A browser in which somebody is signed in."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies={SESSION: self.hub.tokens[who]})


BODY = """
<p>Read this first.</p><h2>By hand</h2><p>Rotate the <strong>broker</strong> certificate, as
<ac:link><ri:page ri:content-title="Gateways"/></ac:link> and <ac:link><ri:page ri:content-title="Merger"/></ac:link>
say.</p><h3>Afterwards</h3><p>Tell the shift.</p><h2>By machine</h2><p>Nothing to do.</p>
"""


@pytest.fixture
def api(hub: Hub) -> Api:
    wiki = hub.wiki
    ids = {
        "certificates": wiki.save(
            "1", "Rotate the broker certificate.", title="Broker certificates", labels=("runbook",), body=BODY
        ),
        "gateways": wiki.save("2", "The broker greets gateways.", title="Gateways", author_id=BOB.id),
        "holidays": wiki.save("3", "Nothing of interest.", title="Holidays"),
        "merger": wiki.save("4", "The broker of the merger.", title="Merger"),
    }
    hub.restrict("4", ALICE.id, "secret")
    wiki.index_all()
    reader: Reader = hub.app.state.face.reader
    return Api(hub, reader, make_api(Behind(reader, Ours(), SESSION)), ids)
