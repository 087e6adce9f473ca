"""A client opens by the door that fits, and a wrong address, product or kind of token is named for what it is."""

from contextlib import AsyncExitStack

import httpx
import pytest

from confluence_emulator.accounts import CredentialKind
from mainstem.confluence.client import Confluence
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.confluence.errors import (
    NotConfluence,
    ScopeMissing,
    SignInRejected,
    TokenOnWrongHost,
    Unreachable,
    WrongAddress,
)
from mainstem.confluence.opening import Line, open_client
from mainstem.confluence.pacing import together
from mainstem.errors import MainstemError
from mainstem.wiki.content import Deployment, Kind
from tests.confluence.wikis import CLOUD, SERVER, Answer, SleeplessClock, Wiki, build_wiki, html, round_trips, says

pytestmark = pytest.mark.anyio

SECRET = "t0ps3cret"
EMAIL = EmailToken("alice@example.com", SECRET)
PERSONAL = PersonalToken(SECRET)


async def opened(address: str, credential: Credential, line: Line) -> Confluence:
    async with open_client(address, credential, line=line) as client:
        return client


def made_up(answer: Answer) -> Line:
    return Line(transport=httpx.MockTransport(answer), timing=SleeplessClock().timing())


@pytest.mark.parametrize("address", ["acme", "acme.atlassian.net/wiki/home", f"{CLOUD}/wiki/spaces/ENG/overview"])
async def test_any_address_of_a_cloud_site_opens_it(cloud: Wiki, address: str) -> None:
    assert (await opened(address, cloud.credential(), cloud.line())).site_url == f"{CLOUD}/wiki"


async def test_a_gateway_address_opens_the_site_behind_it(cloud: Wiki) -> None:
    address = f"https://api.atlassian.com/ex/confluence/{cloud.site.cloud_id}"
    client = await opened(address, cloud.credential(kind=CredentialKind.SCOPED_TOKEN), cloud.line())
    assert client.site_url == f"{CLOUD}/wiki"


async def test_a_cloud_site_under_another_host_is_recognised(cloud: Wiki) -> None:
    for address in ("https://docs.example.com/wiki/home", "http://127.0.0.1:8099"):
        assert (await opened(address, cloud.credential(), cloud.line())).deployment is Deployment.CLOUD


async def test_opening_costs_two_requests_at_once_on_cloud(cloud: Wiki) -> None:
    async with round_trips(cloud) as trips:
        client = await opened("acme", cloud.credential(), Line(transport=trips))
    assert (client.traffic.requests, trips.number) == (2, 1)


async def test_a_site_that_was_proved_is_not_asked_again_what_it_is(wiki: Wiki) -> None:
    credential = wiki.credential(kind=CredentialKind.SCOPED_TOKEN)
    first = await opened(wiki.address, credential, wiki.line())
    wiki.desk.log.reset()
    again = open_client(first.api_url, credential, deployment=wiki.deployment, proved=True, line=wiki.line())
    async with again as second:
        assert (second.site_url, second.account) == (first.site_url, first.account)
    assert "none" not in {entry.credential for entry in wiki.desk.log.entries}
    assert second.traffic.requests == (2 if wiki.deployment is Deployment.CLOUD else 4)


async def test_a_proved_cloud_site_under_another_host_is_not_asked_again_what_it_is(cloud: Wiki) -> None:
    line = cloud.line()
    again = open_client("docs.example.com", cloud.credential(), deployment=Deployment.CLOUD, proved=True, line=line)
    async with again as client:
        assert (client.deployment, client.traffic.requests) == (Deployment.CLOUD, 2)


async def test_round_trips_before_the_first_listing_of_a_cloud_site_are_few(cloud: Wiki) -> None:
    cloud.page("Home")
    async with (
        round_trips(cloud) as trips,
        open_client("acme", cloud.credential(), line=Line(transport=trips)) as client,
    ):
        spaces = await client.spaces()
        await together([client.site_clause(), *(client.space_clause(space) for space in spaces)])
        before = trips.number
        [batch async for batch in client.listing(spaces, Kind.PAGE, bodies=True)]
    assert before == 1 + 1 + 1


async def test_any_address_of_a_server_opens_it(datacenter: Wiki) -> None:
    for address in (SERVER, f"{SERVER}/display/ENG/Home", f"{SERVER}/pages/viewpage.action?pageId=1"):
        client = await opened(address, datacenter.credential(), datacenter.line())
        assert (client.deployment, client.site_url) == (Deployment.DATA_CENTER, SERVER)


async def test_no_credential_is_sent_before_confluence_is_recognised(datacenter: Wiki) -> None:
    await opened(SERVER, datacenter.credential(), datacenter.line())
    first = [entry.credential for entry in datacenter.desk.log.entries[:2]]
    assert first == ["none", "none"]


@pytest.mark.parametrize("credential", [PERSONAL, UserPassword("alice", SECRET)])
async def test_a_servers_credential_is_refused_for_cloud_without_being_sent(
    cloud: Wiki, credential: Credential
) -> None:
    with pytest.raises(TokenOnWrongHost, match="Cloud takes"):
        await opened("acme", credential, cloud.line())
    assert cloud.desk.log.entries == []
    with pytest.raises(TokenOnWrongHost, match="Cloud takes"):
        await opened("docs.example.com/wiki", credential, cloud.line())
    assert {entry.credential for entry in cloud.desk.log.entries} == {"none"}


async def test_a_cloud_token_is_refused_for_a_server_without_being_sent(datacenter: Wiki) -> None:
    with pytest.raises(TokenOnWrongHost, match="Data Center takes"):
        await opened(SERVER, EMAIL, datacenter.line())
    assert {entry.credential for entry in datacenter.desk.log.entries} == {"none"}


@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize("deployment", list(Deployment))
async def test_a_wrong_token_is_rejected_also_where_the_site_is_open(deployment: Deployment, anonymous: bool) -> None:
    wiki = build_wiki(deployment, anonymous=anonymous)
    wrong: Credential = EMAIL if deployment is Deployment.CLOUD else PERSONAL
    with pytest.raises(SignInRejected) as rejected:
        await opened(wiki.address, wrong, wiki.line())
    assert SECRET not in f"{rejected.value} {rejected.value!r}"


async def test_a_scoped_token_without_the_scopes_is_told_so(cloud: Wiki) -> None:
    cloud.desk.accounts.issue(CredentialKind.SCOPED_TOKEN, cloud.people["alice"], SECRET, scopes=frozenset())
    with pytest.raises(ScopeMissing):
        await opened("acme", EMAIL, cloud.line())


async def test_a_site_that_does_not_exist_is_a_wrong_address() -> None:
    missing = html("Your Atlassian Cloud site is currently unavailable.", 404)
    with pytest.raises(WrongAddress, match="no such site"):
        await opened("acmee", EMAIL, made_up(lambda _: missing))


NOTHING_THERE: list[httpx.Response] = [
    html("<h1>Our intranet</h1>"),
    html("nothing here", 404),
    says({"products": ["jira"]}),
    says({"message": "no"}, 404),
    httpx.Response(302, headers={"location": "https://sso.example.com/login"}),
]


@pytest.mark.parametrize("response", NOTHING_THERE, ids=lambda response: response.text[:20] or "redirect")
async def test_what_gives_none_of_confluences_answers_is_not_confluence(response: httpx.Response) -> None:
    with pytest.raises(NotConfluence):
        await opened("intranet.example.com", EMAIL, made_up(lambda _: response))


async def test_a_server_that_hides_itself_from_visitors_is_tried_with_its_own_kind_of_token() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "authorization" not in request.headers:
            return httpx.Response(302, headers={"location": "https://sso.example.com/login"})
        known = {
            "/rest/api/user/current": {"type": "known", "userKey": "8a", "username": "ada", "displayName": "Ada"},
            "/rest/api/space": {"results": [], "_links": {"base": "https://wiki.example.com"}},
            "/rest/api/server-information": {"version": "9.2.1"},
        }
        return says(known.get(request.url.path, {}), 200 if request.url.path in known else 404)

    client = await opened("wiki.example.com", PERSONAL, made_up(answer))
    assert (await client.server()).version == "9.2.1"


async def test_an_old_server_is_recognised_by_its_sign_in_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/login.action":
            return html('<meta name="ajs-version-number" content="7.4.0">')
        if "authorization" in request.headers:
            known = {"type": "known", "userKey": "8a", "username": "ada", "results": [], "_links": {}}
            return says(known) if request.url.path != "/rest/api/server-information" else says({}, 404)
        return says({}, 404)

    client = await opened("wiki.example.com", UserPassword("ada", SECRET), made_up(answer))
    assert ((await client.server()).version, client.site_url) == ("7.4.0", "https://wiki.example.com")


@pytest.mark.parametrize(
    ("status", "current"), [(200, {"type": "anonymous"}), (403, {"message": "no"}), (404, {"message": "no"})]
)
async def test_a_server_that_names_no_account_rejects_the_sign_in(status: int, current: dict[str, str]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/rest/api/server-information":
            return says({"version": "9.2.1"})
        return says(current, status) if request.url.path == "/rest/api/user/current" else says({}, 404)

    with pytest.raises(SignInRejected) as rejected:
        await opened("wiki.example.com", PERSONAL, made_up(answer))
    assert rejected.value.status == status


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.ProxyError("no")])
async def test_a_host_that_does_not_answer_is_unreachable(error: Exception) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    for address in ("acme", "https://wiki.example.com/confluence"):
        with pytest.raises(Unreachable) as unreachable:
            await opened(address, EMAIL, made_up(answer))
        assert isinstance(unreachable.value, MainstemError)
        assert str(unreachable.value).startswith(f"{address} could not be reached (")


async def test_no_session_cookie_is_kept_so_each_answer_proves_the_token_anew() -> None:
    sent: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("cookie"))
        content = {"type": "known", "accountId": "ada", "cloudId": "c", "results": [], "_links": {}}
        return says(content, Set_Cookie="JSESSIONID=1; Path=/")

    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(open_client("acme", EMAIL, line=made_up(answer)))
        await client.spaces()
    assert set(sent) == {None}
