"""A hub behind a proxy that ends HTTPS: its cookies, its links, and whose request it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from mainstem.accounts.sessions import TRIES_PER_ADDRESS
from mainstem.cli.every_face import faces
from mainstem.cli.serving import configured
from mainstem.store import events
from mainstem.store.events import Event, Level
from mainstem.wiring.hub import Hub
from mainstem.wiring.worker import Worker
from tests.web.desk import CHEAP, PASSWORD, Desk, served

pytestmark = pytest.mark.anyio

PUBLIC = "https://hub.example.com"
PROXY = "10.1.2.3"
NONE: Mapping[str, str] = {}
SIGN_IN = {"email": "olga@hub.example", "password": PASSWORD}


@dataclass
class Proxied:
    """A hub with other settings than usual, asked at an address of its own by whoever stands in front."""

    desk: Desk

    def hub(self, **settings: Any) -> Hub:
        hub = self.desk.session.hub
        return replace(hub, settings=hub.settings.model_validate(hub.settings.model_dump() | settings))

    def client(self, *, peer: str = PROXY, cookies: Mapping[str, str] = NONE, **settings: Any) -> httpx.AsyncClient:
        """A client that asks from `peer`, as a proxy that names the upstream in `Host`."""
        hub = self.hub(**settings)
        config = configured(faces(hub, Worker(hub), token="errand", hasher=CHEAP), hub.settings)
        config.load()
        app: Any = config.loaded_app
        transport = httpx.ASGITransport(app, client=(peer, 4711))
        return httpx.AsyncClient(transport=transport, base_url="http://upstream:8080", cookies=dict(cookies))


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Proxied]:
    with served(tmp_path / "home") as desk:
        yield Proxied(desk)


def from_browser(address: str = "203.0.113.7") -> dict[str, str]:
    """What a proxy passes on of a browser that tells its origin alone."""
    return {"origin": PUBLIC, "x-forwarded-for": address, "x-forwarded-proto": "https"}


async def test_cookies_go_by_https_alone_and_browsers_are_told_to_stay_with_it(proxied: Proxied) -> None:
    async with proxied.client(public_url=PUBLIC) as client:
        entered = await client.post("/login", data=SIGN_IN, headers=from_browser())
        asked = [await client.get(path) for path in ("/login", "/healthz", "/api/v1/openapi.json", "/mcp")]
    assert entered.headers["set-cookie"].startswith("__Host-mainstem_session=")
    assert "Secure" in entered.headers["set-cookie"]
    assert {answer.headers["strict-transport-security"] for answer in asked} == {"max-age=31536000"}
    async with proxied.client() as client:
        plain = await client.post("/login", data=SIGN_IN)
    assert "Secure" not in plain.headers["set-cookie"]
    assert "strict-transport-security" not in plain.headers


async def test_forms_come_from_our_own_pages_also_where_a_proxy_asks_by_another_name(proxied: Proxied) -> None:
    async with proxied.client(public_url=PUBLIC) as client:
        assert (await client.post("/login", data=SIGN_IN, headers=from_browser())).status_code == 303
        for origin in ("https://evil.example", "http://hub.example.com", "https://hub.example.com:8443", "null"):
            refused = await client.post("/login", data=SIGN_IN, headers=from_browser() | {"origin": origin})
            assert refused.status_code == 403, origin
            tools = await client.post("/mcp", json={}, headers={"origin": origin})
            assert tools.status_code == 403, origin
        assert (await client.post("/mcp", json={}, headers={"origin": PUBLIC})).status_code == 401
    async with proxied.client() as client:
        assert (await client.post("/login", data=SIGN_IN, headers=from_browser())).status_code == 403


@pytest.mark.parametrize(
    ("settings", "peer", "slowed"),
    [
        ({"public_url": PUBLIC, "trusted_proxies": "10.0.0.0/8"}, PROXY, 422),
        ({"public_url": PUBLIC}, "127.0.0.1", 422),
        ({"trusted_proxies": PROXY}, PROXY, 422),
        ({"public_url": PUBLIC}, PROXY, 429),
        ({}, "127.0.0.1", 429),
    ],
)
async def test_whoever_fails_to_sign_in_is_slowed_and_not_whoever_shares_a_trusted_proxy(
    proxied: Proxied, settings: dict[str, Any], peer: str, slowed: int
) -> None:
    async with proxied.client(peer=peer, **settings) as client:

        async def status(address: str, number: int = 0) -> int:
            form = {"email": f"nobody{number}@hub.example", "password": "x"}
            headers = {"x-forwarded-for": address, "sec-fetch-site": "same-origin"}
            return (await client.post("/login", data=form, headers=headers)).status_code

        for number in range(TRIES_PER_ADDRESS):
            assert await status("203.0.113.7", number) == 422
        assert await status("203.0.113.7") == 429
        assert await status("203.0.113.8") == slowed


async def test_an_exported_log_links_to_where_people_reach_the_hub(proxied: Proxied) -> None:
    desk = proxied.desk
    with desk.session.hub.engine.begin() as db:
        line = Event(desk.session.connection_id, None, desk.session.hub.clock(), Level.INFO, "Something happened")
        events.log(db, [line])
    async with proxied.client(public_url=PUBLIC, cookies={"__Host-mainstem_session": desk.tokens["olga"]}) as client:
        exported = (await client.get("/system/logs/export.jsonl")).text
    assert f'"link": "{PUBLIC}/connections/{desk.session.connection_id}"' in exported


async def test_programs_are_sent_to_where_people_reach_the_hub(proxied: Proxied) -> None:
    desk = proxied.desk
    desk.worker.ask(desk.session.connection_id)
    await desk.rest()
    wiki, id_ = desk.session.wiki, desk.session.connection_id
    async with desk.browser("olga") as browser:
        await browser.post("/members/1/tie", data={"connection": id_, "account": wiki.alice.account_id})
    async with proxied.client(public_url=PUBLIC, cookies={"__Host-mainstem_session": desk.tokens["olga"]}) as client:
        found = (await client.get("/api/v1/search?q=kettle")).json()
    assert [each["href"].startswith(f"{PUBLIC}/documents/") for each in found["results"]] == [True]
