"""Members by API: added, given roles, shut out and tied by whoever may, and nobody rises by it."""

from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

from mainstem.accounts.roles import Role
from mainstem.api.app import make_api
from mainstem.api.behind import Behind
from mainstem.store import members as rows
from mainstem.store.database import reading
from mainstem.web.addresses import Ours
from tests.api.conftest import SESSION, key_of, program
from tests.web.desk import PASSWORD, Desk
from tests.web.test_membership import join

pytestmark = pytest.mark.anyio

BEN = {"name": "Ben", "email": "ben@hub.example", "password": PASSWORD}
ROUTE = "/api/v1/members"


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """The API of a hub whose wiki was read."""
    desk.worker.ask(desk.session.connection_id)
    anyio.run(desk.rest)
    return make_api(Behind(desk.session.hub, Ours(), SESSION, desk.worker))


def of(desk: Desk, app: FastAPI, who: str, *, read_only: bool = False) -> httpx.AsyncClient:
    """A program that acts for somebody."""
    return program(app, key_of(desk.session.hub, f"{who}@hub.example", read_only=read_only))


def owner(desk: Desk) -> int:
    with reading(desk.session.hub.engine) as db:
        return next(each.id for each in rows.every(db) if each.role == Role.OWNER)


async def test_a_member_is_added_changed_shut_out_and_let_in(desk: Desk, app: FastAPI) -> None:
    async with of(desk, app, "olga") as olga:
        made = await olga.post(ROUTE, json=BEN)
        assert made.status_code == 201
        ben = made.json()
        assert (ben["role"], ben["active"], ben["accounts"]) == ("reader", True, [])
        assert PASSWORD not in made.text
        path = f"{ROUTE}/{ben['id']}"
        assert (await olga.patch(path, json={"role": "curator"})).json()["role"] == "curator"
        out = (await olga.patch(path, json={"active": False, "role": "reader"})).json()
        assert (out["active"], out["role"]) == (False, "reader")
        assert (await olga.patch(path, json={"active": True})).json()["active"]
        assert (await olga.get(path)).json()["name"] == "Ben"
        assert (await olga.patch(path, json={})).status_code == 200
        assert (await olga.get(ROUTE)).json()["total"] == 3


async def test_whom_somebody_is_in_confluence_is_said_and_unsaid(desk: Desk, app: FastAPI) -> None:
    ben, id_, bob = join(desk, "Ben"), desk.session.connection_id, desk.session.wiki.bob
    path = f"{ROUTE}/{ben.id}/accounts/{id_}"
    async with of(desk, app, "olga") as olga, of(desk, app, "ben") as his:
        assert (await his.get("/api/v1/search?q=water")).json()["total"] == 0
        tied = (await olga.put(path, json={"account": bob.account_id})).json()
        [account] = tied["accounts"]
        assert (account["account_id"], account["connection_id"]) == (bob.account_id, id_)
        assert (await his.get("/api/v1/search?q=water")).json()["total"] == 1
        assert (await olga.put(path, json={"account": "nobody"})).status_code == 409
        assert (await olga.delete(path)).json()["accounts"] == []
        assert (await olga.put(f"{ROUTE}/{ben.id}/accounts/99", json={"account": "x"})).status_code == 404
        assert (await his.get("/api/v1/search?q=water")).json()["total"] == 0


@pytest.mark.parametrize(
    ("new", "status"),
    [
        (BEN | {"email": "olga@hub.example"}, 409),
        (BEN | {"password": "short"}, 409),
        (BEN | {"email": "no email"}, 409),
        (BEN | {"role": "emperor"}, 422),
        (BEN | {"rank": 1}, 422),
        ({"name": "Ben"}, 422),
    ],
)
async def test_who_cannot_be_added_is_refused_with_the_reason(
    desk: Desk, app: FastAPI, new: dict[str, Any], status: int
) -> None:
    async with of(desk, app, "olga") as olga:
        refused = await olga.post(ROUTE, json=new)
    assert refused.status_code == status
    assert refused.json()["detail"]
    assert PASSWORD not in refused.text


async def test_the_last_owner_stays(desk: Desk, app: FastAPI) -> None:
    path = f"{ROUTE}/{owner(desk)}"
    async with of(desk, app, "olga") as olga:
        for change in ({"role": "reader"}, {"active": False}):
            refused = await olga.patch(path, json=change)
            assert (refused.status_code, "last owner" in refused.json()["detail"]) == (409, True)
        assert (await olga.get(path)).json()["role"] == "owner"


async def test_an_admin_cannot_rise_nor_touch_an_owner(desk: Desk, app: FastAPI) -> None:
    ada = join(desk, "Ada", Role.ADMIN)
    async with of(desk, app, "ada") as hers:
        assert (await hers.post(ROUTE, json=BEN | {"role": "owner"})).status_code == 403
        assert (await hers.patch(f"{ROUTE}/{ada.id}", json={"role": "owner"})).status_code == 403
        for change in ({"role": "reader"}, {"active": False}, {"active": True}):
            assert (await hers.patch(f"{ROUTE}/{owner(desk)}", json=change)).status_code == 403
        account = f"{ROUTE}/{owner(desk)}/accounts/{desk.session.connection_id}"
        bob = {"account": desk.session.wiki.bob.account_id}
        assert (await hers.put(account, json=bob)).status_code == 403
        assert (await hers.delete(account)).status_code == 403
        assert (await hers.get(f"{ROUTE}/999")).status_code == 404


async def test_an_outsider_and_a_key_that_only_reads_change_nobody(desk: Desk, app: FastAPI) -> None:
    ben = join(desk, "Ben")
    path = f"{ROUTE}/{ben.id}"
    account = f"{path}/accounts/{desk.session.connection_id}"
    async with of(desk, app, "charlie") as theirs, of(desk, app, "olga", read_only=True) as reads:
        for who in (theirs, reads):
            assert (await who.post(ROUTE, json=BEN)).status_code == 403
            assert (await who.patch(path, json={"active": False})).status_code == 403
            assert (await who.put(account, json={"account": "x"})).status_code == 403
            assert (await who.delete(account)).status_code == 403
            assert (await who.delete(f"{path}/sign-on")).status_code == 403
        assert (await theirs.get(path)).status_code == 403
        assert (await reads.get(path)).status_code == 200
    async with program(app) as nobody:
        assert (await nobody.get(path)).status_code == 401
        assert (await nobody.patch(path, json={"active": False})).status_code == 401
