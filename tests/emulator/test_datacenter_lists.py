"""The many ways to list contents on Data Center: by title, day, id, parent, tree and label."""

import pytest

from confluence_emulator.state import Content, Kind, changes, membership
from confluence_emulator.state.changes import Draft
from confluence_emulator.state.spaces import VIEWER_RIGHTS, user_principal
from tests.emulator.datacenter_wiki import BASE, Wiki, build_wiki, read, read_all


@pytest.fixture
def wiki() -> Wiki:
    return build_wiki()


def tree(wiki: Wiki) -> tuple[Content, Content, Content]:
    top = wiki.page("Top")
    middle = wiki.page("Middle", parent=top)
    return top, middle, wiki.page("Leaf", parent=middle)


async def titles(wiki: Wiki, path: str, *, version: str = "9.3.1", **params: object) -> list[str]:
    async with wiki.client(installation=wiki.installation(version)) as client:
        return [row["title"] for row in await read_all(client, path, **params)]


@pytest.mark.anyio
async def test_pages_are_found_by_title_whatever_its_case(wiki: Wiki) -> None:
    tree(wiki)
    assert await titles(wiki, "content", spaceKey="ENG", title="LEAF") == ["Leaf"]


@pytest.mark.anyio
async def test_posts_are_found_by_the_day_of_the_servers_zone(wiki: Wiki) -> None:
    wiki.clock.pass_by(hours=13)
    changes.create(wiki.site, Kind.BLOGPOST, wiki.eng, None, Draft("Late news"))
    assert await titles(wiki, "content", type="blogpost", postingDay="2026-11-22") == ["Late news"]
    assert await titles(wiki, "content", type="blogpost", postingDay="2026-11-21") == []


@pytest.mark.anyio
async def test_many_ids_are_read_at_once_from_10_0(wiki: Wiki) -> None:
    top, _, leaf = tree(wiki)
    hidden = wiki.page("Hidden")
    changes.restrict(wiki.site, hidden, users=(wiki.people["bob"].account_id,))
    asked = {"ids": [top.id, leaf.id, hidden.id, "999"]}
    assert sorted(await titles(wiki, "content", version="10.0.3", **asked)) == ["Leaf", "Top"]
    assert len(await titles(wiki, "content", version="9.3.1", **asked)) == 3


@pytest.mark.anyio
async def test_a_tree_is_walked_by_children_and_by_descendants(wiki: Wiki) -> None:
    top, middle, leaf = tree(wiki)
    changes.comment(wiki.site, top, None, "<p>x</p>")
    assert await titles(wiki, f"content/{top.id}/child/page") == ["Middle"]
    assert await titles(wiki, f"content/{top.id}/descendant/page") == ["Middle", "Leaf"]
    assert await titles(wiki, f"content/{top.id}/descendant/comment") == ["Re: Top"]
    assert await titles(wiki, "space/ENG/content/page", depth="root") == ["Top"]
    async with wiki.client() as client:
        both = await read(client, f"content/{middle.id}/child", expand="page,comment")
        space = await read(client, "space/ENG/content")
    assert (both["page"]["results"][0]["id"], both["comment"]["size"]) == (leaf.id, 0)
    assert (space["page"]["size"], space["blogpost"]["size"]) == (3, 0)


@pytest.mark.anyio
async def test_replies_are_the_children_of_a_comment(wiki: Wiki) -> None:
    root = changes.comment(wiki.site, wiki.page("Discussed"), None, "<p>1</p>")
    reply = changes.comment(wiki.site, wiki.site.container(root), None, "<p>2</p>", parent=root)
    async with wiki.client() as client:
        rows = await read_all(client, f"content/{root.id}/child/comment")
    assert [row["id"] for row in rows] == [reply.id]


@pytest.mark.anyio
async def test_attachments_are_listed_by_name_and_type_and_their_text_is_read_from_10_0(wiki: Wiki) -> None:
    page, site = wiki.page("Files"), wiki.site
    note = changes.attach(site, page, None, "a.html", changes.new_file(site, "text/html", b"<p>r&ouml;d</p>"))
    image = changes.attach(site, page, None, "b.png", changes.new_file(site, "image/png", b"\x89PNG"))
    path = f"content/{page.id}/child/attachment"
    assert await titles(wiki, path, filename="a.html") == ["a.html"]
    assert await titles(wiki, path, mediaType="image/png") == ["b.png"]
    async with wiki.client(installation=wiki.installation("10.0.3")) as client:
        assert "röd" in (await read(client, f"{path}/{note.id}/extractedtext"))["extractedText"]
        assert (await read(client, f"{path}/{image.id}/extractedtext"))["extractedText"] == ""
        assert (
            await client.get(f"{BASE}/rest/api/content/7/child/attachment/{note.id}/extractedtext")
        ).status_code == 404


@pytest.mark.anyio
async def test_labels_filter_by_prefix(wiki: Wiki) -> None:
    page = wiki.page("Labelled")
    changes.label(wiki.site, page, "howto")
    changes.label(wiki.site, page, "favourite", prefix="my")
    async with wiki.client() as client:
        everything = await read(client, f"content/{page.id}/label")
        mine = await read(client, f"content/{page.id}/label", prefix="my")
    assert (everything["limit"], everything["size"]) == (200, 2)
    assert [(label["prefix"], label["name"]) for label in mine["results"]] == [("my", "favourite")]


@pytest.mark.anyio
async def test_spaces_filter_by_key_kind_and_status(wiki: Wiki) -> None:
    alice = wiki.people["alice"].account_id
    mine = membership.add_space(wiki.site, "~alice", "Alice", alice, kind="personal")
    old = membership.add_space(wiki.site, "OLD", "Old", alice, kind="collaboration")
    for space in (mine, old):
        membership.grant(wiki.site, space, user_principal(alice), VIEWER_RIGHTS)
    membership.archive_space(wiki.site, old)
    membership.set_homepage(wiki.site, wiki.eng, wiki.page("Home").id)
    async with wiki.client() as client:

        async def keys(**params: object) -> list[str]:
            return sorted(row["key"] for row in await read_all(client, "space", **params))

        assert await keys() == ["ENG", "OLD", "~alice"]
        assert await keys(type="personal") == ["~alice"]
        assert await keys(type="global", status="current") == ["ENG"]
        assert await keys(spaceKey=["eng", "~ALICE"]) == ["ENG", "~alice"]
        told = await read(client, "space/ENG", expand="homepage,description.plain")
        assert (await client.get(f"{BASE}/rest/api/space/SEC")).status_code == 404
    assert told["homepage"]["title"] == "Home"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "path",
    ["content?type=poem", "content?status=lost", "content/scan?type=attachment", "search", "content/{id}/child/poem"],
)
async def test_what_does_not_exist_is_a_bad_request(wiki: Wiki, path: str) -> None:
    page = wiki.page("Page")
    async with wiki.client() as client:
        assert (await client.get(f"{BASE}/rest/api/{path.format(id=page.id)}")).status_code == 400


@pytest.mark.anyio
async def test_the_status_of_accounts_is_told_where_it_is_expanded(wiki: Wiki) -> None:
    wiki.people["bob"].active = False
    key = wiki.people["bob"].user_key
    async with wiki.client("root") as client:
        plain = await read(client, "user", key=key)
        told = await read(client, "user", key=key, expand="status")
        listed = await read(client, "user/list", expand="status")
    assert ("status" in plain, plain["_expandable"]) == (False, {"status": ""})
    assert (told["status"], told["_expandable"]) == ("deactivated", {})
    assert {row["username"]: row["status"] for row in listed["results"]}["bob"] == "deactivated"
