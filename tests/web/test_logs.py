"""The page of integration logs: for admins alone, filtered by its address, live, and exported."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.event import listen

from mainstem.accounts import members, sessions
from mainstem.accounts.roles import Role
from mainstem.store import events, removals
from mainstem.store.events import Event, Level
from mainstem.web.log_exports import COLUMNS
from mainstem.web.log_views import SHOWN
from tests.web.desk import CHEAP, PASSWORD, Desk, served

PAGES = ("", "/events", "/export.csv", "/export.jsonl")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path / "home") as desk:
        yield desk


def event(desk: Desk, text: str, **changes: object) -> Event:
    line = Event(desk.session.connection_id, None, desk.session.hub.clock(), Level.INFO, text)
    return replace(line, **changes)  # type: ignore[arg-type]  # by name


def log(desk: Desk, *lines: Event) -> None:
    with desk.session.hub.engine.begin() as db:
        events.log(db, lines)


@pytest.mark.anyio
async def test_an_admin_reads_what_a_sync_did_with_time_cause_and_repair(desk: Desk) -> None:
    desk.session.wiki.break_listing(desk.session.wiki.space)
    run = await asyncio.to_thread(desk.session.sync)
    async with desk.browser("olga") as browser:
        shown = (await browser.get("/system/logs")).text
        narrow = (await browser.get(f"/system/logs?run={run.id}&level=warning&q=reached+ENG")).text
        nothing = (await browser.get("/system/logs?level=debug&q=nowhere")).text
    for words in (
        "Sync started",
        "Could not be read",
        "Pages of ENG",
        "Try again later",
        "Larkhill",
        "Confluence Cloud",
    ):
        assert words in shown, words
    assert f"{run.started_at:%Y-%m-%d %H:%M:%S.%f} UTC" in shown
    assert "No line has all these filters" in narrow
    assert "No line has all these filters" in nothing


@pytest.mark.anyio
async def test_filters_stand_in_the_address_and_nonsense_filters_nothing(desk: Desk) -> None:
    log(desk, event(desk, "one", level=Level.ERROR), event(desk, "two"))
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        one = await browser.get(f"/system/logs?connection={id_}&level=error&period=day&source=cloud&q=one")
        assert '<option value="day" selected>' in one.text
        assert 'value="error" checked' in one.text
        assert "1</span> line" in one.text
        assert (await browser.get("/system/logs?source=datacenter")).text.count('class="logline') == 0
        odd = await browser.get("/system/logs?connection=x&run=-1&level=loud&period=era&from=1.1.&to=99&before=0&q=%00")
        assert odd.text.count('class="logline') == 2
        part = await browser.get("/system/logs?q=two", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
        assert "<html" not in part.text
        assert "q=two" in part.text[part.text.index("#export") :]


@pytest.mark.anyio
async def test_older_lines_follow_the_last_one_shown(desk: Desk) -> None:
    log(desk, *(event(desk, f"number {n:03}") for n in range(SHOWN + 5)))
    async with desk.browser("olga") as browser:
        first = (await browser.get("/system/logs?q=number")).text
        assert ("number 005" in first, "number 004" in first) == (True, False)
        older = first.split('id="more"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        log(desk, event(desk, "number new"))
        rest = (await browser.get(older)).text
    assert [f"number {n:03}" for n in range(SHOWN + 5) if f"number {n:03}" in rest] == [
        f"number {n:03}" for n in range(5)
    ]
    assert "Show older" not in rest


@pytest.mark.anyio
async def test_whoever_follows_sees_new_lines_until_they_may_no_longer(desk: Desk) -> None:
    looks = 0

    def seen(_: Connection, __: Any, statement: str, *___: Any) -> None:
        nonlocal looks
        looks += "count(*)" in statement and "events" in statement

    async def look(number: int) -> None:
        while looks < number:  # noqa: ASYNC110 - what is waited for is no event of ours
            await asyncio.sleep(0.01)

    listen(desk.session.hub.engine, "after_cursor_execute", seen)
    async with desk.browser("olga") as browser, asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        following = tasks.create_task(browser.get("/system/logs/events?q=news"))
        await look(1)
        log(desk, event(desk, "the news"), event(desk, "something else"))
        await look(2)
        with desk.session.hub.engine.begin() as db:
            sessions.sign_out(db, desk.tokens["olga"])
    stream = following.result()
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert "the news" in stream.text
    assert "something else" not in stream.text
    assert stream.text.count("hx-partial hx-target") == 2


@pytest.mark.anyio
async def test_an_export_holds_every_line_and_no_formula(desk: Desk) -> None:
    log(desk, *(event(desk, f"line {n}") for n in range(700)))
    log(desk, event(desk, "=cmd|'/c calc'!A1", cause="@SUM(1)", repair="first\nsecond", facts={"added": 3}))
    async with desk.browser("olga") as browser:
        table = await browser.get("/system/logs/export.csv")
        lines = await browser.get("/system/logs/export.jsonl?q=calc")
        assert (await browser.get("/system/logs/export.xlsx")).status_code == 404
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert (len(rows), tuple(rows[0])) == (701, COLUMNS)
    assert rows[0]["event"] == "'=cmd|'/c calc'!A1"
    assert (rows[0]["cause"], rows[0]["repair"], rows[0]["facts"]) == ("'@SUM(1)", "first second", '{"added": 3}')
    assert table.headers["content-disposition"].startswith('attachment; filename="mainstem-log-2026-03-02-')
    (line,) = [json.loads(one) for one in lines.text.splitlines()]
    assert (line["event"], line["repair"], line["connection"]) == (
        "=cmd|'/c calc'!A1",
        ["first", "second"],
        "Larkhill",
    )


@pytest.mark.anyio
async def test_a_reader_is_told_that_logs_are_for_admins(desk: Desk) -> None:
    async with desk.browser("charlie") as browser:
        for path in PAGES:
            assert (await browser.get(f"/system/logs{path}")).status_code == 403, path
        assert "/system/logs" not in (await browser.get("/search")).text


@pytest.mark.anyio
async def test_an_admin_who_may_not_read_a_page_sees_its_id_and_not_its_title(desk: Desk) -> None:
    wiki, hub = desk.session.wiki, desk.session.hub
    secret = wiki.page("Salaries")
    wiki.restrict(secret, wiki.alice, wiki.sync)
    await asyncio.to_thread(desk.session.sync)
    log(desk, event(desk, "No longer listed", source_id=secret.id))
    with hub.engine.begin() as db:
        ada = members.add(
            db, name="Ada", email="ada@x.example", password=PASSWORD, role=Role.ADMIN, now=hub.clock(), hasher=CHEAP
        )
        members.tie(db, ada.id, desk.session.connection_id, wiki.alice.account_id, hub.clock())
        desk.tokens["ada"] = sessions.begin(db, ada, agent="test", now=hub.clock()).token
    async with desk.browser("olga") as hers, desk.browser("ada") as adas:
        for path in ("", "/export.csv", "/export.jsonl"):
            outside = (await hers.get(f"/system/logs{path}?document={secret.id}")).text
            assert secret.id in outside
            assert "Salaries" not in outside
            assert "Salaries" in (await adas.get(f"/system/logs{path}?document={secret.id}")).text
        assert secret.id not in (await hers.get("/system/logs/export.jsonl?q=salaries")).text


@pytest.mark.anyio
async def test_lines_of_a_removed_connection_lead_to_the_list_that_brings_it_back(desk: Desk) -> None:
    log(desk, event(desk, "Sync ended"))
    with desk.session.hub.engine.begin() as db:
        removals.remove(db, desk.session.connection_id, by="Olga", now=desk.session.hub.clock())
    async with desk.browser("olga") as browser:
        shown = (await browser.get("/system/logs")).text
        assert f'href="/connections/{desk.session.connection_id}"' not in shown
        assert (await browser.get("/connections")).status_code == 200
    assert '<a class="link" href="/connections">' in shown
