"""Lists are followed by `next` alone, and a list that goes round in circles is never taken for complete."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mainstem.confluence.errors import ListingBroken, ServerBroken
from mainstem.confluence.paging import Source, batches, pages, rows
from mainstem.wiki.content import Content, Kind
from tests.confluence.wikis import Answer, http_to, in_turn, says

pytestmark = pytest.mark.anyio

CURSORS = Source("pages", "/api/v2/pages", {"limit": 250})
OFFSETS = Source("members", "/rest/api/group/x/member", {"limit": 200}, by_offset=True)


def page(ids: range | list[int], following: str | None = None) -> httpx.Response:
    links = {"next": following} if following else {}
    return says({"results": [{"id": str(number)} for number in ids], "_links": links})


async def ids(source: Source, answer: Answer) -> list[int]:
    return [int(row["id"]) async for row in rows(http_to(answer), source)]


async def test_a_short_page_is_not_the_end() -> None:
    answer = in_turn(page(range(250), "/wiki/2"), page(range(250, 253), "/wiki/3"), page([]), page([]))
    assert await ids(CURSORS, answer) == list(range(253))


async def test_empty_pages_in_the_midst_are_passed_over() -> None:
    answer = in_turn(page([1], "/wiki/2"), page([], "/wiki/3"), page([2]))
    assert await ids(CURSORS, answer) == [1, 2]


async def test_a_row_that_slides_to_the_next_page_counts_once() -> None:
    assert await ids(CURSORS, in_turn(page([1, 2], "/wiki/2"), page([2, 3]))) == [1, 2, 3]


@pytest.mark.parametrize(
    ("cause", "responses"),
    [
        ("came twice", [page([1], "/wiki/2"), page([2], "/wiki/2")]),
        ("repeats", [page([1], "/wiki/2"), page([1], "/wiki/3")]),
        ("without end", [page([], f"/wiki/{number}") for number in range(30)]),
        ("no list", [says(["odd"])]),
        ("no list", [says({"results": None})]),
        ("another place", [page([1], "https://evil.example/2")]),
    ],
)
async def test_a_list_in_circles_is_broken(cause: str, responses: list[httpx.Response]) -> None:
    with pytest.raises(ListingBroken, match=cause):
        await ids(CURSORS, in_turn(*responses))


Step = Callable[[int, int], int | None]


def server(total: int, *, cap: int, step: Step) -> Answer:
    """An offset list of a server that links to `step(start, rows given)`."""

    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("start", 0))
        given = range(start, min(start + cap, total))
        following = step(start, len(given))
        return page(given, None if following is None else f"/rest/api/group/x/member?limit=200&start={following}")

    return answer


@pytest.mark.parametrize(
    "step",
    [
        lambda start, given: start + given if start + given < 250 else None,
        lambda start, given: start + given,
        lambda start, given: start + given - 1 if start + given < 250 else None,
        lambda *_: 25,
        lambda *_: 0,
    ],
    ids=["ends", "links to an empty page", "counts one too low", "counts far too low", "starts over"],
)
async def test_offset_lists_are_read_whole_whatever_their_links(step: Step) -> None:
    assert sorted(await ids(OFFSETS, server(250, cap=100, step=step))) == list(range(250))


async def test_a_last_page_that_is_given_over_and_over_ends_the_list() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        start = min(int(request.url.params.get("start", 0)), 200)
        return page(range(start, min(start + 100, 250)), f"/rest/api/group/x/member?start={start + 100}")

    assert await ids(OFFSETS, answer) == list(range(250))


async def test_parameters_that_next_forgets_are_put_back() -> None:
    asked: list[httpx.Request] = []
    answer = in_turn(page([1], "/rest/api/content/search?cursor=_t_a%3D%3D&limit=250"), page([2]))

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request)

    source = Source("rules", "/rest/api/content/search", {"expand": "a,b", "limit": 250}, sticky=("expand", "limit"))
    await ids(source, note)
    assert dict(asked[1].url.params) == {"cursor": "_t_a==", "limit": "250", "expand": "a,b"}
    assert asked[1].url.path == "/wiki/rest/api/content/search"


def read(page_: Any, _: Source) -> list[Content]:
    return [Content(row["id"], Kind.PAGE, "1", "", 1) for row in page_.rows]


async def test_batches_of_several_lists_lead_on_from_each_other() -> None:
    other = Source("posts", "/api/v2/blogposts", {})
    answer = in_turn(page([1], "/wiki/2"), page([2]), page([3]))
    found = [batch async for batch in batches(http_to(answer), [CURSORS, other], read, None)]
    assert [batch.cursor for batch in found] == ['["pages", "/wiki/2"]', '["posts", null]', None]
    again = [batch async for batch in batches(http_to(in_turn(page([3]))), [CURSORS, other], read, found[1].cursor)]
    assert again == found[2:]


async def test_a_cursor_of_another_listing_is_refused() -> None:
    with pytest.raises(ListingBroken, match="no longer part"):
        [batch async for batch in batches(http_to(in_turn()), [CURSORS], read, '["gone", null]')]


async def test_ten_thousand_pages_cost_forty_requests() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        at = int(request.url.params.get("cursor", 0))
        return page(range(at, at + 250), f"/wiki/api/v2/pages?cursor={at + 250}" if at < 9750 else None)

    http = http_to(answer)
    count = 0
    async for found in pages(http, CURSORS):
        count += len(found.rows)
    assert (count, http.pace.traffic.requests) == (10_000, 40)


async def test_a_page_too_heavy_for_the_server_is_asked_for_in_smaller_parts() -> None:
    limits: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        at, limit = int(request.url.params.get("cursor", 0)), int(request.url.params["limit"])
        limits.append(limit)
        if limit > 50:
            return says({}, 504)
        return page(range(at, at + limit), f"/wiki/api/v2/pages?cursor={at + limit}&limit={limit}" if at < 50 else None)

    heavy = Source("pages", "/api/v2/pages", {"limit": 250}, heavy=True)
    assert await ids(heavy, answer) == list(range(100))
    assert limits == [250] * 6 + [50, 50]


@pytest.mark.parametrize(("heavy", "response"), [(False, says({}, 500)), (True, says({}, 502))])
async def test_other_failures_are_no_reason_for_smaller_parts(heavy: bool, response: httpx.Response) -> None:
    source = Source("pages", "/api/v2/pages", {"limit": 250}, heavy=heavy)
    limits: set[str] = set()

    def answer(request: httpx.Request) -> httpx.Response:
        limits.add(request.url.params["limit"])
        return response

    with pytest.raises(ServerBroken):
        await ids(source, answer)
    assert limits == {"250"}
