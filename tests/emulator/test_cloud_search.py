"""Search of Cloud v1 and its traps, each of which some connector has fallen into."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from confluence_emulator.state import Status, changes
from tests.emulator.cloud_wiki import Wiki, build

SEARCH = "/wiki/rest/api/search"
CONTENT_SEARCH = "/wiki/rest/api/content/search"
pytestmark = pytest.mark.anyio


@pytest.fixture
def wiki() -> Wiki:
    wiki = build()
    for number in range(98):
        wiki.page(f"Page {number:03}", "Home")
    return wiki


async def followed(wiki: Wiki, path: str) -> list[dict[str, object]]:
    answers = [await wiki.json(path)]
    while "next" in answers[-1]["_links"]:
        answers.append(await wiki.json("/wiki" + answers[-1]["_links"]["next"]))
    return answers


async def test_only_a_missing_next_is_the_end_for_pages_come_up_short(wiki: Wiki) -> None:
    answers = await followed(wiki, f"{CONTENT_SEARCH}?cql=type=page&limit=30")
    rows = [row["id"] for answer in answers for row in answer["results"]]  # type: ignore[attr-defined]  # JSON
    assert [answer["size"] for answer in answers] == [28, 21, 30, 21]
    assert len(rows) == len(set(rows)) == 100


async def test_start_moves_nothing(wiki: Wiki) -> None:
    first, again = [await wiki.json(f"{SEARCH}?cql=type=page&start={start}") for start in (0, 50)]
    assert first["results"] == again["results"]


async def test_the_total_is_an_estimate_that_drifts(wiki: Wiki) -> None:
    totals = [answer["totalSize"] for answer in await followed(wiki, f"{SEARCH}?cql=type=page&limit=30")]
    assert totals == [103, 102, 101, 100]


async def test_next_needs_wiki_and_forgets_the_excerpt(wiki: Wiki) -> None:
    link = (await wiki.json(f"{SEARCH}?cql=type=page&limit=30&excerpt=none"))["_links"]["next"]
    query = parse_qs(urlsplit(link).query)
    assert link.startswith("/rest/api/search?next=true&cursor=_t_")
    assert (query["cql"], query["limit"], "excerpt" in query) == (["type=page"], ["30"], False)


@pytest.mark.parametrize(
    ("expand", "limit"),
    [("", 250), ("version", 200), ("body.storage", 50), ("body.view,version", 50), ("body.export_view", 25)],
)
async def test_expansions_lower_the_limit_in_silence(wiki: Wiki, expand: str, limit: int) -> None:
    assert (await wiki.json(f"{CONTENT_SEARCH}?cql=type=page&limit=1000&expand={expand}"))["limit"] == limit


async def test_expand_has_a_prefix_in_search_and_none_in_content_search(wiki: Wiki) -> None:
    row = (await wiki.json(f"{SEARCH}?cql=title=Plans&expand=content.version,content.body.storage"))["results"][0]
    assert (row["content"]["version"]["number"], row["content"]["body"]["storage"]["value"]) == (1, "<p>Plans</p>")
    assert "version" not in (await wiki.json(f"{SEARCH}?cql=title=Plans&expand=version"))["results"][0]["content"]
    assert "version" in (await wiki.json(f"{CONTENT_SEARCH}?cql=title=Plans&expand=version"))["results"][0]


async def test_titles_and_excerpts_are_escaped_and_marked_and_scores_are_nought(wiki: Wiki) -> None:
    wiki.page("Q&A <kiosk>", body="<p>The kiosk &amp; co</p>")
    row = (await wiki.json(SEARCH, params={"cql": 'text ~ "kiosk"'}))["results"][0]
    assert row["title"] == "Q&amp;A &lt;@@@hl@@@kiosk@@@endhl@@@&gt;"
    assert row["excerpt"] == "The @@@hl@@@kiosk@@@endhl@@@ &amp; co"
    assert (row["content"]["title"], row["score"], row["entityType"]) == ("Q&A <kiosk>", 0.0, "content")
    bare = (await wiki.json(SEARCH, params={"cql": 'text ~ "kiosk"', "excerpt": "none"}))["results"][0]
    assert bare["excerpt"] == ""


async def test_space_rows_have_a_space_and_no_content(wiki: Wiki) -> None:
    row = (await wiki.json(f"{SEARCH}?cql=type=space"))["results"][0]
    assert (row["space"]["key"], row["entityType"], "content" in row) == ("ENG", "space", False)


async def test_untyped_queries_also_find_folders_files_and_comments(wiki: Wiki) -> None:
    wiki.folder("Folder", "Home")
    file = changes.attach(wiki.site, wiki.pages["Plans"], None, "a", changes.new_file(wiki.site, "text/plain", b""))
    changes.comment(wiki.site, file, None, "<p>x</p>")
    rows = (await wiki.json(f"{SEARCH}?cql=space=ENG&limit=250"))["results"]
    assert {row["content"]["type"] for row in rows if "content" in row} == {"page", "folder", "attachment", "comment"}


async def test_archived_pages_and_what_the_caller_may_not_view_are_not_found(wiki: Wiki) -> None:
    changes.archive(wiki.site, wiki.pages["Plans"])
    for query in ("title=Plans", "title=Secret", "space=HID", "space=NOPE"):
        assert (await wiki.json(f"{SEARCH}?cql={query}"))["results"] == []


async def test_the_index_lags_behind_and_goes_on_showing_what_is_gone() -> None:
    wiki = build(lag=timedelta(seconds=30))
    wiki.clock.advance(minutes=1)
    changes.archive(wiki.site, wiki.pages["Plans"])
    wiki.page("New", "Home")
    found = {}
    for seconds in (0, 29, 1):
        wiki.clock.advance(seconds=seconds)
        rows = (await wiki.json(f"{CONTENT_SEARCH}?cql=type=page"))["results"]
        found[seconds] = {row["title"] for row in rows}
    assert found == {0: {"Home", "Plans"}, 29: {"Home", "Plans"}, 1: {"Home", "New"}}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("cql=", 400),
        ("cql=type=", 400),
        ("cql=status=current", 400),
        ('cql=text~""', 500),
        ("cql=type=page&limit=x", 404),
    ],
)
async def test_each_bad_request_is_refused_in_its_own_way(wiki: Wiki, query: str, status: int) -> None:
    response = await wiki.ask(f"{SEARCH}?{query}")
    assert (response.status_code, bool(response.content)) == (status, status != 404)


async def test_dates_have_minutes_and_are_read_in_the_callers_time_zone(wiki: Wiki) -> None:
    wiki.clock.advance(minutes=5, seconds=30)
    changes.update(wiki.site, wiki.pages["Plans"], None, "<p>new</p>")
    wiki.users["alice"].time_zone = "America/New_York"
    found = {}
    for name, when in (("alice", "07:05"), ("bob", "12:05"), ("alice", "12:05")):
        cql = f'lastmodified >= "2026-03-01 {when}"'
        rows = (await wiki.json(CONTENT_SEARCH, name, params={"cql": cql}))["results"]
        found[name, when] = [row["title"] for row in rows]
    assert found == {("alice", "07:05"): ["Plans"], ("bob", "12:05"): ["Plans"], ("alice", "12:05"): []}


async def test_one_unreadable_ancestor_fails_the_whole_page_of_results(wiki: Wiki) -> None:
    draft = wiki.page("Unfinished", "Home", status=Status.DRAFT)
    wiki.page("Published", "Unfinished")
    query = f"{CONTENT_SEARCH}?cql=type=page&limit=250"
    failed = await wiki.ask(f"{query}&expand=ancestors.restrictions.read.restrictions.user")
    assert (failed.status_code, f"id={draft.id}" in failed.json()["message"]) == (404, True)
    assert (await wiki.ask(f"{query}&expand=restrictions.read.restrictions.user")).status_code == 200
    assert (await wiki.ask(f"/wiki/rest/api/content/{draft.id}/restriction/byOperation")).status_code == 404


async def test_restrictions_and_labels_come_with_the_rows(wiki: Wiki) -> None:
    changes.label(wiki.site, wiki.pages["Secret"], "howto")
    expand = "metadata.labels,restrictions.read.restrictions.user,restrictions.read.restrictions.group"
    row = (await wiki.json(f"{CONTENT_SEARCH}?cql=title=Secret&expand={expand}", "bob"))["results"][0]
    assert row["metadata"]["labels"]["results"][0]["name"] == "howto"
    assert row["restrictions"]["read"]["restrictions"]["user"]["size"] == 1
    assert row["restrictions"]["read"]["restrictions"]["group"]["size"] == 0
    assert row["restrictions"]["_expandable"] == {"update": ""}


async def test_people_are_searched_by_name_and_paged_by_offset(wiki: Wiki) -> None:
    params = {"cql": 'user.fullname ~ "ali"'}
    found = await wiki.json(f"{SEARCH}/user", params=params)
    assert [row["user"]["displayName"] for row in found["results"]] == ["Alice"]
    assert (await wiki.ask(f"{SEARCH}/user")).status_code == 400


async def test_a_broken_cursor_is_refused(wiki: Wiki) -> None:
    assert (await wiki.ask(f"{SEARCH}?cql=type=page&cursor=_t_x_h_x")).status_code == 400
    assert (await wiki.ask("/wiki/api/v2/pages?cursor=x")).status_code == 400
