"""Connections through the API: for admins, and changed by keys that may."""

import asyncio

import pytest
from fastapi import FastAPI

from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.web.addresses import Ours
from tests.api.conftest import SESSION, key_of, program
from tests.web.desk import SECRET, Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker))


def key(desk: Desk, who: str, *, read_only: bool = False) -> str:
    return key_of(desk.session.hub, f"{who}@hub.example", read_only=read_only)


async def test_an_admins_program_starts_a_sync_and_sees_how_it_went(desk: Desk, app: FastAPI) -> None:
    path = f"/api/v1/connections/{desk.session.connection_id}"
    async with program(app, key(desk, "olga")) as olga:
        before = (await olga.get(path)).json()
        assert (before["work"], before["last_run"], before["holds"]["pages"]) == ("idle", None, 0)
        asked = await olga.post(f"{path}/sync")
        again = await olga.post(f"{path}/sync")
        assert [(each.status_code, each.json()) for each in (asked, again)] == [(202, {"work": "waiting"})] * 2
        await desk.rest()
        after = (await olga.get(path)).json()
        assert after["last_run"]["state"] == "done"
        assert after["last_run"]["did"]["added"] > 0
        assert after["holds"]["pages"] > 0
        runs = (await olga.get(f"{path}/runs")).json()
        assert (runs["total"], [each["id"] for each in runs["runs"]]) == (1, [after["last_run"]["id"]])
        listed = await olga.get("/api/v1/connections")
        assert listed.json()["connections"] == [after]
    assert SECRET not in listed.text


async def test_an_admins_program_learns_which_macros_were_simplified_and_where_as_far_as_its_member_may_read(
    desk: Desk, app: FastAPI
) -> None:
    diagram = '<ac:structured-macro ac:name="gliffy" />'
    desk.session.wiki.page("Drawn", diagram + diagram)
    await asyncio.to_thread(desk.session.sync)
    path = f"/api/v1/connections/{desk.session.connection_id}/macros"
    async with program(app, key(desk, "olga")) as olga:
        (one,) = (await olga.get(path)).json()["macros"]
        assert (one["name"], one["treatment"], one["reason"], one["documents"]) == (
            "gliffy",
            "simplified",
            "drawing",
            1,
        )
        assert (await olga.get(f"{path}?space=ENG")).json()["macros"] == [one]
        assert (await olga.get(f"{path}?space=NONE")).status_code == 404
        where = f"{path}/documents?name=gliffy&reason=drawing"
        unproved = (await olga.get(where)).json()
        assert (unproved["total"], unproved["hidden"], unproved["documents"]) == (0, 1, [])
        desk.tie(desk.olga, desk.session.wiki.bob)
        proved = (await olga.get(where)).json()
        (drawn,) = proved["documents"]
        assert (proved["total"], proved["hidden"], drawn["title"], drawn["uses"]) == (1, 0, "Drawn", 2)
        document = (await olga.get(f"/api/v1/documents/{drawn['id']}")).json()
        assert [(each["name"], each["uses"]) for each in document["losses"]] == [("gliffy", 2)]


async def test_a_connection_that_was_paused_rests_whatever_a_program_asks(desk: Desk, app: FastAPI) -> None:
    id_ = desk.session.connection_id
    desk.worker.pause(id_, None)
    async with program(app, key(desk, "olga")) as olga:
        refused = await olga.post(f"/api/v1/connections/{id_}/sync")
        assert (refused.status_code, "paused" in refused.json()["detail"]) == (409, True)
        assert (await olga.get(f"/api/v1/connections/{id_}")).json()["work"] == "idle"
    assert desk.worker.state(id_) is None


async def test_an_outsider_is_told_nothing_of_connections(desk: Desk, app: FastAPI) -> None:
    id_ = desk.session.connection_id
    async with program(app, key(desk, "charlie")) as charlie:
        for path in ("", f"/{id_}", f"/{id_}/runs", f"/{id_}/macros", f"/{id_}/macros/documents?name=code", "/99"):
            answer = await charlie.get(f"/api/v1/connections{path}")
            assert answer.status_code == 403, path
            assert "Larkhill" not in answer.text
        assert (await charlie.post(f"/api/v1/connections/{id_}/sync")).status_code == 403
        assert (await charlie.put(f"/api/v1/connections/{id_}/conversion", json={})).status_code == 403
        assert (await charlie.get(f"/api/v1/connections/{id_}/schedule")).status_code == 403
        assert (
            await charlie.put(f"/api/v1/connections/{id_}/schedule", json={"schedule": "hourly"})
        ).status_code == 403
    assert desk.worker.state(id_) is None


async def test_nothing_is_changed_by_a_key_that_may_only_read_or_by_a_cookie(desk: Desk, app: FastAPI) -> None:
    id_ = desk.session.connection_id
    async with program(app, key(desk, "olga", read_only=True)) as olga:
        refused = await olga.post(f"/api/v1/connections/{id_}/sync")
        assert refused.status_code == 403
        assert "may only read" in refused.json()["detail"]
    async with program(app, "") as browser:
        browser.cookies.set(SESSION, desk.tokens["olga"])
        assert (await browser.get(f"/api/v1/connections/{id_}")).status_code == 200
        assert (await browser.post(f"/api/v1/connections/{id_}/sync")).status_code == 401
    assert desk.worker.state(id_) is None


async def test_a_connection_that_is_not_there_is_not_found(desk: Desk, app: FastAPI) -> None:
    async with program(app, key(desk, "olga")) as olga:
        for path in ("", "/runs"):
            assert (await olga.get(f"/api/v1/connections/99{path}")).status_code == 404
        assert (await olga.post("/api/v1/connections/99/sync")).status_code == 404
        assert (await olga.put("/api/v1/connections/99/conversion", json={})).status_code == 404
        assert (await olga.put("/api/v1/connections/99/schedule", json={"schedule": "hourly"})).status_code == 404


async def test_a_program_chooses_a_schedule_and_is_told_the_next_syncs(desk: Desk, app: FastAPI) -> None:
    path = f"/api/v1/connections/{desk.session.connection_id}/schedule"
    nightly = "cron 0 */2 * * * Europe/Berlin between 22:00 and 06:00"
    async with program(app, key(desk, "olga")) as olga:
        before = (await olga.get(path)).json()
        assert (before["schedule"], before["next_syncs"]) == ("manual", [])
        told = await olga.put(path, json={"schedule": nightly})
        assert told.json() == (await olga.get(path)).json()
        assert told.json()["schedule"] == nightly
        first, second, *more = told.json()["next_syncs"]
        assert (first, second, len(more)) == ("2026-03-02T21:00:00Z", "2026-03-02T23:00:00Z", 3)
        refused = await olga.put(path, json={"schedule": "cron 61 * * * * UTC"})
        assert (refused.status_code, "Bad minute" in refused.json()["detail"]) == (409, True)
        assert (await olga.get(path)).json()["schedule"] == nightly


async def test_a_program_chooses_how_bodies_are_converted(desk: Desk, app: FastAPI) -> None:
    path = f"/api/v1/connections/{desk.session.connection_id}"
    files = {"forms": {}, "most_mb": 25, "ocr": False}
    untouched = {"macros": {}, "tables": "markdown", "images": "link", "files": files}
    async with program(app, key(desk, "olga")) as olga:
        assert (await olga.get(path)).json()["conversion"] == untouched
        wanted = {"macros": {"drawio": "drop", "toc": "render"}, "tables": "records"} | {
            "files": {"forms": {"csv": "skip", "pdf": "both"}, "most_mb": 5, "ocr": True}
        }
        chosen = {"macros": {"drawio": "drop"}, "tables": "records", "images": "link"} | {
            "files": {"forms": {"csv": "skip"}, "most_mb": 5, "ocr": True}
        }
        assert (await olga.put(f"{path}/conversion", json=wanted)).json() == chosen
        assert (await olga.get(path)).json()["conversion"] == chosen
        bad = await olga.put(f"{path}/conversion", json={"macros": {"two words": "drop"}})
        assert bad.status_code == 422
        assert (await olga.put(f"{path}/conversion", json={"tables": "csv"})).status_code == 422
        senseless = await olga.put(f"{path}/conversion", json={"files": {"forms": {"other": "both"}}})
        assert (senseless.status_code, "choose one of file, skip" in senseless.text) == (400, True)
        assert (await olga.put(f"{path}/conversion", json={})).json() == untouched
