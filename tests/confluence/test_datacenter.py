"""What only Data Center and Server have: versions, groups in groups, remote API, quirks of long lists."""

from dataclasses import replace

import httpx
import pytest

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.state import Content as Stored
from confluence_emulator.state import Status as StoredStatus
from confluence_emulator.state import changes, membership
from confluence_emulator.state.spaces import ANONYMOUS, VIEWER_RIGHTS
from mainstem.confluence.client import Confluence
from mainstem.confluence.credentials import PersonalToken, UserPassword
from mainstem.confluence.datacenter import DataCenter
from mainstem.confluence.datacenter_audience import Served
from mainstem.confluence.errors import Blocked, ItemBroken, ListingBroken, NotVisible, RightMissing, SignInRejected
from mainstem.confluence.opening import open_client
from mainstem.errors import SkipItem
from mainstem.wiki.audience import ALL_LICENSED, Clause, Rules, group, user
from mainstem.wiki.content import Deployment, Group, Kind, Person, Space, Status
from tests.confluence.wikis import SERVER, Wiki, build_wiki, http_to, in_turn, says, titles

pytestmark = pytest.mark.anyio


def datacenter(version: str) -> Wiki:
    return build_wiki(Deployment.DATA_CENTER, version=version)


async def space_clause(client: Confluence) -> Clause:
    [space] = await client.spaces(["ENG"])
    return await client.space_clause(space)


@pytest.mark.parametrize("version", ["7.9.3", "7.19.0", "8.5.4", "9.2.1", "10.0.3"])
async def test_each_version_gives_the_same_content_and_the_same_readers(version: str) -> None:
    wiki = datacenter(version)
    home = wiki.page("Home")
    wiki.page("Plans", parent=home)
    changes.comment(wiki.site, home, wiki.people["alice"].account_id, "<p>well</p>")
    async with wiki.client() as client:
        assert (await client.server()).version == version
        assert sorted(await titles(client, Kind.PAGE, bodies=True)) == ["Home", "Plans"]
        assert await titles(client, Kind.COMMENT) == ["Re: Home"]
        clause = await space_clause(client)
    assert clause.principals == {user(wiki.id_of("alice")), group("engineers / zürich")}


async def test_a_listing_from_the_search_index_is_not_authoritative() -> None:
    wiki = datacenter("9.2.1")
    old = datacenter("7.9.3")
    async with wiki.client() as client, old.client() as older:
        assert client.listing([], Kind.PAGE, bodies=False).authoritative
        assert older.listing([], Kind.PAGE, bodies=False).authoritative
        assert client.listing([], Kind.COMMENT, bodies=False).authoritative
        assert not client.listing([], Kind.ATTACHMENT, bodies=False).authoritative


@pytest.mark.parametrize("version", ["7.9.3", "9.2.1"])
@pytest.mark.parametrize("quirk", ["endless_next", "repeat_last_page", "undercounted_spaces"])
async def test_long_lists_end_and_are_whole_whatever_the_server_links_to(version: str, quirk: str) -> None:
    wiki = datacenter(version)
    setattr(wiki.desk.quirks, quirk, True)
    wanted = [wiki.page(f"Page {number:03}").title for number in range(230)]
    keys = {wiki.space(f"S{number}").key for number in range(230)} | {"ENG"}
    async with wiki.client() as client:
        assert {space.key for space in await client.spaces()} == keys
        listing = client.listing(await client.spaces(["ENG"]), Kind.PAGE, bodies=True)
        found = [content.title async for batch in listing for content in batch.contents]
    assert sorted(set(found)) == wanted


async def test_whoever_may_not_read_space_permissions_is_told_the_right_at_once() -> None:
    wiki = datacenter("9.2.1")
    async with wiki.client("bob") as client:
        with pytest.raises(RightMissing, match="administrator of the space"):
            await space_clause(client)
    assert wiki.clock.slept == []


@pytest.mark.parametrize("switch", ["websudo", "remote_api"])
async def test_a_remote_api_that_is_off_or_asks_for_a_password_is_a_missing_right(switch: str) -> None:
    wiki = datacenter("8.5.4")
    setattr(wiki.desk.quirks, switch, switch == "websudo")
    async with wiki.client("root") as client:
        with pytest.raises(RightMissing, match="administrator of the space"):
            await space_clause(client)


async def test_people_named_by_the_remote_api_are_looked_up_once() -> None:
    wiki = datacenter("8.5.4")
    wiki.space("TWO")
    async with wiki.client("root") as client:
        clauses = [await client.space_clause(space) for space in await client.spaces()]
    assert all(user(wiki.id_of("alice")) in clause.principals for clause in clauses if clause.principals)
    assert sum("username=alice" in entry.query for entry in wiki.desk.log.entries) == 1


@pytest.mark.parametrize("who", ["alice", "root"])
async def test_where_the_version_does_not_tell_the_site_is_for_everyone_with_a_licence(who: str) -> None:
    async with datacenter("8.5.4").client(who) as client:
        assert await client.site_clause() == Clause(frozenset({ALL_LICENSED}))


@pytest.mark.parametrize("refusal", ["403", "500"])
async def test_who_may_use_the_site_is_not_guessed_where_the_account_may_not_read_it(refusal: str) -> None:
    wiki = datacenter("9.2.1")
    async with wiki.client("root") as client:
        wiki.strike(f"{refusal}:path=/api/permissions")
        with pytest.raises(RightMissing, match="global permissions; give it the right: Confluence administrator"):
            await client.site_clause()
    async with wiki.client("alice") as client:
        wiki.strike()
        with pytest.raises(RightMissing):
            await client.site_clause()
    assert wiki.clock.slept == []


@pytest.mark.parametrize("status", [404, 405])
async def test_a_version_that_serves_permissions_is_not_taken_for_one_that_does_not(status: int) -> None:
    old, new = datacenter("9.0.1"), datacenter("10.0.3")
    async with old.client() as client:
        old.strike(f"{status}:path=/api/permissions")
        assert await client.site_clause() == Clause(frozenset({ALL_LICENSED}))
    async with new.client() as client:
        new.strike(f"{status}:path=/api/permissions")
        with pytest.raises(SkipItem):
            await client.site_clause()


async def test_an_administrator_is_told_the_groups_that_may_use_the_site() -> None:
    async with datacenter("10.0.3").client("root") as client:
        site = await client.site_clause()
    assert site.principals == {group("confluence-users"), group("confluence-administrators")}


async def test_groups_in_groups_are_named() -> None:
    wiki = datacenter("9.2.1")
    outer = membership.add_group(wiki.site, "Outer")
    inner = wiki.site.group_by_name("Engineers / Zürich")
    assert inner is not None
    membership.join(wiki.site, outer, inner)
    async with wiki.client("root") as client:
        found = await client.membership("outer")
    assert (found.people, found.groups) == ((), (Group("engineers / zürich", "Engineers / Zürich"),))


async def test_members_are_told_to_administrators_alone() -> None:
    async with datacenter("9.2.1").client("bob") as client:
        with pytest.raises(RightMissing, match="Confluence administrator"):
            await client.membership("confluence-users")


async def test_spaces_open_to_everyone_are_those_a_visitor_is_listed() -> None:
    wiki = build_wiki(Deployment.DATA_CENTER, anonymous=True)
    membership.grant(wiki.site, wiki.eng, ANONYMOUS, VIEWER_RIGHTS)
    async with wiki.client() as client:
        [space] = await client.spaces()
        assert await client.anonymous_spaces() == {space.id}
        assert await client.space_clause(space) == await space_clause(client)


async def test_user_and_password_sign_in_too() -> None:
    wiki = datacenter("7.4.0")
    credential = UserPassword("alice", f"alice-{CredentialKind.PASSWORD}")
    async with open_client(SERVER, credential, line=wiki.line()) as client:
        person = await client.current_person()
    assert (person.username, person.id) == ("alice", wiki.id_of("alice"))


async def test_a_picture_puzzle_after_failed_sign_ins_is_a_block() -> None:
    wiki = datacenter("9.2.1")
    wiki.desk.accounts.failures["alice"] = 9
    credential = UserPassword("alice", f"alice-{CredentialKind.PASSWORD}")
    with pytest.raises(Blocked, match="picture puzzle"):
        async with open_client(SERVER, credential, line=wiki.line()):
            pass


async def test_a_blocked_account_is_not_waited_for() -> None:
    wiki = datacenter("9.2.1")
    async with wiki.client() as client:
        wiki.strike("blocked")
        with pytest.raises(Blocked):
            await client.spaces()
    assert wiki.clock.slept == []


async def test_an_empty_bucket_is_waited_out() -> None:
    wiki = datacenter("9.2.1")
    wiki.page("Home")
    async with wiki.client() as client:
        wiki.strike("bucket:limit=1,seconds=5")
        assert await titles(client, Kind.PAGE) == ["Home"]
    assert wiki.clock.slept


async def test_a_page_whose_place_is_not_told_is_refused_for_restrictions_above_it_would_be_lost() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return says({"results": [{"id": "1", "type": "page", "title": "Orphan", "status": "current"}], "_links": {}})

    client = DataCenter(http_to(answer), Served(scan=True, archived=True), SERVER, "9.2.1", Person("1", "Ann"))
    with pytest.raises(ListingBroken, match="place in the tree"):
        [batch async for batch in client.listing([Space("1", "ENG", "Eng")], Kind.PAGE, bodies=False)]


async def test_a_server_that_knows_no_archived_pages_is_not_asked_for_them() -> None:
    wiki = datacenter("7.19.0")
    wiki.page("Home")
    wiki.strike("400:path=status=archived")
    async with wiki.client() as client:
        wiki.desk.log.reset()
        assert await titles(client, Kind.PAGE) == ["Home"]
    assert not any("archived" in entry.query for entry in wiki.desk.log.entries)


async def rules_of(wiki: Wiki, page: Stored) -> tuple[Rules, int]:
    """The rules of one page, and how many requests they took."""
    async with wiki.client() as client:
        before = client.traffic.requests
        return await client.rules_of(page.id, Kind.PAGE), client.traffic.requests - before


async def test_the_rules_of_one_page_take_one_request_and_more_only_where_a_list_is_longer_than_its_answer() -> None:
    wiki = datacenter("9.2.1")
    plain, labelled, crowded = wiki.page("Plain"), wiki.page("Labelled"), wiki.page("Crowded")
    for number in range(230):
        changes.label(wiki.site, labelled, f"label-{number}")
    crowd = [membership.add_user(wiki.site, f"P{number}", f"p{number}").account_id for number in range(430)]
    changes.restrict(wiki.site, crowded, users=(*crowd, wiki.people["alice"].account_id))
    assert await rules_of(wiki, plain) == (Rules(plain.id), 1)
    rules, requests = await rules_of(wiki, labelled)
    assert (len(rules.labels), requests) == (230, 1 + 2)
    rules, requests = await rules_of(wiki, crowded)
    assert rules.restriction is not None
    assert (len(rules.restriction.principals), requests) == (431, 1 + 3)


async def test_an_archived_page_whose_restriction_is_longer_than_its_answer_stays_unread() -> None:
    wiki = datacenter("9.2.1")
    page = wiki.page("Crowded")
    crowd = [membership.add_user(wiki.site, f"P{number}", f"p{number}").account_id for number in range(230)]
    changes.restrict(wiki.site, page, users=(wiki.people["alice"].account_id, *crowd))
    changes.archive(wiki.site, page)
    with pytest.raises(NotVisible):
        await rules_of(wiki, page)


@pytest.mark.parametrize("status", [Status.TRASHED, Status.DRAFT])
async def test_what_nobody_else_can_open_has_no_rules_even_if_it_is_shown_to_this_account(status: Status) -> None:
    wiki = datacenter("9.2.1")
    page = wiki.page("Not there")
    page.status = StoredStatus(status)
    async with wiki.client() as client:
        assert (await client.content(page.id, Kind.PAGE)).status is status
        with pytest.raises(NotVisible):
            await client.rules_of(page.id, Kind.PAGE)


@pytest.mark.parametrize("told", [{}, {"restrictions": {"read": {"restrictions": {}}}}])
async def test_a_page_whose_restriction_is_not_told_has_no_rules(told: dict[str, object]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        alone = request.url.path.endswith("/read")
        return says(
            {"id": "1", "status": "current", "metadata": {"labels": {"results": []}}, **({} if alone else told)}
        )

    client = DataCenter(http_to(answer), Served(scan=True, archived=True), SERVER, "9.2.1", Person("1", "Ann"))
    with pytest.raises(ItemBroken, match="was not told"):
        await client.rules_of("1", Kind.PAGE)


async def test_a_page_on_which_the_server_fails_is_one_broken_item_and_not_absent() -> None:
    wiki = datacenter("9.2.1")
    good, bad = wiki.page("Good"), wiki.page("Bad")
    async with wiki.client() as client:
        wiki.strike(f"500:path=/content/{bad.id}")
        assert [content.title for content in await client.contents([good.id, bad.id], Kind.PAGE)] == ["Good"]
        with pytest.raises(ItemBroken, match="HTTP 500"):
            await client.heads([good.id, bad.id], Kind.PAGE)


async def test_keys_in_another_case_are_found_where_the_servers_filter_is_strict() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        found = [] if "spaceKey" in request.url.params else [{"id": 7, "key": "ENG", "name": "Eng"}]
        return says({"results": found, "_links": {}})

    client = DataCenter(http_to(answer), Served(scan=True, archived=True), SERVER, "9.2.1", Person("1", "Ann"))
    assert [(space.id, space.key) for space in await client.spaces(["eng"])] == [("7", "ENG")]
    assert await client.spaces([]) == []


@pytest.mark.parametrize("listed", [{"results": []}, "no list"])
async def test_grants_of_a_form_never_seen_are_a_missing_right_not_an_empty_list(listed: object) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        known = {"type": "known", "userKey": "8a"}
        return says(known if request.url.path.endswith("/user/current") else listed)

    client = DataCenter(http_to(answer), Served(scan=True, archived=True), SERVER, "9.2.1", Person("1", "Ann"))
    with pytest.raises(RightMissing):
        await client.space_clause(Space("1", "ENG", "Eng"))
    with pytest.raises(SkipItem):
        await client.site_clause()


@pytest.mark.parametrize("path", ["", "/content/"])
async def test_a_sign_in_dropped_while_absent_pages_are_asked_for_proves_no_absence(path: str) -> None:
    wiki = datacenter("9.2.1")
    ids = [wiki.page(f"Page {number}").id for number in range(15)]
    async with wiki.client() as client:
        wiki.strike(f"anonymous:after=3,path={path}")
        with pytest.raises(SignInRejected):
            await client.heads(ids, Kind.PAGE)


async def test_absence_is_believed_after_a_new_proof_where_answers_do_not_say_to_whom_they_were_given() -> None:
    wiki = datacenter("9.2.1")
    wiki.desk.quirks.callers_named = False
    page = wiki.page("There")
    async with wiki.client() as client:
        wiki.desk.log.reset()
        assert [content.id for content in await client.heads([page.id, "999"], Kind.PAGE)] == [page.id]
        assert wiki.desk.log.entries[-1].path.endswith("/user/current")
        wiki.strike("anonymous")
        with pytest.raises(SignInRejected):
            await client.heads([page.id], Kind.PAGE)


@pytest.mark.parametrize("first", [0, 1])
async def test_a_download_as_a_visitor_is_a_rejected_sign_in_not_a_file(first: int) -> None:
    answers = [httpx.Response(302, headers={"location": "/wiki/login.action?os_destination=x"})] * first
    page = httpx.Response(200, text="<title>Log in</title>", headers={"x-ausername": "anonymous"})
    http = replace(http_to(in_turn(*answers, page)), credential=PersonalToken("t"))
    with pytest.raises(SignInRejected):
        [chunk async for chunk in http.stream("/download/attachments/1/a.txt", item="file a.txt")]


@pytest.mark.parametrize(
    ("who", "version", "requests"), [("root", "9.2.1", 2), ("alice", "9.2.1", 1 + 1 + 40), ("root", "7.19.0", 1 + 40)]
)
async def test_many_people_are_read_from_the_list_of_all_where_it_is_served(
    who: str, version: str, requests: int
) -> None:
    wiki = datacenter(version)
    crowd = [membership.add_user(wiki.site, f"P{number}", f"p{number}") for number in range(110)]
    crowd[69].active = False
    async with wiki.client(who) as client:
        before = client.traffic.requests
        found = await client.people([user.user_key for user in crowd[60:100]])
        assert client.traffic.requests - before == requests
    assert [person.username for person in found if not person.active] == ["p69"]
    assert len(found) == 40


async def test_a_short_question_does_not_read_a_long_list_of_all_people() -> None:
    wiki = datacenter("9.2.1")
    crowd = [membership.add_user(wiki.site, f"P{number:04}", f"p{number:04}") for number in range(1500)]
    async with wiki.client("root") as client:
        before = client.traffic.requests
        assert len(await client.people([user.user_key for user in crowd[-20:]])) == 20
        assert client.traffic.requests - before == 10 + 20


async def test_whom_the_list_of_all_people_leaves_out_is_asked_for_by_name() -> None:
    wiki = datacenter("9.2.1")
    crowd = [membership.add_user(wiki.site, f"P{number}", f"p{number}").user_key for number in range(40)]
    async with wiki.client("root") as client:
        wiki.strike("empty:path=/user/list")
        assert [person.id for person in await client.people(crowd)] == crowd


async def test_a_version_that_does_not_tell_who_was_deactivated_is_said_to() -> None:
    wiki = datacenter("9.2.1")
    wiki.desk.quirks.statuses_told = False
    wiki.people["bob"].active = False
    async with wiki.client() as client:
        assert not await client.tells_deactivation()
        assert [person.active for person in await client.people([wiki.id_of("bob")])] == [True]
