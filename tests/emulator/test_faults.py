"""Faults on request: how they are written down, which requests they strike, and what a client sees of them."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from confluence_emulator.faults import ActiveFaults, Fault, FaultError, FaultMiddleware, Kind, parse_fault
from confluence_emulator.request_log import RequestLog, RequestLogMiddleware
from tests.emulator.datacenter_wiki import Clock


async def listing(request: Request) -> Response:
    """What the faults get in the way of: two rows, a link to more, and the credential that arrived."""
    links = {"next": f"/rest/api/content?start={request.query_params.get('start', 0)}"}
    seen = request.headers.get("authorization", "none")
    return JSONResponse({"results": [{"id": "1"}, {"id": "2"}], "nextCursor": "x", "_links": links, "seen": seen})


class Target:
    """An application behind faults and a request log."""

    def __init__(self, *specs: str, seed: int = 0) -> None:
        self.clock = Clock()
        self.slept: list[float] = []
        self.log = RequestLog()
        self.faults = ActiveFaults(map(parse_fault, specs), seed=seed)
        inner = Starlette(routes=[Route("/{path:path}", listing)])
        struck = FaultMiddleware(
            inner, self.faults, now=self.clock, sleep=self._sleep, broken=httpx.RemoteProtocolError
        )
        self.app = RequestLogMiddleware(struck, self.log)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def get(self, path: str = "/rest/api/content", **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://wiki") as client:
            return await client.get(path, headers=headers)

    async def statuses(self, count: int, path: str = "/rest/api/content") -> list[int]:
        return [(await self.get(path)).status_code for _ in range(count)]


@pytest.mark.parametrize(
    "spec",
    ["429", "429:every=7", "503:first=2,retry_after=1", "500:path=/content/123$", "reset:after=3,probability=0.5",
     "truncate:path=/space?limit=1,2", "points:seconds=60.0,limit=500", "cloudfront:status=404", "blocked"],
)  # fmt: skip
def test_a_spec_is_written_as_it_was_read(spec: str) -> None:
    assert parse_fault(parse_fault(spec).spec()) == parse_fault(spec)
    assert parse_fault(spec).spec() == spec


@pytest.mark.parametrize("spec", ["", "200", "flood", "429:often", "429:every=x", "429:every=0", "html:path=("])
def test_a_spec_that_cannot_be_read_says_why(spec: str) -> None:
    with pytest.raises(FaultError):
        parse_fault(spec)


@given(st.integers(1, 5), st.integers(0, 4), st.none() | st.integers(1, 6), st.integers(1, 30))
def test_every_first_and_after_pick_the_requests_they_name(
    every: int, after: int, first: int | None, count: int
) -> None:
    faults = ActiveFaults([Fault(Kind.HTML, every=every, after=after, first=first)])
    struck = [number for number in range(1, count + 1) if faults.striking("/x")]
    assert struck == [
        number
        for number in range(after + 1, count + 1)
        if (number - after) % every == 0 and (first is None or number - after <= first)
    ]


def test_chance_repeats_itself_with_the_same_seed() -> None:
    def strikes(seed: int) -> list[bool]:
        faults = ActiveFaults([parse_fault("503:probability=0.3")], seed=seed)
        return [bool(faults.striking("/x")) for _ in range(200)]

    assert strikes(1) == strikes(1) != strikes(2)
    assert 30 < sum(strikes(1)) < 90


@pytest.mark.anyio
async def test_every_third_request_is_throttled_and_the_others_pass() -> None:
    target = Target("429:every=3,retry_after=7")
    assert await target.statuses(6) == [200, 200, 429, 200, 200, 429]
    assert (await Target("429:retry_after=7").get()).headers["retry-after"] == "7"
    assert "retry-after" not in (await Target("429").get()).headers


@pytest.mark.anyio
async def test_only_the_page_that_the_path_names_fails_and_always() -> None:
    target = Target("500:path=/content/13$")
    assert await target.statuses(3, "/rest/api/content/13") == [500, 500, 500]
    assert await target.statuses(2, "/rest/api/content/131") == [200, 200]


@pytest.mark.anyio
async def test_a_blocked_account_is_told_to_come_back_never() -> None:
    answer = await Target("blocked").get()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "9223372036854775807")
    assert answer.headers["x-ratelimit-limit"] == "0"


@pytest.mark.anyio
async def test_front_servers_answer_in_html() -> None:
    sso, hiccup = await Target("html").get(), await Target("cloudfront:first=1,status=404").get()
    assert (sso.status_code, sso.headers["content-type"][:9]) == (200, "text/html")
    assert (hiccup.status_code, hiccup.headers["x-cache"]) == (404, "Error from cloudfront")


@pytest.mark.anyio
async def test_a_broken_connection_ends_in_the_middle_of_the_body() -> None:
    target = Target("reset:first=1")
    with pytest.raises(httpx.RemoteProtocolError):
        await target.get()
    assert (await target.get()).status_code == 200
    assert [entry.status for entry in target.log.entries] == [0, 200]


@pytest.mark.anyio
async def test_a_truncated_listing_loses_its_next_link_and_nothing_else() -> None:
    answer = (await Target("truncate:path=start=50").get("/rest/api/content?start=50")).json()
    assert len(answer["results"]) == 2
    assert "next" not in answer["_links"]
    assert "nextCursor" not in answer
    assert "next" in (await Target("truncate:path=start=50").get("/rest/api/content?start=0")).json()["_links"]


@pytest.mark.anyio
async def test_an_emptied_listing_has_no_rows_and_no_next_page() -> None:
    answer = (await Target("empty").get("/rest/api/content?start=0")).json()
    assert answer["results"] == []
    assert "next" not in answer["_links"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("spec", "sent", "arrived"),
    [
        ("revoke:after=1", "Bearer secret", "Bearer revoked"),
        ("revoke:after=1", "Basic YTpi", "Basic cmV2b2tlZDpyZXZva2Vk"),
        ("anonymous:after=1", "Bearer secret", "none"),
    ],
)
async def test_a_credential_stops_working_after_the_first_request(spec: str, sent: str, arrived: str) -> None:
    target = Target(spec)
    seen = [(await target.get(authorization=sent)).json()["seen"] for _ in range(2)]
    assert seen == [sent, arrived]


@pytest.mark.anyio
async def test_latency_passes_before_the_answer() -> None:
    target = Target("latency:seconds=0.25")
    await target.get()
    assert target.slept == [0.25]


@pytest.mark.anyio
async def test_points_run_out_by_what_answers_hold_and_come_back_with_the_hour() -> None:
    target = Target("points:limit=7,seconds=3600")
    answers = [await target.get() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["4", "1", "0", "0"]
    assert answers[1].headers["x-ratelimit-nearlimit"] == "true"
    assert answers[3].headers["ratelimit-reason"] == "confluence-quota-global-based"
    assert answers[3].headers["x-ratelimit-reset"] == "2026-11-21T11:00:30Z"
    assert answers[3].headers["retry-after"] == "3600"
    target.clock.pass_by(hours=1)
    assert await target.statuses(1) == [200]


@pytest.mark.anyio
async def test_a_token_bucket_empties_per_account_and_fills_with_time() -> None:
    target = Target("bucket:limit=2,seconds=10")
    assert await target.statuses(3) == [200, 200, 429]
    assert (await target.get(authorization="Bearer other")).headers["x-ratelimit-remaining"] == "1"
    refused = await target.get()
    assert (refused.headers["retry-after"], refused.headers["x-ratelimit-fillrate"]) == ("5", "2")
    target.clock.pass_by(seconds=5)
    assert await target.statuses(2) == [200, 429]


@pytest.mark.anyio
async def test_replacing_the_faults_starts_all_counters_anew() -> None:
    target = Target("429:first=1")
    assert await target.statuses(2) == [429, 200]
    target.faults.replace([parse_fault("503:first=1")])
    assert await target.statuses(2) == [503, 200]
    assert target.faults.specs() == ["503:first=1"]


@pytest.mark.anyio
async def test_the_control_api_is_neither_struck_nor_logged() -> None:
    target = Target("503")
    assert await target.statuses(1, "/_control/faults") == [200]
    assert target.log.entries == []


@pytest.mark.anyio
async def test_the_log_counts_by_route_and_remembers_no_secret() -> None:
    target = Target("429:every=3")
    paths = ["/wiki/api/v2/pages/123", "/wiki/api/v2/pages/9007199255166977?limit=5", "/rest/api/group/a%2Fb/member"]
    for path in [*paths, "/rest/api/space/~me/content/page", "/rest/api/content/att77/history"]:
        await target.get(path, authorization="Bearer secret")
    told: dict[str, Any] = target.log.as_json()
    assert told["by_route"]["GET /wiki/api/v2/pages/{id}"] == 2
    assert set(told["by_route"]) >= {
        "GET /rest/api/group/{name}/member",
        "GET /rest/api/space/{name}/content/page",
        "GET /rest/api/content/{id}/history",
    }
    assert told["by_status"] == {"200": 4, "429": 1}
    assert {entry.credential for entry in target.log.entries} == {"bearer"}
    assert "secret" not in str(told)
