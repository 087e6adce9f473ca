"""Paging on Data Center: silent caps, cursors, and the listings that never end."""

from typing import Any

import httpx
import pytest

from confluence_emulator.state import changes, membership
from confluence_emulator.state.spaces import VIEWER_RIGHTS, user_principal
from tests.emulator.datacenter_wiki import BASE, Wiki, build_wiki, read, read_all


@pytest.fixture
def wiki() -> Wiki:
    return build_wiki()


def pages(wiki: Wiki, count: int) -> list[str]:
    return [wiki.page(f"Page {number}").id for number in range(count)]


async def steps(client: httpx.AsyncClient, path: str, count: int, **params: Any) -> list[list[str]]:
    """The ids on the first pages of a listing, by its next links."""
    payload = await read(client, path, **params)
    seen = [[row["id"] for row in payload["results"]]]
    while len(seen) < count and "next" in payload["_links"]:
        payload = (await client.get(BASE + payload["_links"]["next"])).json()
        seen.append([row["id"] for row in payload["results"]])
    return seen


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("content", {"spaceKey": "ENG"}),
        ("content/scan", {"spaceKey": "ENG"}),
        ("content/search", {"cql": "space = ENG"}),
        ("space/ENG/content/page", {}),
    ],
)
@pytest.mark.parametrize(("expand", "effective"), [("body.storage", 50), ("version", 200), ("", 1000)])
async def test_the_limit_is_lowered_in_silence_by_what_is_expanded(
    wiki: Wiki, path: str, params: dict[str, str], expand: str, effective: int
) -> None:
    ids = pages(wiki, 205)
    async with wiki.client() as client:
        first = await read(client, path, limit=5000, expand=expand, **params)
        rows = await read_all(client, path, limit=5000, expand=expand, **params)
    assert (first["limit"], first["size"]) == (effective, min(effective, 205))
    assert sorted(row["id"] for row in rows) == sorted(ids)


@pytest.mark.anyio
async def test_a_scan_goes_on_behind_its_cursor_whatever_happens_in_between(wiki: Wiki) -> None:
    pages(wiki, 6)
    order = [content.id for content in sorted(wiki.site.contents.values(), key=lambda content: content.number)]
    async with wiki.client() as client:
        first = await read(client, "content/scan", spaceKey="ENG", limit=3)
        changes.purge(wiki.site, wiki.site.contents[order[0]])
        changes.purge(wiki.site, wiki.site.contents[order[2]])
        second = (await client.get(BASE + first["_links"]["next"])).json()
        back = (await client.get(BASE + second["_links"]["prev"])).json()
    assert [row["id"] for row in first["results"]] == order[:3]
    assert [row["id"] for row in second["results"]] == order[3:]
    assert "next" not in second["_links"]
    assert [row["id"] for row in back["results"]] == [order[1]]


@pytest.mark.anyio
async def test_offsets_skip_a_page_when_an_earlier_one_is_deleted(wiki: Wiki) -> None:
    pages(wiki, 6)
    order = [content.id for content in sorted(wiki.site.contents.values(), key=lambda content: content.number)]
    async with wiki.client() as client:
        first = await read(client, "content", spaceKey="ENG", limit=3)
        changes.purge(wiki.site, wiki.site.contents[order[0]])
        second = (await client.get(BASE + first["_links"]["next"])).json()
    assert [row["id"] for row in second["results"]] == order[4:]


@pytest.mark.anyio
async def test_the_last_page_comes_again_and_again_when_that_quirk_is_on(wiki: Wiki) -> None:
    order = sorted(pages(wiki, 5), key=int)
    installation = wiki.installation()
    installation.quirks.repeat_last_page = True
    async with wiki.client(installation=installation) as client:
        seen = await steps(client, "content", 5, spaceKey="ENG", limit=2)
    assert seen == [order[:2], order[2:4], order[4:], order[4:], order[4:]]


@pytest.mark.anyio
async def test_empty_pages_with_a_next_link_never_end_when_that_quirk_is_on(wiki: Wiki) -> None:
    order = sorted(pages(wiki, 3), key=int)
    installation = wiki.installation()
    installation.quirks.endless_next = True
    async with wiki.client(installation=installation) as client:
        seen = await steps(client, "content", 5, spaceKey="ENG", limit=2)
    assert seen == [order[:2], order[2:], [], [], []]


@pytest.mark.anyio
async def test_the_next_link_of_capped_spaces_falls_one_short(wiki: Wiki) -> None:
    for number in range(510):
        space = membership.add_space(wiki.site, f"S{number}", f"Space {number}", None)
        membership.grant(wiki.site, space, user_principal(wiki.people["alice"].account_id), VIEWER_RIGHTS)
    async with wiki.client() as client:
        first = await read(client, "space", limit=1000)
        rows = await read_all(client, "space", limit=1000)
        uncapped = await read_all(client, "space", limit=500)
    assert (first["limit"], first["size"]) == (500, 500)
    assert "start=499" in first["_links"]["next"]
    assert (len(rows), len({row["key"] for row in rows})) == (512, 511)
    assert len(uncapped) == 511


@pytest.mark.anyio
@pytest.mark.parametrize(("query", "status"), [("limit=x", 404), ("start=-1", 400), ("cursor=nonsense", 400)])
async def test_a_number_or_cursor_that_cannot_be_read_is_refused(wiki: Wiki, query: str, status: int) -> None:
    path = "content/scan" if query.startswith("cursor") else "content"
    async with wiki.client() as client:
        assert (await client.get(f"{BASE}/rest/api/{path}?{query}")).status_code == status
