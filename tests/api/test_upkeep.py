"""Adding and keeping connections through the API, as the wizard and the settings do it on their pages."""

import asyncio
import re
from typing import Any

import pytest
from fastapi import FastAPI

from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.store import deeds
from mainstem.store.database import reading
from mainstem.store.deeds import Wanted
from mainstem.web.addresses import Ours
from tests.api.conftest import SESSION, key_of, program
from tests.web.desk import SECRET, Desk

pytestmark = pytest.mark.anyio

CONNECTIONS = "/api/v1/connections"


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker))


def key(desk: Desk, who: str = "olga", *, read_only: bool = False) -> str:
    return key_of(desk.session.hub, f"{who}@hub.example", read_only=read_only)


def site(desk: Desk, token: str = SECRET, name: str = "sync", **more: Any) -> dict[str, Any]:
    credential = {"kind": "email-token", "email": f"{name}@larkhill.example", "token": token}
    return {"url": desk.session.wiki.site.base_url, "credential": credential, **more}


def path(desk: Desk, place: str = "") -> str:
    return f"{CONNECTIONS}/{desk.session.connection_id}{place}"


async def test_a_program_tests_adds_and_loads_a_connection(desk: Desk, app: FastAPI) -> None:
    desk.session.wiki.new_space("OPS", "Operations")
    wanted = {"spaces": ["eng"], "kinds": ["page"], "without_labels": ["Draft"], "look_back": 30}
    wanted |= {"later": "ask", "without_trees": ["123"]}
    wanted |= {"archived": True}
    async with program(app, key(desk)) as olga:
        tried = (await olga.post(f"{CONNECTIONS}/checks", json=site(desk))).json()
        assert (tried["passed"], tried["checks"][-1]["name"]) == (True, "pages")
        nowhere = {"name": "Second", "content": {"trees": ["the handbook"]}}
        refused = await olga.post(CONNECTIONS, json=site(desk, name="sync") | nowhere)
        assert (refused.status_code, "body.content.trees.0" in refused.text) == (422, True)
        made = await olga.post(CONNECTIONS, json=site(desk, name="sync") | {"name": "Second", "content": wanted})
        new = made.json()
        assert (made.status_code, new["name"], new["work"]) == (201, "Second", "waiting")
        assert new["content"] == {
            "spaces": ["ENG"],
            "without_spaces": [],
            "kinds": ["page"],
            "labels": [],
            "without_labels": ["draft"],
            "created_after": None,
            "modified_after": None,
            "look_back": 30,
            "later": "ask",
            "trees": [],
            "without_trees": ["123"],
            "archived": True,
        }
        await desk.rest()
        loaded = (await olga.get(f"{CONNECTIONS}/{new['id']}")).json()
        assert (loaded["last_run"]["state"], loaded["holds"]["pages"] > 0) == ("done", True)
        resting = await olga.post(CONNECTIONS, json=site(desk, begin=False) | {"name": "Third"})
        assert (resting.json()["paused"], resting.json()["work"]) == (True, "idle")
    assert SECRET not in made.text


async def test_a_connection_that_is_not_proved_is_not_added_and_the_reason_is_told(desk: Desk, app: FastAPI) -> None:
    async with program(app, key(desk)) as olga:
        tried = (await olga.post(f"{CONNECTIONS}/checks", json=site(desk, "no-such-token"))).json()
        refused = await olga.post(CONNECTIONS, json=site(desk, "no-such-token") | {"name": "Second"})
        unknown = await olga.post(CONNECTIONS, json=site(desk, content={"spaces": ["NONE"]}) | {"name": "Second"})
        taken = await olga.post(CONNECTIONS, json=site(desk) | {"name": "Larkhill"})
        senseless = {"labels": ["a"], "without_labels": ["A"]}
        both = await olga.post(CONNECTIONS, json=site(desk, content=senseless))
        assert len((await olga.get(CONNECTIONS)).json()["connections"]) == 1
    failed = [each for each in tried["checks"] if each["state"] == "failed"]
    assert ([each["name"] for each in failed], tried["passed"]) == (["sign in"], False)
    assert failed[0]["fixes"]
    assert [each.status_code for each in (refused, unknown, taken, both)] == [409, 409, 409, 422]
    assert "NONE" in unknown.json()["detail"]
    assert "already" in taken.json()["detail"]
    assert "no-such-token" not in refused.text + str(tried)


async def test_what_would_leave_is_told_first_and_leaves_only_when_that_is_said(desk: Desk, app: FastAPI) -> None:
    wiki = desk.session.wiki
    wiki.page("Plan", "<p>Later.</p>", space=wiki.new_space("OPS", "Operations"))
    await asyncio.to_thread(desk.session.sync)
    smaller: dict[str, Any] = {"spaces": ["OPS"]}
    async with program(app, key(desk)) as olga:
        told = (await olga.post(path(desk, "/content/preview"), json=smaller)).json()
        assert (told["leaving"] > 0, told["staying"], told["spaces"]) == (True, 1, ["Engineering"])
        refused = await olga.put(path(desk, "/content"), json=smaller)
        assert (refused.status_code, "approve_deletions" in refused.json()["detail"]) == (409, True)
        unknown = await olga.put(path(desk, "/content"), json={"spaces": ["OPS", "NONE"], "approve_deletions": True})
        assert unknown.status_code == 409
        done = await olga.put(path(desk, "/content"), json=smaller | {"approve_deletions": True})
        assert (done.status_code, done.json()["content"]["spaces"], done.json()["work"]) == (200, ["OPS"], "waiting")
        await desk.rest()
        assert (await olga.get(path(desk))).json()["holds"]["pages"] == 1


async def test_a_connection_is_renamed_paused_resumed_and_cancelled(desk: Desk, app: FastAPI) -> None:
    async with program(app, key(desk)) as olga:
        changed = await olga.patch(path(desk), json={"name": " Our  wiki ", "token_expires_on": "2027-01-31"})
        assert (changed.json()["name"], changed.json()["token_expires_on"]) == ("Our wiki", "2027-01-31")
        forgotten = await olga.patch(path(desk), json={"token_expires_on": None})
        assert (forgotten.json()["name"], forgotten.json()["token_expires_on"]) == ("Our wiki", None)
        await olga.post(path(desk, "/sync"))
        assert (await olga.post(path(desk, "/cancel"))).json()["work"] == "idle"
        assert (await olga.post(path(desk, "/pause"))).json()["paused"]
        resumed = (await olga.post(path(desk, "/resume"))).json()
        assert (resumed["paused"], resumed["work"]) == (False, "waiting")
        tested = (await olga.post(path(desk, "/checks"))).json()
        assert tested["passed"]
    with reading(desk.session.hub.engine) as db:
        acts = [deed.act for deed in deeds.newest(db, Wanted(), limit=4)]
    assert acts[:2] == ["connection resumed", "connection paused"]


async def test_another_credential_is_proved_first_and_another_account_must_be_meant(desk: Desk, app: FastAPI) -> None:
    def sent(token: str, name: str = "sync", **more: Any) -> dict[str, Any]:
        return {"credential": site(desk, token, name)["credential"], **more}

    async with program(app, key(desk)) as olga:
        wrong = await olga.put(path(desk, "/credential"), json=sent("no-such-token"))
        assert (wrong.status_code, "still serves" in wrong.json()["detail"]) == (409, True)
        same = await olga.put(path(desk, "/credential"), json=sent(SECRET, token_expires_on="2027-01-31"))
        assert (same.status_code, same.json()["token_expires_on"]) == (200, "2027-01-31")
        assert (same.json()["credential_kind"], same.json()["test_passed"]) == ("email-token", True)
        alice = sent("alice-api-token", "alice")
        other = await olga.put(path(desk, "/credential"), json=alice)
        assert (other.status_code, "Alice" in other.json()["detail"]) == (409, True)
        meant = await olga.put(path(desk, "/credential"), json=alice | {"other_account": True})
        assert (meant.status_code, meant.json()["account"]) == (200, "Alice")
    assert SECRET not in same.text + wrong.text


async def test_what_failed_is_told_and_tried_again_alone(desk: Desk, app: FastAPI) -> None:
    await asyncio.to_thread(desk.session.sync)
    broken = desk.session.wiki.page("Broken")
    desk.session.wiki.fault(f"500:path=/pages({re.escape('?')}.*id=.*{broken.id}|/{broken.id})")
    await asyncio.to_thread(desk.session.sync)
    async with program(app, key(desk)) as olga:
        (failed,) = (await olga.get(path(desk, "/failures"))).json()["failures"]
        assert (failed["source_id"], failed["kind"]) == (broken.id, "page")
        desk.session.wiki.fault()
        again = await olga.post(path(desk, f"/failures/{broken.id}/retry"))
        assert again.json() == {"comes": True}
        nothing = await olga.post(path(desk, "/failures/12345/retry"))
        assert nothing.status_code == 409
        await desk.rest()
        assert (await olga.get(path(desk, "/failures"))).json() == {"failures": []}


async def test_a_removed_connection_can_be_brought_back(desk: Desk, app: FastAPI) -> None:
    async with program(app, key(desk)) as olga:
        assert (await olga.delete(path(desk))).status_code == 204
        assert (await olga.get(path(desk))).status_code == 404
        assert (await olga.delete(path(desk))).status_code == 404
        back = await olga.post(path(desk, "/restore"))
        assert (back.status_code, back.json()["name"]) == (200, "Larkhill")
        assert (await olga.post(f"{CONNECTIONS}/99/restore")).status_code == 404


CALLS = (
    ("post", "/checks"),
    ("put", "/content"),
    ("post", "/content/preview"),
    ("patch", ""),
    ("put", "/credential"),
    ("post", "/pause"),
    ("post", "/resume"),
    ("post", "/cancel"),
    ("get", "/failures"),
    ("post", "/failures/1/retry"),
    ("delete", ""),
    ("post", "/restore"),
)


async def test_an_outsider_keeps_no_connection_and_neither_does_a_key_that_only_reads(desk: Desk, app: FastAPI) -> None:
    async with program(app, key(desk, "charlie")) as charlie, program(app, key(desk, read_only=True)) as olga:
        for method, place in CALLS:
            body: dict[str, str] | None = None if method in ("get", "delete") else {}
            told = await charlie.request(method, path(desk, place), json=body)
            assert (told.status_code, "Larkhill" in told.text) == (403, False), place
            if method != "get" and place != "/content/preview":
                assert (await olga.request(method, path(desk, place), json=body)).status_code == 403, place
        for place in ("", "/checks"):
            assert (await charlie.post(f"{CONNECTIONS}{place}", json=site(desk))).status_code == 403
            assert (await olga.post(f"{CONNECTIONS}{place}", json=site(desk))).status_code == 403
        assert len((await olga.get(CONNECTIONS)).json()["connections"]) == 1
    with reading(desk.session.hub.engine) as db:
        assert [deed.act for deed in deeds.newest(db, Wanted(), limit=9)].count("connection added") == 1
