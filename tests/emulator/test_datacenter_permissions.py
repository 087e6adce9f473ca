"""Who may see what on Data Center, and the three ways in which it tells so."""

from typing import Any

import httpx
import pytest

from confluence_emulator.state import changes, membership
from confluence_emulator.state.spaces import ALL_LICENSED, ANONYMOUS, VIEWER_RIGHTS
from tests.emulator.datacenter_wiki import BASE, Wiki, build_wiki, read, read_all, segment

RPC = f"{BASE}/rpc/json-rpc/confluenceservice-v2"


@pytest.fixture
def wiki() -> Wiki:
    return build_wiki()


async def permission_sets(client: httpx.AsyncClient, key: str = "ENG") -> httpx.Response:
    call = {"jsonrpc": "2.0", "method": "getSpacePermissionSets", "params": [key], "id": 1}
    return await client.post(RPC, json=call)


def granted(rows: list[Any], operation: str = "read") -> set[str]:
    return {row["subject"]["displayName"] for row in rows if row["operation"]["operationKey"] == operation}


@pytest.mark.anyio
async def test_the_super_group_sees_through_every_restriction_and_other_administrators_do_not(wiki: Wiki) -> None:
    page = wiki.page("Only Bob")
    changes.restrict(wiki.site, page, users=(wiki.people["bob"].account_id,))
    seen = {}
    for name in ("alice", "bob", "charlie", "root"):
        async with wiki.client(name) as client:
            answer = await client.get(f"{BASE}/rest/api/content/{page.id}")
            hits = await read(client, "content/search", cql=f"id = {page.id}")
            seen[name] = (answer.status_code, hits["size"])
    assert seen == {"alice": (404, 0), "bob": (200, 1), "charlie": (404, 0), "root": (200, 1)}


@pytest.mark.anyio
async def test_restricted_ancestors_with_disjoint_readers_leave_nobody(wiki: Wiki) -> None:
    top = wiki.page("Top")
    leaf = wiki.page("Leaf", parent=wiki.page("Middle", parent=top))
    changes.restrict(wiki.site, top, users=(wiki.people["alice"].account_id,))
    changes.restrict(wiki.site, leaf, users=(wiki.people["bob"].account_id,))
    for name in ("alice", "bob"):
        async with wiki.client(name) as client:
            assert (await client.get(f"{BASE}/rest/api/content/{leaf.id}")).status_code == 404
    async with wiki.client("root") as client:
        told = await read(client, f"content/{leaf.id}/restriction/relevantViewRestrictions")
    assert [each["content"]["title"] for each in told["viewContentRestrictions"]["results"]] == ["Leaf", "Top"]


@pytest.mark.anyio
async def test_more_than_two_hundred_members_need_further_pages(wiki: Wiki) -> None:
    people = [membership.add_user(wiki.site, f"P{n}", f"p{n}").account_id for n in range(230)]
    page = wiki.page("Crowded")
    changes.restrict(wiki.site, page, users=(*people, wiki.people["alice"].account_id))
    async with wiki.client() as client:
        both = await read(client, f"content/{page.id}/restriction/byOperation")
        rest = await read(client, f"content/{page.id}/restriction/byOperation/read", start=200, limit=200)
        assert (await client.get(f"{BASE}/rest/api/content/{page.id}/restriction/byOperation/own")).status_code == 400
    assert (both["read"]["restrictions"]["user"]["size"], both["read"]["restrictions"]["user"]["limit"]) == (200, 200)
    assert (both["read"]["restrictions"]["group"]["size"], both["update"]["restrictions"]["user"]["size"]) == (0, 0)
    assert rest["restrictions"]["user"]["size"] == 31


@pytest.mark.anyio
async def test_a_deleted_group_stays_named_and_lets_nobody_through(wiki: Wiki) -> None:
    page = wiki.page("Left behind")
    changes.restrict(wiki.site, page, groups=(wiki.groups["engineering"].id,))
    membership.remove_group(wiki.site, wiki.groups["engineering"])
    async with wiki.client("root") as client:
        told = await read(client, f"content/{page.id}/restriction/byOperation/read")
    assert [group["name"] for group in told["restrictions"]["group"]["results"]] == ["engineering"]
    async with wiki.client("bob") as client:
        assert (await client.get(f"{BASE}/rest/api/content/{page.id}")).status_code == 404


@pytest.mark.anyio
async def test_space_permissions_are_a_flat_list_for_the_spaces_administrators(wiki: Wiki) -> None:
    membership.grant(wiki.site, wiki.eng, ANONYMOUS, VIEWER_RIGHTS)
    membership.grant(wiki.site, wiki.eng, ALL_LICENSED, VIEWER_RIGHTS)
    async with wiki.client() as client:
        rows = await read(client, "space/ENG/permissions")
        anonymous = await read(client, "space/ENG/permissions/anonymous")
        group = await read(client, "space/ENG/permissions/group/engineering")
        user = await read(client, f"space/ENG/permissions/user/{wiki.people['alice'].user_key}")
    licensed = {"confluence-users", "confluence-administrators"}
    assert granted(rows) == {"Alice", "engineering", "Anonymous"} | licensed
    assert {row["spaceKey"] for row in rows} == {"ENG"}
    assert (granted(anonymous), granted(group), granted(user)) == ({"Anonymous"}, {"engineering"}, {"Alice"})
    assert "username" not in user[0]["subject"]


@pytest.mark.anyio
async def test_space_permissions_break_the_server_for_everybody_else(wiki: Wiki) -> None:
    async with wiki.client("bob") as client:
        for path in ("space/ENG/permissions", "space/ENG?expand=permissions", "space?expand=permissions"):
            assert (await client.get(f"{BASE}/rest/api/{path}")).status_code == 500


@pytest.mark.anyio
async def test_the_anonymous_endpoint_can_fail_alone(wiki: Wiki) -> None:
    installation = wiki.installation()
    installation.quirks.anonymous_grants_fail = True
    async with wiki.client(installation=installation) as client:
        assert (await client.get(f"{BASE}/rest/api/space/ENG/permissions/anonymous")).status_code == 500
        assert await read(client, "space/ENG/permissions")


@pytest.mark.anyio
async def test_json_rpc_tells_permission_sets_to_the_spaces_administrators(wiki: Wiki) -> None:
    membership.grant(wiki.site, wiki.eng, ANONYMOUS, VIEWER_RIGHTS)
    async with wiki.client(installation=wiki.installation("7.13.0")) as client:
        told = (await permission_sets(client)).json()
        by_path = (await client.post(f"{RPC}/getSpacePermissionSets", json=["ENG"])).json()
    views = next(each for each in told["result"] if each["type"] == "VIEWSPACE")["spacePermissions"]
    assert {(view["userName"], view["groupName"]) for view in views} == {
        ("alice", None),
        (None, "engineering"),
        (None, None),
    }
    assert by_path == told["result"]
    async with wiki.client("bob") as client:
        assert "NotPermittedException" in (await permission_sets(client)).json()["error"]["message"]


@pytest.mark.anyio
async def test_json_rpc_is_403_when_off_and_a_login_page_under_websudo(wiki: Wiki) -> None:
    installation = wiki.installation()
    installation.quirks.websudo = True
    async with wiki.client("root", installation=installation) as client:
        page = await permission_sets(client)
        installation.quirks.remote_api = False
        off = await permission_sets(client)
    assert (page.status_code, page.headers["content-type"][:9]) == (200, "text/html")
    assert off.status_code == 403


@pytest.mark.anyio
async def test_global_permissions_are_an_administrators_matter(wiki: Wiki) -> None:
    wiki.site.anonymous_access = True
    async with wiki.client("root") as client:
        rows = await read(client, "permissions")
        anonymous = await read(client, "permissions/anonymous")
        unlicensed = await read(client, "permissions/unlicensed")
        users = await read(client, "permissions/group/confluence-users")
    assert granted(rows, "use") == {"Anonymous", "confluence-users", "confluence-administrators"}
    assert granted(rows, "administer") == {"confluence-administrators"}
    assert (granted(anonymous, "use"), unlicensed, granted(users, "use")) == ({"Anonymous"}, [], {"confluence-users"})
    async with wiki.client() as client:
        assert (await client.get(f"{BASE}/rest/api/permissions")).status_code == 403


@pytest.mark.anyio
async def test_anonymous_callers_are_listed_what_is_open_to_them(wiki: Wiki) -> None:
    membership.grant(wiki.site, wiki.eng, ANONYMOUS, VIEWER_RIGHTS)
    wiki.page("Public")
    async with wiki.client(None) as client:
        assert await read_all(client, "space") == []
        wiki.site.anonymous_access = True
        assert [space["key"] for space in await read_all(client, "space")] == ["ENG"]
        assert [row["title"] for row in await read_all(client, "content")] == ["Public"]


@pytest.mark.anyio
async def test_nested_groups_are_told_level_by_level_to_administrators(wiki: Wiki) -> None:
    inner = segment("platform / Zürich")
    async with wiki.client("root") as client:
        members = await read_all(client, "group/engineering/member")
        children = await read_all(client, "group/engineering/groupmember")
        inner_members = await read_all(client, f"group/{inner}/member")
        memberships = await read_all(client, "user/memberof", username="bob")
    assert (members, [group["name"] for group in children]) == ([], ["platform / Zürich"])
    assert [user["username"] for user in inner_members] == ["bob"]
    assert {group["name"] for group in memberships} == {"confluence-users", "platform / Zürich", "engineering"}
    assert "id" not in memberships[0]
    async with wiki.client() as client:
        for path in (f"group/{inner}/member", "group/engineering/groupmember", "user/list"):
            assert (await client.get(f"{BASE}/rest/api/{path}")).status_code == 403


@pytest.mark.anyio
async def test_parents_and_ancestors_of_a_group_are_told_from_10_0(wiki: Wiki) -> None:
    membership.join(wiki.site, membership.add_group(wiki.site, "company"), wiki.groups["engineering"])
    inner = segment("platform / Zürich")
    async with wiki.client("root", installation=wiki.installation("10.0.3")) as client:
        parents = await read_all(client, f"group/{inner}/groupparent")
        ancestors = await read_all(client, f"group/{inner}/groupancestor")
    assert [group["name"] for group in parents] == ["engineering"]
    assert [group["name"] for group in ancestors] == ["engineering", "company"]


@pytest.mark.anyio
async def test_a_slash_in_a_group_name_must_be_percent_encoded(wiki: Wiki) -> None:
    async with wiki.client() as client:
        assert (await read(client, f"group/{segment('platform / Zürich')}"))["name"] == "platform / Zürich"
        assert (await client.get(f"{BASE}/rest/api/group/platform / Zürich")).status_code == 404


@pytest.mark.anyio
async def test_deactivated_accounts_stay_listed_but_not_as_active(wiki: Wiki) -> None:
    membership.deactivate(wiki.site, wiki.people["charlie"])
    async with wiki.client("root") as client:
        everybody = {user["username"] for user in await read_all(client, "user/list", limit=1)}
        active = {user["username"] for user in await read_all(client, "admin/users/list/active")}
        one = await read(client, "user", key=wiki.people["charlie"].user_key)
        assert (await client.get(f"{BASE}/rest/api/user?username=nobody")).status_code == 404
    assert everybody - active == {"charlie"} == {one["username"]}
