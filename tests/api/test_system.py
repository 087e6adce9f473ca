"""Logs, alerts, the language model and kept searches through the API."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from mainstem.accounts import members
from mainstem.accounts.roles import Role
from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.assist.language_model import LanguageModel
from mainstem.store import events
from mainstem.store.events import Event, Level
from mainstem.web.addresses import Ours
from tests.accounts.provider import provider
from tests.api.conftest import SESSION, key_of, program
from tests.web.desk import CHEAP, PASSWORD, Desk
from tests.wiring.listening import Hook, hooked

pytestmark = pytest.mark.anyio

HUSH = "a secret made by chance"
SIGN_ON = "/api/v1/single-sign-on"


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hooked() as hook:
        yield hook


def no_model() -> object:
    raise AssertionError("nothing is asked here")


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    model = LanguageModel("fake", frozenset(), no_model, destination="models.example")
    return make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker, model))


def key(desk: Desk, who: str = "olga", *, read_only: bool = False) -> str:
    return key_of(desk.session.hub, f"{who}@hub.example", read_only=read_only)


def log(desk: Desk, text: str, level: Level = Level.INFO, source_id: str = "") -> None:
    hub = desk.session.hub
    line = Event(desk.session.connection_id, None, hub.clock(), level, text, repair="Look.\nWait.", source_id=source_id)
    with hub.engine.begin() as db:
        events.log(db, [line])


async def test_the_log_is_read_page_by_page_with_titles_for_those_who_may_read_them(desk: Desk, app: FastAPI) -> None:
    await asyncio.to_thread(desk.session.sync)
    for number in range(3):
        log(desk, f"Something odd {number}", Level.WARNING, desk.page.id)
    async with program(app, key(desk)) as olga:
        first = (await olga.get("/api/v1/logs?q=odd&level=warning&limit=2")).json()
        rest = (await olga.get(f"/api/v1/logs?q=odd&limit=2&before={first['next']}")).json()
        assert [each["text"] for each in first["lines"]] == ["Something odd 2", "Something odd 1"]
        assert ([each["text"] for each in rest["lines"]], rest["next"]) == (["Something odd 0"], None)
        assert (first["counts"], first["lines"][0]["repair"]) == ({"warning": 3}, ["Look.", "Wait."])
        assert (first["lines"][0]["source_id"], first["lines"][0]["title"]) == (desk.page.id, None)
        desk.tie(desk.olga, desk.session.wiki.bob)
        (known, *_) = (await olga.get("/api/v1/logs?q=odd")).json()["lines"]
        assert known["title"] == "Kettle"
        assert (await olga.get("/api/v1/logs?q=odd&until=2020-01-01T00:00:00Z")).json()["lines"] == []
        assert (await olga.get("/api/v1/logs?depth=debug")).status_code == 422


async def test_an_owner_reads_who_did_what_and_an_admin_does_not(desk: Desk, app: FastAPI) -> None:
    with desk.session.hub.engine.begin() as db:
        now = desk.session.hub.clock()
        add = {"name": "Ada", "email": "ada@hub.example", "role": Role.ADMIN, "password": PASSWORD}
        members.add(db, now=now, hasher=CHEAP, **add)  # type: ignore[arg-type]  # by name
    desk.worker.pause(desk.session.connection_id, desk.olga)
    async with program(app, key(desk)) as olga, program(app, key(desk, "ada")) as ada:
        told = (await olga.get("/api/v1/audit?q=paused&limit=1")).json()
        (deed,) = told["deeds"]
        assert (deed["who"], deed["did"], deed["member_id"]) == ("Olga", "paused Larkhill", desk.olga.id)
        assert (await ada.get("/api/v1/logs")).status_code == 200
        assert (await ada.get("/api/v1/audit")).status_code == 403


async def test_alerts_are_sent_to_whom_a_program_names(desk: Desk, app: FastAPI, hook: Hook) -> None:
    sent = {"url": hook.url, "secret": HUSH, "kinds": ["sync failed"]}
    async with program(app, key(desk)) as olga:
        made = await olga.post("/api/v1/alerts/webhooks", json=sent)
        channel = made.json()
        assert (made.status_code, channel["way"], channel["kinds"]) == (201, "webhook", ["sync failed"])
        test = f"/api/v1/alerts/channels/{channel['id']}/test"
        assert ((await olga.post(test)).status_code, len(hook.got)) == (204, 1)
        hook.status = 404
        refused = await olga.post(test)
        assert (refused.status_code, "HTTP 404" in refused.json()["detail"]) == (409, True)
        short = await olga.post("/api/v1/alerts/webhooks", json=sent | {"secret": "hush"})
        no_mail = await olga.post("/api/v1/alerts/mailboxes", json={"address": "a@b.example"})
        assert (short.status_code, no_mail.status_code) == (409, 409)
        everything = await olga.get("/api/v1/alerts")
        assert everything.json() == {"matters": [], "channels": [channel]}
        assert HUSH not in made.text + everything.text + refused.text
        place = f"/api/v1/alerts/channels/{channel['id']}"
        assert [(await olga.delete(place)).status_code for _ in range(2)] == [204, 404]
        assert (await olga.post(test)).status_code == 404


async def test_what_may_go_to_the_model_is_said_space_by_space(desk: Desk, app: FastAPI) -> None:
    await asyncio.to_thread(desk.session.sync)
    path = f"/api/v1/model/connections/{desk.session.connection_id}"
    async with program(app, key(desk)) as olga:
        first = (await olga.get("/api/v1/model")).json()
        assert (first["destination"], first["connections"][0]["scope"]) == ("models.example", "none")
        some = (await olga.put(path, json={"spaces": ["eng"]})).json()
        assert (some["scope"], some["by"], [(each["key"], each["allowed"]) for each in some["spaces"]]) == (
            "some",
            "Olga",
            [("ENG", True)],
        )
        unknown = await olga.put(path, json={"spaces": ["ENG", "NONE"]})
        assert (unknown.status_code, "NONE" in unknown.json()["detail"]) == (409, True)
        assert (await olga.put(path, json={"spaces": "all"})).json()["scope"] == "all"
        assert (await olga.put(path, json={"spaces": []})).json()["spaces"][0]["allowed"] is False
        assert (await olga.put("/api/v1/model/connections/99", json={"spaces": []})).status_code == 404
        (deed, *_) = (await olga.get("/api/v1/audit?q=model")).json()["deeds"]
        assert deed["facts"]["destination"] == "models.example"


async def test_without_a_model_nothing_can_be_sent_to_one(desk: Desk) -> None:
    app = make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker))
    async with program(app, key(desk)) as olga:
        assert (await olga.get("/api/v1/model")).json()["name"] == ""
        path = f"/api/v1/model/connections/{desk.session.connection_id}"
        assert (await olga.put(path, json={"spaces": "all"})).status_code == 409


async def test_searches_are_kept_for_their_member_alone(desk: Desk, app: FastAPI) -> None:
    async with program(app, key(desk)) as olga, program(app, key(desk, "charlie")) as charlie:
        kept = await olga.post("/api/v1/searches", json={"name": " Tea  time ", "query": "q=kettle&space=ENG"})
        (mine,) = kept.json()["searches"]
        assert (kept.status_code, mine["name"], mine["query"]) == (201, "Tea time", "q=kettle&space=ENG")
        assert (await charlie.get("/api/v1/searches")).json() == {"searches": []}
        assert (await charlie.delete(f"/api/v1/searches/{mine['id']}")).status_code == 204
        assert (await olga.get("/api/v1/searches")).json() == kept.json()
        assert (await olga.post("/api/v1/searches", json={"name": "Tea", "query": "a b"})).status_code == 422
        assert (await olga.delete(f"/api/v1/searches/{mine['id']}")).status_code == 204
        assert (await olga.get("/api/v1/searches")).json() == {"searches": []}


FOR_ADMINS = (
    ("get", "logs"),
    ("get", "audit"),
    ("get", "alerts"),
    ("get", "model"),
)
CHANGES = (
    ("post", "alerts/webhooks"),
    ("post", "alerts/mailboxes"),
    ("post", "alerts/channels/1/test"),
    ("delete", "alerts/channels/1"),
    ("put", "model/connections/1"),
)


async def test_an_outsider_is_told_that_this_is_for_admins_and_a_key_that_reads_changes_nothing(
    desk: Desk, app: FastAPI
) -> None:
    log(desk, "Something odd")
    async with program(app, key(desk, "charlie")) as charlie, program(app, key(desk, read_only=True)) as olga:
        for method, place in FOR_ADMINS + CHANGES:
            body: dict[str, str] | None = {} if method in ("post", "put") else None
            told = await charlie.request(method, f"/api/v1/{place}", json=body)
            assert (told.status_code, "Larkhill" in told.text, "odd" in told.text) == (403, False, False), place
        for method, place in (*CHANGES, ("post", "searches"), ("delete", "searches/1")):
            body = {} if method in ("post", "put") else None
            assert (await olga.request(method, f"/api/v1/{place}", json=body)).status_code == 403, place


async def test_an_outsider_and_an_admin_are_not_told_where_people_sign_in(desk: Desk, app: FastAPI) -> None:
    with desk.session.hub.engine.begin() as db:
        add = {"name": "Ada", "email": "ada@hub.example", "role": Role.ADMIN, "password": PASSWORD}
        members.add(db, now=desk.session.hub.clock(), hasher=CHEAP, **add)  # type: ignore[arg-type]  # by name
    sent = {"name": "Login", "issuer": "http://login.example", "client_id": "id", "client_secret": HUSH}
    for somebody in ("charlie", "ada"):
        async with program(app, key(desk, somebody)) as theirs:
            assert (await theirs.get(SIGN_ON)).status_code == 403
            assert (await theirs.put(SIGN_ON, json=sent)).status_code == 403
            assert (await theirs.delete(SIGN_ON)).status_code == 403
    async with program(app, key(desk, read_only=True)) as olga:
        assert (await olga.get(SIGN_ON)).json()["on"] is False
        assert (await olga.put(SIGN_ON, json=sent)).status_code == 403
    async with program(app, key(desk)) as olga:
        refused = await olga.put(SIGN_ON, json=sent)
        assert (refused.status_code, "begins with https" in refused.json()["detail"]) == (409, True)


async def test_a_program_names_the_provider_and_gives_it_up(desk: Desk, app: FastAPI) -> None:
    with provider() as there:
        sent = {
            "name": "Login",
            "issuer": there.url,
            "client_id": "id",
            "newcomers": "domains",
            "domains": ["a.example"],
        }
        async with program(app, key(desk)) as olga:
            assert "client secret is missing" in (await olga.put(SIGN_ON, json=sent)).json()["detail"]
            saved = (await olga.put(SIGN_ON, json=sent | {"client_secret": HUSH})).json()
            told = (saved["on"], saved["issuer"], saved["domains"], saved["redirect_uri"])
            assert told == (True, there.url, ["a.example"], "/login/oidc/done")
            assert HUSH not in str(saved)
            renamed = (await olga.put(SIGN_ON, json=sent | {"name": "Other"})).json()
            assert (renamed["name"], (await olga.get(SIGN_ON)).json()) == ("Other", renamed)
            assert (await olga.delete(SIGN_ON)).status_code == 204
            assert (await olga.get(SIGN_ON)).json()["on"] is False
