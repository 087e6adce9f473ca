"""Cloud v1: what was never replaced, and the content family that is being taken away."""

import pytest

from confluence_emulator.state import Kind, PrincipalKind, Remark, changes, membership
from confluence_emulator.state.spaces import ANONYMOUS, UNLICENSED, VIEWER_RIGHTS, Principal
from tests.emulator.cloud_wiki import Wiki, build, titles

V1 = "/wiki/rest/api"
pytestmark = pytest.mark.anyio


@pytest.fixture
def wiki() -> Wiki:
    return build()


async def test_next_is_relative_to_wiki_without_it_on_both_doors(wiki: Wiki) -> None:
    for door in ("", wiki.gateway):
        answered = await wiki.json(f"{door}{V1}/content?limit=1&expand=version")
        assert answered["_links"]["next"] == "/rest/api/content?next=true&limit=1&start=1&expand=version"
        rest = await wiki.json(f"{door}/wiki{answered['_links']['next']}")
        assert (titles(rest["results"]), "next" in rest["_links"]) == (["Plans"], False)


async def test_offset_lists_lower_the_limit_in_silence_and_refuse_nonsense(wiki: Wiki) -> None:
    assert (await wiki.json(f"{V1}/content?limit=5000"))["limit"] == 1000
    assert (await wiki.json(f"{V1}/group?limit=5000"))["limit"] == 200
    for query in ("limit=x", "limit=-1", "start=100001"):
        assert (await wiki.ask(f"{V1}/content?{query}")).status_code == 400
    assert (await wiki.ask(f"{V1}/content/{wiki.pages['Home'].id}/label?limit=0")).status_code == 400


async def test_folders_cannot_be_listed_and_their_children_can(wiki: Wiki) -> None:
    folder = wiki.folder("Folder", "Home")
    wiki.page("Inside", "Folder")
    assert (await wiki.ask(f"{V1}/content?type=folder")).status_code == 501
    children = await wiki.json(f"{V1}/content/{folder.id}/child/page")
    assert titles(children["results"]) == ["Inside"]
    assert titles((await wiki.json(f"{V1}/content/{wiki.pages['Home'].id}/child/folder"))["results"]) == ["Folder"]


async def test_expansions_open_what_was_named_and_list_the_rest(wiki: Wiki) -> None:
    page = wiki.pages["Plans"]
    changes.label(wiki.site, page, "howto")
    plain = await wiki.json(f"{V1}/content/{page.id}?expand=body.storage,metadata.labels,ancestors,version,space")
    assert plain["body"]["storage"]["value"] == "<p>Plans</p>"
    assert [label["name"] for label in plain["metadata"]["labels"]["results"]] == ["howto"]
    assert titles(plain["ancestors"]) == ["Home"]
    assert (plain["version"]["number"], plain["space"]["id"]) == (1, wiki.spaces["ENG"].number)
    assert {"restrictions", "history"} <= plain["_expandable"].keys()
    assert "space" in (await wiki.json(f"{V1}/content/{page.id}"))


async def test_errors_name_the_id_and_spaces_have_their_own(wiki: Wiki) -> None:
    missing = await wiki.ask(f"{V1}/content/{wiki.pages['Secret'].id}")
    assert (missing.status_code, missing.json()["data"]["successful"]) == (404, False)
    assert missing.json()["message"].endswith(f"No content found with id : {wiki.pages['Secret'].id}")
    space = await wiki.ask(f"{V1}/space/HID")
    assert (space.status_code, "data" in space.json()) == (404, False)
    assert 'No space found with key : HID"' in space.json()["message"]


async def test_restrictions_are_the_direct_ones_of_both_operations(wiki: Wiki) -> None:
    bob = wiki.users["bob"].account_id
    path = f"{V1}/content/{{}}/restriction/byOperation"
    told = await wiki.json(path.format(wiki.pages["Secret"].id), "bob")
    assert [user["accountId"] for user in told["read"]["restrictions"]["user"]["results"]] == [bob]
    assert told["update"]["restrictions"]["user"]["size"] == 0
    below = await wiki.json(path.format(wiki.pages["Below"].id), "bob")
    assert below["read"]["restrictions"]["user"]["results"] == []
    for name in ("alice", "root"):
        assert (await wiki.ask(path.format(wiki.pages["Secret"].id), name)).status_code == 404


@pytest.mark.parametrize("expand", ["restrictions.user", "read.restrictions.user"])
async def test_one_list_of_a_restriction_may_be_asked_for(wiki: Wiki, expand: str) -> None:
    told = await wiki.json(f"{V1}/content/{wiki.pages['Secret'].id}/restriction/byOperation?expand={expand}", "bob")
    assert told["read"]["restrictions"]["user"]["size"] == 1
    assert told["read"]["restrictions"]["_expandable"] == {"group": ""}


async def test_more_than_200_people_in_a_restriction_need_paging(wiki: Wiki) -> None:
    people = [membership.add_user(wiki.site, f"P{n}", f"p{n}").account_id for n in range(449)]
    page = wiki.pages["Plans"]
    changes.restrict(wiki.site, page, users=(wiki.users["alice"].account_id, *people))
    path = f"{V1}/content/{page.id}/restriction/byOperation"
    nested = (await wiki.json(path))["read"]["restrictions"]["user"]
    assert (nested["size"], nested["limit"]) == (200, 200)
    sizes = []
    for start in range(0, 600, 200):
        told = await wiki.json(f"{path}/read?start={start}&limit=500")
        sizes.append(told["restrictions"]["user"]["size"])
    assert sizes == [200, 200, 50]


async def test_a_restriction_goes_on_naming_deleted_groups_and_unknown_people(wiki: Wiki) -> None:
    former = membership.add_group(wiki.site, "former/ünï")
    people = (wiki.users["alice"].account_id, "557058:gone")
    changes.restrict(wiki.site, wiki.pages["Plans"], users=people, groups=(former.id,))
    membership.remove_group(wiki.site, former)
    told = await wiki.json(f"{V1}/content/{wiki.pages['Plans'].id}/restriction/byOperation/read")
    assert [user["type"] for user in told["restrictions"]["user"]["results"]] == ["known", "unknown"]
    assert [group["name"] for group in told["restrictions"]["group"]["results"]] == ["former/ünï"]
    assert (await wiki.ask(f"{V1}/group/by-id?id={former.id}")).status_code == 404


async def test_the_oracle_says_who_may_view_and_why_not(wiki: Wiki) -> None:
    path = f"{V1}/content/{wiki.pages['Below'].id}/permission/check"
    told = {}
    for name in ("bob", "alice", "charlie", "unlicensed"):
        subject = {"type": "user", "identifier": wiki.users[name].account_id}
        answered = await wiki.json(path, "bob", json={"subject": subject, "operation": "read"})
        told[name] = (answered["hasPermission"], *(error["translation"] for error in answered["errors"]))
    assert told == {
        "bob": (True,),
        "alice": (False, "User does not have permission to the content"),
        "charlie": (False, "User does not have permission to the space"),
        "unlicensed": (False, "User is not allowed to use Confluence"),
    }


async def test_space_permissions_of_v1_tell_anonymous_and_unlicensed_entries(wiki: Wiki) -> None:
    eng = wiki.spaces["ENG"]
    for principal in (ANONYMOUS, UNLICENSED, Principal(PrincipalKind.ROLE, "legacy")):
        membership.grant(wiki.site, eng, principal, VIEWER_RIGHTS)
    entries = (await wiki.json(f"{V1}/space/eng?expand=permissions"))["permissions"]
    readers = [entry for entry in entries if entry["operation"] == {"operation": "read", "targetType": "space"}]
    flags = [(entry["anonymousAccess"], entry["unlicensedAccess"], "subjects" in entry) for entry in readers]
    assert flags == [(False, False, True), (False, False, True), (True, False, False), (False, True, False)]


async def test_groups_are_found_by_access_and_by_id_and_keep_it_when_renamed(wiki: Wiki) -> None:
    membership.rename_group(wiki.site, wiki.members, "everybody")
    users = (await wiki.json(f"{V1}/group?accessType=user"))["results"]
    assert [(group["id"], group["name"]) for group in users] == [(wiki.members.id, "everybody")]
    assert (await wiki.json(f"{V1}/group/picker?query=EVERY"))["results"][0]["id"] == wiki.members.id
    assert (await wiki.ask(f"{V1}/group/member?name=everybody")).status_code == 410
    assert (await wiki.ask(f"{V1}/group?accessType=x")).status_code == 400


async def test_members_are_the_active_people_of_a_group_paged_by_200_at_most(wiki: Wiki) -> None:
    for number in range(250):
        membership.add_user(wiki.site, f"P{number}", f"p{number}", groups=(wiki.members,))
    membership.deactivate(wiki.site, wiki.users["charlie"])
    path = f"{V1}/group/{wiki.members.id}/membersByGroupId?limit=1000&shouldReturnTotalSize=true"
    first = await wiki.json(path)
    rest = await wiki.json("/wiki" + first["_links"]["next"])
    assert (first["size"], rest["size"], first["totalSize"]) == (200, 53, 253)


async def test_people_are_looked_up_singly_and_in_bulk(wiki: Wiki) -> None:
    alice, bob = wiki.users["alice"], wiki.users["bob"]
    bob.email_visible, bob.kind = True, "app"
    bulk = (await wiki.json(f"{V1}/user/bulk?accountId={alice.account_id}&accountId={bob.account_id}&accountId=x"))[
        "results"
    ]
    assert [(user["type"], user["email"]) for user in bulk] == [
        ("known", ""),
        ("known", "bob@example.com"),
        ("unknown", ""),
    ]
    assert (await wiki.json(f"{V1}/user?accountId={bob.account_id}"))["accountType"] == "app"
    groups = (await wiki.json(f"{V1}/user/memberof?accountId={bob.account_id}"))["results"]
    assert [group["name"] for group in groups] == ["confluence-users-acme", "engineers"]
    assert (await wiki.json(f"{V1}/user/anonymous"))["type"] == "anonymous"
    for path in ("user", "user/memberof"):
        assert (await wiki.ask(f"{V1}/{path}?accountId=x")).status_code == 404


async def test_comments_of_a_content_by_depth_and_place(wiki: Wiki) -> None:
    home = wiki.pages["Home"]
    first = changes.comment(wiki.site, home, None, "<p>first</p>")
    changes.comment(wiki.site, home, None, "<p>reply</p>", parent=first)
    solved = Remark(inline=True, resolution="resolved")
    changes.comment(wiki.site, home, None, "<p>solved</p>", remark=solved)
    path = f"{V1}/content/{home.id}/child/comment"
    sizes = [
        (await wiki.json(f"{path}{q}"))["size"] for q in ("", "?depth=all", "?location=resolved", "?location=inline")
    ]
    assert sizes == [2, 3, 1, 0]
    assert (await wiki.json(f"{V1}/content/{first.id}/child/comment"))["size"] == 1


async def test_descendants_attachments_versions_and_history_are_still_told(wiki: Wiki) -> None:
    home, plans = wiki.pages["Home"], wiki.pages["Plans"]
    changes.attach(wiki.site, plans, None, "a.txt", changes.new_file(wiki.site, "text/plain", b"x"))
    changes.update(wiki.site, plans, None, "<p>2</p>")
    assert titles((await wiki.json(f"{V1}/content/{home.id}/descendant/page"))["results"]) == ["Plans"]
    assert titles((await wiki.json(f"{V1}/content/{home.id}/descendant/attachment"))["results"]) == ["a.txt"]
    file = (await wiki.json(f"{V1}/content/{plans.id}/child/attachment?expand=container,metadata"))["results"][0]
    assert (file["extensions"]["fileSize"], file["container"]["id"]) == (1, plans.id)
    assert file["_links"]["download"].startswith(f"/download/attachments/{plans.id}/a.txt?version=1")
    assert [v["number"] for v in (await wiki.json(f"{V1}/content/{plans.id}/version"))["results"]] == [2, 1]
    assert (await wiki.json(f"{V1}/content/{plans.id}/history"))["lastUpdated"]["number"] == 2


async def test_the_older_download_address_works_on_the_site_alone(wiki: Wiki) -> None:
    plans = wiki.pages["Plans"]
    changes.attach(wiki.site, plans, None, "ä b.txt", changes.new_file(wiki.site, "text/plain", b"x"))
    listed = (await wiki.json(f"{V1}/content/{plans.id}/child/attachment"))["results"][0]
    link = f"/wiki{listed['_links']['download']}"
    assert (await wiki.ask(link)).status_code == 302
    assert (await wiki.ask(f"{wiki.gateway}{link}")).status_code == 404


async def test_trashed_content_is_found_only_by_asking_for_it(wiki: Wiki) -> None:
    changes.trash(wiki.site, wiki.pages["Plans"])
    path = f"{V1}/content/{wiki.pages['Plans'].id}"
    assert (await wiki.ask(path, "root")).status_code == 404
    assert (await wiki.json(f"{path}?status=trashed", "root"))["status"] == "trashed"
    assert titles((await wiki.json(f"{V1}/content?status=trashed", "root"))["results"]) == ["Plans"]


async def test_spaces_are_listed_by_kind_and_key(wiki: Wiki) -> None:
    rows = (await wiki.json(f"{V1}/space?spaceKey=eng,hid&type=global&expand=homepage,description.plain"))["results"]
    assert [(space["key"], space["homepage"]["title"]) for space in rows] == [("ENG", "Home")]
    kinds = await wiki.json(f"{V1}/content?type={Kind.BLOGPOST}&spaceKey=ENG")
    assert kinds["results"] == []
