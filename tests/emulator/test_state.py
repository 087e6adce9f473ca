"""The state: what each change leaves behind, and who may view what."""

from datetime import timedelta

import pytest

from confluence_emulator.state import Change, Kind, Sight, Status, can_view, changes, membership
from confluence_emulator.state.site import HIGH_IDS
from confluence_emulator.state.spaces import ALL_LICENSED, ANONYMOUS, UNLICENSED, VIEWER_RIGHTS, group_principal
from tests.emulator.cloud_wiki import build


def test_a_new_body_and_a_new_title_make_versions_and_nothing_else_does() -> None:
    wiki = build()
    page, root = wiki.pages["Plans"], wiki.users["root"].account_id
    changes.update(wiki.site, page, root, "<p>new</p>", minor=True)
    changes.rename(wiki.site, page, root, "Better plans")
    assert page.version.number == 3
    changes.label(wiki.site, page, "howto")
    changes.restrict(wiki.site, page, users=(root,))
    changes.comment(wiki.site, page, root, "<p>hm</p>")
    changes.archive(wiki.site, page)
    changes.unarchive(wiki.site, page)
    changes.move(wiki.site, page, wiki.spaces["HID"], None)
    assert page.version.number == 3


def test_a_move_to_another_space_carries_everything_below_under_the_same_ids() -> None:
    wiki = build()
    comment = changes.comment(wiki.site, wiki.pages["Below"], None, "<p>hm</p>")
    changes.move(wiki.site, wiki.pages["Plans"], wiki.spaces["HID"], wiki.pages["Hidden"])
    moved = [wiki.pages[title] for title in ("Plans", "Secret", "Below")] + [comment]
    assert {content.space_id for content in moved} == {wiki.spaces["HID"].id}
    assert wiki.site.ancestors(wiki.pages["Below"])[0] is wiki.pages["Hidden"]


def test_trashing_lifts_the_children_and_restoring_makes_a_version_at_the_top() -> None:
    wiki = build()
    plans, home = wiki.pages["Plans"], wiki.pages["Home"]
    changes.trash(wiki.site, plans)
    assert wiki.site.children(home.id) == [wiki.pages["Secret"]]
    assert (plans.status, plans.parent_id, plans.version.number) == (Status.TRASHED, None, 1)
    changes.restore(wiki.site, plans)
    assert (plans.status, plans.parent_id, plans.version.number) == (Status.CURRENT, None, 2)


def test_an_archived_page_keeps_its_title_and_a_trashed_one_does_not() -> None:
    wiki = build()
    changes.archive(wiki.site, wiki.pages["Plans"])
    assert wiki.site.page_titled(wiki.spaces["ENG"].id, "plans") is wiki.pages["Plans"]
    changes.trash(wiki.site, wiki.pages["Plans"])
    assert wiki.site.page_titled(wiki.spaces["ENG"].id, "plans") is None


def test_purging_takes_comments_replies_and_attachments_along() -> None:
    wiki = build()
    page = wiki.pages["Plans"]
    first = changes.comment(wiki.site, page, None, "<p>first</p>")
    changes.comment(wiki.site, page, None, "<p>reply</p>", parent=first)
    changes.attach(wiki.site, page, None, "a.txt", changes.new_file(wiki.site, "text/plain", b""))
    changes.purge(wiki.site, page)
    assert not wiki.site.listing(Kind.COMMENT)
    assert not wiki.site.listing(Kind.ATTACHMENT)
    assert page.id in wiki.site.purged


def test_a_second_file_of_one_name_is_a_version_of_the_first() -> None:
    wiki = build()
    one, other = wiki.pages["Plans"], wiki.pages["Home"]
    first = changes.attach(wiki.site, one, None, "a.txt", changes.new_file(wiki.site, "text/plain", b"1"))
    again = changes.attach(wiki.site, one, None, "a.txt", changes.new_file(wiki.site, "text/plain", b"22"))
    elsewhere = changes.attach(wiki.site, other, None, "a.txt", changes.new_file(wiki.site, "text/plain", b"3"))
    assert again is first
    assert (first.version.number, first.file.data) == (2, b"22")
    assert elsewhere.id.startswith("att")
    assert elsewhere is not first


def test_restrictions_intersect_down_the_tree_even_when_no_one_is_in_all_of_them() -> None:
    wiki = build()
    changes.restrict(wiki.site, wiki.pages["Below"], users=(wiki.users["alice"].account_id,))
    for name in ("alice", "bob", "root"):
        assert not can_view(wiki.site, wiki.users[name], wiki.pages["Below"])
    assert can_view(wiki.site, wiki.users["bob"], wiki.pages["Secret"])


def test_a_restriction_that_names_only_a_deleted_group_lets_nobody_through() -> None:
    wiki = build()
    former = membership.add_group(wiki.site, "former")
    membership.join(wiki.site, former, wiki.users["alice"])
    changes.restrict(wiki.site, wiki.pages["Plans"], groups=(former.id,))
    assert can_view(wiki.site, wiki.users["alice"], wiki.pages["Plans"])
    membership.remove_group(wiki.site, former)
    assert not can_view(wiki.site, wiki.users["alice"], wiki.pages["Plans"])


def test_comments_and_attachments_have_the_readers_of_what_contains_them() -> None:
    wiki = build()
    file = changes.attach(wiki.site, wiki.pages["Secret"], None, "a", changes.new_file(wiki.site, "a/b", b""))
    comment = changes.comment(wiki.site, file, None, "<p>on the file</p>")
    for name, sees in (("bob", True), ("alice", False), ("charlie", False)):
        assert can_view(wiki.site, wiki.users[name], comment) is sees
        assert can_view(wiki.site, wiki.users[name], file) is sees


def test_guests_get_nothing_from_what_is_granted_to_all_licensed_users() -> None:
    wiki = build()
    membership.grant(wiki.site, wiki.spaces["ENG"], ALL_LICENSED, VIEWER_RIGHTS)
    assert can_view(wiki.site, wiki.users["charlie"], wiki.pages["Home"])
    assert not can_view(wiki.site, wiki.users["guest"], wiki.pages["Home"])


def test_anonymous_viewing_needs_both_the_site_and_the_space_and_never_restricted_pages() -> None:
    wiki = build()
    membership.grant(wiki.site, wiki.spaces["ENG"], ANONYMOUS, VIEWER_RIGHTS)
    assert not can_view(wiki.site, None, wiki.pages["Home"])
    wiki.site.anonymous_access = True
    assert can_view(wiki.site, None, wiki.pages["Home"])
    assert not can_view(wiki.site, None, wiki.pages["Secret"])
    assert not can_view(wiki.site, None, wiki.pages["Hidden"])


def test_groups_inside_groups_count_at_any_depth_and_rings_end() -> None:
    wiki = build()
    outer, middle, inner = (membership.add_group(wiki.site, name) for name in ("outer", "middle", "inner"))
    membership.join(wiki.site, outer, middle)
    membership.join(wiki.site, middle, inner)
    membership.join(wiki.site, inner, outer)
    membership.join(wiki.site, inner, wiki.users["charlie"])
    membership.grant(wiki.site, wiki.spaces["HID"], group_principal(outer.id), VIEWER_RIGHTS)
    assert can_view(wiki.site, wiki.users["charlie"], wiki.pages["Hidden"])


def test_a_deactivated_person_sees_nothing_and_keeps_their_memberships() -> None:
    wiki = build()
    alice = wiki.users["alice"]
    membership.deactivate(wiki.site, alice)
    assert not can_view(wiki.site, alice, wiki.pages["Home"])
    membership.reactivate(wiki.site, alice)
    assert can_view(wiki.site, alice, wiki.pages["Home"])


def test_drafts_are_their_authors_and_the_trash_is_the_space_admins() -> None:
    wiki = build()
    draft = wiki.page("Draft", status=Status.DRAFT)
    changes.trash(wiki.site, wiki.pages["Plans"])
    assert can_view(wiki.site, wiki.users["root"], draft)
    assert not can_view(wiki.site, wiki.users["alice"], draft)
    assert can_view(wiki.site, wiki.users["root"], wiki.pages["Plans"])
    assert not can_view(wiki.site, wiki.users["alice"], wiki.pages["Plans"])


def test_the_super_group_sees_what_restrictions_hide_when_a_dialect_says_so() -> None:
    wiki = build()
    assert not Sight(wiki.site, wiki.users["root"]).content(wiki.pages["Below"])
    assert Sight(wiki.site, wiki.users["root"], bypass=True).content(wiki.pages["Below"])


def test_ids_are_the_same_in_sites_built_alike_and_some_are_above_2_to_the_53() -> None:
    one, other = build(), build()
    assert list(one.site.contents) == list(other.site.contents)
    for number in range(20):
        one.page(f"Page {number}")
    assert any(content.number > HIGH_IDS for content in one.site.contents.values())


def test_listeners_hear_of_every_change_with_its_time() -> None:
    wiki = build()
    heard: list[Change] = []
    wiki.site.listeners.append(heard.append)
    wiki.clock.advance(hours=1)
    changes.label(wiki.site, wiki.pages["Plans"], "howto", actor_id="x")
    assert [(change.event, change.subject_id, change.actor_id) for change in heard] == [
        ("label_added", wiki.pages["Plans"].id, "x")
    ]
    assert heard[0].at - wiki.pages["Plans"].created_at == timedelta(hours=1)


def test_removing_a_space_removes_all_that_was_in_it() -> None:
    wiki = build()
    membership.remove_space(wiki.site, wiki.spaces["ENG"])
    assert {content.title for content in wiki.site.contents.values()} == {"Hidden"}
    assert wiki.site.space_by_key("eng") is None


def test_nothing_moves_below_itself() -> None:
    wiki = build()
    for parent in ("Plans", "Below"):
        with pytest.raises(ValueError, match="below itself"):
            changes.move(wiki.site, wiki.pages["Plans"], wiki.spaces["ENG"], wiki.pages[parent])


def test_a_tree_deeper_than_any_stack_is_no_trouble() -> None:
    wiki = build()
    for depth in range(3000):
        wiki.page(f"D{depth}", f"D{depth - 1}" if depth else "Plans")
    assert can_view(wiki.site, wiki.users["alice"], wiki.pages["D2999"])
    changes.restrict(wiki.site, wiki.pages["D0"], users=(wiki.users["bob"].account_id,))
    assert not can_view(wiki.site, wiki.users["alice"], wiki.pages["D2999"])


def test_a_title_may_be_held_by_one_page_of_a_space() -> None:
    wiki = build()
    with pytest.raises(changes.TitleTakenError, match="plans"):
        wiki.page("plans")
    with pytest.raises(changes.TitleTakenError):
        changes.rename(wiki.site, wiki.pages["Home"], None, "Plans")
    changes.rename(wiki.site, wiki.pages["Plans"], None, "PLANS")
    assert wiki.page("Plans", space="HID").version.number == 1


def test_replies_go_into_the_trash_and_away_with_the_comment_they_answer() -> None:
    wiki = build()
    first = changes.comment(wiki.site, wiki.pages["Home"], None, "<p>first</p>")
    reply = changes.comment(wiki.site, wiki.pages["Home"], None, "<p>reply</p>", parent=first)
    changes.trash(wiki.site, first)
    assert reply.status is Status.TRASHED
    changes.purge(wiki.site, first)
    assert wiki.site.purged == {first.id, reply.id}


def test_a_draft_that_is_published_is_for_everyone_and_a_label_can_be_taken_away() -> None:
    wiki = build()
    draft = wiki.page("Draft", status=Status.DRAFT)
    changes.label(wiki.site, draft, "a")
    changes.label(wiki.site, draft, "b")
    changes.publish(wiki.site, draft)
    changes.unlabel(wiki.site, draft, "a")
    assert can_view(wiki.site, wiki.users["alice"], draft)
    assert [label.name for label in draft.labels] == ["b"]


def test_leaving_a_group_and_losing_a_grant_count_at_once() -> None:
    wiki = build()
    site, alice, engineers = wiki.site, wiki.users["alice"], wiki.site.group_by_name("engineers")
    assert engineers is not None
    membership.leave(site, engineers, alice)
    assert not can_view(site, alice, wiki.pages["Home"])
    outer = membership.add_group(site, "outer")
    membership.join(site, outer, engineers)
    membership.leave(site, outer, engineers)
    assert outer.id not in site.groups_of(wiki.users["bob"].account_id)
    membership.revoke(site, wiki.spaces["ENG"], group_principal(engineers.id))
    assert not can_view(site, wiki.users["bob"], wiki.pages["Home"])


def test_customers_see_the_spaces_opened_to_the_unlicensed_and_no_others() -> None:
    wiki = build()
    customer = wiki.users["unlicensed"]
    customer.kind = "customer"
    membership.grant(wiki.site, wiki.spaces["ENG"], UNLICENSED, VIEWER_RIGHTS)
    assert can_view(wiki.site, customer, wiki.pages["Home"])
    assert not can_view(wiki.site, wiki.users["charlie"], wiki.pages["Home"])


def test_a_space_can_be_renamed_archived_and_brought_back_without_closing_it() -> None:
    wiki = build()
    space = wiki.spaces["ENG"]
    membership.rename_space(wiki.site, space, "Engineering")
    membership.archive_space(wiki.site, space)
    assert (space.name, space.status) == ("Engineering", Status.ARCHIVED)
    assert can_view(wiki.site, wiki.users["alice"], wiki.pages["Home"])
    membership.unarchive_space(wiki.site, space)
    assert space.status is Status.CURRENT
