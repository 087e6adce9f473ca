"""The test of a connection: named checks in order, each failure with causes, fixes and the field to change."""

import ssl
from datetime import date, timedelta

import httpx
import pytest

from confluence_emulator.accounts import READ_SCOPES, CredentialKind
from mainstem.confluence.catalogue import Field
from mainstem.confluence.checks import STEPS, CheckResult, State, run_checks
from mainstem.confluence.credentials import EmailToken, PersonalToken
from mainstem.confluence.opening import Line
from mainstem.wiki.content import Deployment
from tests.confluence.wikis import SleeplessClock, Wiki, build_wiki, html

pytestmark = pytest.mark.anyio


async def checks(wiki: Wiki, name: str = "alice", keys: list[str] | None = None) -> dict[str, CheckResult]:
    credential = wiki.credential(name)
    return {result.name: result async for result in run_checks(wiki.address, credential, keys, line=wiki.line())}


async def test_a_sound_connection_passes_each_check_and_counts_its_pages(wiki: Wiki) -> None:
    for number in range(3):
        wiki.page(f"Page {number}")
    wiki.space("TWO")
    found = await checks(wiki, "root" if wiki.address.endswith("confluence") else "alice", ["ENG"])
    assert list(found) == list(STEPS)
    assert {name: result.state for name, result in found.items() if result.state is not State.OK} == {}
    assert found["pages"].detail.startswith("Connection successful, found ")
    assert found["pages"].detail.endswith("3 pages")
    assert [(space.key, count.number) for space, count in found["pages"].counts] == [("ENG", 3)]


async def test_all_visible_spaces_are_counted_when_none_is_chosen(cloud: Wiki) -> None:
    cloud.space("TWO")
    found = await checks(cloud)
    assert {space.key for space, _ in found["pages"].counts} == {"ENG", "TWO"}
    assert found["list spaces"].detail == "2 of 2 visible spaces are in scope"


async def test_a_wrong_token_fails_the_sign_in_and_skips_the_rest(cloud: Wiki) -> None:
    wrong = EmailToken("alice@example.com", "t0ps3cret")
    found = {result.name: result async for result in run_checks("acme", wrong, line=cloud.line())}
    failed = found["sign in"]
    assert (found["reach"].state, found["TLS"].state, failed.state) == (State.OK, State.OK, State.FAILED)
    assert failed.field is Field.TOKEN
    assert failed.causes
    assert failed.fixes
    assert {found[name].state for name in list(STEPS)[3:]} == {State.SKIPPED}
    assert "t0ps3cret" not in str(found)


async def test_a_token_of_another_kind_is_told_from_a_wrong_one(cloud: Wiki) -> None:
    found = {result.name: result async for result in run_checks("acme", PersonalToken("x"), line=cloud.line())}
    assert found["sign in"].field is Field.SIGN_IN
    assert "kind of token" in found["sign in"].detail


async def test_an_unknown_space_is_named_with_the_near_one(cloud: Wiki) -> None:
    found = await checks(cloud, keys=["EMG"])
    assert found["list spaces"].state is State.FAILED
    assert "did you mean ENG?" in found["list spaces"].detail
    assert found["list spaces"].field is Field.SPACES


async def test_what_is_off_for_lack_of_rights_is_named_and_content_still_counted(datacenter: Wiki) -> None:
    datacenter.page("Home")
    found = await checks(datacenter, "bob")
    assert found["rights"].state is State.WARNED
    assert "permissions of spaces (needs: administrator of the space)" in found["rights"].detail
    assert "who may use the site (needs: Confluence administrator)" in found["rights"].detail
    assert found["pages"].state is State.OK


async def test_what_a_version_does_not_tell_of_rights_is_a_finding_with_its_assumption() -> None:
    old = build_wiki(Deployment.DATA_CENTER, version="8.5.4")
    old.page("Home")
    old.desk.quirks.statuses_told = False
    found = await checks(old, "root")
    assert found["rights"].state is State.WARNED
    assert "does not tell who may use the site, so everyone with a licence is taken to" in found["rights"].detail
    assert "does not tell who was deactivated" in found["rights"].detail
    assert any("Upgrade Confluence" in fix for fix in found["rights"].fixes)
    assert "lack of rights" not in found["rights"].detail


async def test_members_are_probed_where_only_a_space_names_groups() -> None:
    old = build_wiki(Deployment.DATA_CENTER, version="8.5.4")
    found = await checks(old, "alice")
    assert "members of groups (needs: Confluence administrator)" in found["rights"].detail
    assert found["rights"].field is Field.SIGN_IN


async def test_a_scope_that_is_missing_is_a_right_that_is_off(cloud: Wiki) -> None:
    cloud.page("Home")
    scopes = {"read:space:confluence", "read:page:confluence", "read:confluence-user", "search:confluence"}
    cloud.desk.accounts.issue(CredentialKind.SCOPED_TOKEN, cloud.people["alice"], "few", scopes=frozenset(scopes))
    credential = EmailToken("alice@example.com", "few")
    found = {result.name: result async for result in run_checks("acme", credential, line=cloud.line())}
    assert found["rights"].state is State.WARNED
    assert "view restrictions of pages" in found["rights"].detail
    assert found["pages"].state is State.OK


async def test_throttling_during_the_test_is_a_warning(cloud: Wiki) -> None:
    cloud.strike("429:every=4,retry_after=2")
    found = await checks(cloud)
    assert found["rate limit"].state is State.WARNED
    assert found["rate limit"].field is Field.SCHEDULE
    assert found["pages"].state is State.OK


async def test_an_untrusted_certificate_reaches_the_host_but_fails_tls() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        untrusted = ssl.SSLCertVerificationError(1, "certificate verify failed")
        untrusted.verify_message = "self-signed certificate"
        raise httpx.ConnectError("failed") from untrusted

    line = Line(transport=httpx.MockTransport(answer), timing=SleeplessClock().timing())
    found = {result.name: result async for result in run_checks("acme", PersonalToken("x"), line=line)}
    assert (found["reach"].state, found["TLS"].state) == (State.OK, State.FAILED)
    assert "self-signed certificate" in found["TLS"].detail


@pytest.mark.parametrize(
    ("address", "text"),
    [("http://wiki.example.com", "not encrypted"), ("intranet.example.com", "not Confluence"), ("", "no Confluence")],
)
async def test_a_wrong_address_fails_at_once(address: str, text: str) -> None:
    line = Line(transport=httpx.MockTransport(lambda _: html("hello")), timing=SleeplessClock().timing())
    found = [result async for result in run_checks(address, EmailToken("a@example.com", "x"), line=line)]
    assert (found[0].state, found[0].field) == (State.FAILED, Field.ADDRESS)
    assert text in found[0].detail


async def test_this_machine_needs_no_certificate(cloud: Wiki) -> None:
    run = run_checks("http://127.0.0.1:8099", cloud.credential(), line=cloud.line())
    found = {result.name: result async for result in run}
    assert found["TLS"].state is State.SKIPPED
    assert found["pages"].state is State.OK


async def test_a_host_that_does_not_answer_is_named_as_it_was_typed() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("slow")

    clock = SleeplessClock()
    line = Line(transport=httpx.MockTransport(answer), timing=clock.timing())
    found = [result async for result in run_checks("acme", PersonalToken("x"), line=line)]
    assert found[0].detail.startswith("acme could not be reached (")
    assert sum(clock.slept) < 5, "somebody waits for it"


async def test_the_scopes_that_a_token_lacks_are_named_with_what_needs_them(cloud: Wiki) -> None:
    some = READ_SCOPES - {"read:comment:confluence", "read:confluence-groups"}
    cloud.desk.accounts.issue(CredentialKind.SCOPED_TOKEN, cloud.people["alice"], "narrow", scopes=some)
    for secret, lacking in (("narrow", True), ("alice-scoped-token", False)):
        credential = EmailToken("alice@example.com", secret)
        found = {result.name: result async for result in run_checks("acme", credential, line=cloud.line())}
        said = (
            "the token lacks scopes for comments (read:comment:confluence); people and groups (read:confluence-groups)"
        )
        assert (said in found["rights"].detail) == lacking
        assert (found["rights"].field is Field.TOKEN) == lacking
        assert found["pages"].state is State.OK


async def test_when_a_token_expires_is_asked_where_confluence_tells_and_else_unknown(datacenter: Wiki) -> None:
    alice, accounts = datacenter.people["alice"], datacenter.desk.accounts
    accounts.revoke("alice-personal-access-token")
    accounts.issue(CredentialKind.PERSONAL_ACCESS_TOKEN, alice, "lasting", expires_in=timedelta(days=30))

    async def told() -> CheckResult:
        checking = run_checks(datacenter.address, PersonalToken("lasting"), line=datacenter.line())
        return {result.name: result async for result in checking}["sign in"]

    assert ((await told()).expires, (await told()).detail) == (
        date(2026, 3, 31),
        "signed in as Alice; the token expires on 31 March 2026",
    )
    # Nothing tells which of two tokens this is.
    accounts.issue(CredentialKind.PERSONAL_ACCESS_TOKEN, alice, "another", expires_in=timedelta(days=9))
    assert (await told()).expires is None
    datacenter.strike("404:path=/rest/pat/")
    assert ((await told()).state, (await told()).expires) == (State.OK, None)
