"""The settings of a connection, on a hub that works."""

import pytest

from confluence_emulator.state import membership
from confluence_emulator.state.spaces import group_principal
from mainstem.store import connections, plans
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from tests.web.desk import SECRET, Desk

FORM = {"rhythm": "daily", "at": "02:30", "zone": "Europe/Berlin"}


@pytest.mark.anyio
async def test_an_admin_chooses_a_schedule_and_is_told_the_next_syncs(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        assert "Nothing is planned." in (await browser.get(f"/connections/{id_}/settings")).text
        saved = await browser.post(f"/connections/{id_}/schedule", data=FORM)
        assert saved.headers["location"] == f"/connections/{id_}/settings"
        await browser.post(f"/connections/{id_}/sync")
        await desk.rest()
        shown = (await browser.get(f"/connections/{id_}/settings")).text
        assert "Every day at 02:30 (Europe/Berlin)" in shown
        assert "2026-03-03T02:30:00+01:00" in shown
    with reading(desk.session.hub.engine) as db:
        assert plans.plan(db, id_).schedule == "daily 02:30 Europe/Berlin"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"rhythm": "every", "minutes": "2"}, "Sync every 5 to 1,440 minutes."),
        ({"rhythm": "every", "minutes": "soon"}, "Sync every 5 to 1,440 minutes."),
        ({"rhythm": "daily", "at": "late"}, "hours and minutes"),
        ({"rhythm": "weekly", "at": "02:30", "zone": "Atlantis"}, "There is no time zone"),
        ({"rhythm": "sometimes"}, "Choose how often to sync."),
        ({"rhythm": "cron", "line": "every night"}, "A cron line has five fields"),
        ({"rhythm": "hourly", "first": "22:00"}, "hours and minutes"),
    ],
)
async def test_a_schedule_that_cannot_be_kept_is_refused_in_words(desk: Desk, form: dict[str, str], said: str) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        refused = await browser.post(f"/connections/{id_}/schedule", data=form)
        assert refused.status_code == 422
        assert said in refused.text
    with reading(desk.session.hub.engine) as db:
        assert plans.plan(db, id_).since is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"rhythm": "every", "minutes": "15"}, "every 15 minutes"),
        ({"rhythm": "weekly", "at": "23:00", "weekday": "4"}, "weekly fri 23:00 UTC"),
        ({"rhythm": "once", "minutes": "0"}, "once"),
        ({"rhythm": "cron", "line": " 0  2 * * mon-fri ", "zone": "Asia/Tokyo"}, "cron 0 2 * * mon-fri Asia/Tokyo"),
        (
            {"rhythm": "hourly", "first": "22:00", "last": "06:00", "zone": "Europe/Berlin"},
            "hourly between 22:00 and 06:00 Europe/Berlin",
        ),
        ({"rhythm": "manual", "first": "22:00", "last": "06:00"}, "manual"),
        ({}, "hourly"),
    ],
)
async def test_each_rhythm_can_be_chosen(desk: Desk, form: dict[str, str], text: str) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        assert (await browser.post(f"/connections/{id_}/schedule", data=form)).status_code == 303
    with reading(desk.session.hub.engine) as db:
        assert plans.plan(db, id_).schedule == text


@pytest.mark.anyio
async def test_the_next_syncs_are_told_while_a_schedule_is_chosen_and_nothing_is_saved(desk: Desk) -> None:
    id_, part = desk.session.connection_id, {"hx-request": "true", "hx-request-type": "partial"}
    async with desk.browser("olga") as browser:
        nightly = FORM | {"rhythm": "cron", "line": "0 23 * * *", "first": "23:30", "last": "05:00"}
        told = (await browser.post("/schedule", data=nightly, headers=part)).text
        assert told.count("<time") == 5
        assert '<time datetime="2026-03-02T23:30:00+01:00">' in told
        assert "<html" not in told
        assert "is hidden until the next one" not in told
        weekly = await browser.post("/schedule", data=FORM | {"rhythm": "weekly"}, headers=part)
        assert "is hidden until the next one" in weekly.text
        wrong = await browser.post("/schedule", data={"rhythm": "cron", "line": "61 2 * * *"}, headers=part)
        assert (wrong.status_code, "Bad minute" in wrong.text) == (200, True)
        assert "Nothing is planned." in (await browser.post("/schedule", data={"rhythm": "manual"})).text
    with reading(desk.session.hub.engine) as db:
        assert plans.plan(db, id_).since is None


@pytest.mark.anyio
async def test_a_reader_is_told_that_settings_are_for_admins_and_what_is_not_there_is_not_found(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("charlie") as theirs, desk.browser("olga") as hers:
        assert (await theirs.get(f"/connections/{id_}/settings")).status_code == 403
        assert (await theirs.post(f"/connections/{id_}/schedule", data=FORM)).status_code == 403
        assert (await theirs.post("/schedule", data=FORM)).status_code == 403
        assert (await hers.get("/connections/99/settings")).status_code == 404
        assert (await hers.post("/connections/99/schedule", data=FORM)).status_code == 404


def stored(desk: Desk) -> SavedConnection:
    with reading(desk.session.hub.engine) as db:
        return connections.connection(db, desk.session.connection_id)


@pytest.mark.anyio
async def test_a_new_token_of_the_same_account_takes_the_place_of_the_old_one(desk: Desk) -> None:
    id_ = desk.session.connection_id
    form = {"login": "sync@larkhill.example", "secret": SECRET, "expires": "2026-03-20"}
    with desk.session.hub.engine.begin() as db:
        plans.pause(db, id_, desk.session.hub.clock(), "The token has expired.")
    async with desk.browser("olga") as browser:
        updated = await browser.post(f"/connections/{id_}/credential", data=form)
        assert "Credentials updated and tested." in updated.text
        assert "Expires on 20 March 2026, in 18 days" in updated.text
        assert SECRET not in updated.text
        assert "Connection successful, found 1 pages" in updated.text
        assert "Credential expires on 20 March 2026" in (await browser.get(f"/connections/{id_}")).text
        await desk.rest()
        assert "Succeeded" in (await browser.get(f"/connections/{id_}")).text
    with reading(desk.session.hub.engine) as db:
        assert plans.plan(db, id_).paused_at is None


@pytest.mark.anyio
async def test_a_token_that_is_refused_changes_nothing(desk: Desk) -> None:
    id_, before = desk.session.connection_id, stored(desk)
    form = {"login": "sync@larkhill.example", "secret": "wrong-token"}
    async with desk.browser("olga") as browser:
        refused = await browser.post(f"/connections/{id_}/credential", data=form)
        assert refused.status_code == 422
        assert "The old credential still serves." in refused.text
        assert "wrong-token" not in refused.text
        nameless = await browser.post(f"/connections/{id_}/credential", data={"secret": "x"})
        assert "Give the email or user name" in nameless.text
    assert stored(desk) == before


@pytest.mark.anyio
async def test_a_token_of_another_account_says_what_would_change_and_waits_for_a_word(desk: Desk) -> None:
    wiki, id_ = desk.session.wiki, desk.session.connection_id
    law = wiki.new_space("LAW", "Legal")
    wiki.page("Contract", space=law)
    mine, hers = wiki.page("Mine"), [wiki.page("Hers"), wiki.page("Hers too")]
    wiki.restrict(mine, wiki.sync)
    for page in hers:
        wiki.restrict(page, wiki.alice)
    async with desk.browser("olga") as browser:
        await browser.post(f"/connections/{id_}/sync")
        await desk.rest()
        membership.revoke(wiki.site, law, group_principal(wiki.staff.id))
        form = {"login": "alice@larkhill.example", "secret": "alice-api-token"}
        asked = await browser.post(f"/connections/{id_}/credential", data=form)
        assert asked.status_code == 422
        assert "This credential belongs to Alice, not to Sync." in asked.text
        assert "No longer read: 1 page in Legal, 1 page in Engineering." in asked.text
        assert "Read from now on: 2 pages in Engineering." in asked.text
        assert stored(desk).account_name == "Sync"
        assert "updated" in (await browser.post(f"/connections/{id_}/credential", data=form | {"other": "1"})).text
    assert stored(desk).account_name == "Alice"


@pytest.mark.anyio
async def test_the_day_a_token_expires_is_noted_without_its_secret(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        assert "Nobody said when it expires" in (await browser.get(f"/connections/{id_}/settings")).text
        noted = await browser.post(f"/connections/{id_}/credential", data={"expires": "2026-03-01"})
        assert "Expired on 1 March 2026" in noted.text
        wrong = await browser.post(f"/connections/{id_}/credential", data={"expires": "soon"})
        assert "Give the day on which it expires" in wrong.text
        await browser.post(f"/connections/{id_}/credential", data={"expires": ""})
    assert stored(desk).token_expires_on is None


@pytest.mark.anyio
async def test_a_stored_connection_is_tested_check_by_check(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("olga") as browser:
        tested = (await browser.post(f"/connections/{id_}/test")).text
        assert "Connection successful, found 1 pages" in tested
        listed = (await browser.get("/connections")).text
        assert f'action="/connections/{id_}/test#test"' in listed
        assert "tested <time" in listed
        desk.session.wiki.fault("401")
        assert "Enter another token" in (await browser.post(f"/connections/{id_}/test")).text
        assert "Enter another token" in (await browser.get(f"/connections/{id_}/settings")).text
        assert "test failed" in (await browser.get("/connections")).text


@pytest.mark.anyio
async def test_a_removed_connection_is_hidden_at_once_and_comes_back_when_that_is_undone(desk: Desk) -> None:
    session, path = desk.session, f"/connections/{desk.session.connection_id}"
    async with desk.browser("olga") as browser:
        await browser.post(f"{path}/sync")
        await desk.rest()
        assert desk.page.id in session.visible(session.wiki.bob)
        refused = await browser.post(f"{path}/remove", data={"name": "Lark"})
        assert refused.status_code == 422
        assert "Type the name as it stands there: Larkhill" in refused.text
        removed = await browser.post(f"{path}/remove", data={"name": "Larkhill"})
        assert removed.headers["location"] == "/connections"
        assert session.visible(session.wiki.bob) == set()
        assert session.held() == {}
        assert (await browser.get(path)).status_code == 404
        shown = (await browser.get("/connections")).text
        assert "Olga removed it" in shown
        assert "Undo" in shown
        assert (await browser.post(f"{path}/restore")).headers["location"] == path
        await desk.rest()
        assert "Succeeded" in (await browser.get(path)).text
    assert desk.page.id in session.visible(session.wiki.bob)


@pytest.mark.anyio
async def test_what_was_removed_a_week_ago_is_gone_for_good(desk: Desk) -> None:
    path = f"/connections/{desk.session.connection_id}"
    async with desk.browser("olga") as browser:
        await browser.post(f"{path}/remove", data={"name": "Larkhill"})
        desk.session.wiki.clock.forward(days=7)
        await desk.look()
        assert (await browser.post(f"{path}/restore")).status_code == 404


@pytest.mark.anyio
async def test_a_reader_changes_nothing_of_a_connection(desk: Desk) -> None:
    path, before = f"/connections/{desk.session.connection_id}", stored(desk)
    async with desk.browser("charlie") as theirs, desk.browser("olga") as hers:
        for deed in ("credential", "test", "remove", "restore"):
            assert (await theirs.post(f"{path}/{deed}", data={"name": "Larkhill"})).status_code == 403, deed
            assert (await hers.post(f"/connections/99/{deed}", data={"name": "x"})).status_code == 404, deed
    assert stored(desk) == before
