"""The pages of connections, on a hub that works: connected to a wiki in process, with its worker."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.event import listen

from confluence_emulator.state import changes
from mainstem.accounts import looks, members, sessions
from mainstem.accounts.roles import Role
from mainstem.store import members as rows
from mainstem.store.database import reading
from tests.web.desk import CHEAP, PASSWORD, Desk


@pytest.mark.anyio
async def test_progress_is_streamed_until_nothing_is_under_way(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        asked = await browser.post(f"/connections/{id_}/sync")
        assert asked.headers["location"] == f"/connections/{id_}"
        async with asyncio.TaskGroup() as tasks:
            stream = tasks.create_task(browser.get(f"/connections/{id_}/events"))
            await desk.rest()
        assert stream.result().headers["content-type"].startswith("text/event-stream")
        assert "Succeeded" in stream.result().text
        assert desk.page.id in desk.session.visible(desk.session.wiki.bob)


def signed_out(desk: Desk) -> None:
    with desk.session.hub.engine.begin() as db:
        sessions.sign_out(db, desk.tokens["olga"])


def demoted(desk: Desk) -> None:
    with desk.session.hub.engine.begin() as db:
        (olga,) = (each for each in rows.every(db) if each.name == "Olga")
        rows.set_role(db, olga.id, Role.READER)


def reading_as_charlie(desk: Desk) -> None:
    with desk.session.hub.engine.begin() as db:
        olga = sessions.member_of(db, desk.tokens["olga"], desk.session.wiki.clock())
        (charlie,) = (each for each in rows.every(db) if each.name == "Charlie")
        assert olga is not None
        looks.begin(db, desk.tokens["olga"], olga, charlie.id, desk.session.wiki.clock())


def removed(desk: Desk) -> None:
    desk.worker.remove(desk.session.connection_id, desk.olga)


@pytest.mark.anyio
@pytest.mark.parametrize("meanwhile", [signed_out, demoted, reading_as_charlie, removed])
async def test_progress_is_streamed_no_longer_than_somebody_may_see_it(
    desk: Desk, meanwhile: Callable[[Desk], None], caplog: pytest.LogCaptureFixture
) -> None:
    id_, loop, seen = desk.session.connection_id, asyncio.get_running_loop(), asyncio.Event()
    desk.worker.ask(id_)

    def looked(_: Connection, __: Any, statement: str, *___: Any) -> None:
        if "run_failures" in statement:
            loop.call_soon_threadsafe(seen.set)

    listen(desk.session.hub.engine, "after_cursor_execute", looked)
    async with desk.browser("olga") as browser, asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        following = tasks.create_task(browser.get(f"/connections/{id_}/events"))
        await seen.wait()
        meanwhile(desk)
    assert following.result().text.count('id="live"') == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.anyio
async def test_a_reader_is_told_that_connections_are_for_admins(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("charlie") as browser:
        for path in ("/connections", f"/connections/{id_}", f"/connections/{id_}/events"):
            assert (await browser.get(path)).status_code == 403, path
        for deed in ("sync", "cancel", "pause", "resume"):
            assert (await browser.post(f"/connections/{id_}/{deed}")).status_code == 403, deed
        assert "/connections" not in (await browser.get("/search")).text
    assert desk.worker.state(id_) is None


@pytest.mark.anyio
async def test_a_connection_that_is_not_there_is_not_found(desk: Desk) -> None:
    async with desk.browser("olga") as browser:
        assert (await browser.get("/connections/99")).status_code == 404
        for deed in ("sync", "cancel", "pause", "resume"):
            assert (await browser.post(f"/connections/99/{deed}")).status_code == 404, deed


@pytest.mark.anyio
async def test_an_admin_adds_a_member_and_says_who_they_are_in_confluence(desk: Desk) -> None:
    bob = desk.session.wiki.bob
    async with desk.browser("olga") as browser:
        await browser.post(f"/connections/{desk.session.connection_id}/sync")
        await desk.rest()
        new = {"name": "Bob", "email": "bob@hub.example", "password": PASSWORD, "role": "reader"}
        assert (await browser.post("/members", data=new)).status_code == 303
        assert "Nobody: reads what is open to everyone" in (await browser.get("/members")).text
        with reading(desk.session.hub.engine) as db:
            member_id = max(each.id for each in rows.every(db))
        tie = {"connection": str(desk.session.connection_id), "account": "nobody at all"}
        assert (await browser.post(f"/members/{member_id}/tie", data=tie)).status_code == 422
        tie["account"] = bob.account_id
        assert (await browser.post(f"/members/{member_id}/tie", data=tie)).status_code == 303
        assert f'{bob.display_name} <span class="muted">in Larkhill' in (await browser.get("/members")).text
    with desk.session.hub.engine.begin() as db:
        member = members.Member(member_id, "bob@hub.example", "Bob", Role.READER)
        desk.tokens["bob"] = sessions.begin(db, member, agent="test", now=desk.session.hub.clock()).token
    async with desk.browser("bob") as his, desk.browser("charlie") as theirs:
        assert "boil" in (await his.get("/search?q=water")).text
        assert "boil" not in (await theirs.get("/search?q=water")).text


@pytest.mark.anyio
async def test_members_are_shown_to_admins_alone_and_admins_make_no_owners(desk: Desk) -> None:
    with desk.session.hub.engine.begin() as db:
        admin = members.add(
            db,
            name="Ada",
            email="ada@x.example",
            password=PASSWORD,
            role=Role.ADMIN,
            now=desk.session.hub.clock(),
            hasher=CHEAP,
        )
        desk.tokens["ada"] = sessions.begin(db, admin, agent="test", now=desk.session.hub.clock()).token
    new = {"name": "Eve", "email": "eve@hub.example", "password": PASSWORD, "role": "owner"}
    async with desk.browser("charlie") as theirs, desk.browser("ada") as hers:
        assert (await theirs.get("/members")).status_code == 403
        assert (await theirs.post("/members", data=new)).status_code == 403
        assert (await theirs.post("/members/1/tie", data={"account": "x"})).status_code == 403
        assert (await hers.post("/members", data=new)).status_code == 403
        assert (await hers.post("/members", data=new | {"role": "reader", "password": "short"})).status_code == 422
        assert "Ada" in (await hers.get("/members")).text


@pytest.mark.anyio
async def test_a_connection_is_paused_and_resumed(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}"
    async with desk.browser("olga") as browser:
        await browser.post(f"{path}/sync")
        paused = await browser.post(f"{path}/pause", data={"back": "/connections"})
        assert paused.headers["location"] == "/connections"
        assert desk.worker.state(desk.session.connection_id) is None
        shown = (await browser.get(path)).text
        assert "This connection is paused." in shown
        assert "Resume" in shown
        await browser.post(f"{path}/sync")
        assert desk.worker.state(desk.session.connection_id) is None
        assert (await browser.post(f"{path}/resume")).headers["location"] == path
        await desk.rest()
        shown = (await browser.get(path)).text
        assert "Succeeded" in shown
        assert "paused" not in shown


@pytest.mark.anyio
async def test_a_sync_that_waits_for_its_turn_is_cancelled(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}"
    async with desk.browser("olga") as browser:
        await browser.post(f"{path}/sync")
        assert "Cancel" in (await browser.get(path)).text
        assert (await browser.post(f"{path}/cancel", data={"back": "//evil.example"})).headers["location"] == "/search"
        assert "Draft" in (await browser.get("/connections")).text
    assert desk.worker.state(desk.session.connection_id) is None


@pytest.mark.anyio
async def test_a_sync_that_was_cancelled_is_told_as_that_and_its_connection_as_what_it_is(desk: Desk) -> None:
    id_, path = desk.session.connection_id, f"/connections/{desk.session.connection_id}"
    desk.session.wiki.fault("latency:seconds=60")

    async def until(state: str | None) -> None:
        while desk.worker.state(id_) != state:  # noqa: ASYNC110 - the worker tells nobody
            await asyncio.sleep(0.01)

    async with desk.browser("olga") as browser, asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        working = tasks.create_task(desk.worker.work())
        await browser.post(f"{path}/sync")
        await until("syncing")
        await browser.post(f"{path}/cancel")
        await until(None)
        shown, listed = (await browser.get(path)).text, (await browser.get("/connections")).text
        working.cancel()
    assert "Cancelled" in shown
    assert "Needs attention" not in shown + listed
    assert "Active" in listed


@pytest.mark.anyio
async def test_the_page_tells_of_each_space_how_much_is_here_and_how_much_was_listed(desk: Desk) -> None:
    wiki, path = desk.session.wiki, f"/connections/{desk.session.connection_id}"
    wiki.page("Tea", "<p>Pour.</p>", space=wiki.new_space("LAW", "Legal"))
    async with desk.browser("olga") as browser:
        await browser.post(f"{path}/sync")
        await desk.rest()
        shown = (await browser.get(path)).text
    for space in ("Engineering", "Legal"):
        row = shown.split(space)[1].split("</tr>")[0]
        assert re.findall(r"num[^>]*>(\d+)<", row) == ["1", "1", "0"]
        assert "Complete" in row
    assert "Sync finished" in shown


@pytest.mark.anyio
async def test_deletions_that_wait_for_a_person_go_when_an_admin_allows_them(desk: Desk) -> None:
    wiki, path = desk.session.wiki, f"/connections/{desk.session.connection_id}"
    pages = wiki.pages(30)
    async with desk.browser("olga") as browser:
        await browser.post(f"{path}/sync")
        await desk.rest()
        for page in pages:
            changes.trash(wiki.site, page)
        wiki.clock.forward(minutes=5)
        await browser.post(f"{path}/sync")
        await desk.rest()
        asked = (await browser.get(path)).text
        assert "Should these leave?" in asked
        assert "30 of 31" in asked
        assert "30 in the trash of Confluence." in asked
        assert "Waits for your answer" in (await browser.get("/connections")).text
        await browser.post(f"{path}/removed/answer", data={"space": "ENG", "answer": "remove"})
        assert "Should these leave?" not in (await browser.get(path)).text
    assert set(desk.session.held()) == {desk.page.id}


@pytest.mark.anyio
async def test_the_page_tells_how_old_the_rules_are_and_what_they_hide_by_their_age(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}"
    await asyncio.to_thread(desk.session.sync)
    async with desk.browser("olga") as browser:
        fresh = (await browser.get(path)).text
        assert re.search(r"Who may view them was read <time[^>]*>2026-03-02 09:00 UTC</time> at the earliest", fresh)
        desk.session.wiki.clock.forward(hours=71)
        assert "hidden from everybody" not in (await browser.get(path)).text
        desk.session.wiki.clock.forward(hours=2)
        assert re.search(r">1</span> space is hidden from everybody", (await browser.get(path)).text)


@pytest.mark.anyio
async def test_a_space_that_shows_nothing_any_more_is_told_as_lost_access_and_stays_until_somebody_says_so(
    desk: Desk,
) -> None:
    wiki, path = desk.session.wiki, f"/connections/{desk.session.connection_id}"
    law = wiki.new_space("LAW", "Legal")
    pages = wiki.pages(22, space=law)
    await asyncio.to_thread(desk.session.sync)
    for page in pages:
        wiki.restrict(page, wiki.bob)
    await asyncio.to_thread(desk.session.sync)
    async with desk.browser("olga") as browser:
        asked = (await browser.get(path)).text
    assert re.search(r"LAW</span><p[^>]*>22 of 22 would leave<", asked)
    assert "this looks like lost access" in asked
    assert {page.id for page in pages} <= set(desk.session.held())


@pytest.mark.anyio
async def test_the_sample_site_is_for_admins_and_only_where_it_can_be_had(desk: Desk) -> None:
    async with desk.browser("charlie") as reader, desk.browser("olga") as owner:
        assert (await reader.post("/sample-site")).status_code == 403
        assert (await owner.post("/sample-site")).status_code == 404
    assert len(desk.ids()) == 1


@pytest.mark.anyio
async def test_an_owner_is_asked_whether_they_are_the_account_that_it_signs_in_as(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}"
    asked = "Is that you?"
    async with desk.browser("olga") as browser:
        assert asked not in (await browser.get(path)).text  # nobody of Confluence is known yet
        await asyncio.to_thread(desk.session.sync)
        page = (await browser.get(path)).text
        assert asked in page
        assert 'action="/members/1/tie"' in page
        assert "Say who you are" in (await browser.get("/search?q=kettle")).text
        form = dict(re.findall(r'type="hidden" name="(connection|account|back)" value="([^"]*)"', page))
        tied = await browser.post("/members/1/tie", data=form)
        assert tied.headers["location"] == f"{path}?connected=tied"
        after = (await browser.get(tied.headers["location"])).text
        assert (asked in after, "what your account may read" in after) == (False, True)
        found = (await browser.get("/search?q=kettle")).text
        assert ("Kettle" in found, "Say who you are" in found) == (True, False)


@pytest.mark.anyio
async def test_nobody_is_asked_to_be_an_account_that_is_somebody_already(desk: Desk) -> None:
    await asyncio.to_thread(desk.session.sync)
    desk.tie(desk.charlie, desk.session.wiki.sync)
    async with desk.browser("olga") as browser:
        assert "Is that you?" not in (await browser.get(f"/connections/{desk.session.connection_id}")).text
