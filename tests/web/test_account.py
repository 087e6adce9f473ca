"""One's own account: another password, and signing out everywhere else."""

import httpx
import pytest

from mainstem.accounts import sessions
from mainstem.store import members as rows
from mainstem.store.database import reading
from tests.web.conftest import PASSWORD, Hub

pytestmark = pytest.mark.anyio

NEW = "a branch that stems"


def another(hub: Hub, who: str, agent: str) -> str:
    """Sign somebody in elsewhere; the token of that session."""
    with hub.wiki.engine.begin() as db:
        return sessions.sign_in(
            db, email=f"{who}@hub.example", password=PASSWORD, address="::1", agent=agent, now=hub.clock()
        ).token


def lasts(hub: Hub, token: str) -> bool:
    with reading(hub.wiki.engine) as db:
        return sessions.member_of(db, token, hub.clock()) is not None


async def change(browser: httpx.AsyncClient, current: str, new: str) -> httpx.Response:
    return await browser.post("/account/password", data={"current": current, "new": new})


async def test_an_account_is_open_to_its_member_alone(hub: Hub) -> None:
    elsewhere = another(hub, "alice", "Alice's phone")
    async with hub.browser("charlie") as browser:
        page = (await browser.get("/account")).text
        assert "charlie@hub.example" in page
        assert "alice" not in page.lower()
        await browser.post("/account/sign-out-others")
        assert (await change(browser, PASSWORD, NEW)).status_code == 303
    assert lasts(hub, elsewhere)
    assert lasts(hub, hub.tokens["alice"])
    async with hub.browser() as nobody:
        for path in ("/account/password", "/account/sign-out-others"):
            assert (await nobody.post(path)).headers["location"].startswith("/login")


async def test_a_new_password_needs_the_current_one_and_ends_all_other_sessions(hub: Hub) -> None:
    elsewhere = another(hub, "alice", "a phone")
    async with hub.browser("alice") as browser:
        wrong = await change(browser, "not the password", NEW)
        assert (wrong.status_code, "Your current password is another one." in wrong.text) == (422, True)
        weak = await change(browser, PASSWORD, "short")
        assert (weak.status_code, "fewer than 12" in weak.text) == (422, True)
        assert lasts(hub, elsewhere)
        changed = await change(browser, PASSWORD, NEW)
        assert changed.headers["location"] == "/account?changed=true"
        assert not lasts(hub, elsewhere)
        assert not lasts(hub, hub.tokens["alice"])
        assert "Your password is changed" in (await browser.get("/account?changed=true")).text
    assert NEW not in changed.text + wrong.text + weak.text
    with reading(hub.wiki.engine) as db:
        saved = rows.with_email(db, "alice@hub.example")
    assert saved is not None
    assert NEW not in saved.password_hash


async def test_guessing_the_current_password_is_slowed_down(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        for _ in range(sessions.TRIES_PER_EMAIL):
            assert (await change(browser, "not the password", NEW)).status_code == 422
        assert "too many attempts" in (await change(browser, PASSWORD, NEW)).text


async def test_signing_out_everywhere_else_leaves_this_browser_signed_in(hub: Hub) -> None:
    elsewhere = another(hub, "alice", "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0")
    async with hub.browser("alice") as browser:
        assert "Firefox on Android" in (await browser.get("/account")).text
        assert (await browser.post("/account/sign-out-others")).headers["location"] == "/account"
        page = (await browser.get("/account")).text
    assert "Firefox on Android" not in page
    assert "A browser" in page
    assert "Sign out everywhere else" not in page
    assert not lasts(hub, elsewhere)
