"""The settings of a connection, on a hub that works."""

import pytest

from mainstem.store import plans
from mainstem.store.database import reading
from tests.web.desk import Desk

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
        assert "2026-03-03T01:30:00+00:00" in shown
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
async def test_a_reader_is_told_that_settings_are_for_admins_and_what_is_not_there_is_not_found(desk: Desk) -> None:
    id_ = desk.session.connection_id
    async with desk.browser("charlie") as theirs, desk.browser("olga") as hers:
        assert (await theirs.get(f"/connections/{id_}/settings")).status_code == 403
        assert (await theirs.post(f"/connections/{id_}/schedule", data=FORM)).status_code == 403
        assert (await hers.get("/connections/99/settings")).status_code == 404
        assert (await hers.post("/connections/99/schedule", data=FORM)).status_code == 404
