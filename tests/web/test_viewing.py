"""Reading as somebody else: exactly what they may read, nothing besides, for an hour, and written down."""

import re
from datetime import timedelta

import httpx
import pytest

from mainstem.accounts import members, sessions
from mainstem.accounts.roles import Role
from mainstem.store import looks
from mainstem.store import members as rows
from mainstem.store.database import reading
from tests.store.site import ALICE
from tests.web.conftest import Hub

pytestmark = pytest.mark.anyio

BANNER = "You read as"


@pytest.fixture
def viewed(hub: Hub) -> Hub:
    """A page of Alice's alone, an open one, and Olga, the owner, who may see neither; Adam is an admin."""
    hub.wiki.save("1", "The merger.", title="Merger")
    hub.wiki.save("2", "Holidays.", title="Holidays")
    hub.restrict("1", ALICE.id)
    hub.wiki.index_all()
    hub.join("adam", Role.ADMIN)
    with hub.wiki.engine.begin() as db:
        olga = sessions.sign_in(
            db, email="olga@hub.example", password="a stem that branches", address="::1", agent="test", now=hub.clock()
        )
        hub.tokens["olga"] = olga.token
    return hub


def id_of(hub: Hub, who: str) -> int:
    with reading(hub.wiki.engine) as db:
        return next(one.id for one in rows.every(db) if one.name == who)


async def titles(browser: httpx.AsyncClient) -> list[str]:
    page = (await browser.get("/search")).text
    return sorted(re.findall(r'<h2><a href="/documents/\d+">(.*?)</a></h2>', page))


async def view(hub: Hub, browser: httpx.AsyncClient, who: str) -> httpx.Response:
    return await browser.post("/view-as", data={"member": str(id_of(hub, who))})


async def test_an_owner_reads_exactly_as_the_member_until_they_stop(viewed: Hub) -> None:
    async with viewed.browser("olga") as browser:
        assert await titles(browser) == []
        assert (await view(viewed, browser, "Alice")).status_code == 303
        assert await titles(browser) == ["Holidays", "Merger"]
        page = (await browser.get("/search")).text
        assert BANNER in page
        assert (await browser.get("/")).headers["location"] == "/search"
        assert "Saved searches" not in page
        document = re.search(r'href="(/documents/\d+)">Merger', page)
        assert document
        assert BANNER in (await browser.get(document[1])).text
        assert (await browser.post("/view-as/end")).headers["location"] == "/view-as"
        assert await titles(browser) == []
        assert (await browser.get(document[1])).status_code == 404
        await view(viewed, browser, "Bob")
        assert await titles(browser) == ["Holidays"]
        assert (await browser.get(document[1])).status_code == 404


async def test_as_an_outsider_an_owner_is_told_what_the_outsider_is_told(viewed: Hub) -> None:
    async with viewed.browser("olga") as browser:
        await view(viewed, browser, "Charlie")
        assert await titles(browser) == []
        assert (await browser.get("/documents/1")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api-keys"),
        ("POST", "/api-keys"),
        ("POST", "/searches"),
        ("GET", "/view-as"),
        ("POST", "/view-as"),
    ],
)
async def test_nothing_private_or_that_changes_anything_is_open_meanwhile(viewed: Hub, method: str, path: str) -> None:
    async with viewed.browser("olga") as browser:
        await view(viewed, browser, "Alice")
        refused = await browser.request(method, path, data={"member": "1", "name": "x", "search": "/search?q=x"})
        assert refused.status_code == 403
        assert "You only read at the moment" in refused.text
        assert BANNER in refused.text


async def test_it_ends_by_itself_after_an_hour(viewed: Hub) -> None:
    async with viewed.browser("olga") as browser:
        await view(viewed, browser, "Alice")
        viewed.clock.now += timedelta(minutes=59)
        assert await titles(browser) == ["Holidays", "Merger"]
        viewed.clock.now += timedelta(minutes=1)
        assert await titles(browser) == []
        assert BANNER not in (await browser.get("/search")).text


async def test_owners_alone_may_and_nobody_as_themselves_or_as_nobody(viewed: Hub) -> None:
    for who in ("adam", "alice", "charlie"):
        async with viewed.browser(who) as browser:
            assert (await browser.get("/view-as")).status_code == 403
            assert (await view(viewed, browser, "Bob")).status_code == 403
            assert (await browser.post("/view-as/end")).status_code == 303
            assert BANNER not in (await browser.get("/search")).text
    async with viewed.browser("olga") as browser:
        assert (await view(viewed, browser, "Olga")).status_code == 404
        assert (await browser.post("/view-as", data={"member": "4711"})).status_code == 404
        with viewed.wiki.engine.begin() as db:
            members.deactivate(db, id_of(viewed, "Bob"))
        assert (await view(viewed, browser, "Bob")).status_code == 404


async def test_it_ends_when_the_member_is_shut_out_or_the_owner_is_owner_no_more(viewed: Hub) -> None:
    async with viewed.browser("olga") as browser:
        await view(viewed, browser, "Alice")
        with viewed.wiki.engine.begin() as db:
            members.set_role(db, id_of(viewed, "Adam"), Role.OWNER)
            members.set_role(db, id_of(viewed, "Olga"), Role.ADMIN)
        assert await titles(browser) == []
        with viewed.wiki.engine.begin() as db:
            members.set_role(db, id_of(viewed, "Olga"), Role.OWNER)
            members.deactivate(db, id_of(viewed, "Alice"))
        assert await titles(browser) == []


async def test_whoever_signs_out_reads_as_nobody_any_more(viewed: Hub) -> None:
    async with viewed.browser("olga") as browser:
        await view(viewed, browser, "Alice")
        viewed.clock.now += timedelta(minutes=2)
        await browser.post("/logout")
        with reading(viewed.wiki.engine) as db:
            (look,) = looks.newest(db, 9)
        assert look.ended_at == viewed.clock.now


async def test_it_counts_in_one_session_alone(viewed: Hub) -> None:
    async with viewed.browser("olga") as browser:
        await view(viewed, browser, "Alice")
    with viewed.wiki.engine.begin() as db:
        olga = sessions.sign_in(
            db, email="olga@hub.example", password="a stem that branches", address="::1", agent="x", now=viewed.clock()
        )
    viewed.tokens["olga"] = olga.token
    async with viewed.browser("olga") as browser:
        assert await titles(browser) == []


async def test_each_look_is_written_down_with_its_beginning_and_its_end(viewed: Hub) -> None:
    async with viewed.browser("olga") as browser:
        await view(viewed, browser, "Alice")
        viewed.clock.now += timedelta(minutes=5)
        await browser.post("/view-as/end")
        await view(viewed, browser, "Bob")
        viewed.clock.now += timedelta(minutes=90)
        page = (await browser.get("/view-as")).text
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", page) if "<td>" in row]
    told = [[re.sub("<[^>]+>", "", cell) for cell in row] for row in cells]
    assert told == [
        ["Olga", "Bob", "2026-03-01 12:05 UTC", "2026-03-01 13:05 UTC"],
        ["Olga", "Alice", "2026-03-01 12:00 UTC", "2026-03-01 12:05 UTC"],
    ]
