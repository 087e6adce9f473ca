"""The page of what left Confluence: an admin restores and purges there, and sees no title that is not theirs."""

import asyncio
import re

import pytest

from confluence_emulator.state import changes
from mainstem.store import content, deeds
from mainstem.store.database import reading
from tests.web.desk import Desk

pytestmark = pytest.mark.anyio


def our_id(desk: Desk, source_id: str) -> int:
    with reading(desk.session.hub.engine) as db:
        return content.ids_of(db, desk.session.connection_id, [source_id])[source_id]


async def gone(desk: Desk) -> tuple[str, int]:
    """The page of a connection, and the one page that left it."""
    wiki = desk.session.wiki
    page = wiki.page("The plan")
    await asyncio.to_thread(desk.session.sync)
    changes.trash(wiki.site, page)
    await asyncio.to_thread(desk.session.sync)
    return f"/connections/{desk.session.connection_id}/removed", our_id(desk, page.id)


async def test_what_left_is_shown_restored_and_marked(desk: Desk) -> None:
    path, id_ = await gone(desk)
    async with desk.browser("olga") as browser:
        shown = (await browser.get(path)).text
        assert re.search(r"Page \d+</span>", shown), "her role opens no title"
        assert "In the trash of Confluence" in shown
        assert "2026-04-01" in shown, "30 days later"
        desk.tie(desk.olga, desk.session.wiki.alice)
        assert "The plan" in (await browser.get(path)).text
        assert (await browser.get(f"/documents/{id_}")).status_code == 404
        assert (await browser.post(f"{path}/restore", data={"document": str(id_)})).status_code == 303
        shown = (await browser.get(path)).text
        assert "Restored" in shown
        assert f'href="/documents/{id_}"' in shown
        document = (await browser.get(f"/documents/{id_}")).text
    assert "left Confluence" in document
    with reading(desk.session.hub.engine) as db:
        [deed] = deeds.newest(db, deeds.Wanted(acts=["removed documents restored"]), limit=9)
    assert (deed.member, deed.facts["number"]) == ("Olga", 1)


async def test_one_is_purged_and_all_are_when_the_name_is_typed(desk: Desk) -> None:
    path, id_ = await gone(desk)
    async with desk.browser("olga") as browser:
        asked = await browser.post(f"{path}/purge-all", data={"name": "larkhill?"})
        assert asked.status_code == 422
        assert "Type the name as it stands there: Larkhill" in asked.text
        assert "1</span> item" in (await browser.get(path)).text
        await browser.post(f"{path}/purge", data={"document": str(id_)})
        assert "Nothing has left" in (await browser.get(path)).text
        _, other = await gone(desk)
        await browser.post(f"{path}/purge-all", data={"name": "Larkhill"})
        assert "Nothing has left" in (await browser.get(path)).text
        assert (await browser.post(f"{path}/restore", data={"document": str(other)})).status_code == 303
        assert "Nothing has left" in (await browser.get(path)).text
    with reading(desk.session.hub.engine) as db:
        told = deeds.newest(db, deeds.Wanted(acts=["removed documents purged"]), limit=9)
    assert [deed.facts["number"] for deed in told] == [1, 1]


async def test_an_outsider_neither_sees_nor_does_anything_about_what_left(desk: Desk) -> None:
    path, id_ = await gone(desk)
    async with desk.browser("charlie") as browser:
        answers = [
            await browser.get(path),
            await browser.post(f"{path}/restore", data={"document": str(id_)}),
            await browser.post(f"{path}/purge", data={"document": str(id_)}),
            await browser.post(f"{path}/purge-all", data={"name": "Larkhill"}),
            await browser.post(f"{path}/answer", data={"answer": "remove"}),
        ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert not any("plan" in answer.text for answer in answers)
    assert desk.session.held().keys() == {desk.page.id}
