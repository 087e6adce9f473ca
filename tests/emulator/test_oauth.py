"""OAuth 2.0 with three legs: consent, codes, tokens that rotate, and each way in which a token is refused."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from confluence_emulator.consents import OFFLINE, challenge_of
from tests.emulator.cloud_wiki import Wiki, build

BACK = "http://localhost:8100/back"
APP = {"client_id": "emulated-app", "client_secret": "emulated-app-secret"}
SCOPES = f"read:space:confluence read:confluence-user {OFFLINE}"
DEAD = (403, "unauthorized_client")
pytestmark = pytest.mark.anyio


@pytest.fixture
def wiki() -> Wiki:
    return build()


async def allow(wiki: Wiki, account: str = "alice", **more: str) -> dict[str, str]:
    """What the browser brings back once somebody has decided on the page."""
    asked = {"client_id": APP["client_id"], "scope": SCOPES, "redirect_uri": BACK, "state": "s1", **more}
    transport = httpx.ASGITransport(wiki.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://auth.atlassian.com") as browser:
        shown = await browser.get("/authorize", params=asked)
        assert shown.status_code == 200
        assert "Accept as Alice" in shown.text
        sent = asked | {"account": wiki.users[account].account_id if account else ""}
        decided = await browser.post("/authorize", data=sent)
    back = urlsplit(decided.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    return {name: value for name, [value] in parse_qs(back.query).items()}


async def ask(wiki: Wiki, **sent: str) -> httpx.Response:
    return await wiki.ask("/oauth/token", None, json=APP | sent)


async def redeem(wiki: Wiki, **more: str) -> Any:
    code = (await allow(wiki))["code"]
    return (await ask(wiki, grant_type="authorization_code", code=code, redirect_uri=BACK, **more)).json()


async def refresh(wiki: Wiki, token: str) -> httpx.Response:
    return await ask(wiki, grant_type="refresh_token", refresh_token=token)


async def current(wiki: Wiki, access: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {access}"}
    return await wiki.ask(f"{wiki.gateway}/wiki/rest/api/user/current", None, headers=headers)


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]


async def test_a_consent_gives_tokens_that_open_the_sites_it_names(wiki: Wiki) -> None:
    tokens = await redeem(wiki)
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert tokens["scope"].split() == sorted(SCOPES.split())
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    [site] = await wiki.json("/oauth/token/accessible-resources", None, headers=headers)
    assert (site["id"], site["url"]) == (wiki.site.cloud_id, "https://acme.atlassian.net")
    assert site["scopes"] == ["read:confluence-user", "read:space:confluence"]
    assert (await current(wiki, tokens["access_token"])).json()["displayName"] == "Alice"


async def test_an_access_token_lasts_an_hour_and_opens_what_was_allowed_alone(wiki: Wiki) -> None:
    access = (await redeem(wiki))["access_token"]
    headers = {"Authorization": f"Bearer {access}"}
    pages = await wiki.ask(f"{wiki.gateway}/wiki/api/v2/pages", None, headers=headers)
    assert (pages.status_code, pages.headers["x-failure-category"]) == (401, "FAILURE_CLIENT_SCOPE_CHECK")
    wiki.clock.advance(minutes=61)
    assert (await current(wiki, access)).json() == {"code": 401, "message": "Unauthorized"}
    assert (await wiki.ask("/oauth/token/accessible-resources", None, headers=headers)).status_code == 401


async def test_each_refresh_gives_another_refresh_token(wiki: Wiki) -> None:
    first = await redeem(wiki)
    second = (await refresh(wiki, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await current(wiki, second["access_token"])).status_code == 200
    assert (await refresh(wiki, second["refresh_token"])).status_code == 200


async def test_a_used_refresh_token_is_good_for_ten_minutes_and_then_ends_the_consent(wiki: Wiki) -> None:
    first = await redeem(wiki)
    second = (await refresh(wiki, first["refresh_token"])).json()
    wiki.clock.advance(minutes=9)
    third = (await refresh(wiki, first["refresh_token"])).json()
    wiki.clock.advance(minutes=2)
    assert refusal(await refresh(wiki, first["refresh_token"])) == DEAD
    assert refusal(await refresh(wiki, third["refresh_token"])) == DEAD
    assert (await current(wiki, second["access_token"])).status_code == 401


@pytest.mark.parametrize(("idle", "good"), [(89, True), (91, False)])
async def test_a_refresh_token_expires_when_nobody_uses_it(wiki: Wiki, idle: int, good: bool) -> None:
    tokens = await redeem(wiki)
    wiki.clock.advance(days=idle)
    assert (await refresh(wiki, tokens["refresh_token"])).is_success == good


async def test_a_consent_ends_after_a_year_however_much_it_is_used(wiki: Wiki) -> None:
    tokens = await redeem(wiki)
    for _ in range(5):
        wiki.clock.advance(days=72)
        tokens = (await refresh(wiki, tokens["refresh_token"])).json()
    wiki.clock.advance(days=6)
    assert refusal(await refresh(wiki, tokens["refresh_token"])) == DEAD


async def test_what_an_account_withdraws_is_refused_at_once(wiki: Wiki) -> None:
    tokens = await redeem(wiki)
    wiki.app.state.desk.consents.withdraw(wiki.users["alice"])
    assert refusal(await refresh(wiki, tokens["refresh_token"])) == DEAD
    assert (await current(wiki, tokens["access_token"])).status_code == 401


async def test_a_code_is_good_once_for_the_address_and_the_app_that_asked(wiki: Wiki) -> None:
    code = (await allow(wiki, code_challenge=challenge_of("verifier")))["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": "verifier"}
    assert refusal(await ask(wiki, **sent | {"client_secret": "wrong"})) == (401, "access_denied")
    assert (await ask(wiki, **sent)).status_code == 200
    assert refusal(await ask(wiki, **sent)) == (403, "invalid_grant")
    for wrong in ({"redirect_uri": f"{BACK}/else"}, {"code_verifier": "another"}):
        sent["code"] = (await allow(wiki, code_challenge=challenge_of("verifier")))["code"]
        assert refusal(await ask(wiki, **sent | wrong)) == (403, "invalid_grant")


async def test_who_declines_sends_the_app_back_without_a_code(wiki: Wiki) -> None:
    assert (await allow(wiki, ""))["error"] == "access_denied"


async def test_without_offline_access_nothing_can_be_refreshed(wiki: Wiki) -> None:
    code = (await allow(wiki, scope="read:confluence-user"))["code"]
    tokens = (await ask(wiki, grant_type="authorization_code", code=code, redirect_uri=BACK)).json()
    assert "refresh_token" not in tokens
    assert refusal(await ask(wiki, grant_type="password")) == (400, "unsupported_grant_type")


async def test_an_unknown_app_or_address_is_told_on_the_page(wiki: Wiki) -> None:
    unknown = await wiki.ask(f"/authorize?client_id=other&redirect_uri={BACK}", None)
    elsewhere = await wiki.ask("/authorize?client_id=emulated-app&redirect_uri=javascript:x", None)
    assert (unknown.status_code, elsewhere.status_code) == (400, 400)
