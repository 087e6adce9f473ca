"""The permissions of a connection through the API."""

from functools import partial

import pytest
from fastapi import FastAPI

from mainstem.accounts import members
from mainstem.accounts.roles import Role
from mainstem.store import deeds
from mainstem.store.database import reading
from mainstem.store.deeds import Wanted
from tests.api.conftest import program
from tests.api.test_upkeep import app, key, path
from tests.web.desk import CHEAP, PASSWORD, Desk

__all__ = ["app"]

pytestmark = pytest.mark.anyio


async def test_a_program_reads_permissions_alone_and_an_owner_goes_without_them(desk: Desk, app: FastAPI) -> None:
    desk.worker.ask(desk.session.connection_id)
    await desk.rest()
    async with program(app, key(desk)) as olga:
        told = (await olga.put(path(desk, "/permissions/schedule"), json={"schedule": "every 15 minutes"})).json()
        assert (told["hold"], told["says"], told["people"]) == (True, "Every 15 minutes", 2)
        assert [space["key"] for space in told["spaces"] if space["believed"]] == ["ENG"]
        assert (await olga.put(path(desk, "/permissions/schedule"), json={"schedule": "often"})).status_code == 409
        assert (await olga.post(path(desk, "/permissions/sync"))).json() == {"work": "waiting"}
        await desk.rest()
        assert (await olga.get(path(desk, "/runs"))).json()["runs"][0]["aim"] == "permissions"
        meant = await olga.post(path(desk, "/permissions/off"), json={"confirm": "larkhill"})
        assert (meant.status_code, "Larkhill" in meant.json()["detail"]) == (409, True)
        open_now = (await olga.post(path(desk, "/permissions/off"), json={"confirm": "Larkhill"})).json()
        assert (open_now["hold"], open_now["opened_by"]) == (False, "Olga")
        assert (await olga.post(path(desk, "/permissions/sync"))).status_code == 409
        again = (await olga.post(path(desk, "/permissions/on"))).json()
        assert (again["hold"], again["opened_at"]) == (True, None)
    with reading(desk.session.hub.engine) as db:
        acts = [deed.act for deed in deeds.newest(db, Wanted(), limit=3)]
    assert acts[:2] == ["permissions switched on", "permissions switched off"]


async def test_whoever_is_no_owner_does_not_go_without_permissions(desk: Desk, app: FastAPI) -> None:
    hub = desk.session.hub
    with hub.engine.begin() as db:
        add = partial(members.add, db, password=PASSWORD, now=hub.clock(), hasher=CHEAP)
        add(name="Ada", email="ada@hub.example", role=Role.ADMIN)
    async with program(app, key(desk, "ada")) as ada:
        assert (await ada.get(path(desk, "/permissions"))).json()["hold"] is True
        assert (await ada.post(path(desk, "/permissions/off"), json={"confirm": "Larkhill"})).status_code == 403
    for token in (key(desk, "charlie"), key(desk, read_only=True)):
        async with program(app, token) as outsider:
            for place in ("/off", "/on", "/sync"):
                answer = await outsider.post(path(desk, f"/permissions{place}"), json={"confirm": "Larkhill"})
                assert answer.status_code == 403
            changed = await outsider.put(path(desk, "/permissions/schedule"), json={"schedule": "hourly"})
            assert changed.status_code == 403
    async with program(app, key(desk, "charlie")) as charlie:
        assert (await charlie.get(path(desk, "/permissions"))).status_code == 403
