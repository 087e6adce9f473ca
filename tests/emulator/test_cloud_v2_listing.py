"""Lists of Cloud v2: paging, sorting, statuses, bodies, and what each caller is shown."""

import re

import pytest

from confluence_emulator.state import Kind, changes, membership
from confluence_emulator.state.spaces import VIEWER_RIGHTS, group_principal
from tests.emulator.cloud_wiki import Wiki, build, titles

PAGES = "/wiki/api/v2/pages"
pytestmark = pytest.mark.anyio


@pytest.fixture
def wiki() -> Wiki:
    return build()


async def test_only_what_the_caller_may_view_is_listed(wiki: Wiki) -> None:
    seen = {name: titles(await wiki.all(PAGES, name)) for name in ("alice", "bob", "root", "charlie")}
    assert seen["alice"] == ["Home", "Plans"]
    assert seen["bob"] == ["Home", "Plans", "Secret", "Below"]
    assert seen["root"] == ["Home", "Plans", "Hidden"]
    assert seen["charlie"] == []


async def test_next_is_relative_to_the_site_with_wiki_on_both_doors_and_keeps_the_filters(wiki: Wiki) -> None:
    for door in ("", wiki.gateway):
        response = await wiki.ask(f"{door}{PAGES}?limit=1&status=current")
        following = response.json()["_links"]["next"]
        assert re.fullmatch(r"/wiki/api/v2/pages\?status=current&limit=1&cursor=[\w%-]+", following)
        assert response.headers["link"] == f'<{following}>; rel="next", <{wiki.site.base_url}>; rel="base"'
        last = await wiki.ask(f"{door}{following}")
        assert "next" not in last.json()["_links"]
        assert last.headers["link"] == f'<{wiki.site.base_url}>; rel="base"'


@pytest.mark.parametrize("limit", ["0", "251", "-1", "many"])
async def test_a_limit_outside_1_to_250_is_refused(wiki: Wiki, limit: str) -> None:
    assert (await wiki.ask(f"{PAGES}?limit={limit}")).status_code == 400


async def test_every_sort_walks_all_pages_once_in_order_both_ways(wiki: Wiki) -> None:
    for number in range(7):
        wiki.clock.advance(minutes=1)
        wiki.page(f"Page {number % 3}{number}")
        changes.update(wiki.site, wiki.pages["Home"], None, f"<p>{number}</p>")
    for sort in ("id", "title", "created-date", "modified-date"):
        up = titles(await wiki.all(f"{PAGES}?limit=2&sort={sort}"))
        down = titles(await wiki.all(f"{PAGES}?limit=2&sort=-{sort}"))
        assert len(up) == 9
        assert up == down[::-1]
    assert titles(await wiki.all(f"{PAGES}?sort=-modified-date"))[0] == "Page 06"


async def test_changes_between_two_pages_of_a_listing_repeat_and_skip_nothing_else(wiki: Wiki) -> None:
    for number in range(4):
        wiki.page(f"Page {number}")
    first = await wiki.json(f"{PAGES}?limit=3")
    changes.purge(wiki.site, wiki.pages["Home"])
    rest = await wiki.all(first["_links"]["next"])
    seen = titles(first["results"] + rest)
    assert sorted(seen) == ["Home", "Page 0", "Page 1", "Page 2", "Page 3", "Plans"]


async def test_pages_list_archived_ones_unasked_and_trashed_ones_to_space_admins_who_ask(wiki: Wiki) -> None:
    changes.archive(wiki.site, wiki.page("Old"))
    changes.trash(wiki.site, wiki.page("Thrown"))
    assert titles(await wiki.all(PAGES)) == ["Home", "Plans", "Old"]
    assert titles(await wiki.all(f"{PAGES}?status=current")) == ["Home", "Plans"]
    assert set(titles(await wiki.all(f"{PAGES}?status=trashed,archived", "root"))) == {"Old", "Thrown"}
    assert await wiki.all(f"{PAGES}?status=trashed", "alice") == []
    assert (await wiki.ask(f"{PAGES}?status=draft")).status_code == 400


async def test_blog_posts_list_current_ones_alone(wiki: Wiki) -> None:
    post = changes.create(wiki.site, Kind.BLOGPOST, wiki.spaces["ENG"], None, changes.Draft("News"))
    assert titles(await wiki.all("/wiki/api/v2/blogposts")) == ["News"]
    assert titles(await wiki.all(f"/wiki/api/v2/spaces/{wiki.spaces['ENG'].id}/blogposts")) == ["News"]
    assert "parentId" not in await wiki.json(f"/wiki/api/v2/blogposts/{post.id}")
    assert (await wiki.ask("/wiki/api/v2/blogposts?status=archived")).status_code == 400


async def test_lists_give_storage_or_adf_and_no_body_unasked(wiki: Wiki) -> None:
    wiki.page("Both", body="<p>x</p>", adf='{"type":"doc"}')
    rows = {
        form: (await wiki.json(f"{PAGES}?title=both&body-format={form}"))["results"]
        for form in ("storage", "atlas_doc_format")
    }
    assert rows["storage"][0]["body"] == {"storage": {"representation": "storage", "value": "<p>x</p>"}}
    assert rows["atlas_doc_format"][0]["body"]["atlas_doc_format"]["value"] == '{"type":"doc"}'
    assert (await wiki.json(PAGES))["results"][0]["body"] == {}
    assert (await wiki.ask(f"{PAGES}?body-format=view")).status_code == 400
    assert (await wiki.ask(f"{PAGES}/{wiki.pages['Both'].id}?body-format=view")).status_code == 200


async def test_empty_missing_and_legacy_bodies_are_told_apart(wiki: Wiki) -> None:
    empty, none = wiki.page("Empty", body=""), wiki.page("None", body=None)
    for page, value in ((empty, ""), (none, None)):
        body = (await wiki.json(f"{PAGES}/{page.id}?body-format=storage"))["body"]
        assert body["storage"]["value"] == value
    legacy = await wiki.json(f"{PAGES}/{wiki.pages['Home'].id}?body-format=atlas_doc_format")
    assert legacy["body"]["atlas_doc_format"]["value"] is None


async def test_bodies_come_as_they_were_written_however_odd(wiki: Wiki) -> None:
    odd = '<p>\u00a0<ac:macro ac:name="x"><b>\x1c ]]]]><![CDATA[> \U0001f600 \u202eRTL' + "x" * 5_000_000
    page = wiki.page('a/b: "q" & \U0001f600 \u05d0', body=odd)
    answered = await wiki.json(f"{PAGES}/{page.id}?body-format=storage")
    assert (answered["body"]["storage"]["value"], answered["title"]) == (odd, page.title)
    assert answered["_links"]["webui"] == f"/spaces/ENG/pages/{page.id}"


async def test_titles_match_exactly_in_any_case_and_an_empty_one_matches_nothing(wiki: Wiki) -> None:
    assert titles(await wiki.all(f"{PAGES}?title=pLANS")) == ["Plans"]
    assert await wiki.all(f"{PAGES}?title=Plan") == []
    assert await wiki.all(f"{PAGES}?title=") == []


async def test_unknown_and_invisible_ids_are_left_out_without_a_word(wiki: Wiki) -> None:
    ids = f"{wiki.pages['Plans'].id},{wiki.pages['Secret'].id},999"
    assert titles(await wiki.all(f"{PAGES}?id={ids}&id={wiki.pages['Home'].id}")) == ["Home", "Plans"]
    assert (await wiki.ask(f"{PAGES}?id={','.join(map(str, range(251)))}")).status_code == 400
    assert (await wiki.ask(f"{PAGES}?space-id={','.join(map(str, range(101)))}")).status_code == 400


async def test_space_lists_fold_keys_and_show_only_visible_spaces(wiki: Wiki) -> None:
    membership.add_space(wiki.site, "~712020abc", "Alice", None, kind="personal")
    number = membership.add_space(wiki.site, "42", "Answers", None)
    engineers = wiki.site.group_by_name("engineers")
    assert engineers is not None
    membership.grant(wiki.site, number, group_principal(engineers.id), VIEWER_RIGHTS)
    spaces = "/wiki/api/v2/spaces"
    assert {space["key"] for space in await wiki.all(f"{spaces}?keys=eng,hid,42,nope")} == {"ENG", "42"}
    assert [space["key"] for space in await wiki.all(f"{spaces}?sort=-name&limit=1")] == ["ENG", "42"]
    hidden = await wiki.ask(f"{spaces}/{wiki.spaces['HID'].id}")
    assert (hidden.status_code, wiki.spaces["HID"].id in hidden.text) == (404, True)


async def test_ids_above_2_to_the_53_survive_as_strings(wiki: Wiki) -> None:
    for number in range(12):
        wiki.page(f"Page {number}")
    rows = await wiki.all(PAGES)
    assert all(isinstance(row["id"], str) for row in rows)
    assert max(int(row["id"]) for row in rows) > 2**53


async def test_a_page_by_id_tells_trashed_purged_and_restricted_apart_as_confluence_does(wiki: Wiki) -> None:
    thrown, gone = wiki.page("Thrown", "Home"), wiki.page("Gone")
    changes.trash(wiki.site, thrown)
    changes.purge(wiki.site, gone)
    trashed = await wiki.json(f"{PAGES}/{thrown.id}", "root")
    assert (trashed["status"], trashed["parentId"], trashed["parentType"], trashed["position"]) == (
        "trashed",
        *[None] * 3,
    )
    purged = (await wiki.ask(f"{PAGES}/{gone.id}")).json()["errors"][0]
    restricted = (await wiki.ask(f"{PAGES}/{wiki.pages['Secret'].id}")).json()["errors"][0]
    assert (purged["status"], purged["title"]) == (404, "Not Found")
    assert restricted["title"] == f"Cannot find a page with id [{wiki.pages['Secret'].id}]"


async def test_moves_renames_restores_archiving_and_copies_show_as_in_confluence(wiki: Wiki) -> None:
    page = wiki.pages["Plans"]
    membership.grant(wiki.site, wiki.spaces["HID"], group_principal(wiki.members.id), VIEWER_RIGHTS)
    changes.move(wiki.site, page, wiki.spaces["HID"], None)
    moved = await wiki.json(f"{PAGES}/{page.id}")
    assert (moved["spaceId"], moved["version"]["number"], moved["parentId"]) == (wiki.spaces["HID"].id, 1, None)
    changes.rename(wiki.site, page, None, "Renamed")
    assert (await wiki.json(f"{PAGES}/{page.id}"))["version"]["number"] == 2
    twin = changes.copy(wiki.site, page, None, "Copy")
    assert (await wiki.json(f"{PAGES}/{twin.id}"))["version"]["number"] == 1
    changes.archive(wiki.site, page)
    assert (await wiki.json(f"{PAGES}/{page.id}"))["status"] == "archived"


async def test_versions_run_from_the_newest_and_an_old_one_is_historical(wiki: Wiki) -> None:
    page = wiki.pages["Plans"]
    changes.update(wiki.site, page, None, "<p>two</p>", message="why", minor=True)
    rows = await wiki.all(f"{PAGES}/{page.id}/versions?body-format=storage&limit=1")
    assert [(row["number"], row["minorEdit"], row["message"]) for row in rows] == [(2, True, "why"), (1, False, "")]
    old = await wiki.json(f"{PAGES}/{page.id}?version=1&body-format=storage")
    assert (old["status"], old["body"]["storage"]["value"]) == ("historical", "<p>Plans</p>")


async def test_labels_are_listed_per_content_and_contents_per_label(wiki: Wiki) -> None:
    page = wiki.pages["Plans"]
    label = changes.label(wiki.site, page, "howto")
    changes.label(wiki.site, page, "mine", prefix="my")
    changes.label(wiki.site, wiki.pages["Secret"], "howto")
    assert [row["name"] for row in await wiki.all(f"{PAGES}/{page.id}/labels?limit=1")] == ["howto", "mine"]
    assert [row["name"] for row in await wiki.all(f"{PAGES}/{page.id}/labels?prefix=my")] == ["mine"]
    assert titles(await wiki.all(f"/wiki/api/v2/labels/{label.id}/pages")) == ["Plans"]


async def test_the_roots_of_a_space_are_listed_on_request(wiki: Wiki) -> None:
    eng = wiki.spaces["ENG"].id
    wiki.page("Orphan")
    assert titles(await wiki.all(f"/wiki/api/v2/spaces/{eng}/pages?depth=root")) == ["Home", "Orphan"]
    assert titles(await wiki.all(f"/wiki/api/v2/spaces/{eng}/pages")) == ["Home", "Plans", "Orphan"]
