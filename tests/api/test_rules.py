"""Rules of a connection through the API: for admins, previewed, changed whole, and told of in a document."""

import asyncio

import pytest
from fastapi import FastAPI

from confluence_emulator.state import changes
from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.web.addresses import Ours
from tests.api.conftest import SESSION, key_of, program
from tests.web.desk import Desk

pytestmark = pytest.mark.anyio

TEAMS = {"on": "label", "names": ["team-*"], "drawer": "collection"}


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker))


async def test_an_admins_program_tries_rules_chooses_them_and_sees_what_they_give(desk: Desk, app: FastAPI) -> None:
    wiki = desk.session.wiki
    for title, label in (("Lights", "team-tea"), ("Hidden plan", "team-bird")):
        page = wiki.page(title)
        changes.label(wiki.site, page, label)
    wiki.restrict(page, wiki.sync, wiki.alice)
    await asyncio.to_thread(desk.session.sync)
    desk.tie(desk.olga, wiki.bob)
    path = f"/api/v1/connections/{desk.session.connection_id}/rules"
    async with program(app, key_of(desk.session.hub, "olga@hub.example", read_only=False)) as olga:
        tried = (await olga.post(f"{path}/preview", json=TEAMS)).json()
        assert (tried["documents"], [each["title"] for each in tried["named"]]) == (2, ["Lights"])
        everything = {"on": "all", "drawer": "owner", "name": "mara@larkhill.example"}
        chosen = await olga.put(path, json={"rules": [TEAMS, everything]})
        assert chosen.status_code == 200
        await desk.look()
        told = (await olga.get(path)).json()["rules"]
        assert [(each["drawer"], each["names"]) for each in told] == [("collection", ["team-*"]), ("owner", [])]
        assert told[0]["documents"] == 2
        found = (await olga.get("/api/v1/search?collection=team-tea&owner=mara@larkhill.example&facets=true")).json()
        assert found["facets"]["collection"] == [{"value": "team-tea", "documents": 1}]
        document = (await olga.get(f"/api/v1/documents/{found['results'][0]['id']}")).json()
        assert document["tags"] == [{"name": "team-tea", "origin": "confluence", "by": "label"}]
        assert document["collections"] == [{"name": "team-tea", "origin": "rule", "by": "label team-*"}]
        assert (document["category"]["origin"], document["owner"]["by"]) == ("confluence", "everything")
        senseless = [{"on": "all", "drawer": "tag"}, TEAMS | {"names": []}]
        refused = [await olga.put(path, json={"rules": [each]}) for each in senseless]
        refused += [await olga.post(f"{path}/preview", json=each) for each in senseless]
        assert [each.status_code for each in refused] == [409] * 4
        assert "say which tag it gives" in refused[0].json()["detail"]
        assert (await olga.get(path)).json()["rules"] == told
        assert (await olga.get("/api/v1/connections/99/rules")).status_code == 404


async def test_an_outsider_is_told_nothing_of_rules_and_changes_none(desk: Desk, app: FastAPI) -> None:
    path = f"/api/v1/connections/{desk.session.connection_id}/rules"
    async with program(app, key_of(desk.session.hub, "charlie@hub.example", read_only=False)) as charlie:
        answers = [
            await charlie.get(path),
            await charlie.put(path, json={"rules": []}),
            await charlie.post(f"{path}/preview", json=TEAMS),
        ]
    assert [each.status_code for each in answers] == [403] * 3
