"""One plain example for each way in which somebody could come to read what Confluence does not show them.

`test_histories` looks for all of them at random; what it finds is told here as a story.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from confluence_emulator.state import Kind, changes, membership
from confluence_emulator.state.spaces import ANONYMOUS, VIEWER_RIGHTS, group_principal
from mainstem.settings import Settings
from mainstem.store.runs import RunState
from tests.sync.larkhill import Session, Wiki, connected
from tests.sync.rights import name

HASTY = Settings(brake_pages=0, brake_share=0.0)
"""Each single deletion waits for a person."""


@pytest.fixture
def session(wiki: Wiki, tmp_path: Path) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home", settings=HASTY) as session:
        yield session


@dataclass
class Before(httpx.AsyncBaseTransport):
    """A line on which something comes about right before the first request whose path holds a word."""

    line: httpx.AsyncBaseTransport | None
    word: str
    deed: Callable[[], None]
    done: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self.done and self.word in request.url.path:
            self.done = True
            self.deed()
        assert self.line is not None
        return await self.line.handle_async_request(request)


def test_a_folder_that_moves_below_a_restricted_page_hides_what_is_in_it(wiki: Wiki, session: Session) -> None:
    secret, open_page = wiki.page("Secret"), wiki.page("Open")
    wiki.restrict(secret, wiki.sync, wiki.alice)
    folders = [wiki.page(f"A {kind}", kind=kind) for kind in (Kind.FOLDER, Kind.WHITEBOARD)]
    inside = {wiki.page(f"Inside {folder.title}", parent=folder).id for folder in folders}
    session.sync()
    for above in (secret, open_page):
        for folder in folders:
            changes.move(wiki.site, folder, wiki.space, above)
        session.sync()
        assert inside & session.visible(wiki.bob) == (set() if above is secret else inside)
        assert inside <= session.visible(wiki.alice)


def test_a_restricted_page_that_moves_below_a_folder_of_another_space_takes_its_rule_along(
    wiki: Wiki, session: Session
) -> None:
    other = wiki.new_space("OPS", "Operations")
    folder, secret = wiki.page("Drawer", kind=Kind.FOLDER, space=other), wiki.page("Secret")
    below = wiki.page("Below", parent=secret)
    wiki.restrict(secret, wiki.sync, wiki.alice)
    session.sync()
    changes.move(wiki.site, secret, other, folder)
    session.sync()
    assert {secret.id, below.id} <= session.visible(wiki.alice)
    assert session.visible(wiki.bob) == set()


@pytest.mark.parametrize("datacenter", [False, True])
def test_what_confluence_itself_says_has_left_is_hidden_though_its_deletion_waits(
    wiki: Wiki, tmp_path: Path, datacenter: bool
) -> None:
    elsewhere = wiki.new_space("LAB", "Laboratory")
    trashed, archived, moved, kept = wiki.pages(4)
    changes.comment(wiki.site, moved, wiki.bob.account_id, "<p>Bye.</p>")
    with connected(wiki, tmp_path / "home", datacenter=datacenter, spaces=("ENG",), settings=HASTY) as session:
        session.sync()
        changes.trash(wiki.site, trashed)
        changes.archive(wiki.site, archived)
        changes.move(wiki.site, moved, elsewhere, None)
        session.sync()
        assert session.visible(wiki.bob) == {kept.id}


def test_only_what_is_silently_gone_may_stay_until_a_person_approves(wiki: Wiki, session: Session) -> None:
    purged, hidden, kept = wiki.pages(3)
    session.sync()
    changes.purge(wiki.site, purged)
    wiki.restrict(hidden, wiki.alice)
    assert session.sync().counters["waiting_deletions"] == 2
    assert kept.id in session.visible(wiki.bob)
    assert {purged.id, hidden.id, kept.id} == set(session.held())
    session.sync(approve_deletions=True)
    assert session.visible(wiki.bob) == {kept.id}


def test_a_page_comes_back_with_its_new_rules_from_a_space_that_is_not_chosen(wiki: Wiki, tmp_path: Path) -> None:
    elsewhere, page = wiki.new_space("LAB", "Laboratory"), wiki.page("Wanderer")
    with connected(wiki, tmp_path / "home", spaces=("ENG",)) as session:
        session.sync()
        changes.move(wiki.site, page, elsewhere, None)
        session.sync()
        assert session.visible(wiki.alice) == set()
        wiki.restrict(page, wiki.sync, wiki.alice)
        changes.move(wiki.site, page, wiki.space, None)
        session.sync()
        assert session.visible(wiki.alice) == {page.id}
        assert session.visible(wiki.bob) == set()


def test_the_pages_of_a_space_that_is_gone_hide_after_72_hours_though_their_deletion_waits(
    wiki: Wiki, session: Session
) -> None:
    other = wiki.new_space("OLD", "Old things")
    kept, _ = wiki.page("Kept"), wiki.page("Dusty", space=other)
    session.sync()
    membership.remove_space(wiki.site, other)
    assert session.sync().counters["waiting_deletions"] == 1
    wiki.clock.forward(hours=73)
    session.sync()
    assert session.visible(wiki.bob) == {kept.id}


def test_no_text_is_shown_under_rules_older_than_itself_at_any_moment_of_a_sync(wiki: Wiki, session: Session) -> None:
    secret = wiki.page("Secret")
    below = [wiki.page(f"Below {number}", parent=secret) for number in range(60)]
    session.sync()
    wiki.restrict(secret, wiki.sync, wiki.alice)
    wiki.rewrite(below, "<p>The merger is on.</p>")
    leaked: set[str] = set()

    def look(db: Connection) -> None:
        shown = {name(person): versions for person, _, versions in session.shown(db)}
        leaked.update(page.id for page in below if shown["bob"].get(page.id) == page.version.number)

    with session.looking(look):
        session.sync()
    assert leaked == set()
    assert secret.id not in session.visible(wiki.bob)


def test_a_space_that_opens_shows_at_no_moment_what_was_restricted_before(wiki: Wiki, session: Session) -> None:
    wiki.site.anonymous_access = True
    secret = wiki.page("Secret")
    session.sync()
    wiki.restrict(secret, wiki.sync, wiki.alice)
    membership.grant(wiki.site, wiki.space, ANONYMOUS, VIEWER_RIGHTS)
    assert session.seen_meanwhile(None) == set()


@pytest.mark.parametrize("datacenter", [False, True])
def test_a_space_whose_listing_broke_off_hides_after_72_hours_and_no_other(
    wiki: Wiki, tmp_path: Path, datacenter: bool
) -> None:
    other = wiki.new_space("OPS", "Operations")
    _, whole = wiki.page("Perishable"), wiki.page("Fresh", space=other)
    with connected(wiki, tmp_path / "home", datacenter=datacenter) as session:
        session.sync()
        wiki.clock.forward(hours=73)
        wiki.break_listing(wiki.space)
        assert session.sync().state is RunState.DONE
        assert session.visible(wiki.bob) == {whole.id}


def test_who_leaves_a_group_or_is_deactivated_reads_nothing_more_by_it(wiki: Wiki, session: Session) -> None:
    secret = wiki.page("Secret")
    wiki.restrict(secret, wiki.sync, groups=(wiki.inner,))
    session.sync()
    assert secret.id in session.visible(wiki.alice)
    membership.leave(wiki.site, wiki.inner, wiki.alice)
    membership.join(wiki.site, wiki.inner, wiki.bob)
    session.sync()
    assert (session.visible(wiki.alice), session.visible(wiki.bob)) == (set(), {secret.id})
    membership.deactivate(wiki.site, wiki.bob)
    session.sync()
    assert session.visible(wiki.bob) == set()


def test_an_address_that_two_accounts_share_opens_only_what_is_open_to_everyone(wiki: Wiki, session: Session) -> None:
    wiki.bob.email_visible = True
    secret = wiki.page("Secret")
    wiki.restrict(secret, wiki.sync, wiki.bob)
    session.sync()
    assert session.visible_to(wiki.bob.email) == {secret.id}
    twin = wiki.person("bert", wiki.staff)
    twin.email, twin.email_visible = wiki.bob.email.upper(), True
    session.sync()
    assert session.visible_to(wiki.bob.email) == set()
    assert session.visible(wiki.bob) == {secret.id}


def test_a_space_that_was_empty_and_closed_since_shows_its_first_page_to_nobody_who_was_shut_out(
    wiki: Wiki, session: Session
) -> None:
    other = wiki.new_space("OPS", "Operations")
    wiki.page("Known")
    session.sync()
    membership.revoke(wiki.site, other, group_principal(wiki.staff.id))
    secret = wiki.page("Secret", space=other)
    assert secret.id not in session.seen_meanwhile(wiki.bob)


def test_a_file_that_moves_to_a_restricted_page_hides_in_the_same_sync(wiki: Wiki, session: Session) -> None:
    open_page, closed = wiki.page("Open"), wiki.page("Closed")
    wiki.restrict(closed, wiki.sync, wiki.alice)
    file = changes.new_file(wiki.site, "text/plain", b"x")
    attached = changes.attach(wiki.site, open_page, wiki.alice.account_id, "x.txt", file)
    session.sync()
    assert attached.id in session.visible(wiki.bob)
    wiki.site.unindex(attached)
    attached.container_id = closed.id
    wiki.site.index(attached)
    session.sync()
    assert attached.id not in session.visible(wiki.bob)


def test_who_left_a_group_that_no_rule_named_any_more_is_not_let_in_by_a_new_rule(wiki: Wiki, session: Session) -> None:
    council = membership.add_group(wiki.site, "council")
    for person in (wiki.bob, wiki.sync):
        membership.join(wiki.site, council, person)
    once = wiki.page("Once")
    wiki.restrict(once, groups=(council,))
    session.sync()
    wiki.restrict(once)
    session.sync()
    membership.leave(wiki.site, council, wiki.bob)
    secret = wiki.page("Secret")
    wiki.restrict(secret, groups=(council,))
    assert secret.id not in session.seen_meanwhile(wiki.bob)


def test_who_left_a_group_that_no_rule_named_any_more_is_not_let_into_a_space_by_it(
    wiki: Wiki, session: Session
) -> None:
    other, council = wiki.new_space("OPS", "Operations"), membership.add_group(wiki.site, "council")
    secret = wiki.page("Secret", space=other)
    for person in (wiki.bob, wiki.sync):
        membership.join(wiki.site, council, person)
    membership.revoke(wiki.site, other, group_principal(wiki.staff.id))
    membership.grant(wiki.site, other, wiki.sync_principal, VIEWER_RIGHTS)
    membership.grant(wiki.site, other, group_principal(council.id), VIEWER_RIGHTS)
    session.sync()
    assert secret.id in session.visible(wiki.bob)
    membership.revoke(wiki.site, other, group_principal(council.id))
    session.sync()
    membership.leave(wiki.site, council, wiki.bob)
    membership.grant(wiki.site, other, group_principal(council.id), VIEWER_RIGHTS)
    assert secret.id not in session.seen_meanwhile(wiki.bob)


def test_who_leaves_a_group_in_the_middle_of_a_sync_is_not_let_in_by_a_rule_that_names_it_then(
    wiki: Wiki, session: Session
) -> None:
    other, council = wiki.new_space("OPS", "Operations"), membership.add_group(wiki.site, "council")
    secret, shared = wiki.page("Secret", space=other), wiki.page("Shared")
    for person in (wiki.bob, wiki.sync):
        membership.join(wiki.site, council, person)
    wiki.restrict(shared, wiki.sync, groups=(council,))
    membership.revoke(wiki.site, other, group_principal(wiki.staff.id))
    membership.grant(wiki.site, other, wiki.sync_principal, VIEWER_RIGHTS)
    session.sync()

    def let_the_council_in() -> None:
        membership.leave(wiki.site, council, wiki.bob)
        membership.grant(wiki.site, other, group_principal(council.id), VIEWER_RIGHTS)

    line = Before(session.hub.line.transport, "/permissions", let_the_council_in)
    session.hub = replace(session.hub, line=replace(session.hub.line, transport=line))
    session.sync()
    assert line.done
    assert secret.id not in session.visible(wiki.bob)


@pytest.mark.parametrize("moved", [False, True])
def test_a_new_rule_or_place_counts_though_the_members_of_a_group_cannot_be_had(
    wiki: Wiki, session: Session, moved: bool
) -> None:
    secret, folder = wiki.page("Secret"), wiki.page("Drawer", kind=Kind.FOLDER)
    wiki.restrict(secret, wiki.sync, wiki.alice)
    page = wiki.page("Page", parent=folder)
    session.sync()
    assert page.id in session.visible(wiki.bob)
    if moved:
        changes.move(wiki.site, folder, wiki.space, secret)
    else:
        wiki.restrict(page, wiki.sync, wiki.alice)
    wiki.fault("500:path=content/search", "reset:path=membersByGroupId")
    assert session.sync().state is RunState.FAILED
    assert page.id not in session.visible(wiki.bob)


@pytest.mark.parametrize("emptied", [False, True])
def test_who_left_a_group_reads_nothing_by_it_though_the_clock_was_put_back(
    wiki: Wiki, session: Session, emptied: bool
) -> None:
    council = membership.add_group(wiki.site, "council")
    for person in (wiki.bob, wiki.sync):
        membership.join(wiki.site, council, person)
    page = wiki.page("Secret")
    wiki.restrict(page, wiki.sync, groups=(council,))
    session.sync()
    if emptied:
        changes.purge(wiki.site, page)
        session.sync(approve_deletions=True)
        page = wiki.page("Secret too")
        wiki.restrict(page, wiki.sync, groups=(council,))
    wiki.clock.forward(minutes=-5)
    membership.leave(wiki.site, council, wiki.bob)
    session.sync()
    assert page.id not in session.visible(wiki.bob)


def test_who_is_deactivated_and_named_by_a_rule_afterwards_is_shown_nothing_by_it(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Page")
    wiki.restrict(page, wiki.sync, wiki.alice)
    session.sync()
    membership.deactivate(wiki.site, wiki.bob)
    wiki.restrict(page, wiki.sync, wiki.alice, wiki.bob)
    assert page.id not in session.seen_meanwhile(wiki.bob)
