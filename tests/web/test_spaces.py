"""The tab of a connection's spaces: what is new, renamed or gone, deciding about it, and the rule for later ones."""

import pytest

from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.wiki.selection import Later
from tests.web.desk import Desk

pytestmark = pytest.mark.anyio


def stored(desk: Desk) -> SavedConnection:
    with reading(desk.session.hub.engine) as db:
        return connections.connection(db, desk.session.connection_id)


async def synced(desk: Desk) -> None:
    desk.worker.ask(desk.session.connection_id)
    await desk.rest()


async def test_new_spaces_wait_on_their_tab_until_an_admin_decides(desk: Desk) -> None:
    wiki, tab = desk.session.wiki, f"/connections/{desk.session.connection_id}/spaces"
    old = wiki.new_space("OLD", "Oldtown")
    async with desk.browser("olga") as browser:
        assert "No spaces met yet" in (await browser.get(tab)).text
        assert (await browser.post(f"{tab}/later", data={"later": "ask"})).headers["location"] == tab
        await synced(desk)
        yes, no = wiki.new_space("YES", "Yonder"), wiki.new_space("NO", "Nowhere")
        wiki.page("Map", space=yes)
        old.name = "Newtown"
        await synced(desk)
        shown = (await browser.get(tab)).text
        assert "2</span> new spaces wait" in shown
        assert "Was “Oldtown” until" in shown
        assert "Map" not in desk.session.held().values()
        await browser.post(f"{tab}/{yes.id}", data={"inside": "true"})
        await browser.post(f"{tab}/{no.id}", data={"inside": "false"})
        await desk.rest()
        assert "Map" in desk.session.held().values()
        assert "Waits for you" not in (await browser.get(tab)).text
        refused = await browser.post(f"{tab}/{yes.id}", data={"inside": "false"})
        assert (refused.status_code, "says first what leaves" in refused.text) == (422, True)
        assert (await browser.post(f"{tab}/999", data={"inside": "true"})).status_code == 404
        del wiki.site.spaces[no.id]
        await synced(desk)
        assert "Deleted, or closed to the account." in (await browser.get(tab)).text


async def test_the_rule_for_later_spaces_is_chosen_with_them_and_changed_any_time(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        begun = await browser.post(f"/connections/{id_}/change")
        draft = str(begun.headers["location"]).removesuffix("/test")
        await browser.post(f"{draft}/test")
        await browser.post(f"{draft}/spaces", data={"scope": "some", "key": ["ENG"], "later": "public"})
        assert "once nobody needs to sign in" in (await browser.get(f"{draft}/review")).text
        await browser.post(f"{draft}/review", data={"act": "start"})
        assert stored(desk).later is Later.PUBLIC
        assert "once nobody needs to sign in" in (await browser.get(f"/connections/{id_}/settings")).text
        await browser.post(f"/connections/{id_}/spaces/later", data={"later": "add"})
        assert stored(desk).later is Later.ADD
        assert (await browser.post(f"/connections/{id_}/spaces/later", data={"later": "x"})).status_code == 400


async def test_a_reader_sees_no_tab_of_spaces_and_decides_nothing(desk: Desk) -> None:
    tab = f"/connections/{desk.session.connection_id}/spaces"
    async with desk.browser("charlie") as browser:
        assert (await browser.get(tab)).status_code == 403
        assert (await browser.post(f"{tab}/later", data={"later": "add"})).status_code == 403
        assert (await browser.post(f"{tab}/1", data={"inside": "true"})).status_code == 403
