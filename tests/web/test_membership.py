"""The pages of members: roles, identities and access, each changed by whoever may."""

import pytest

from mainstem.accounts import members, sessions
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.store import members as rows
from mainstem.store.database import reading
from tests.web.desk import CHEAP, PASSWORD, Desk

pytestmark = pytest.mark.anyio


def join(desk: Desk, name: str, role: Role = Role.READER) -> Member:
    """A member who is signed in."""
    hub = desk.session.hub
    with hub.engine.begin() as db:
        email = f"{name.lower()}@hub.example"
        member = members.add(db, name=name, email=email, password=PASSWORD, role=role, now=hub.clock(), hasher=CHEAP)
        desk.tokens[name.lower()] = sessions.begin(db, member, agent="test", now=hub.clock()).token
    return member


def saved(desk: Desk, member: Member) -> rows.SavedMember:
    with reading(desk.session.hub.engine) as db:
        found = rows.member(db, member.id)
    assert found is not None
    return found


async def test_a_role_is_changed_and_counts_from_the_next_click_on(desk: Desk) -> None:
    ben = join(desk, "Ben")
    async with desk.browser("olga") as hers, desk.browser("ben") as his:
        assert (await his.get("/connections")).status_code == 403
        shown = (await hers.get(f"/members/{ben.id}")).text
        assert 'value="reader" checked' in shown
        changed = await hers.post(f"/members/{ben.id}/role", data={"role": "admin"})
        assert changed.headers["location"] == f"/members/{ben.id}?done=role#role"
        assert (await his.get("/connections")).status_code == 200
        assert "Ben (ben@hub.example) admin, who was reader" in (await hers.get("/system/audit")).text
        assert (await his.get("/system/audit")).status_code == 403


async def test_somebody_is_shut_out_at_once_and_let_in_again(desk: Desk) -> None:
    ben = join(desk, "Ben")
    async with desk.browser("olga") as hers, desk.browser("ben") as his:
        assert (await his.get("/search")).status_code == 200
        await hers.post(f"/members/{ben.id}/access", data={"act": "out"})
        assert (await his.get("/search")).status_code == 303
        assert "Shut out" in (await hers.get("/members")).text
        shown = (await hers.get(f"/members/{ben.id}")).text
        assert "Let Ben in again" in shown
        await hers.post(f"/members/{ben.id}/access", data={"act": "in"})
        assert (await hers.post(f"/members/{ben.id}/access", data={"act": "x"})).status_code == 400
    assert saved(desk, ben).active


async def test_an_identity_is_tied_and_untied_and_what_is_read_follows(desk: Desk) -> None:
    wiki, id_ = desk.session.wiki, desk.session.connection_id
    ben = join(desk, "Ben")
    desk.worker.ask(id_)
    await desk.rest()
    async with desk.browser("olga") as hers, desk.browser("ben") as his:
        tie = {"connection": str(id_), "account": "nobody at all"}
        refused = await hers.post(f"/members/{ben.id}/tie", data=tie)
        assert (refused.status_code, "No one active account goes by" in refused.text) == (422, True)
        await hers.post(f"/members/{ben.id}/tie", data=tie | {"account": wiki.bob.account_id})
        shown = (await hers.get(f"/members/{ben.id}")).text
        assert wiki.bob.account_id in shown
        assert "boil" in (await his.get("/search?q=water")).text
        await hers.post(f"/members/{ben.id}/untie", data={"connection": str(id_)})
        assert "boil" not in (await his.get("/search?q=water")).text
        told = (await hers.get("/system/audit?subject=identities")).text
        assert "tied Ben (ben@hub.example) to Bob in Larkhill" in told
        assert "untied Ben (ben@hub.example) from Bob in Larkhill" in told


async def test_an_account_of_a_removed_connection_shows_nowhere(desk: Desk) -> None:
    wiki, id_ = desk.session.wiki, desk.session.connection_id
    ben = join(desk, "Ben")
    desk.worker.ask(id_)
    await desk.rest()
    async with desk.browser("olga") as hers:
        await hers.post(f"/members/{ben.id}/tie", data={"connection": str(id_), "account": wiki.bob.account_id})
        desk.worker.remove(id_, desk.olga)
        assert wiki.bob.account_id not in (await hers.get(f"/members/{ben.id}")).text


async def test_the_last_owner_cannot_leave_and_is_told_so_on_the_page(desk: Desk) -> None:
    with reading(desk.session.hub.engine) as db:
        olga = next(each.id for each in rows.every(db) if each.role == Role.OWNER)
    async with desk.browser("olga") as hers:
        for deed, form in (("role", {"role": "reader"}), ("access", {"act": "out"})):
            refused = await hers.post(f"/members/{olga}/{deed}", data=form)
            assert (refused.status_code, "This is the last owner." in refused.text) == (422, True)
        assert (await hers.get("/connections")).status_code == 200


async def test_an_admin_cannot_rise_nor_touch_an_owner(desk: Desk) -> None:
    ada, second = join(desk, "Ada", Role.ADMIN), join(desk, "Second", Role.OWNER)
    tie = {"connection": str(desk.session.connection_id), "account": desk.session.wiki.bob.account_id}
    desk.worker.ask(desk.session.connection_id)
    await desk.rest()
    async with desk.browser("ada") as hers:
        assert (await hers.post(f"/members/{ada.id}/role", data={"role": "owner"})).status_code == 403
        for deed, form in (
            ("role", {"role": "reader"}),
            ("access", {"act": "out"}),
            ("tie", tie),
            ("untie", {"connection": "1"}),
        ):
            assert (await hers.post(f"/members/{second.id}/{deed}", data=form)).status_code == 403, deed
        page = (await hers.get(f"/members/{second.id}")).text
        assert "Only an owner can change an owner." in page
        assert '<form method="post" action="/members' not in page
        assert 'value="owner"' not in (await hers.get(f"/members/{ada.id}")).text
        assert (await hers.get("/members/999")).status_code == 404
        assert (await hers.post("/members/999/role", data={"role": "reader"})).status_code == 404
    assert (saved(desk, ada).role, saved(desk, second).role) == (Role.ADMIN, Role.OWNER)


async def test_a_reader_sees_and_changes_no_member_and_no_audit_log(desk: Desk) -> None:
    ben = join(desk, "Ben")
    async with desk.browser("charlie") as theirs:
        for path in (f"/members/{ben.id}", "/members/999", "/system/audit", "/system/audit/export.csv"):
            assert (await theirs.get(path)).status_code == 403, path
        forms = {"role": {"role": "admin"}, "access": {"act": "out"}, "untie": {"connection": "1"}, "part": {}}
        for deed, form in forms.items():
            assert (await theirs.post(f"/members/{ben.id}/{deed}", data=form)).status_code == 403, deed
        assert "/system/audit" not in (await theirs.get("/search")).text
    assert (saved(desk, ben).role, saved(desk, ben).active) == (Role.READER, True)


async def test_members_are_found_by_their_words_their_role_and_whether_they_are_shut_out(desk: Desk) -> None:
    ben, _ = join(desk, "Ben"), join(desk, "Ada", Role.ADMIN)
    async with desk.browser("olga") as hers:
        await hers.post(f"/members/{ben.id}/access", data={"act": "out"})

        async def shown(query: str) -> set[str]:
            text = (await hers.get(f"/members?{query}")).text
            return {name for name in ("Ada", "Ben", "Charlie", "Olga") if f">{name}</a>" in text}

        assert await shown("q=HUB.example") == {"Ada", "Ben", "Charlie", "Olga"}
        assert await shown("q=ben+hub") == {"Ben"}
        assert await shown("standing=admin") == {"Ada"}
        assert await shown("standing=out") == {"Ben"}
        assert await shown("standing=emperor") == {"Ada", "Ben", "Charlie", "Olga"}
        assert "Nobody has all these filters" in (await hers.get("/members?q=zymurgy")).text
        part = await hers.get("/members?q=ben", headers={"HX-Request-Type": "partial"})
        assert ("Ben" in part.text, "<html" in part.text) == (True, False)
        page = (await hers.get(f"/members/{ben.id}?done=access")).text
        assert "They are shut out: no session and no key of theirs lets anybody in." in page
