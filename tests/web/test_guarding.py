"""The page about the permissions of a connection, and going without them, on a hub that works."""

import pytest

from mainstem.store import audiences, deeds, openings, plans
from mainstem.store.database import reading
from mainstem.store.deeds import Wanted
from tests.web.desk import Desk

pytestmark = pytest.mark.anyio


def path(desk: Desk, place: str = "") -> str:
    return f"/connections/{desk.session.connection_id}/permissions{place}"


async def shows(desk: Desk, who: str) -> str:
    async with desk.browser(who) as browser:
        return (await browser.get("/search?q=kettle")).text


async def test_permissions_are_read_alone_by_their_own_schedule_and_when_asked(desk: Desk) -> None:
    id_, hub = desk.session.connection_id, desk.session.hub
    desk.worker.ask(id_)
    await desk.rest()
    desk.session.wiki.edit(desk.page, "<p>How to boil an egg.</p>")
    async with desk.browser("olga") as browser:
        saved = await browser.post(path(desk, "/schedule"), data={"rhythm": "every", "minutes": "15"})
        assert saved.headers["location"] == path(desk)
        assert "Sync every 5" in (await browser.post(path(desk, "/schedule"), data={"rhythm": "every"})).text
        desk.session.wiki.clock.forward(minutes=16)
        await desk.look()
        with reading(hub.engine) as db:
            assert audiences.when_read(db, id_)[desk.session.wiki.space.id] == hub.clock()
            assert plans.plan(db, id_).rules_schedule == "every 15 minutes"
        desk.session.wiki.clock.forward(minutes=2)
        await browser.post(path(desk, "/sync"))
        assert desk.worker.state(id_) == "waiting"
        await desk.rest()
        shown = (await browser.get(f"/connections/{id_}")).text
        assert shown.count("permissions alone") == 2
        assert "Every 15 minutes" in (await browser.get(path(desk))).text
    with reading(hub.engine) as db:
        assert audiences.when_read(db, id_)[desk.session.wiki.space.id] == hub.clock()


async def test_an_owner_opens_a_connection_by_its_name_and_everybody_is_told_why_they_see_it(desk: Desk) -> None:
    id_, hub, wiki = desk.session.connection_id, desk.session.hub, desk.session.wiki
    wiki.restrict(desk.page, wiki.sync)
    desk.worker.ask(id_)
    await desk.rest()
    assert "Kettle" not in await shows(desk, "charlie")
    async with desk.browser("olga") as browser:
        before = (await browser.get(path(desk))).text
        assert "2 people" in " ".join(before.replace('<span class="num">', "").replace("</span>", "").split())
        assert "Charlie" in before
        refused = await browser.post(path(desk, "/off"), data={"name": "Lark"})
        assert (refused.status_code, "Type the name as it stands there" in refused.text) == (422, True)
        assert "Kettle" not in await shows(desk, "charlie")
        await browser.post(path(desk, "/off"), data={"name": "Larkhill"})
        for place in ("", "/permissions"):
            assert "This connection goes without permissions." in (await browser.get(f"/connections/{id_}{place}")).text
        assert "Without permissions" in (await browser.get("/connections")).text
    assert "Kettle" in await shows(desk, "charlie")
    async with desk.browser("charlie") as browser:
        page = (await browser.get("/documents/1")).text
        assert "Olga chose on 2026-03-02 to go without the permissions of Confluence" in page
    with reading(hub.engine) as db:
        (deed, *_) = deeds.newest(db, Wanted(), limit=1)
        assert (deed.act, deed.facts["names"]) == ("permissions switched off", ["Charlie", "Olga"])
    async with desk.browser("olga") as browser:
        await browser.post(path(desk, "/on"))
    assert "Kettle" not in await shows(desk, "charlie")
    with reading(hub.engine) as db:
        assert openings.opening(db, id_) is None
        assert plans.plan(db, id_).asked_at is not None


async def test_a_reader_sees_and_switches_no_permissions(desk: Desk) -> None:
    async with desk.browser("charlie") as browser:
        assert (await browser.get(path(desk))).status_code == 403
        for place in ("/sync", "/schedule", "/off", "/on"):
            assert (await browser.post(path(desk, place), data={"name": "Larkhill"})).status_code == 403
    async with desk.browser("olga") as browser:
        assert (await browser.get("/connections/999/permissions")).status_code == 404
        for place in ("/sync", "/schedule", "/off", "/on"):
            assert (await browser.post(f"/connections/999/permissions{place}")).status_code == 404
    with reading(desk.session.hub.engine) as db:
        assert openings.opening(db, desk.session.connection_id) is None
