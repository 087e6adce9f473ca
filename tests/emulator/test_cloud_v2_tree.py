"""The tree, comments, attachments, permissions and people of Cloud v2."""

import pytest

from confluence_emulator.state import Content, Kind, PrincipalKind, Remark, changes, membership
from confluence_emulator.state.spaces import ALL_LICENSED, ANONYMOUS, VIEWER_RIGHTS, Principal
from tests.emulator.cloud_wiki import Wiki, build, titles

V2 = "/wiki/api/v2"
pytestmark = pytest.mark.anyio


@pytest.fixture
def wiki() -> Wiki:
    return build()


def attach(wiki: Wiki, to: str, name: str, data: bytes = b"x", media_type: str = "text/plain") -> Content:
    return changes.attach(wiki.site, wiki.pages[to], None, name, changes.new_file(wiki.site, media_type, data))


async def test_every_kind_of_node_answers_on_its_own_route_alone(wiki: Wiki) -> None:
    kinds = {Kind.FOLDER: "folders", Kind.WHITEBOARD: "whiteboards", Kind.DATABASE: "databases", Kind.EMBED: "embeds"}
    for kind, path in kinds.items():
        made = wiki.folder(f"A {kind}", "Home", kind)
        answered = await wiki.json(f"{V2}/{path}/{made.id}")
        assert (answered["type"], answered["parentType"], "body" in answered) == (kind, "page", False)
        assert (await wiki.ask(f"{V2}/pages/{made.id}")).status_code == 404
        assert (await wiki.ask(f"{V2}/{path}/{made.id}", "charlie")).status_code == 404


async def test_children_leave_out_folders_and_direct_children_do_not(wiki: Wiki) -> None:
    wiki.folder("Folder", "Home")
    wiki.folder("Nested", "Folder")
    wiki.page("Inside", "Nested")
    home = wiki.pages["Home"].id
    assert titles(await wiki.all(f"{V2}/pages/{home}/children")) == ["Plans"]
    rows = await wiki.all(f"{V2}/pages/{home}/direct-children")
    assert [(row["title"], row["type"]) for row in rows] == [("Plans", "page"), ("Folder", "folder")]
    assert titles(await wiki.all(f"{V2}/folders/{wiki.pages['Nested'].id}/direct-children")) == ["Inside"]
    assert (await wiki.json(f"{V2}/pages/{wiki.pages['Inside'].id}"))["parentType"] == "folder"


async def test_descendants_stop_at_depth_2_unasked_and_at_10_at_most(wiki: Wiki) -> None:
    for depth in range(1, 13):
        wiki.page(f"D{depth}", f"D{depth - 1}" if depth > 1 else "Home")
    home = wiki.pages["Home"].id
    cut = await wiki.all(f"{V2}/pages/{home}/descendants?limit=2")
    assert [(row["title"], row["depth"]) for row in cut] == [("Plans", 1), ("D1", 1), ("D2", 2)]
    assert titles(await wiki.all(f"{V2}/pages/{home}/descendants?depth=10"))[-1] == "D10"
    assert (await wiki.ask(f"{V2}/pages/{home}/descendants?depth=11")).status_code == 400


async def test_ancestors_name_what_the_caller_may_not_open_root_first_and_nearest_of_all(wiki: Wiki) -> None:
    folder = wiki.folder("Folder", "Plans")
    below = wiki.page("Seen", "Folder")
    rows = (await wiki.json(f"{V2}/pages/{below.id}/ancestors"))["results"]
    assert rows == [
        {"id": wiki.pages[t].id, "type": k} for t, k in (("Home", "page"), ("Plans", "page"), ("Folder", "folder"))
    ]
    nearest = await wiki.json(f"{V2}/pages/{below.id}/ancestors?limit=1")
    assert (nearest["results"], "next" in nearest["_links"]) == ([{"id": folder.id, "type": "folder"}], False)


async def test_ids_become_types_and_invisible_ones_null(wiki: Wiki) -> None:
    folder = wiki.folder("Folder")
    inline = changes.comment(wiki.site, wiki.pages["Home"], None, "<p>x</p>", remark=Remark(inline=True))
    asked = [folder.id, inline.id, wiki.pages["Secret"].id, "999"]
    answered = await wiki.json(f"{V2}/content/convert-ids-to-types", json={"contentIds": asked})
    assert list(answered["results"].values()) == ["folder", "inline-comment", None, None]


async def test_containers_list_root_comments_and_the_site_lists_replies_too(wiki: Wiki) -> None:
    home = wiki.pages["Home"]
    first = changes.comment(wiki.site, home, None, "<p>first</p>")
    reply = changes.comment(wiki.site, home, None, "<p>reply</p>", parent=first)
    deeper = changes.comment(wiki.site, home, None, "<p>deeper</p>", parent=reply)
    changes.comment(wiki.site, wiki.pages["Secret"], None, "<p>secret</p>")
    assert [row["id"] for row in await wiki.all(f"{V2}/pages/{home.id}/footer-comments")] == [first.id]
    assert [row["id"] for row in await wiki.all(f"{V2}/footer-comments/{first.id}/children")] == [reply.id]
    rows = await wiki.all(f"{V2}/footer-comments?limit=1&body-format=storage")
    assert {row["id"] for row in rows} == {first.id, reply.id, deeper.id}
    answered = next(row for row in rows if row["id"] == reply.id)
    assert (answered["parentCommentId"], answered["body"]["storage"]["value"]) == (first.id, "<p>reply</p>")
    assert (await wiki.json(f"{V2}/footer-comments/{deeper.id}"))["pageId"] == home.id


async def test_inline_comments_tell_their_mark_and_resolution(wiki: Wiki) -> None:
    home = wiki.pages["Home"]
    for number, resolution in enumerate(("open", "resolved", "dangling")):
        remark = Remark(inline=True, resolution="open", marker_ref=f"m{number}", selection="words")
        changes.resolve(wiki.site, changes.comment(wiki.site, home, None, "<p>x</p>", remark=remark), None, resolution)
    path = f"{V2}/pages/{home.id}/inline-comments"
    assert {row["resolutionStatus"] for row in await wiki.all(path)} == {"open", "resolved", "dangling"}
    row = (await wiki.all(f"{path}?resolution-status=dangling"))[0]
    assert row["properties"] == {"inlineMarkerRef": "m2", "inlineOriginalSelection": "words"}
    assert await wiki.all(f"{V2}/footer-comments") == []


async def test_files_have_comments_and_comments_may_have_lost_their_author(wiki: Wiki) -> None:
    file = attach(wiki, "Home", "a.txt")
    changes.comment(wiki.site, file, None, "<p>nice file</p>")
    row = (await wiki.all(f"{V2}/attachments/{file.id}/footer-comments"))[0]
    assert (row["attachmentId"], row["version"]["authorId"]) == (file.id, None)


async def test_attachments_of_one_name_on_two_pages_are_two_and_odd_ones_are_kept(wiki: Wiki) -> None:
    attach(wiki, "Home", "plan.pdf", b"")
    attach(wiki, "Plans", "plan.pdf", b"12", "application/x-wrong")
    attach(wiki, "Plans", "noextension")
    attach(wiki, "Secret", "secret.txt")
    rows = await wiki.all(f"{V2}/attachments?limit=1")
    assert [(row["title"], row["fileSize"]) for row in rows] == [("plan.pdf", 0), ("plan.pdf", 2), ("noextension", 1)]
    assert all(row["id"].startswith("att") for row in rows)
    named = await wiki.all(f"{V2}/pages/{wiki.pages['Plans'].id}/attachments?filename=plan.pdf")
    assert [row["mediaType"] for row in named] == ["application/x-wrong"]


async def test_a_file_is_a_redirect_to_another_origin_that_refuses_credentials(wiki: Wiki) -> None:
    file = attach(wiki, "Home", "a.txt", b"old")
    attach(wiki, "Home", "a.txt", b"new")
    link = (await wiki.json(f"{V2}/attachments/{file.id}"))["downloadLink"]
    for door in ("", wiki.gateway):
        response = await wiki.ask(f"{door}/wiki{link}")
        target = response.headers["location"]
        assert (response.status_code, target.startswith("https://media.example.com/file/")) == (302, True)
        assert (await wiki.ask(target, None)).content == b"new"
        assert (await wiki.ask(target, "alice")).status_code == 400
        assert (await wiki.ask(target.replace("token=", "token=0"), None)).status_code == 403
    older = (await wiki.ask(f"/wiki{link}?version=1")).headers["location"]
    assert (await wiki.ask(older, None)).content == b"old"
    assert (await wiki.ask(f"/wiki{link}", "charlie")).status_code == 404


async def test_the_attachments_of_a_page_in_the_trash_are_gone_from_every_list(wiki: Wiki) -> None:
    file = attach(wiki, "Plans", "a.txt")
    changes.trash(wiki.site, wiki.pages["Plans"])
    for name in ("alice", "root"):
        assert await wiki.all(f"{V2}/attachments", name) == []
    assert (await wiki.ask(f"{V2}/attachments/{file.id}")).status_code == 404


async def test_space_permissions_of_v2_cannot_say_anonymous(wiki: Wiki) -> None:
    eng = wiki.spaces["ENG"]
    for principal in (ANONYMOUS, ALL_LICENSED, Principal(PrincipalKind.ROLE, "legacy")):
        membership.grant(wiki.site, eng, principal, VIEWER_RIGHTS)
    rows = await wiki.all(f"{V2}/spaces/{eng.id}/permissions?limit=3")
    readers = [row["principal"]["type"] for row in rows if row["operation"] == {"key": "read", "targetType": "space"}]
    assert readers == ["group", "user", "role"]
    assert (await wiki.ask(f"{V2}/spaces/{wiki.spaces['HID'].id}/permissions")).status_code == 404


async def test_role_assignments_name_access_classes_where_roles_are_on(wiki: Wiki) -> None:
    eng = wiki.spaces["ENG"]
    for principal in (ANONYMOUS, ALL_LICENSED):
        membership.grant(wiki.site, eng, principal, VIEWER_RIGHTS)
    path = f"{V2}/spaces/{eng.id}/role-assignments"
    assert (await wiki.json(f"{V2}/space-role-mode"))["mode"] == "PRE_ROLES"
    assert (await wiki.ask(path)).status_code == 404
    wiki.site.role_mode = "ROLES"
    rows = await wiki.all(path)
    names = {role["id"]: role["name"] for role in await wiki.all(f"{V2}/space-roles")}
    classes = [row["principal"]["principalId"] for row in rows if row["principal"]["principalType"] == "ACCESS_CLASS"]
    assert classes == ["anonymous-users", "all-licensed-users"]
    assert [names[row["roleId"]] for row in rows] == ["Collaborator", "Admin", "Viewer", "Viewer"]


async def test_people_in_bulk_hide_addresses_and_leave_out_the_unknown(wiki: Wiki) -> None:
    alice, bob = wiki.users["alice"], wiki.users["bob"]
    alice.email_visible, alice.time_zone = True, "America/New_York"
    membership.deactivate(wiki.site, bob)
    asked = {"accountIds": [alice.account_id, bob.account_id, "nobody"]}
    rows = (await wiki.json(f"{V2}/users-bulk", json=asked))["results"]
    assert [(row["email"], row["accountStatus"]) for row in rows] == [("alice@example.com", "active"), ("", "inactive")]
    assert rows[0]["timeZone"] == "America/New_York"


async def test_an_unknown_path_says_so_in_json(wiki: Wiki) -> None:
    for path in (f"{V2}/folders/1/children", "/wiki/rest/api/nothing"):
        response = await wiki.ask(path)
        assert (response.status_code, response.json()["error"]) == (404, "Not Found")
    assert (await wiki.ask("/wiki/rest/api/space/ENG/permission")).status_code == 405
