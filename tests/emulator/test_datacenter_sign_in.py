"""Credentials on Data Center: who is let in, who is anonymous, and how a refusal looks."""

import base64

import httpx
import pytest

from confluence_emulator.state import changes
from tests.emulator.datacenter_wiki import BASE, Wiki, build_wiki, read

TOKEN = "Bearer alice-personal-access-token"


@pytest.fixture
def wiki() -> Wiki:
    return build_wiki()


async def ask(wiki: Wiki, path: str, authorization: str | None, version: str = "9.3.1") -> httpx.Response:
    async with wiki.client(None, installation=wiki.installation(version)) as client:
        headers = {"Authorization": authorization} if authorization else {}
        return await client.get(f"{BASE}/rest/api/{path}", headers=headers)


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


@pytest.mark.anyio
@pytest.mark.parametrize("header", ["Bearer alice-personal-access-token", basic("alice:alice-password")])
async def test_a_token_or_a_password_makes_a_known_person(wiki: Wiki, header: str) -> None:
    person = (await ask(wiki, "user/current", header)).json()
    assert (person["type"], person["username"]) == ("known", "alice")
    assert person["userKey"].startswith("8a7f80")


@pytest.mark.anyio
async def test_without_a_credential_the_answer_is_200_and_anonymous(wiki: Wiki) -> None:
    answer = await ask(wiki, "user/current", None)
    assert (answer.status_code, answer.json()["type"]) == (200, "anonymous")
    assert (await ask(wiki, "content", None)).json()["results"] == []


@pytest.mark.anyio
@pytest.mark.parametrize("header", ["Bearer wrong", basic("alice:wrong"), "Basic ???"])
async def test_a_bad_credential_is_401_with_the_reason_in_a_header(wiki: Wiki, header: str) -> None:
    answer = await ask(wiki, "user/current", header)
    assert (answer.status_code, answer.headers["x-seraph-loginreason"]) == (401, "AUTHENTICATED_FAILED")
    assert "AUTHENTICATED_FAILED" in answer.json()["message"]


@pytest.mark.anyio
async def test_a_revoked_token_is_401_from_the_next_request_on(wiki: Wiki) -> None:
    async with wiki.client() as client:
        await read(client, "user/current")
        wiki.accounts.revoke("alice-personal-access-token")
        assert (await client.get(f"{BASE}/rest/api/user/current")).status_code == 401


@pytest.mark.anyio
async def test_before_7_9_a_token_is_unknown_and_its_owner_anonymous(wiki: Wiki) -> None:
    answer = await ask(wiki, "user/current", "Bearer alice-personal-access-token", "7.4.0")
    assert (answer.status_code, answer.json()["type"]) == (200, "anonymous")


@pytest.mark.anyio
async def test_os_auth_type_basic_refuses_anonymous_callers(wiki: Wiki) -> None:
    assert (await ask(wiki, "user/current?os_authType=basic", None)).status_code == 401


@pytest.mark.anyio
async def test_wrong_passwords_end_in_a_captcha(wiki: Wiki) -> None:
    for _ in range(3):
        await ask(wiki, "user/current", basic("bob:wrong"))
    answer = await ask(wiki, "user/current", basic("bob:bob-password"))
    assert (answer.status_code, answer.headers["x-seraph-loginreason"]) == (403, "AUTHENTICATION_DENIED")
    assert answer.headers["x-authentication-denied-reason"].startswith("CAPTCHA_CHALLENGE; login-url=")


@pytest.mark.anyio
async def test_passwords_can_be_switched_off(wiki: Wiki) -> None:
    installation = wiki.installation()
    installation.quirks.basic_auth = False
    async with wiki.client(None, installation=installation) as client:
        refused = await client.get(
            f"{BASE}/rest/api/user/current", headers={"Authorization": basic("alice:alice-password")}
        )
    assert refused.status_code == 403


@pytest.mark.anyio
async def test_a_hidden_page_and_a_missing_one_look_alike(wiki: Wiki) -> None:
    page = wiki.page("Hidden")
    changes.restrict(wiki.site, page, users=(wiki.people["bob"].account_id,))
    async with wiki.client("alice") as client:
        hidden = await client.get(f"{BASE}/rest/api/content/{page.id}")
        missing = await client.get(f"{BASE}/rest/api/content/42")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json()["message"] == f"No content found with id: ContentId{{id={page.id}}}"
    assert missing.json()["reason"] == "Not Found"


@pytest.mark.anyio
async def test_the_login_page_tells_the_version_to_anyone(wiki: Wiki) -> None:
    async with wiki.client(None, installation=wiki.installation("8.5.4")) as client:
        page = await client.get(f"{BASE}/login.action")
    assert '<meta name="ajs-version-number" content="8.5.4">' in page.text
    assert (await ask(wiki, "server-information", None)).status_code == 401


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("content/scan", "7.18.0"),
        ("user/list", "8.0.0"),
        ("space/ENG/permissions", "9.1.0"),
        ("space/ENG/trash", "9.3.0"),
        ("admin/users/list/active", "9.3.0"),
        ("group/engineering/groupancestor", "10.0.3"),
    ],
)
async def test_each_version_has_the_endpoints_of_its_time(wiki: Wiki, path: str, first: str) -> None:
    root = basic("root:root-password")
    releases = ["7.4.0", "7.18.0", "8.0.0", "8.5.4", "9.1.0", "9.2.1", "9.3.0", "10.0.3"]
    statuses = [(await ask(wiki, path, root, version)).status_code for version in releases]
    assert statuses == [404] * releases.index(first) + [200] * (len(releases) - releases.index(first))


@pytest.mark.anyio
async def test_every_answer_names_its_node_and_request(wiki: Wiki) -> None:
    async with wiki.client() as client:
        answers = [await client.get(f"{BASE}/rest/api/{path}") for path in ("user/current", "content/42")]
    assert [answer.headers["x-anodeid"] for answer in answers] == ["node1", "node1"]
    assert len({answer.headers["x-arequestid"] for answer in answers}) == 2


@pytest.mark.anyio
@pytest.mark.parametrize(("header", "named"), [(None, ("anonymous", "OUT")), (TOKEN, ("alice", "OK"))])
@pytest.mark.parametrize(("path", "status"), [("content", 200), ("content/999", 404), ("permissions", 403)])
async def test_each_answer_says_to_whom_it_was_given(
    wiki: Wiki, header: str | None, named: tuple[str, str], path: str, status: int
) -> None:
    answer = await ask(wiki, path, header)
    told = (answer.headers["x-ausername"], answer.headers["x-seraph-loginreason"])
    assert (answer.status_code, told) == (status, named)


@pytest.mark.anyio
async def test_a_proxy_may_take_out_to_whom_an_answer_was_given(wiki: Wiki) -> None:
    installation = wiki.installation()
    installation.quirks.callers_named = False
    async with wiki.client(None, installation=installation) as client:
        answer = await client.get(f"{BASE}/rest/api/content/999")
    assert (answer.status_code, "x-ausername" in answer.headers) == (404, False)


@pytest.mark.anyio
async def test_an_account_is_told_when_its_tokens_expire(wiki: Wiki) -> None:
    async with wiki.client(None) as client:
        path = f"{BASE}/rest/pat/latest/tokens"
        [own] = (await client.get(path, headers={"Authorization": TOKEN})).json()
        assert own["expiringAt"] is None
        assert (await client.get(path)).status_code == 401
