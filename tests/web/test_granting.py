"""Connect with Atlassian: there and back by the browser, for a new connection and for one that is there (C1, C4)."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from confluence_emulator.state import User
from mainstem.store import connections, drafts, plans
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from tests.sync.test_grants import SETTINGS
from tests.web.desk import Desk, served
from tests.web.test_connecting import START, begun, named, where

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A hub that is registered with Atlassian as an app."""
    with served(tmp_path / "home", SETTINGS) as desk:
        yield desk


def stored(desk: Desk) -> SavedConnection:
    with reading(desk.session.hub.engine) as db:
        return connections.connection(db, desk.session.connection_id)


async def decide(desk: Desk, left: httpx.Response, who: User | None) -> str:
    """Where somebody is sent back to who decides at Atlassian, from where a page of ours sent them."""
    assert left.status_code == 303
    there = urlsplit(left.headers["location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == "https://auth.atlassian.com/authorize"
    asked = {name: value for name, [value] in parse_qs(there.query).items()}
    assert (asked["audience"], asked["prompt"], asked["code_challenge_method"]) == (
        "api.atlassian.com",
        "consent",
        "S256",
    )
    transport = desk.session.hub.line.transport
    async with httpx.AsyncClient(transport=transport, base_url="https://auth.atlassian.com") as browser:
        sent = asked | {"account": who.account_id if who else ""}
        decided = await browser.post("/authorize", data=sent)
    return str(decided.headers["location"])


async def test_a_new_connection_is_made_by_what_the_browser_allows_at_atlassian(desk: Desk) -> None:
    draft = await begun(desk, until="credentials")
    async with desk.browser("olga") as browser:
        shown = (await browser.get(f"{draft}/credentials")).text
        assert f'href="{draft}/atlassian"' in shown
        left = await browser.get(f"{draft}/atlassian")
        assert "HttpOnly" in left.headers["set-cookie"]
        back = await decide(desk, left, desk.session.wiki.sync)
        assert urlsplit(back).path == "/atlassian/back"
        came = await browser.get(back)
        assert (came.status_code, came.headers["location"]) == (303, f"{draft}/test")
        assert "Atlassian lets Mainstem read this site" in (await browser.get(f"{draft}/credentials")).text
        assert (await browser.post(f"{draft}/credentials", data={"act": "next"})).headers["location"] == f"{draft}/test"
        assert (await browser.post(f"{draft}/test")).headers["location"] == f"{draft}/spaces"
        assert "by what was allowed at Atlassian" in (await browser.get(f"{draft}/review")).text
        await browser.post(f"{draft}/review", data={"act": "next"})
        await desk.rest()
    made = named(desk, "Larkhill two")
    assert made is not None
    assert (made.credential_kind, made.account_name, made.login) == ("oauth", "Sync", None)
    assert str(made.token_expires_on) == "2027-03-02"
    assert made.last_sync_at is not None
    with reading(desk.session.hub.engine) as db:
        assert drafts.every(db) == []


async def test_a_connection_that_is_there_goes_on_by_what_atlassian_allows_and_is_not_loaded_anew(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        await browser.post(f"/connections/{id_}/sync")
        await desk.rest()
        held = desk.session.held()
        with desk.session.hub.engine.begin() as db:
            plans.pause(db, id_, desk.session.hub.clock(), "The token has expired.")
        assert f'href="/connections/{id_}/atlassian"' in (await browser.get(f"/connections/{id_}/settings")).text
        link = f'href="/connections/{id_}/settings#credential">Change credential'
        assert link in (await browser.get(f"/connections/{id_}")).text
        left = await browser.get(f"/connections/{id_}/atlassian")
        updated = await browser.get(await decide(desk, left, desk.session.wiki.sync))
        assert "Credentials updated and tested." in updated.text
        assert "Expires on 2 March 2027" in updated.text
        assert link not in (await browser.get(f"/connections/{id_}")).text
    assert (stored(desk).credential_kind, desk.session.held()) == ("oauth", held)
    with reading(desk.session.hub.engine) as db:
        assert plans.plan(db, id_).paused_at is None


async def test_another_account_at_atlassian_says_what_would_change_and_waits_for_a_word(desk: Desk) -> None:
    wiki, id_ = desk.session.wiki, desk.session.connection_id
    async with desk.browser("olga") as browser:
        left = await browser.get(f"/connections/{id_}/atlassian")
        asked = await browser.get(await decide(desk, left, wiki.alice))
        assert (asked.status_code, "belongs to Alice, not to Sync" in asked.text) == (422, True)
        assert stored(desk).account_name == "Sync"
        grant = asked.text.partition('name="grant" value="')[2].partition('"')[0]
        form = {"grant": grant, "other": "1"}
        assert "updated and tested" in (await browser.post(f"/connections/{id_}/credential", data=form)).text
        # What serves no connection, or another, opens nothing.
        other = await browser.post(f"/connections/{id_}/credential", data=form | {"grant": "0" * 32})
        assert (other.status_code, "no longer kept" in other.text) == (422, True)
    assert (stored(desk).account_name, stored(desk).credential_kind) == ("Alice", "oauth")


async def test_who_allows_nothing_or_another_site_is_told_so_and_nothing_is_kept(desk: Desk) -> None:
    draft, id_ = await begun(desk, until="credentials"), desk.session.connection_id
    async with desk.browser("olga") as browser:
        declined = await browser.get(await decide(desk, await browser.get(f"{draft}/atlassian"), None))
        assert (declined.status_code, "Nothing was allowed at Atlassian" in declined.text) == (422, True)
        declined = await browser.get(await decide(desk, await browser.get(f"/connections/{id_}/atlassian"), None))
        assert "The old credential still serves" in declined.text
        form = where(desk, name="Elsewhere", url="https://elsewhere.atlassian.net")
        draft = (await browser.post(START, data=form)).headers["location"].removesuffix("/credentials")
        back = await decide(desk, await browser.get(f"{draft}/atlassian"), desk.session.wiki.sync)
        assert "https://larkhill.atlassian.net was allowed, not https://elsewhere" in (await browser.get(back)).text
        # The code is used up.
        assert (await browser.get(back)).status_code == 400
        assert (await browser.get(f"{draft}/test")).headers["location"] == f"{draft}/credentials"


async def test_a_way_back_counts_for_the_browser_and_the_person_that_were_sent(desk: Desk) -> None:
    draft = await begun(desk, until="credentials")
    async with desk.browser("olga") as browser, desk.browser("olga") as another:
        back = await decide(desk, await browser.get(f"{draft}/atlassian"), desk.session.wiki.sync)
        assert (await another.get(back)).status_code == 400
        assert (await browser.get(back.replace("state=", "state=x"))).status_code == 400
        assert (await browser.get(back)).status_code == 303
    async with desk.browser("charlie") as theirs:
        for path in (f"{draft}/atlassian", f"/connections/{desk.session.connection_id}/atlassian", "/atlassian/back"):
            assert (await theirs.get(path)).status_code == 403


async def test_the_address_of_another_site_takes_back_what_was_allowed(desk: Desk) -> None:
    draft = await begun(desk, until="credentials")
    async with desk.browser("olga") as browser:
        await browser.get(await decide(desk, await browser.get(f"{draft}/atlassian"), desk.session.wiki.sync))
        await browser.post(f"{draft}/where", data=where(desk, url="https://elsewhere.atlassian.net"))
        assert (await browser.get(f"{draft}/test")).headers["location"] == f"{draft}/credentials"
        assert "lets Mainstem read" not in (await browser.get(f"{draft}/credentials")).text
