"""Where a page is whose address an admin pastes on the page of a connection, or sends to the API."""

import asyncio

import pytest
from fastapi import FastAPI

from confluence_emulator.state import changes
from mainstem.accounts import members
from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.store import content
from mainstem.store.database import reading
from mainstem.web.addresses import Ours
from mainstem.wiring import tombstones
from tests.api.conftest import SESSION, key_of, program
from tests.web.desk import Desk

pytestmark = pytest.mark.anyio

PART = {"hx-request": "true", "hx-request-type": "partial"}


@pytest.fixture
def api(desk: Desk) -> FastAPI:
    return make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker))


def address(desk: Desk, page_id: str) -> dict[str, str]:
    return {"url": f"{desk.session.wiki.site.base_url}/pages/viewpage.action?pageId={page_id}"}


async def test_an_admin_pastes_an_address_and_is_told_where_the_page_is_without_its_title(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}/find"
    async with desk.browser("olga") as browser:
        coming = (await browser.post(path, data=address(desk, desk.page.id), headers=PART)).text
        assert "it is not here yet" in coming
        assert "<html" not in coming
        await asyncio.to_thread(desk.session.sync)
        here = (await browser.post(path, data=address(desk, desk.page.id), headers=PART)).text
        assert "It is here, in version 1" in here
        assert "Kettle" not in here
        desk.tie(desk.olga, desk.session.wiki.bob)
        whole = (await browser.post(path, data=address(desk, desk.page.id))).text
        assert "<html" in whole
        assert "Kettle</a>" in whole
        elsewhere = await browser.post(path, data={"url": "https://x.example/wiki/spaces/A/pages/1"}, headers=PART)
        assert "another site" in elsewhere.text


async def test_what_confluence_does_not_answer_is_told_with_its_cause(desk: Desk) -> None:
    desk.session.wiki.fault("401:path=/")
    async with desk.browser("olga") as browser:
        told = await browser.post(
            f"/connections/{desk.session.connection_id}/find", data=address(desk, desk.page.id), headers=PART
        )
    assert told.status_code == 200
    assert "note warn" in told.text


async def test_a_program_is_told_the_same(desk: Desk, api: FastAPI) -> None:
    path = f"/api/v1/connections/{desk.session.connection_id}/find"
    async with program(api, key_of(desk.session.hub, "olga@hub.example", read_only=False)) as olga:
        found = (await olga.post(path, json=address(desk, desk.page.id))).json()
        assert (found["place"], found["source_id"], found["there"]) == ("coming", desk.page.id, 1)
        assert (await olga.post("/api/v1/connections/99/find", json=address(desk, "1"))).status_code == 404


async def test_an_outsider_finds_out_nothing_of_any_page(desk: Desk, api: FastAPI) -> None:
    path = f"connections/{desk.session.connection_id}/find"
    async with (
        desk.browser("charlie") as browser,
        program(api, key_of(desk.session.hub, "charlie@hub.example", read_only=False)) as charlie,
    ):
        desk.session.wiki.meanwhile.reset()
        for answer in (
            await browser.post(f"/{path}", data=address(desk, desk.page.id)),
            await charlie.post(f"/api/v1/{path}", json=address(desk, desk.page.id)),
        ):
            assert answer.status_code == 403
            assert "not here yet" not in answer.text
    assert desk.session.wiki.meanwhile.entries == []


async def test_an_admin_is_told_why_somebody_else_sees_a_page_and_nothing_that_they_may_not_see(
    desk: Desk, api: FastAPI
) -> None:
    wiki, path = desk.session.wiki, f"/connections/{desk.session.connection_id}/find"
    below = wiki.page("Teapot", parent=desk.page)
    wiki.restrict(desk.page, wiki.sync, wiki.alice)
    await asyncio.to_thread(desk.session.sync)
    asked = address(desk, below.id) | {"member": str(desk.charlie.id)}
    async with desk.browser("olga") as browser:
        nobody = (await browser.post(path, data=asked, headers=PART)).text
        assert "Charlie cannot see it." in nobody
        assert "is nobody in this Confluence" in nobody
        desk.tie(desk.charlie, wiki.bob)
        outside = (await browser.post(path, data=asked, headers=PART)).text
        assert "does not let them in" in outside
        assert "The restriction of a page above it, which you may not read, does not let them in." in outside
        assert "they are in the group staff" in outside
        assert not {"Kettle", "Teapot", "Alice"} & set(outside.replace("<", " ").split())
        desk.tie(desk.olga, wiki.alice)
        assert "The restriction of “Kettle” does not" in (await browser.post(path, data=asked, headers=PART)).text
        unknown = await browser.post(path, data=asked | {"member": "999"}, headers=PART)
        assert unknown.status_code == 404
        with desk.session.hub.engine.begin() as db:
            members.untie(db, desk.olga.id, desk.session.connection_id)
            members.untie(db, desk.charlie.id, desk.session.connection_id)
        desk.tie(desk.charlie, wiki.alice)
    async with program(api, key_of(desk.session.hub, "olga@hub.example", read_only=False)) as olga:
        found = (await olga.post(f"/api/v1{path}", json=address(desk, below.id) | {"member": desk.charlie.id})).json()
        verdict = found["verdict"]
        assert (verdict["sees"], verdict["tied"], [rule["kind"] for rule in verdict["rules"]]) == (
            True,
            True,
            ["site", "space", "content"],
        )
        assert verdict["rules"][2] | {"read_at": None} == {
            "kind": "content",
            "name": "",
            "itself": False,
            "lets_in": True,
            "believed": True,
            "read_at": None,
            "ways": [],
        }
        refused = await olga.post(f"/api/v1{path}", json=address(desk, below.id) | {"member": 999})
        assert refused.status_code == 409


async def test_of_a_restored_page_the_rules_of_then_are_told_and_not_that_it_is_gone(desk: Desk, api: FastAPI) -> None:
    session, path = desk.session, f"/connections/{desk.session.connection_id}/find"
    session.wiki.restrict(desk.page, session.wiki.sync, session.wiki.alice)
    await asyncio.to_thread(session.sync)
    changes.trash(session.wiki.site, desk.page)
    await asyncio.to_thread(session.sync)
    with reading(session.hub.engine) as db:
        ids = content.ids_of(db, session.connection_id, [desk.page.id]).values()
    assert tombstones.restore(session.hub, session.connection_id, ids, None) == 1
    asked = address(desk, desk.page.id) | {"member": str(desk.charlie.id)}
    async with desk.browser("olga") as browser:
        desk.tie(desk.charlie, session.wiki.bob)
        outside = (await browser.post(path, data=asked, headers=PART)).text
        assert "Charlie cannot see it." in outside
        assert "What is stored of it was restored, for those who could read it last." in outside
        assert "A rule that stood above it when it left Confluence does not let them in." in outside
        assert "It has left Confluence" not in outside
        assert "they are in the group" not in outside, "by what, only who can read it is told"
        desk.tie(desk.olga, session.wiki.alice)
        assert "they are in the group staff" in (await browser.post(path, data=asked, headers=PART)).text
    with session.hub.engine.begin() as db:
        members.untie(db, desk.olga.id, session.connection_id)
    desk.tie(desk.charlie, session.wiki.alice)
    async with program(api, key_of(session.hub, "olga@hub.example", read_only=False)) as olga:
        found = (await olga.post(f"/api/v1{path}", json=asked | {"member": desk.charlie.id})).json()
    verdict = found["verdict"]
    assert (found["place"], found["restored"], verdict["sees"], verdict["absent"]) == ("trashed", True, True, [])
    assert {rule["kind"] for rule in verdict["rules"]} == {"frozen"}
