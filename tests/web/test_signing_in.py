"""Setting up, signing in, where one comes back to, and signing out."""

import asyncio
from datetime import timedelta

import pytest

from mainstem.accounts import members
from mainstem.store.database import reading
from mainstem.web.asking import own_path
from mainstem.web.face import Face
from tests.web.conftest import PASSWORD, Hub
from tests.web.desk import application

pytestmark = pytest.mark.anyio

FOUNDING = {"workspace": "Acme", "name": "Olga", "email": "olga@hub.example", "password": PASSWORD}


async def test_a_new_hub_leads_everybody_to_its_setup_and_then_lets_the_owner_in(unfounded: Hub) -> None:
    async with unfounded.browser() as browser:
        for path in ("/", "/search", "/documents/1"):
            assert (await browser.get(path)).headers["location"] == "/setup"
        assert (await browser.get("/login")).headers["location"] == "/setup"
        assert "Set up your workspace" in (await browser.get("/setup")).text
        entered = await browser.post("/setup", data=FOUNDING)
        assert (entered.status_code, entered.headers["location"]) == (303, "/search")
        page = await browser.get("/search")
    assert page.status_code == 200
    assert "Olga" in page.text
    assert "Acme" in page.text


async def test_setup_happens_once(hub: Hub) -> None:
    async with hub.browser() as browser:
        assert (await browser.get("/setup")).headers["location"] == "/login"
        again = await browser.post("/setup", data=FOUNDING | {"email": "mallory@hub.example"})
        assert again.headers["location"] == "/login"
        assert "set-cookie" not in again.headers
    with reading(hub.wiki.engine) as db:
        place = members.workspace(db)
    assert place is not None
    assert place.name == "Acme"


async def test_a_setup_that_is_refused_says_why_and_keeps_all_but_the_password(unfounded: Hub) -> None:
    async with unfounded.browser() as browser:
        answer = await browser.post("/setup", data=FOUNDING | {"password": "short-se"})
    assert answer.status_code == 422
    assert "The password has fewer than 12 characters" in answer.text
    assert 'value="olga@hub.example"' in answer.text
    assert "short-se" not in answer.text


async def test_signing_in_leads_to_the_page_that_was_asked_for(hub: Hub) -> None:
    async with hub.browser() as browser:
        sent = await browser.get("/search?q=broker&space=ENG")
        assert sent.headers["location"] == "/login?next=/search%3Fq%3Dbroker%26space%3DENG"
        form = await browser.get(sent.headers["location"])
        assert 'value="/search?q=broker&amp;space=ENG"' in form.text
        entered = await browser.post(
            "/login", data={"email": "alice@hub.example", "password": PASSWORD, "next": "/search?q=broker&space=ENG"}
        )
        assert entered.headers["location"] == "/search?q=broker&space=ENG"
        assert (await browser.get("/login")).headers["location"] == "/search"


async def test_a_part_of_a_page_leads_back_to_the_page_it_stands_on(hub: Hub) -> None:
    asked = {"hx-request": "true", "hx-current-url": "http://hub.example/documents/7?x=1"}
    async with hub.browser() as browser:
        answer = await browser.get("/palette?q=x", headers=asked)
    assert answer.headers["hx-redirect"] == "/login?next=/documents/7%3Fx%3D1"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/x\nSet-Cookie: a=b",
        "search",
        "",
        "http:evil.example",
        "//",
        "//[",
    ],
)
def test_an_address_that_leads_away_leads_home(address: str) -> None:
    assert own_path(address) == "/search"


@pytest.mark.parametrize("address", ["/search?q=a%20b&space=ENG", "/documents/7", "/documents/7?x=//y", "/["])
def test_a_path_of_ours_is_kept(address: str) -> None:
    assert own_path(address) == address


async def test_who_fails_is_not_told_what_was_wrong_and_has_to_wait_in_the_end(hub: Hub) -> None:
    async with hub.browser() as browser:
        unknown = await browser.post("/login", data={"email": "nobody@hub.example", "password": "x"})
        wrong = await browser.post("/login", data={"email": "alice@hub.example", "password": "x"})
        assert unknown.status_code == wrong.status_code == 422
        assert unknown.text.replace("nobody", "alice") == wrong.text
        assert "Email or password is wrong" in wrong.text
        for _ in range(4):
            await browser.post("/login", data={"email": "alice@hub.example", "password": "x"})
        late = await browser.post("/login", data={"email": "alice@hub.example", "password": PASSWORD})
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0
    assert "set-cookie" not in late.headers


async def test_the_cookie_is_for_the_server_alone(hub: Hub) -> None:
    entering = {"email": "alice@hub.example", "password": PASSWORD}
    async with hub.browser() as browser:
        plain = (await browser.post("/login", data=entering)).headers["set-cookie"]
    hub.app = application(Face(hub.app.state.face.reader, secure_cookies=True))
    async with hub.browser() as browser:
        secure = (await browser.post("/login", data=entering)).headers["set-cookie"]
    assert plain.startswith("mainstem_session=")
    assert secure.startswith("__Host-mainstem_session=")
    for cookie in (plain, secure):
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" in secure.split("; ")
    assert "Secure" not in plain.split("; ")


async def test_signing_out_ends_the_session_itself(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        assert (await browser.get("/search")).status_code == 200
        left = await browser.post("/logout")
        assert (left.status_code, left.headers["location"]) == (303, "/login")
    async with hub.browser("alice") as browser:
        assert (await browser.get("/search")).status_code == 303


async def test_a_session_that_is_used_goes_on_and_one_that_is_not_ends(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        for _ in range(3):
            hub.clock.now += timedelta(days=10)
            assert (await browser.get("/search")).status_code == 200
        hub.clock.now += timedelta(days=15)
        assert (await browser.get("/search")).status_code == 303


async def test_a_page_does_not_wait_for_a_sync_that_writes_only_to_note_the_visit(hub: Hub) -> None:
    hub.clock.now += timedelta(minutes=6)
    async with hub.browser("alice") as browser, asyncio.timeout(10):
        with hub.wiki.engine.begin():
            assert (await browser.get("/search")).status_code == 200


async def test_what_somebody_typed_is_shown_and_not_run(hub: Hub) -> None:
    async with hub.browser() as browser:
        answer = await browser.post("/login", data={"email": '"><script>x()</script>', "password": "x"})
    assert "<script>x()" not in answer.text
    assert "&#34;&gt;&lt;script&gt;" in answer.text
