"""Headers on whatever is answered, requests from other sites, and no page without a member."""

from collections.abc import Iterator
from typing import Any

import pytest

from mainstem.web.app import make_app
from mainstem.web.security import HEADERS
from tests.web.conftest import ORIGIN, Hub

pytestmark = pytest.mark.anyio

OPEN = {"/static/{version}/{name:path}", "/healthz", "/readyz", "/setup", "/login", "/logout"}
"""What anybody may ask for. Signing out is among it: there is nobody to sign out then."""

SAMPLES = {"{version}": "0123", "{name:path}": "css/app.css", "{kind}": "csv"} | {
    f"{{{name}_id}}": "1" for name in ("document", "key", "answer", "search", "connection", "member")
}


def routes(found: Any) -> Iterator[tuple[str, str]]:
    """Path and method of every route, however deep it was included."""
    for route in found:
        inner = getattr(route, "original_router", route)
        if hasattr(inner, "routes"):
            yield from routes(inner.routes)
        else:
            yield from ((route.path, method) for method in route.methods)


def sample(path: str) -> str:
    for name, value in SAMPLES.items():
        path = path.replace(name, value)
    assert "{" not in path
    return path


async def test_no_route_but_the_open_ones_answers_somebody_who_is_not_signed_in(hub: Hub) -> None:
    closed = [(path, method) for path, method in routes(hub.app.routes) if path not in OPEN]
    async with hub.browser() as browser:
        for path, method in closed:
            answer = await browser.request(method, sample(path))
            assert (path, answer.status_code) == (path, 303)
            assert answer.headers["location"].startswith("/login")
            part = await browser.request(method, sample(path), headers={"hx-request": "true"})
            assert part.status_code == 401
            assert part.headers["hx-redirect"].startswith("/login")
            assert part.text == ""
    assert len(closed) >= 4


async def test_every_route_that_is_called_open_exists(hub: Hub) -> None:
    assert {path for path, _ in routes(hub.app.routes)} >= OPEN


@pytest.mark.parametrize("who", ["", "alice"])
async def test_every_answer_carries_the_headers(hub: Hub, who: str) -> None:
    asked = [(sample(path), method) for path, method in routes(hub.app.routes) if path != "/logout"]
    asked += [("/nothing/here", "GET"), ("/search?offset=x", "GET"), ("/documents/x", "GET"), ("/search", "DELETE")]
    async with hub.browser(who) as browser:
        for path, method in asked:
            answer = await browser.request(method, path)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path


async def test_a_page_is_told_apart_from_its_part_and_parts_are_not_kept(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        whole = await browser.get("/search")
        part = await browser.get("/search", headers={"hx-request": "true", "hx-request-type": "partial"})
    assert "HX-Request-Type" in whole.headers["vary"]
    assert "HX-Request-Type" in part.headers["vary"]
    assert whole.headers["cache-control"] == "private, no-cache"
    assert part.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": ORIGIN}, 403),
        ({"origin": ORIGIN}, 303),
        ({"origin": "http://hub.example.evil.example"}, 403),
        ({"origin": "http://other.example"}, 403),
        ({"origin": "http://hub.example:8080"}, 403),
        ({"origin": "null"}, 403),
        ({}, 303),
    ],
)
async def test_a_change_is_taken_from_our_own_pages_alone(hub: Hub, headers: dict[str, str], status: int) -> None:
    async with hub.browser("alice", **headers) as browser:
        assert (await browser.post("/logout")).status_code == status
        still_in = (await browser.get("/search", headers={"sec-fetch-site": "cross-site"})).status_code == 200
    assert still_in == (status == 403)


async def test_a_fault_of_ours_is_told_without_its_cause(hub: Hub) -> None:
    hub.app = make_app(hub.app.state.face)

    @hub.app.get("/broken")
    def broken() -> None:
        raise ValueError("the secret")

    async with hub.browser("alice") as browser:
        answer = await browser.get("/broken")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "the secret" not in answer.text
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


async def test_a_page_that_is_not_there_says_so_within_the_shell(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        answers = [await browser.get(path) for path in ("/nothing", "/documents/x", "/documents/0")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert all("There is no such page" in answer.text and "Alice" in answer.text for answer in answers)


async def test_health_is_told_to_anybody_and_says_nothing_else(hub: Hub) -> None:
    async with hub.browser() as browser:
        health, ready = await browser.get("/healthz"), await browser.get("/readyz")
        assert health.json() == {"status": "ok"}
        assert ready.json() == {"database": "ok", "index": "ok"}
        with hub.wiki.engine.begin() as db:
            db.exec_driver_sql("DROP TABLE workspace")
        assert (await browser.get("/healthz")).status_code == 200
