"""What every client of Confluence promises, on both dialects."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from confluence_emulator.state import Kind as StoredKind
from confluence_emulator.state import Remark, changes, membership
from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import NotVisible, SignInRejected, UnknownSpace
from mainstem.wiki.audience import Clause, Rules, group, user
from mainstem.wiki.content import Content, Deployment, Kind, Status
from mainstem.wiki.selection import EVERYTHING, Filter, Selection
from tests.confluence.wikis import Wiki, titles

pytestmark = pytest.mark.anyio


async def only(client: Confluence, kind: Kind, *, bodies: bool = True) -> Content:
    listing = client.listing(await client.spaces(), kind, bodies=bodies)
    [content] = [content async for batch in listing for content in batch.contents]
    return content


async def test_the_client_knows_who_it_is_and_what_it_talks_to(wiki: Wiki) -> None:
    async with wiki.client() as client:
        person = await client.current_person()
        assert (person.id, person.display_name) == (wiki.id_of("alice"), "Alice")
        assert client.deployment is wiki.deployment
        assert client.site_url in {"https://acme.atlassian.net/wiki", "https://wiki.example.com/confluence"}
        assert (await client.server()).product.startswith("Confluence ")


async def test_spaces_are_found_by_keys_in_any_case(wiki: Wiki) -> None:
    async with wiki.client() as client:
        assert [space.name for space in await client.spaces(["eng"])] == ["Engineering"]
        assert [space.key for space in await client.spaces()] == ["ENG"]


async def test_spaces_are_found_by_pasted_addresses(wiki: Wiki) -> None:
    wiki.space("~ada.love")
    pasted = [f"{wiki.address}/display/ENG/Home", f"{wiki.address}/spaces/%7Eada.love/overview"]
    async with wiki.client() as client:
        assert [space.key for space in await client.spaces(pasted)] == ["ENG", "~ada.love"]


async def test_unknown_keys_are_all_named_with_near_ones(wiki: Wiki) -> None:
    async with wiki.client() as client:
        with pytest.raises(UnknownSpace) as unknown:
            await client.spaces(["ENGG", "ENG", "Engineering", "ZZZ"])
    assert unknown.value.keys == ("ENGG", "Engineering", "ZZZ")
    assert unknown.value.near == {"ENGG": ("ENG",), "Engineering": ("ENG",), "ZZZ": ()}
    assert "ENGG (did you mean ENG?)" in str(unknown.value)


async def test_a_page_is_listed_with_all_that_is_known_of_it(wiki: Wiki) -> None:
    home = wiki.page("Home")
    wiki.site.now()
    child = wiki.page("Plans", body="<p>We plan.</p>", parent=home)
    changes.update(wiki.site, child, wiki.people["bob"].account_id, "<p>We plan more.</p>")
    async with wiki.client() as client:
        listing = client.listing(await client.spaces(), Kind.PAGE, bodies=True)
        pages = {content.title: content async for batch in listing for content in batch.contents}
    plans = pages["Plans"]
    assert (plans.id, plans.parent_id, plans.parent_kind) == (child.id, home.id, Kind.PAGE)
    assert (plans.version, plans.body, plans.status) == (2, "<p>We plan more.</p>", Status.CURRENT)
    assert (plans.author_id, plans.editor_id) == (wiki.id_of("alice"), wiki.id_of("bob"))
    assert plans.modified_at is not None
    assert plans.created_at is not None
    assert plans.modified_at > plans.created_at
    assert plans.url.startswith("https://")
    assert "Plans" in plans.url
    assert plans.space_id == wiki.eng.id


async def test_without_bodies_a_listing_carries_none(wiki: Wiki) -> None:
    wiki.page("Home")
    async with wiki.client() as client:
        assert (await only(client, Kind.PAGE, bodies=False)).body is None


async def test_archived_pages_are_listed_as_archived_and_trashed_ones_are_not(wiki: Wiki) -> None:
    wiki.page("Live")
    changes.archive(wiki.site, wiki.page("Old"))
    changes.trash(wiki.site, wiki.page("Gone"))
    async with wiki.client() as client:
        listing = client.listing(await client.spaces(), Kind.PAGE, bodies=False)
        found = {content.title: content.status async for batch in listing for content in batch.contents}
    assert found == {"Live": Status.CURRENT, "Old": Status.ARCHIVED}


async def test_blog_posts_are_listed(wiki: Wiki) -> None:
    wiki.make(StoredKind.BLOGPOST, "News", body="<p>New!</p>")
    async with wiki.client() as client:
        post = await only(client, Kind.BLOGPOST)
    assert (post.title, post.body, post.kind) == ("News", "<p>New!</p>", Kind.BLOGPOST)


async def test_replies_and_inline_comments_are_listed_with_their_page(wiki: Wiki) -> None:
    page, alice = wiki.page("Home"), wiki.people["alice"].account_id
    remark = Remark(inline=True, resolution="resolved", marker_ref="r", selection="text")
    inline = changes.comment(wiki.site, page, alice, "<p>why?</p>", remark=remark)
    root = changes.comment(wiki.site, page, alice, "<p>root</p>")
    reply = changes.comment(wiki.site, page, alice, "<p>reply</p>", parent=root)
    async with wiki.client() as client:
        listing = client.listing(await client.spaces(), Kind.COMMENT, bodies=True)
        found = {content.id: content async for batch in listing for content in batch.contents}
    assert {content.container_id for content in found.values()} == {page.id}
    assert (found[reply.id].parent_id, found[reply.id].parent_kind) == (root.id, Kind.COMMENT)
    assert (found[inline.id].inline_selection, found[inline.id].resolved) == ("text", True)
    assert found[root.id].parent_id is None
    assert found[root.id].body == "<p>root</p>"


async def test_a_file_is_listed_and_downloaded(wiki: Wiki) -> None:
    page = wiki.page("Home")
    file = changes.new_file(wiki.site, "text/plain", b"bytes of it")
    changes.attach(wiki.site, page, wiki.people["alice"].account_id, "notes with ümlaut.txt", file)
    async with wiki.client() as client:
        attachment = await only(client, Kind.ATTACHMENT)
        data = b"".join([chunk async for chunk in client.download(attachment)])
    assert attachment.container_id == page.id
    assert attachment.file is not None
    assert (attachment.file.media_type, attachment.file.size, data) == ("text/plain", 11, b"bytes of it")


async def test_what_is_no_file_cannot_be_downloaded(wiki: Wiki) -> None:
    wiki.page("Home")
    async with wiki.client() as client:
        page = await only(client, Kind.PAGE)
        with pytest.raises(ValueError, match="is no file"):
            client.download(page)


async def test_kinds_that_confluence_does_not_list_are_refused(wiki: Wiki) -> None:
    async with wiki.client() as client:
        with pytest.raises(ValueError, match="lists no folder"):
            client.listing([], Kind.FOLDER, bodies=False)


async def test_bulk_reading_leaves_out_what_is_hidden_or_in_the_trash(wiki: Wiki) -> None:
    seen, hidden, trashed, old = wiki.page("Seen"), wiki.page("Hidden"), wiki.page("Trashed"), wiki.page("Old")
    changes.archive(wiki.site, old)
    changes.restrict(wiki.site, hidden, users=(wiki.people["bob"].account_id,))
    changes.trash(wiki.site, trashed)
    ids = [seen.id, hidden.id, trashed.id, old.id, "999999"]
    async with wiki.client() as client:
        contents = await client.contents(ids, Kind.PAGE)
        heads = await client.heads(ids, Kind.PAGE)
    assert {(content.title, content.body) for content in contents} == {("Seen", "<p>text</p>"), ("Old", "<p>text</p>")}
    assert {head.title: head.status for head in heads} == {
        "Seen": Status.CURRENT,
        "Trashed": Status.TRASHED,
        "Old": Status.ARCHIVED,
    }
    assert {head.body for head in heads} == {None}


async def test_heads_of_comments_and_files_are_read_too(wiki: Wiki) -> None:
    page, alice = wiki.page("Home"), wiki.people["alice"].account_id
    comment = changes.comment(wiki.site, page, alice, "<p>c</p>")
    file = changes.new_file(wiki.site, "text/plain", b"x")
    attached = changes.attach(wiki.site, page, alice, "x.txt", file)
    async with wiki.client() as client:
        comments = await client.heads([comment.id, "999999"], Kind.COMMENT)
        files = await client.heads([attached.id, "999999"], Kind.ATTACHMENT)
    assert [head.id for head in comments + files] == [comment.id, attached.id]


async def test_a_page_in_the_trash_is_read_as_trashed_and_a_purged_one_is_not_visible(wiki: Wiki) -> None:
    trashed, purged = wiki.page("Trashed"), wiki.page("Purged")
    changes.trash(wiki.site, trashed)
    changes.purge(wiki.site, purged)
    async with wiki.client() as client:
        assert (await client.content(trashed.id, Kind.PAGE)).status is Status.TRASHED
        with pytest.raises(NotVisible):
            await client.content(purged.id, Kind.PAGE)


async def test_a_page_or_post_is_found_by_its_id_or_its_title_in_whatever_state(wiki: Wiki) -> None:
    page, trashed, purged = wiki.page("One & only"), wiki.page("Trashed"), wiki.page("Purged")
    post = wiki.make(StoredKind.BLOGPOST, "One & only", body="<p>News</p>")
    changes.trash(wiki.site, trashed)
    changes.purge(wiki.site, purged)
    async with wiki.client() as client:
        [space] = await client.spaces()
        found = [await client.found(id_) for id_ in (page.id, post.id, trashed.id, purged.id)]
        assert [content and (content.kind, content.status) for content in found] == [
            (Kind.PAGE, Status.CURRENT),
            (Kind.BLOGPOST, Status.CURRENT),
            (Kind.PAGE, Status.TRASHED),
            None,
        ]
        assert {content.id for content in await client.named(space, "One & only")} == {page.id, post.id}
        assert [content.status for content in await client.named(space, "Trashed")] == [Status.TRASHED]
        assert await client.named(space, "Nothing") == []


async def test_labels_and_restrictions_come_in_bulk_and_one_by_one_alike(wiki: Wiki) -> None:
    free, closed = wiki.page("Free"), wiki.page("Closed")
    changes.label(wiki.site, free, "red")
    changes.label(wiki.site, free, "favourite", prefix="my")
    engineers = wiki.site.group_by_name("Engineers / Zürich")
    assert engineers is not None
    changes.restrict(wiki.site, closed, users=(wiki.people["alice"].account_id,), groups=(engineers.id,))
    named = frozenset({user(wiki.id_of("alice")), group(wiki.group_id("Engineers / Zürich"))})
    expected = {free.id: Rules(free.id, ("red",)), closed.id: Rules(closed.id, (), Clause(named))}
    async with wiki.client() as client:
        [space] = await client.spaces()
        listed = [rules async for batch in client.rules([space], Kind.PAGE) for rules in batch]
        among = await client.rules_among([free.id, closed.id], Kind.PAGE)
        single = [await client.rules_of(content_id, Kind.PAGE) for content_id in expected]
    for found in (listed, among, single):
        assert {rules.content_id: rules for rules in found} == expected


async def test_the_rules_of_an_archived_page_are_read_like_any_others(wiki: Wiki) -> None:
    old, closed = wiki.page("Old"), wiki.page("Old and closed")
    changes.label(wiki.site, old, "red")
    changes.restrict(wiki.site, closed, users=(wiki.people["alice"].account_id,))
    for page in (old, closed):
        changes.archive(wiki.site, page)
    async with wiki.client() as client:
        assert await client.rules_of(old.id, Kind.PAGE) == Rules(old.id, ("red",))
        only_alice = Clause(frozenset({user(wiki.id_of("alice"))}))
        assert await client.rules_of(closed.id, Kind.PAGE) == Rules(closed.id, (), only_alice)


async def test_a_restriction_that_names_only_a_deleted_group_lets_nobody_pass(wiki: Wiki) -> None:
    page = wiki.page("Orphaned")
    doomed = membership.add_group(wiki.site, "doomed")
    membership.join(wiki.site, doomed, wiki.people["root"])
    changes.restrict(wiki.site, page, users=(wiki.people["alice"].account_id,), groups=(doomed.id,))
    async with wiki.client() as client:
        membership.remove_group(wiki.site, doomed)
        restriction = (await client.rules_of(page.id, Kind.PAGE)).restriction
    assert restriction is not None
    assert user(wiki.id_of("alice")) in restriction.principals


async def test_more_members_than_fit_one_answer_are_all_read(wiki: Wiki) -> None:
    page = wiki.page("Crowded")
    crowd = [membership.add_user(wiki.site, f"User {number}", f"user{number}") for number in range(430)]
    named = (*tuple(person.account_id for person in crowd), wiki.people["alice"].account_id)
    changes.restrict(wiki.site, page, users=named)
    async with wiki.client() as client:
        [space] = await client.spaces()
        [listed] = [rules async for batch in client.rules([space], Kind.PAGE) for rules in batch]
    assert listed.restriction is not None
    assert len(listed.restriction.principals) == 431


async def test_a_space_is_open_to_whom_it_is_granted(wiki: Wiki) -> None:
    async with wiki.client() as client:
        [space] = await client.spaces()
        clause = await client.space_clause(space)
    assert clause.principals == {user(wiki.id_of("alice")), group(wiki.group_id("Engineers / Zürich"))}


async def test_members_of_a_group_are_named_even_if_its_name_needs_quoting(wiki: Wiki) -> None:
    group_id = wiki.group_id("Engineers / Zürich")
    async with wiki.client("root") as client:
        membership_ = await client.membership(group_id)
    assert membership_.group.id == group_id
    assert {person.display_name for person in membership_.people} == {"Alice", "Bob", "Root"}


async def test_people_are_read_by_id_and_unknown_ones_are_absent(wiki: Wiki) -> None:
    async with wiki.client() as client:
        found = await client.people([wiki.id_of("bob"), "nobody"])
    assert [(person.id, person.display_name) for person in found] == [(wiki.id_of("bob"), "Bob")]


async def test_nothing_is_open_to_everyone_while_the_site_is_closed(wiki: Wiki) -> None:
    async with wiki.client() as client:
        assert await client.anonymous_spaces() == frozenset()


async def test_a_listing_goes_on_behind_any_batch(wiki: Wiki) -> None:
    for number in range(251):
        wiki.page(f"Page {number}")
    changes.create(wiki.site, StoredKind.PAGE, wiki.space("TWO"), None, changes.Draft("Other"))
    async with wiki.client() as client:
        spaces = sorted(await client.spaces(), key=lambda space: space.key)
        batches = [batch async for batch in client.listing(spaces, Kind.PAGE, bodies=False)]
        rest = [batch async for batch in client.listing(spaces, Kind.PAGE, bodies=False, start=batches[0].cursor)]
    assert len({content.id for batch in batches for content in batch.contents}) == 252
    assert rest == batches[1:] != []
    assert batches[-1].cursor is None


async def test_a_revoked_token_is_noticed_at_the_next_proof(wiki: Wiki) -> None:
    async with wiki.client() as client:
        wiki.strike("revoke")
        with pytest.raises(SignInRejected):
            await client.current_person()


async def test_throttling_is_waited_out_and_told(wiki: Wiki) -> None:
    wiki.page("Home")
    async with wiki.client() as client:
        wiki.strike("429:first=2,retry_after=7")
        assert await titles(client, Kind.PAGE) == ["Home"]
        assert (client.traffic.retries, client.traffic.waited) == (2, 14)
    assert [waiting.seconds for waiting in wiki.waits] == [7, 7]
    assert wiki.clock.slept == [7, 7]


async def test_broken_connections_and_passing_failures_are_tried_again(wiki: Wiki) -> None:
    wiki.page("Home")
    async with wiki.client() as client:
        wiki.strike("reset:first=1", "503:after=1,first=1", "cloudfront:after=2,first=1")
        assert await titles(client, Kind.PAGE) == ["Home"]
        assert client.traffic.retries == 3


async def test_a_sign_in_page_in_place_of_data_stops_the_run(wiki: Wiki) -> None:
    async with wiki.client() as client:
        wiki.strike("html")
        with pytest.raises(SignInRejected):
            await client.spaces()


async def test_the_count_of_a_space_costs_few_requests(wiki: Wiki) -> None:
    for number in range(5):
        wiki.page(f"Page {number}")
    async with wiki.client() as client:
        [space] = await client.spaces()
        before = client.traffic.requests
        count = await client.count(space)
        assert client.traffic.requests - before <= 3
    assert (count.number, count.exact) == (5, wiki.deployment is Deployment.CLOUD)


@pytest.mark.parametrize("more", [0, 40])
async def test_people_who_left_are_not_active_and_those_gone_are_absent(wiki: Wiki, more: int) -> None:
    wiki.people["bob"].active = False
    crowd = {f"p{number}": membership.add_user(wiki.site, f"P{number}", f"p{number}") for number in range(more)}
    wiki.people |= crowd
    ids = [wiki.id_of(name) for name in wiki.people]
    async with wiki.client() as client:
        assert await client.tells_deactivation()
        wiki.desk.log.reset()
        found = {person.id: person.active for person in await client.people([*ids, "8a7fgone"])}
        assert wiki.desk.log.entries[-1].path.endswith("/user/current")
    assert found == {id_: id_ != wiki.id_of("bob") for id_ in ids}


async def test_nobody_is_taken_for_gone_when_the_sign_in_is(wiki: Wiki) -> None:
    async with wiki.client() as client:
        wiki.strike("revoke")
        with pytest.raises(SignInRejected):
            await client.people([wiki.id_of("bob")])


async def test_members_of_a_group_who_left_are_not_active(wiki: Wiki) -> None:
    wiki.people["bob"].active = False
    async with wiki.client("root") as client:
        members = await client.membership(wiki.group_id("confluence-users"))
    active = {person.id: person.active for person in members.people}
    assert active[wiki.id_of("alice")]
    assert not active.get(wiki.id_of("bob"), False)


async def test_what_a_selection_lets_in_is_counted_by_the_search_index(wiki: Wiki) -> None:
    wiki.space("OPS")
    guide, other, post = wiki.page("Guide"), wiki.page("Other"), wiki.make(StoredKind.BLOGPOST, "News")
    changes.label(wiki.site, guide, "howto")
    changes.label(wiki.site, post, "howto")
    changes.label(wiki.site, post, "draft")
    changes.comment(wiki.site, other, wiki.people["bob"].account_id, "<p>Yes.</p>")
    now, both = datetime(2026, 3, 2, tzinfo=UTC), frozenset({Kind.PAGE, Kind.BLOGPOST})
    howto = Filter(labels=frozenset({"howto"}))
    cases = [
        (EVERYTHING, both, None, 3),
        (EVERYTHING, both, ["ENG", "OPS"], 3),
        (EVERYTHING, both, ["OPS"], 0),
        (EVERYTHING, frozenset({Kind.COMMENT}), ["ENG"], 1),
        (howto, both, ["ENG"], 2),
        (howto, frozenset({Kind.PAGE}), None, 1),
        (replace(howto, without_labels=frozenset({"draft"})), both, None, 1),
        (Filter(created_after=date(2026, 1, 1)), both, None, 3),
        (Filter(modified_after=date(2026, 3, 5)), both, None, 0),
        (Filter(look_back=400), both, None, 3),
        (Filter(without_spaces=frozenset({"ENG"})), both, None, 0),
    ]
    async with wiki.client() as client:
        for chosen, kinds, keys, number in cases:
            found = await client.matching(Selection(chosen, now), kinds, keys)
            assert (found.number, found.exact) == (number, False), (chosen, keys)


async def test_much_is_counted_as_the_index_estimates_it(wiki: Wiki) -> None:
    for number in range(30):
        wiki.page(f"Page {number}")
    async with wiki.client() as client:
        found = await client.matching(Selection(EVERYTHING, datetime(2026, 3, 2, tzinfo=UTC)), {Kind.PAGE}, None)
    assert 30 <= found.number <= 33
