"""The spaces of a connection through the API: for admins, who decide about new ones."""

import asyncio

import pytest
from fastapi import FastAPI

from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.web.addresses import Ours
from tests.api.conftest import SESSION, key_of, program
from tests.web.desk import Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker))


async def test_an_admins_program_sees_new_spaces_and_decides_about_them(desk: Desk, app: FastAPI) -> None:
    path = f"/api/v1/connections/{desk.session.connection_id}"
    async with program(app, key_of(desk.session.hub, "olga@hub.example", read_only=False)) as olga:
        await olga.put(f"{path}/content", json={"later": "ask"})
        await desk.rest()
        new = desk.session.wiki.new_space("NEW", "New")
        await asyncio.to_thread(desk.session.sync)
        told = (await olga.get(f"{path}/spaces")).json()
        assert told["later"] == "ask"
        assert [(each["key"], each["stands"], each["why"]) for each in told["spaces"]] == [
            ("ENG", "in", "known"),
            ("NEW", "waits", "waits"),
        ]
        said = await olga.put(f"{path}/spaces/{new.id}", json={"inside": True})
        assert (said.json()["stands"], said.json()["why"]) == ("in", "known")
        refused = await olga.put(f"{path}/spaces/{new.id}", json={"inside": False})
        assert refused.status_code == 409
        assert (await olga.put(f"{path}/spaces/999", json={"inside": True})).status_code == 404


async def test_an_outsider_is_told_nothing_of_spaces_and_decides_nothing(desk: Desk, app: FastAPI) -> None:
    path = f"/api/v1/connections/{desk.session.connection_id}/spaces"
    async with program(app, key_of(desk.session.hub, "charlie@hub.example", read_only=False)) as charlie:
        assert (await charlie.get(path)).status_code == 403
        assert (await charlie.put(f"{path}/1", json={"inside": True})).status_code == 403
