"""Who is let in: keys and, where they only look, browsers."""

import asyncio
from datetime import timedelta

import pytest

from mainstem.accounts import looks
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.store import api_keys as rows
from mainstem.store import members
from mainstem.store.database import reading
from tests.api.conftest import Api, key_of, program

pytestmark = pytest.mark.anyio

ME = "/api/v1/me"
WRONG = ("", "Bearer", "Bearer ", "Bearer mst_wrong", "Basic YWxpY2U6eA==", "mst_x", "Bearer " + "\u00e9" * 30)


@pytest.mark.parametrize("shown", WRONG)
async def test_whoever_shows_no_key_is_told_how_to_get_one(api: Api, shown: str) -> None:
    async with api.program() as nobody:
        answer = await nobody.get(ME, headers=[(b"authorization", shown.encode())] if shown else [])
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["status"] == 401
    assert "under API keys" in answer.json()["detail"]


async def test_a_key_stands_for_its_member(api: Api) -> None:
    async with api.program("alice") as alice, api.program("charlie") as charlie:
        me, outsider = (await alice.get(ME)).json(), (await charlie.get(ME)).json()
    assert (me["name"], me["role"], me["workspace"]) == ("Alice", "reader", "Acme")
    assert me["accounts"] == [
        {"connection_id": 1, "connection": "Acme", "account_id": "u-alice", "name": "Alice Archer"}
    ]
    assert me["key"]["name"] == "test"
    assert outsider["accounts"] == []


async def test_a_key_ends_when_it_is_revoked_when_it_expires_and_with_its_member(api: Api) -> None:
    who = ("alice", "bob", "olga")
    keys = {name: key_of(api.reader, f"{name}@hub.example", days=30) for name in who}
    with api.reader.engine.begin() as db:
        alice, bob = (members.with_email(db, f"{name}@hub.example") for name in ("alice", "bob"))
        assert alice
        assert bob
        assert rows.revoke(db, alice.id, rows.of_member(db, alice.id)[0].id, api.reader.clock())
        members.deactivate(db, bob.id)
    told = {}
    for name in who:
        async with program(api.app, keys[name]) as one:
            told[name] = (await one.get(ME)).status_code
    assert told == {"alice": 401, "bob": 401, "olga": 200}
    api.hub.clock.now += timedelta(days=30)
    async with program(api.app, keys["olga"]) as one:
        assert (await one.get(ME)).status_code == 401


async def test_nothing_that_is_stored_lets_anybody_in(api: Api) -> None:
    key = key_of(api.reader, "alice@hub.example")
    with reading(api.reader.engine) as db:
        stored = [str(each) for row in db.exec_driver_sql("SELECT * FROM api_keys") for each in row]
    assert key not in " ".join(stored)
    for each in stored:
        async with program(api.app, each) as one:
            assert (await one.get(ME)).status_code == 401


async def test_it_is_known_when_a_key_was_last_used(api: Api) -> None:
    async with api.program("alice") as alice:
        await alice.get(ME)
        with reading(api.reader.engine) as db:
            saved = members.with_email(db, "alice@hub.example")
            assert saved
            assert rows.of_member(db, saved.id)[0].used_at == api.hub.clock.now
        api.hub.clock.now += timedelta(hours=1)
        await alice.get(ME)
    with reading(api.reader.engine) as db:
        assert rows.of_member(db, saved.id)[0].used_at == api.hub.clock.now


async def test_a_program_does_not_wait_for_a_sync_that_writes_only_to_note_that_its_key_was_used(api: Api) -> None:
    async with api.program("alice") as alice, asyncio.timeout(10):
        with api.reader.engine.begin():
            assert (await alice.get(ME)).status_code == 200
        assert (await alice.get(ME)).status_code == 200


async def test_a_browser_may_look_for_the_page_at_hand(api: Api) -> None:
    async with api.browser("alice") as browser:
        assert (await browser.get(ME)).json()["key"] is None
        assert (await browser.get("/api/v1/search?q=merger")).json()["total"] == 1
    async with api.browser("charlie") as browser:
        assert (await browser.get("/api/v1/search?q=merger")).json()["total"] == 0


async def test_an_owner_who_reads_as_somebody_else_does_so_in_the_pages_alone(api: Api) -> None:
    api.hub.join("una", Role.OWNER)
    with api.reader.engine.begin() as db:
        una, alice = (members.with_email(db, f"{name}@hub.example") for name in ("una", "alice"))
        assert una
        assert alice
        owner = Member(una.id, una.email, una.name, Role.OWNER)
        looks.begin(db, api.hub.tokens["una"], owner, alice.id, api.reader.clock())
    async with api.browser("una") as browser, api.program("una") as program_of_hers:
        assert (await browser.get(ME)).status_code == 401
        assert (await program_of_hers.get(ME)).json()["name"] == "Una"


async def test_a_key_that_is_wrong_is_not_made_up_for_by_a_cookie(api: Api) -> None:
    async with api.browser("alice") as browser:
        assert (await browser.get(ME, headers={"Authorization": "Bearer mst_wrong"})).status_code == 401


async def test_a_key_never_rises_above_the_role_of_its_member(api: Api) -> None:
    api.hub.join("ada", Role.ADMIN)
    async with api.program("ada") as ada:
        assert (await ada.get("/api/v1/members")).status_code == 200
        with api.reader.engine.begin() as db:
            saved = members.with_email(db, "ada@hub.example")
            assert saved
            members.set_role(db, saved.id, Role.READER)
        assert (await ada.get("/api/v1/members")).status_code == 403


async def test_members_are_listed_for_admins_alone_a_page_at_a_time(api: Api) -> None:
    async with api.program("olga") as olga, api.program("charlie") as charlie:
        found = (await olga.get("/api/v1/members?limit=2&offset=1")).json()
        refused = await charlie.get("/api/v1/members")
    assert [each["name"] for each in found["members"]] == ["Bob", "Charlie"]
    assert found["total"] == 4
    assert refused.status_code == 403
    assert "Olga" not in refused.text
