"""The page of API keys: each member makes, sees and revokes their own."""

import html
import re

import pytest

from mainstem.accounts.api_keys import MOST, holder_of
from mainstem.store import api_keys as rows
from mainstem.store.database import reading
from tests.web.conftest import Hub

pytestmark = pytest.mark.anyio

FORM = {"name": "Nightly report", "days": "90", "may": "read"}


def key_in(page: str) -> str:
    """The key that a page shows."""
    found = re.search(r"<code>(mst_[\w-]{43})</code>", page)
    assert found
    return found[1]


async def test_a_key_is_shown_once_and_acts_as_its_member(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        assert "Your keys" not in (await browser.get("/api-keys")).text
        made = await browser.post("/api-keys", data=FORM)
        key = key_in(made.text)
        assert "Nightly report" in made.text
        assert made.headers["cache-control"] == "no-store"
        listed = (await browser.get("/api-keys")).text
    assert key not in listed
    assert f"{key[:8]}…" in listed
    assert "only reads" in listed
    with reading(hub.wiki.engine) as db:
        holder = holder_of(db, key, hub.clock())
    assert holder is not None
    assert (holder.member.name, holder.key.read_only) == ("Alice", True)


async def test_a_revoked_key_lets_nobody_in_and_stays_listed_as_revoked(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        key = key_in((await browser.post("/api-keys", data=FORM | {"days": "never", "may": "change"})).text)
        page = (await browser.get("/api-keys")).text
        assert "When revoked" in page
        assert "reads and changes" in page
        path = re.findall(r'action="(/api-keys/\d+/revoke)"', page)[0]
        assert (await browser.post(path)).headers["location"] == "/api-keys"
        assert "Revoked" in (await browser.get("/api-keys")).text
        assert (await browser.post(path)).status_code == 404
    with reading(hub.wiki.engine) as db:
        assert holder_of(db, key, hub.clock()) is None


async def test_nobody_sees_or_revokes_the_key_of_another(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        key = key_in((await browser.post("/api-keys", data=FORM)).text)
    with reading(hub.wiki.engine) as db:
        holder = holder_of(db, key, hub.clock())
    assert holder is not None
    async with hub.browser("charlie") as outsider:
        assert "Nightly report" not in (await outsider.get("/api-keys")).text
        assert (await outsider.post(f"/api-keys/{holder.key.id}/revoke")).status_code == 404
    with reading(hub.wiki.engine) as db:
        assert holder_of(db, key, hub.clock()) == holder


async def test_what_is_wrong_with_a_new_key_is_said(hub: Hub) -> None:
    async with hub.browser("alice") as browser:
        nameless = await browser.post("/api-keys", data=FORM | {"name": "  "})
        assert nameless.status_code == 422
        assert "The name is missing" in nameless.text
        assert (await browser.post("/api-keys", data=FORM | {"days": "100000"})).status_code == 400
        await browser.post("/api-keys", data=FORM | {"name": "<b>bold</b>"})
        page = (await browser.get("/api-keys")).text
        assert "<b>bold" not in page
        assert "<b>bold</b>" in html.unescape(page)


async def test_nobody_has_more_keys_than_they_can_look_after(hub: Hub) -> None:
    async with hub.browser("charlie") as browser:
        for number in range(MOST):
            assert (await browser.post("/api-keys", data=FORM | {"name": str(number)})).status_code == 200
        refused = await browser.post("/api-keys", data=FORM)
    assert refused.status_code == 422
    assert "Revoke one" in refused.text
    with reading(hub.wiki.engine) as db:
        assert rows.standing(db, 4, hub.clock()) == MOST
