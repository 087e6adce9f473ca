"""Roles by groups of Confluence on their page: told before they are saved, shown where they count."""

import pytest

from mainstem.accounts import members
from mainstem.store import audiences
from mainstem.wiki.content import Group, Membership
from tests.store.site import ALICE, NOW
from tests.web.desk import Desk

pytestmark = pytest.mark.anyio

PATH = "/members/groups"


def grouped(desk: Desk) -> str:
    """Charlie is Alice in Confluence, who is among the writers; what names them on the page."""
    with desk.session.hub.engine.begin() as db:
        here = desk.session.connection_id
        audiences.save_memberships(db, here, [Membership(Group("g-1", "writers"), people=(ALICE,))], NOW)
        members.tie(db, desk.charlie.id, here, ALICE.id, NOW)
    return f"{desk.session.connection_id}:g-1"


async def test_whom_it_changes_is_told_before_it_is_saved_and_holds_at_once(desk: Desk) -> None:
    writers = grouped(desk)
    async with desk.browser("olga") as olga:
        wanted = {"group": writers, "role": "curator"}
        told = (await olga.get(PATH, params=wanted)).text
        assert all(words in told for words in ("Before you save", "charlie@hub.example", "Reader", "Curator"))
        assert "None: each member has the role" in told
        assert (await olga.post(PATH, data=wanted)).headers["location"] == f"{PATH}?saved=true"
        assert "1</span> member here" in (await olga.get(f"{PATH}?saved=true")).text
        one = (await olga.get(f"/members/{desk.charlie.id}")).text
        assert "Curator just now, by writers in Larkhill" in one
        assert "by writers in Larkhill" in (await olga.get("/members?standing=curator")).text
        log = (await olga.get("/system/audit")).text
        assert "let the group writers of Larkhill give its people the role curator" in log
        away = {"group": writers, "role": "none"}
        assert "would give no role any more" in (await olga.get(PATH, params=away)).text
        await olga.post(PATH, data=away)
        assert "Curator just now" not in (await olga.get(f"/members/{desk.charlie.id}")).text


async def test_what_cannot_be_given_is_refused(desk: Desk) -> None:
    writers = grouped(desk)
    async with desk.browser("olga") as olga:
        assert (await olga.post(PATH, data={"group": writers, "role": "admin"})).status_code == 403
        unknown = await olga.get(PATH, params={"group": f"{desk.session.connection_id}:nobody", "role": "editor"})
        assert (unknown.status_code, "This group is not known" in unknown.text) == (422, True)
        for senseless in ({"group": "x:y", "role": "editor"}, {"group": writers, "role": "king"}):
            assert (await olga.get(PATH, params=senseless)).status_code == 400


async def test_charlie_neither_sees_nor_says_which_group_gives_a_role(desk: Desk) -> None:
    writers = grouped(desk)
    async with desk.browser("charlie") as charlie:
        assert (await charlie.get(PATH)).status_code == 403
        assert (await charlie.post(PATH, data={"group": writers, "role": "curator"})).status_code == 403
