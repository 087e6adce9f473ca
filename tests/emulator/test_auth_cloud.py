"""Signing in on Cloud, and what each way to fail looks like on each door."""

from datetime import timedelta

import pytest

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.state import membership
from confluence_emulator.state.spaces import ANONYMOUS, VIEWER_RIGHTS
from tests.emulator.cloud_wiki import Wiki, basic, bearer, build, titles

CURRENT = "/wiki/rest/api/user/current"
pytestmark = pytest.mark.anyio


@pytest.fixture
def wiki() -> Wiki:
    return build()


async def test_an_api_token_signs_in_on_the_site_and_through_the_gateway(wiki: Wiki) -> None:
    for url in (CURRENT, f"{wiki.gateway}{CURRENT}"):
        assert (await wiki.json(url))["type"] == "known"


async def test_the_cloud_id_is_told_to_anyone(wiki: Wiki) -> None:
    assert await wiki.json("/_edge/tenant_info", None) == {"cloudId": wiki.site.cloud_id}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("alice", "wrong"),
        basic("nobody", "alice-api-token"),
        bearer("alice"),
        basic("alice", "alice-password"),
    ],
    ids=["absent", "wrong token", "wrong email", "bearer", "password"],
)
async def test_v2_answers_rejected_credentials_with_a_bare_404_and_v1_with_403(
    wiki: Wiki, headers: dict[str, str]
) -> None:
    v2 = await wiki.ask("/wiki/api/v2/pages", headers=headers, who=None)
    current = await wiki.ask(CURRENT, headers=headers, who=None)
    search = await wiki.ask("/wiki/rest/api/search?cql=type=page", headers=headers, who=None)
    assert (v2.status_code, v2.json()["errors"][0]["title"]) == (404, "Not Found")
    assert (current.status_code, search.status_code) == (403, 403)
    assert "caller cannot access Confluence" in current.json()["message"]
    assert search.json()["message"] == "Current user not permitted to use Confluence"


async def test_without_a_licence_the_answers_are_those_of_rejected_credentials(wiki: Wiki) -> None:
    assert (await wiki.ask("/wiki/api/v2/spaces", "unlicensed")).json()["errors"][0]["title"] == "Not Found"
    assert (await wiki.ask(CURRENT, "unlicensed")).status_code == 403


async def test_expired_revoked_and_deactivated_are_all_rejected(wiki: Wiki) -> None:
    alice = wiki.users["alice"]
    wiki.accounts.issue(CredentialKind.API_TOKEN, alice, "short-lived", expires_in=timedelta(days=1))
    assert (await wiki.ask(CURRENT, headers=basic("alice", "short-lived"))).status_code == 200
    wiki.clock.advance(days=1)
    assert (await wiki.ask(CURRENT, headers=basic("alice", "short-lived"))).status_code == 403
    wiki.accounts.revoke("alice-api-token")
    assert (await wiki.ask(CURRENT, "alice")).status_code == 403
    membership.deactivate(wiki.site, wiki.users["bob"])
    assert (await wiki.ask(CURRENT, "bob")).status_code == 403


async def test_a_malformed_basic_header_gets_the_containers_html(wiki: Wiki) -> None:
    response = await wiki.ask(CURRENT, headers={"Authorization": "Basic not base64"})
    assert response.status_code == 401
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["www-authenticate"].startswith("OAuth realm=")


async def test_a_scoped_token_works_on_the_gateway_alone(wiki: Wiki) -> None:
    headers = basic("alice", "alice-scoped-token")
    on_site = await wiki.ask(CURRENT, headers=headers)
    assert (on_site.status_code, "<html" in on_site.text) == (401, True)
    assert (await wiki.ask(f"{wiki.gateway}{CURRENT}", headers=headers)).status_code == 200


async def test_a_missing_scope_is_401_before_anything_is_looked_up(wiki: Wiki) -> None:
    scopes = frozenset({"read:page:confluence"})
    wiki.accounts.issue(CredentialKind.SCOPED_TOKEN, wiki.users["alice"], "pages-only", scopes=scopes)
    headers = basic("alice", "pages-only")
    held = await wiki.ask(f"{wiki.gateway}/wiki/api/v2/pages/1", headers=headers)
    missing = await wiki.ask(f"{wiki.gateway}/wiki/api/v2/folders/1", headers=headers)
    assert (held.status_code, missing.status_code) == (404, 401)
    assert missing.json() == {"code": 401, "message": "Unauthorized; scope does not match"}
    assert missing.headers["x-failure-category"] == "FAILURE_CLIENT_SCOPE_CHECK"


@pytest.mark.parametrize("headers", [{}, bearer("nobody"), basic("alice", "wrong")])
async def test_the_gateway_answers_bad_credentials_with_its_own_401(wiki: Wiki, headers: dict[str, str]) -> None:
    response = await wiki.ask(f"{wiki.gateway}{CURRENT}", None, headers=headers)
    assert (response.status_code, response.json()) == (401, {"code": 401, "message": "Unauthorized"})


async def test_the_gateway_knows_no_other_site(wiki: Wiki) -> None:
    response = await wiki.ask("https://api.atlassian.com/ex/confluence/other/wiki/api/v2/pages")
    assert (response.status_code, response.json()["code"]) == (404, 404)


async def test_a_bearer_token_needs_its_exact_scheme_and_one_blank(wiki: Wiki) -> None:
    url = f"{wiki.gateway}{CURRENT}"
    assert (await wiki.ask(url, headers=bearer("alice"))).status_code == 200
    for wrong in ("bearer alice-oauth", "Bearer  alice-oauth"):
        assert (await wiki.ask(url, headers={"Authorization": wrong})).status_code == 401


async def test_an_open_site_takes_rejected_credentials_for_an_anonymous_visitor() -> None:
    wiki = build(anonymous_access=True)
    membership.grant(wiki.site, wiki.spaces["ENG"], ANONYMOUS, VIEWER_RIGHTS)
    wrong = basic("alice", "wrong")
    assert (await wiki.json(CURRENT, headers=wrong))["type"] == "anonymous"
    pages = await wiki.json("/wiki/api/v2/pages", headers=wrong)
    assert titles(pages["results"]) == ["Home", "Plans"]


async def test_a_guest_gets_in_and_sees_only_what_was_granted(wiki: Wiki) -> None:
    assert (await wiki.json(CURRENT, "guest"))["isGuest"] is True
    assert await wiki.all("/wiki/api/v2/pages", "guest") == []


async def test_v1_content_and_spaces_are_gone_for_oauth_and_deprecated_for_basic(wiki: Wiki) -> None:
    page = wiki.pages["Home"].id
    for path in ("content", f"content/{page}", f"content/{page}/label", "space", "space/ENG?expand=permissions"):
        gone = await wiki.ask(f"{wiki.gateway}/wiki/rest/api/{path}", headers=bearer("alice"))
        scoped = await wiki.ask(f"{wiki.gateway}/wiki/rest/api/{path}", headers=basic("alice", "alice-scoped-token"))
        assert (gone.status_code, gone.json()["statusCode"]) == (410, 410)
        assert "GoneException" in gone.json()["message"]
        assert (scoped.status_code, scoped.headers["deprecation"][:3]) == (200, "Wed")


async def test_search_restrictions_and_people_of_v1_survive_oauth_without_deprecation(wiki: Wiki) -> None:
    restriction = f"content/{wiki.pages['Home'].id}/restriction/byOperation"
    for path in ("search?cql=type=page", "content/search?cql=type=page", "user/current", "group", restriction):
        response = await wiki.ask(f"{wiki.gateway}/wiki/rest/api/{path}", headers=bearer("alice"))
        assert (response.status_code, "deprecation" in response.headers) == (200, False)


async def test_a_missing_page_of_old_v1_is_deprecated_too(wiki: Wiki) -> None:
    response = await wiki.ask("/wiki/rest/api/content/999")
    assert (response.status_code, "warning" in response.headers) == (404, True)
