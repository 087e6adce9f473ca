"""A report on a site says what it is and how it answers, and nothing of whom or what it holds."""

import json
import re

import httpx
import pytest

from mainstem.confluence.conformance import magnitude, report, route
from mainstem.confluence.credentials import EmailToken
from tests.confluence.wikis import Wiki

pytestmark = pytest.mark.anyio

MACRO = (
    '<p>Aldous</p><ac:structured-macro ac:name="{}"><ac:parameter ac:name="x">Al</ac:parameter></ac:structured-macro>'
)


async def test_it_tells_versions_sizes_rights_and_times_and_names_nothing_of_the_site(wiki: Wiki) -> None:
    for number in range(3):
        wiki.page(f"Aldous {number}", body=MACRO.format("code") + MACRO.format("aldous-reports"))
    name = "root" if wiki.address.endswith("confluence") else "alice"
    told = await report(wiki.address, wiki.credential(name), line=wiki.line(), known_macros={"code"})
    assert told["passed"]
    assert (told["contents"]["macros"], told["contents"]["macros_not_known"]) == ({"code": 3}, {"names": 1, "uses": 3})
    assert sum(told["listings"]["page"]["answers"]) == told["rules"]["asked"] == told["rules"]["came"] == 3
    assert all(each["slowest_ms"] >= each["median_ms"] >= 0 for each in told["requests"])
    text = json.dumps(told).casefold()
    for secret in ("aldous", "eng", "sec", "alice", "root", "example", "acme", httpx.URL(wiki.site.base_url).host):
        assert not re.search(rf"\b{re.escape(secret.casefold())}\b", text), secret


async def test_it_only_reads(cloud: Wiki) -> None:
    cloud.page("One")
    told = await report(cloud.address, cloud.credential("alice"), line=cloud.line())
    asked = {each["route"] for each in told["requests"]}
    assert {one for one in asked if not one.startswith("GET ")} <= {"POST /api/v2/users-bulk"}


async def test_what_fails_is_told_by_its_kind(cloud: Wiki) -> None:
    told = await report("acme", EmailToken("alice@example.com", "t0ps3cret"), line=cloud.line())
    assert (told["passed"], told["trouble"]) == (False, "SignInRejected")
    assert [each["check"] for each in told["checks"] if each["state"] == "failed"] == ["sign in"]
    assert "t0ps3cret" not in json.dumps(told)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://acme.example/wiki/rest/api/space/ENG/permissions?limit=5", "/rest/api/space/{}/permissions"),
        ("https://acme.example/ex/confluence/5-6/wiki/api/v2/pages/123/labels", "/api/v2/pages/{}/labels"),
        ("https://acme.example/Secret/rest/api/group/The%20Board/member", "/rest/api/group/{}/member"),
        ("https://acme.example/Secret/plan.pdf", "{}"),
    ],
)
def test_of_an_address_only_confluences_own_words_are_kept(url: str, kept: str) -> None:
    assert route(httpx.URL(url)) == kept


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (1, "1-9"), (9, "1-9"), (10, "10-99"), (12345, "10000-99999")])
def test_of_sizes_the_order_is_told(number: int, text: str) -> None:
    assert magnitude(number) == text
