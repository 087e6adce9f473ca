"""What only Cloud has: gateway, folders, search that forgets, roles, guests, and lists of the whole site."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import httpx
import pytest

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.state import Kind as StoredKind
from confluence_emulator.state import changes, membership
from confluence_emulator.state.spaces import ALL_LICENSED, ANONYMOUS, AUTHENTICATED, VIEWER_RIGHTS
from confluence_emulator.state.spaces import Principal as Holder
from confluence_emulator.state.spaces import PrincipalKind as HolderKind
from mainstem.confluence.cloud import Cloud
from mainstem.confluence.cql import quoted
from mainstem.confluence.credentials import EmailToken
from mainstem.confluence.errors import (
    BulkRulesBroken,
    ItemBroken,
    ListingBroken,
    NotVisible,
    RightMissing,
    ScopeMissing,
    ServerBroken,
    SignInRejected,
)
from mainstem.confluence.http import Http
from mainstem.confluence.opening import open_client
from mainstem.confluence.pacing import together
from mainstem.confluence.sign_in import signed_in
from mainstem.wiki.audience import ALL_LICENSED as EVERYONE_LICENSED
from mainstem.wiki.audience import Rules, group, user
from mainstem.wiki.content import Deployment, Kind, Person, Space, Status
from tests.confluence.wikis import CLOUD, Wiki, build_wiki, http_to, says, titles

pytestmark = pytest.mark.anyio


async def test_a_scoped_token_enters_by_the_gateway_and_people_are_sent_to_the_site(cloud: Wiki) -> None:
    cloud.page("Home")
    async with cloud.client(kind=CredentialKind.SCOPED_TOKEN) as client:
        cloud.desk.log.reset()
        assert await titles(client, Kind.PAGE) == ["Home"]
        [space] = await client.spaces()
    assert {entry.path.split("/wiki")[0] for entry in cloud.desk.log.entries} == {
        f"/ex/confluence/{cloud.site.cloud_id}"
    }
    assert client.site_url == f"{CLOUD}/wiki"
    assert space.url.startswith(CLOUD)


async def test_lists_are_followed_to_their_end_through_either_door(cloud: Wiki) -> None:
    for number in range(501):
        cloud.page(f"Page {number}")
    for kind in (CredentialKind.API_TOKEN, CredentialKind.SCOPED_TOKEN):
        async with cloud.client(kind=kind) as client:
            spaces = await client.spaces()
            before = client.traffic.requests
            listing = client.listing(spaces, Kind.PAGE, bodies=True)
            sizes = [len(batch.contents) async for batch in listing]
            assert (sizes, client.traffic.requests - before) == ([250, 250, 1], 3)


@pytest.mark.parametrize("kind", [Kind.FOLDER, Kind.WHITEBOARD, Kind.DATABASE, Kind.EMBED])
async def test_parents_that_no_list_shows_are_read_by_id(cloud: Wiki, kind: Kind) -> None:
    folder = cloud.make(StoredKind(kind), "Drawer")
    page = cloud.page("Inside", parent=folder)
    async with cloud.client() as client:
        [inside] = await client.contents([page.id], Kind.PAGE)
        above = await client.content(folder.id, kind)
    assert (inside.parent_id, inside.parent_kind) == (above.id, kind)
    assert (above.title, above.space_id, above.body) == ("Drawer", cloud.eng.id, None)


async def test_a_comment_is_found_behind_either_route(cloud: Wiki) -> None:
    alice = cloud.people["alice"].account_id
    footer = changes.comment(cloud.site, cloud.page("Home"), alice, "<p>f</p>")
    async with cloud.client() as client:
        assert (await client.content(footer.id, Kind.COMMENT)).body == "<p>f</p>"
        assert [content.id for content in await client.contents([footer.id, "999"], Kind.COMMENT)] == [footer.id]
        with pytest.raises(NotVisible):
            await client.content("999", Kind.COMMENT)


async def test_a_bulk_read_that_fails_as_a_whole_is_read_one_by_one(cloud: Wiki) -> None:
    good, bad = cloud.page("Good"), cloud.page("Bad")
    async with cloud.client() as client:
        cloud.strike("500:path=/v2/pages\\?", f"500:path=/v2/pages/{bad.id}")
        assert [content.title for content in await client.contents([good.id, bad.id], Kind.PAGE)] == ["Good"]
        with pytest.raises(ItemBroken, match="HTTP 500"):
            await client.content(bad.id, Kind.PAGE)
        with pytest.raises(ItemBroken):
            await client.heads([good.id, bad.id], Kind.PAGE)


async def test_a_passing_failure_of_a_bulk_read_is_no_reason_to_read_one_by_one(cloud: Wiki) -> None:
    page = cloud.page("Good")
    async with cloud.client() as client:
        cloud.strike("503:first=1")
        before = client.traffic.requests
        await client.contents([page.id], Kind.PAGE)
        assert client.traffic.requests - before == 2


async def test_a_large_space_is_counted_by_the_index(cloud: Wiki) -> None:
    for number in range(260):
        cloud.page(f"Page {number}")
    async with cloud.client() as client:
        [space] = await client.spaces()
        count = await client.count(space)
    assert not count.exact
    assert abs(count.number - 260) < 10


async def test_bulk_rules_survive_a_search_that_forgets_its_parameters(cloud: Wiki) -> None:
    for number in range(420):
        changes.label(cloud.site, cloud.page(f"Page {number}"), "red")
    async with cloud.client() as client:
        [space] = await client.spaces()
        before = client.traffic.requests
        found = [rules async for batch in client.rules([space], Kind.PAGE) for rules in batch]
        requests = client.traffic.requests - before
    assert len({rules.content_id for rules in found}) == 420
    assert {rules.labels for rules in found} == {("red",)}
    assert requests <= 10


async def test_a_bulk_read_broken_by_one_page_says_so(cloud: Wiki) -> None:
    cloud.page("Home")
    async with cloud.client() as client:
        [space] = await client.spaces()
        cloud.strike("404:path=content/search")
        with pytest.raises(BulkRulesBroken, match="rules of space ENG"):
            [batch async for batch in client.rules([space], Kind.PAGE)]


async def test_a_site_with_roles_is_read_by_roles_too(cloud: Wiki) -> None:
    for holder in (ALL_LICENSED, ANONYMOUS, AUTHENTICATED, Holder(HolderKind.ROLE, "legacy")):
        membership.grant(cloud.site, cloud.eng, holder, VIEWER_RIGHTS)
    async with cloud.client() as client:
        [space] = await client.spaces()
        classic = await client.space_clause(space)
    cloud.site.role_mode = "ROLES"
    async with cloud.client() as client:
        by_role = await client.space_clause(space)
    named = {user(cloud.id_of("alice")), group(cloud.group_id("Engineers / Zürich"))}
    assert classic.principals == named
    assert by_role.principals == named | {EVERYONE_LICENSED}


async def test_a_token_without_scopes_for_permissions_reads_content_and_names_what_it_lacks(cloud: Wiki) -> None:
    cloud.page("Home")
    scopes = {"read:space:confluence", "read:page:confluence", "read:confluence-user"}
    cloud.desk.accounts.issue(CredentialKind.SCOPED_TOKEN, cloud.people["alice"], "few", scopes=frozenset(scopes))
    async with open_client("acme", EmailToken("alice@example.com", "few"), line=cloud.line()) as client:
        [space] = await client.spaces()
        [page] = [each async for batch in client.listing([space], Kind.PAGE, bodies=True) for each in batch.contents]
        assert (await client.space_clause(space)).principals
        with pytest.raises(RightMissing, match="read:user:confluence"):
            await client.people([cloud.id_of("alice")])
        with pytest.raises(RightMissing, match=re.escape("the scope read:confluence-content.all of the token")):
            await client.rules_of(page.id, Kind.PAGE)
        with pytest.raises(RightMissing, match="read:confluence-groups"):
            await client.site_clause()
        with pytest.raises(BulkRulesBroken):
            [batch async for batch in client.rules([space], Kind.PAGE)]
        with pytest.raises(ScopeMissing, match="read:comment:confluence"):
            [batch async for batch in client.listing([space], Kind.COMMENT, bodies=True)]


async def test_the_roles_of_a_site_are_read_once_for_all_its_spaces(cloud: Wiki) -> None:
    cloud.site.role_mode = "ROLES"
    for number in range(5):
        cloud.space(f"S{number}")
    async with cloud.client() as client:
        spaces = await client.spaces()
        await together(client.space_clause(space) for space in spaces)
    assert cloud.desk.log.counts()["GET /wiki/api/v2/space-roles"] == 1


async def test_the_site_is_for_the_groups_with_access_and_for_guests(cloud: Wiki) -> None:
    guests = membership.add_group(cloud.site, "confluence-guests-acme")
    membership.add_group(cloud.site, "my confluence-guests")
    async with cloud.client() as client:
        site = await client.site_clause()
    expected = {cloud.group_id("confluence-users"), cloud.group_id("confluence-administrators"), guests.id}
    assert site.principals == {group(each) for each in expected}


@pytest.mark.parametrize("kind", [CredentialKind.API_TOKEN, CredentialKind.SCOPED_TOKEN])
async def test_spaces_open_to_everyone_are_those_a_visitor_is_listed(kind: CredentialKind) -> None:
    wiki = build_wiki(Deployment.CLOUD, anonymous=True)
    membership.grant(wiki.site, wiki.eng, ANONYMOUS, VIEWER_RIGHTS)
    async with wiki.client(kind=kind) as client:
        wiki.desk.log.reset()
        assert await client.anonymous_spaces() == {wiki.eng.id}
    assert {entry.credential for entry in wiki.desk.log.entries} == {"none"}
    assert {entry.path for entry in wiki.desk.log.entries} == {"/wiki/api/v2/spaces"}


async def test_a_grant_to_everyone_counts_for_nothing_while_the_site_is_closed(cloud: Wiki) -> None:
    membership.grant(cloud.site, cloud.eng, ANONYMOUS, VIEWER_RIGHTS)
    async with cloud.client() as client:
        assert await client.anonymous_spaces() == frozenset()


async def test_a_rejected_token_in_the_midst_of_a_listing_stops_it(cloud: Wiki) -> None:
    for number in range(300):
        cloud.page(f"Page {number}")
    async with cloud.client() as client:
        spaces = await client.spaces()
        cloud.strike("revoke:after=1")
        with pytest.raises(SignInRejected):
            [batch async for batch in client.listing(spaces, Kind.PAGE, bodies=False)]


@pytest.mark.parametrize("kind", [CredentialKind.API_TOKEN, CredentialKind.SCOPED_TOKEN])
async def test_downloads_do_not_carry_the_credential_to_the_media_host(cloud: Wiki, kind: CredentialKind) -> None:
    file = changes.new_file(cloud.site, "text/plain", b"data")
    changes.attach(cloud.site, cloud.page("Home"), cloud.people["alice"].account_id, "a.txt", file)
    async with cloud.client(kind=kind) as client:
        listing = client.listing(await client.spaces(), Kind.ATTACHMENT, bodies=False)
        [attachment] = [content async for batch in listing for content in batch.contents]
        cloud.desk.log.reset()
        assert b"".join([chunk async for chunk in client.download(attachment)]) == b"data"
    assert [entry.credential for entry in cloud.desk.log.entries] == ["basic", "none"]


async def test_members_behind_the_first_page_are_read(cloud: Wiki) -> None:
    crowd = membership.add_group(cloud.site, "crowd")
    for number in range(450):
        membership.join(cloud.site, crowd, membership.add_user(cloud.site, f"U{number}", f"u{number}"))
    async with cloud.client() as client:
        assert len((await client.membership(crowd.id)).people) == 450
        ids = [person.id for person in (await client.membership(crowd.id)).people]
        before = client.traffic.requests
        assert len(await client.people(ids)) == 450
        assert client.traffic.requests - before == 2


async def test_a_group_that_is_gone_is_not_visible(cloud: Wiki) -> None:
    async with cloud.client() as client:
        with pytest.raises(NotVisible):
            await client.membership("no-such-group")


def test_quotes_in_a_space_key_cannot_break_out_of_the_query() -> None:
    assert quoted('a\\"b') == '"a\\\\\\"b"'


async def test_unknown_kinds_of_roles_grant_nothing() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        found = {
            "/wiki/api/v2/space-role-mode": {"mode": "ROLES_TRANSITION"},
            "/wiki/api/v2/space-roles": {"results": [{"id": "r1", "spacePermissions": ["read/space"]}, {"id": "r2"}]},
            "/wiki/api/v2/spaces/1/permissions": {"results": [{"id": "1"}]},
            "/wiki/api/v2/spaces/1/role-assignments": {
                "results": [
                    {"roleId": "r1", "principal": {"principalType": "USER", "principalId": "ada"}},
                    {"roleId": "r1", "principal": {"principalType": "TEAM", "principalId": "x"}},
                    {"roleId": "r2", "principal": {"principalType": "USER", "principalId": "bob"}},
                    {"roleId": "r1", "principal": None},
                ]
            },
        }
        return says(found[request.url.path])

    http: Http = http_to(answer)
    client = Cloud(http, http.endpoint, f"{CLOUD}/wiki", Person("1", "Ann"))
    assert (await client.space_clause(Space("1", "ENG", "Eng"))).principals == {user("ada")}


def purged_and_left_out(*, rejected_after: int | None = None) -> tuple[Cloud, list[str]]:
    """A client whose answers about many leave out everything; ids below 300 are purged, the others are there."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        asked.append(path)
        rejected = rejected_after is not None and len(asked) > rejected_after
        if path.endswith("/user/current"):
            return says({"message": "Forbidden"}, 403) if rejected else says({"type": "known", "accountId": "1"})
        if path.endswith("/pages"):
            return says({"results": [], "_links": {}})
        number = path.rpartition("/")[2]
        if rejected or int(number) < 300:
            return says({"errors": [{"title": "Not Found"}]}, 404)
        return says({"id": number, "title": number, "status": "current", "version": {"number": 1}})

    http = replace(http_to(answer), proof=signed_in)
    return Cloud(http, http.endpoint, f"{CLOUD}/wiki", Person("1", "Ann")), asked


async def test_every_page_that_an_answer_about_many_leaves_out_is_asked_for_itself() -> None:
    client, asked = purged_and_left_out()
    found = await client.heads([str(number) for number in range(600)], Kind.PAGE)
    assert sorted(int(content.id) for content in found) == list(range(300, 600))
    assert sum(path.endswith("/pages") for path in asked) == 3
    assert sum(path.endswith("/user/current") for path in asked) == 2
    assert len(asked) == 600 + 3 + 2


async def test_silence_is_believed_only_if_the_sign_in_is_proved_behind_it() -> None:
    client, _ = purged_and_left_out(rejected_after=100)
    with pytest.raises(SignInRejected):
        await client.heads([str(number) for number in range(600)], Kind.PAGE)


def many_spaces(cloud: Wiki, number: int) -> None:
    for index in range(number):
        space = cloud.space(f"S{index:03}")
        for kind in (StoredKind.PAGE, StoredKind.BLOGPOST):
            changes.create(cloud.site, kind, space, cloud.people["alice"].account_id, changes.Draft(f"{kind} {index}"))


async def test_hundreds_of_small_spaces_are_listed_for_a_few_requests(cloud: Wiki) -> None:
    many_spaces(cloud, 256)
    async with cloud.client() as client:
        spaces = await client.spaces()
        spent = [client.traffic.requests]
        for kind in (Kind.PAGE, Kind.BLOGPOST):
            listing = client.listing(spaces, kind, bodies=False)
            listed = [content async for batch in listing for content in batch.contents]
            spent.append(client.traffic.requests)
            ruled = [rules async for batch in client.rules(spaces, kind) for rules in batch]
            spent.append(client.traffic.requests)
            assert sorted(content.title for content in listed) == sorted(f"{kind} {index}" for index in range(256))
            assert len({content.space_id for content in listed}) == 256
            assert {rules.content_id for rules in ruled} == {content.id for content in listed}
    assert [after - before for before, after in pairwise(spent)] == [3, 6, 3, 6]


async def test_an_archived_space_is_listed_by_itself(cloud: Wiki) -> None:
    many_spaces(cloud, 3)
    async with cloud.client() as client:
        first, *others = await client.spaces()
        cloud.desk.log.reset()
        spaces = [replace(first, status=Status.ARCHIVED), *others]
        [batch async for batch in client.listing(spaces, Kind.PAGE, bodies=False)]
    paths = [entry.path for entry in cloud.desk.log.entries]
    assert paths == ["/wiki/api/v2/pages", f"/wiki/api/v2/spaces/{first.id}/pages"]


async def test_a_listing_of_many_spaces_goes_on_where_it_was_left_and_only_for_the_same_spaces(cloud: Wiki) -> None:
    many_spaces(cloud, 130)
    async with cloud.client() as client:
        spaces = await client.spaces()
        first = await anext(aiter(client.listing(spaces, Kind.PAGE, bodies=False)))
        rest = client.listing(spaces, Kind.PAGE, bodies=False, start=first.cursor)
        titles = [content.title async for batch in rest for content in batch.contents]
        assert len(titles) + len(first.contents) == 130
        with pytest.raises(ListingBroken, match="no longer part of it"):
            [batch async for batch in client.listing(spaces[1:], Kind.PAGE, bodies=False, start=first.cursor)]


async def until_broken(batches: AsyncIterator[Sequence[Rules]]) -> set[str]:
    found: set[str] = set()
    with suppress(BulkRulesBroken, ServerBroken):
        async for batch in batches:
            found |= {rules.content_id for rules in batch}
    return found


@pytest.mark.parametrize(("status", "error"), [(404, BulkRulesBroken), (500, ServerBroken)])
async def test_a_page_that_breaks_the_bulk_rules_of_many_spaces_costs_its_own_space_alone(
    cloud: Wiki, status: int, error: type[Exception]
) -> None:
    many_spaces(cloud, 60)
    async with cloud.client() as client:
        spaces = await client.spaces()
        cloud.strike(f"{status}:path=content/search.*S007")
        assert len(await until_broken(client.rules(spaces, Kind.PAGE))) == 59
        with pytest.raises(error):
            [batch async for batch in client.rules(spaces, Kind.PAGE)]
