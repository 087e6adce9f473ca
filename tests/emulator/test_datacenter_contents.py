"""Contents on Data Center: shapes, states, and the branches of `expand`."""

from datetime import timedelta

import pytest

from confluence_emulator.state import Content, Kind, Remark, changes
from confluence_emulator.state.changes import Draft
from tests.emulator.datacenter_wiki import BASE, Wiki, build_wiki, read, read_all


@pytest.fixture
def wiki() -> Wiki:
    return build_wiki()


EVERYTHING = (
    "body.storage,version,space,history.lastUpdated,ancestors,metadata.labels,container,extensions,"
    "restrictions.read.restrictions.user,restrictions.read.restrictions.group,children.attachment,children.comment"
)


def furnished(wiki: Wiki) -> Content:
    """A page below another, with a label, a comment, an attachment and a restriction."""
    site, bob = wiki.site, wiki.people["bob"].account_id
    page = wiki.page("Leaf / ö", "<p>body &nbsp; <ac:emoticon ac:name='smile'/></p>", parent=wiki.page("Top"))
    changes.label(site, page, "howto")
    changes.comment(site, page, bob, "<p>first</p>")
    changes.attach(site, page, bob, "plan ü.txt", changes.new_file(site, "text/plain", b"bytes"))
    changes.restrict(site, page, users=(bob,), groups=(wiki.groups["platform / Zürich"].id,))
    return page


@pytest.mark.anyio
async def test_everything_a_connector_expands_comes_in_one_answer(wiki: Wiki) -> None:
    page = furnished(wiki)
    async with wiki.client("bob") as client:
        told = await read(client, f"content/{page.id}", expand=EVERYTHING)
    assert told["id"] == page.id
    assert told["body"]["storage"]["value"] == page.body
    assert [above["title"] for above in told["ancestors"]] == ["Top"]
    assert [label["name"] for label in told["metadata"]["labels"]["results"]] == ["howto"]
    assert told["space"]["key"] == told["container"]["key"] == "ENG"
    assert isinstance(told["space"]["id"], int)
    read_by = told["restrictions"]["read"]["restrictions"]
    assert [user["username"] for user in read_by["user"]["results"]] == ["bob"]
    assert [group["name"] for group in read_by["group"]["results"]] == ["platform / Zürich"]
    assert told["children"]["attachment"]["results"][0]["extensions"]["fileSize"] == 5
    assert told["children"]["comment"]["size"] == 1


@pytest.mark.anyio
async def test_bodies_name_people_by_user_key_and_leave_text_alone(wiki: Wiki) -> None:
    bob = wiki.people["bob"]
    mention = '<p><ac:link><ri:user ac:x="" ri:%s="%s"/></ac:link> <![CDATA[<ri:user ri:account-id="1"/>]]></p>'
    page = wiki.page("Thanks", mention % ("account-id", bob.account_id) + mention % ("account-id", "gone"))
    async with wiki.client() as client:
        told = await read(client, f"content/{page.id}", expand="body.storage")
    expected = mention % ("userkey", bob.user_key) + mention % ("userkey", "gone")
    assert told["body"]["storage"]["value"] == expected


@pytest.mark.anyio
async def test_what_is_not_expanded_is_only_named(wiki: Wiki) -> None:
    page = wiki.page("Plain")
    async with wiki.client() as client:
        (row,) = (await read(client, "content", spaceKey="ENG"))["results"]
    assert {"body", "version", "ancestors", "restrictions"} <= set(row["_expandable"])
    assert row["_expandable"]["space"] == "/rest/api/space/ENG"
    assert not {"body", "version", "space", "history"} & set(row)
    assert row["_links"]["self"] == f"{BASE}/rest/api/content/{page.id}"


@pytest.mark.anyio
async def test_dates_carry_the_servers_offset_and_milliseconds(wiki: Wiki) -> None:
    page = wiki.page("Dated")
    async with wiki.client() as client:
        told = await read(client, f"content/{page.id}")
    assert told["version"]["when"] == told["history"]["createdDate"] == "2026-11-21T11:00:30.250+01:00"
    assert told["version"]["by"]["username"] == "alice"


@pytest.mark.anyio
async def test_the_trash_answers_only_to_those_who_ask_for_it(wiki: Wiki) -> None:
    page = wiki.page("Gone")
    changes.trash(wiki.site, page)
    async with wiki.client() as client:
        assert (await client.get(f"{BASE}/rest/api/content/{page.id}")).status_code == 404
        assert (await read(client, f"content/{page.id}", status="any"))["status"] == "trashed"
        assert [row["id"] for row in await read_all(client, "content", status="trashed")] == [page.id]
        assert [row["id"] for row in await read_all(client, "space/ENG/trash")] == [page.id]
    async with wiki.client("bob") as client:
        assert (await client.get(f"{BASE}/rest/api/content/{page.id}?status=any")).status_code == 404
        assert (await client.get(f"{BASE}/rest/api/space/ENG/trash")).status_code == 403


@pytest.mark.anyio
async def test_an_older_version_is_historical(wiki: Wiki) -> None:
    page = wiki.page("Twice", "<p>one</p>")
    changes.update(wiki.site, page, wiki.people["alice"].account_id, "<p>two</p>")
    async with wiki.client() as client:
        old = await read(client, f"content/{page.id}", version=1, expand="body.storage,version")
        history = await read(client, f"content/{page.id}/history")
        assert (await client.get(f"{BASE}/rest/api/content/{page.id}?version=9")).status_code == 404
    assert (old["status"], old["version"]["number"], old["body"]["storage"]["value"]) == ("historical", 1, "<p>one</p>")
    assert (history["lastUpdated"]["number"], history["previousVersion"]["number"]) == (2, 1)


@pytest.mark.anyio
async def test_comments_come_flat_or_as_roots_and_by_location(wiki: Wiki) -> None:
    page, site, bob = wiki.page("Discussed"), wiki.site, wiki.people["bob"].account_id
    root = changes.comment(site, page, bob, "<p>root</p>")
    reply = changes.comment(site, page, bob, "<p>reply</p>", parent=root)
    inline = changes.comment(site, page, bob, "<p>inline</p>", remark=Remark(inline=True, selection="word"))
    solved = changes.comment(site, page, bob, "<p>solved</p>", remark=Remark(inline=True))
    changes.resolve(site, solved, bob)
    async with wiki.client() as client:

        async def ids(**params: object) -> set[str]:
            return {row["id"] for row in await read_all(client, f"content/{page.id}/child/comment", **params)}

        assert await ids() == {root.id, inline.id, solved.id}
        assert await ids(depth="all", location="footer") == {root.id, reply.id}
        assert await ids(location=["inline", "resolved"]) == {inline.id, solved.id}
        path = f"content/{page.id}/child/comment"
        (told,) = await read_all(client, path, location="resolved", expand="extensions.resolution")
        answered = await read(client, f"content/{reply.id}", expand="ancestors,container")
    assert told["extensions"]["resolution"]["status"] == "resolved"
    assert ([above["id"] for above in answered["ancestors"]], answered["container"]["id"]) == ([root.id], page.id)


@pytest.mark.anyio
async def test_attachments_download_from_the_link_they_name(wiki: Wiki) -> None:
    page, site = wiki.page("Files"), wiki.site
    for data in (b"one", b"two"):
        changes.attach(site, page, None, "a b/ü?.bin", changes.new_file(site, "application/x-thing", data))
    changes.attach(site, wiki.page("Other"), None, "a b/ü?.bin", changes.new_file(site, "text/plain", b""))
    async with wiki.client() as client:
        (row,) = (await read(client, f"content/{page.id}/child/attachment"))["results"]
        newest = await client.get(BASE + row["_links"]["download"])
        first = await client.get(BASE + row["_links"]["download"].replace("version=2", "version=1"))
    assert row["id"].startswith("att")
    assert (newest.content, newest.headers["content-type"], first.content) == (b"two", "application/x-thing", b"one")
    async with wiki.client("charlie") as client:
        assert (await client.get(BASE + row["_links"]["download"])).status_code == 404


@pytest.mark.anyio
async def test_folders_appear_as_pages_without_a_body(wiki: Wiki) -> None:
    folder = changes.create(wiki.site, Kind.FOLDER, wiki.eng, None, Draft("Folder", None))
    page = wiki.page("Inside", parent=folder)
    async with wiki.client() as client:
        told = await read(client, f"content/{page.id}", expand="ancestors")
        scanned = await read_all(client, "content/scan", spaceKey="ENG", limit=1)
        found = await read_all(client, "content/search", cql="type = page")
    assert [(above["id"], above["type"]) for above in told["ancestors"]] == [(folder.id, "page")]
    assert {row["id"] for row in scanned} == {row["id"] for row in found} == {folder.id, page.id}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("version", "link"), [("8.5.4", "/display/ENG/Plain+title"), ("9.2.1", "/spaces/ENG/pages/{id}/Plain+title")]
)
async def test_readable_links_change_with_the_version(wiki: Wiki, version: str, link: str) -> None:
    plain, odd = wiki.page("Plain title"), wiki.page("What / why?")
    async with wiki.client(installation=wiki.installation(version)) as client:
        told = await read(client, f"content/{plain.id}")
        strange = await read(client, f"content/{odd.id}")
    assert told["_links"]["webui"] == link.format(id=plain.id)
    assert told["_links"]["base"] == BASE
    assert odd.id in strange["_links"]["webui"]


@pytest.mark.anyio
async def test_search_rows_wrap_contents_and_spaces(wiki: Wiki) -> None:
    page = wiki.page("Findable", "<p>needle</p>")
    async with wiki.client() as client:
        told = await read(client, "search", cql='text ~ "needle"', expand="content.body.storage,content.version")
        spaces = await read(client, "search", cql="type = space")
        nothing = await read(client, "search", cql="space = NOSUCH")
        refused = await client.get(f"{BASE}/rest/api/search", params={"cql": "colour = red"})
    assert told["results"][0]["content"]["body"]["storage"]["value"] == page.body
    assert spaces["results"][0]["space"]["key"] == "ENG"
    assert (nothing["results"], nothing["totalSize"]) == ([], 0)
    assert (refused.status_code, "Could not parse cql" in refused.json()["message"]) == (400, True)


@pytest.mark.anyio
async def test_stale_and_deleted_rows_are_drawn_as_the_index_remembers_them(wiki: Wiki) -> None:
    page, gone = furnished(wiki), wiki.page("Deleted", "<p>old</p>")
    wiki.index.lag = timedelta(minutes=1)
    changes.rename(wiki.site, page, None, "Renamed")
    changes.purge(wiki.site, gone)
    async with wiki.client("bob") as client:
        rows = await read_all(client, "content/search", cql="space = ENG and type = page", expand=EVERYTHING)
        assert (await client.get(f"{BASE}/rest/api/content/{gone.id}")).status_code == 404
    assert {row["title"]: row["version"]["number"] for row in rows} == {"Top": 1, "Leaf / ö": 1, "Deleted": 1}
    assert "old" in next(row for row in rows if row["id"] == gone.id)["body"]["storage"]["value"]
