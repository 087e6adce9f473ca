"""What is gone when somebody is let in is never shown to them; what is new comes with its page."""

from pathlib import Path

import pytest

from confluence_emulator.state import changes, membership
from confluence_emulator.state.spaces import VIEWER_RIGHTS, group_principal
from mainstem.settings import Settings
from tests.sync.larkhill import Wiki, connected


def opened(wiki: Wiki, way: str) -> None:
    """Let Bob, who saw nothing of it, into the wiki's space or its page."""
    if way == "space":
        membership.grant(wiki.site, wiki.space, group_principal(wiki.staff.id), VIEWER_RIGHTS)
    else:
        membership.join(wiki.site, wiki.inner, wiki.bob)


def closed(wiki: Wiki, way: str) -> None:
    """Shut Bob out of the wiki's space, in a way that `opened` undoes."""
    membership.grant(wiki.site, wiki.space, wiki.sync_principal, VIEWER_RIGHTS)
    membership.revoke(wiki.site, wiki.space, group_principal(wiki.staff.id))
    if way == "group":
        membership.grant(wiki.site, wiki.space, group_principal(wiki.inner.id), VIEWER_RIGHTS)


@pytest.mark.parametrize("way", ["space", "group"])
@pytest.mark.parametrize("datacenter", [False, True])
@pytest.mark.parametrize("broken", ["", "pages", "comments"])
def test_what_was_deleted_before_somebody_is_let_in_is_never_shown_to_them(
    wiki: Wiki, tmp_path: Path, way: str, datacenter: bool, broken: str
) -> None:
    page, gone = wiki.page("Page"), wiki.page("Gone")
    comment = changes.comment(wiki.site, page, wiki.alice.account_id, "<p>Rude.</p>")
    closed(wiki, way)
    with connected(wiki, tmp_path / "home", datacenter=datacenter) as session:
        session.sync()
        assert {page.id, gone.id, comment.id} & session.visible(wiki.bob) == set()
        for content in (comment, gone):
            changes.purge(wiki.site, content)
        opened(wiki, way)
        if broken == "pages":
            wiki.break_listing(wiki.space)
        elif broken:
            wiki.fault("500:path=comment", "500:path=child/comment", "500:path=search")
        assert {comment.id, gone.id} & session.seen_meanwhile(wiki.bob) == set()
        wiki.fault()
        session.sync(approve_deletions=True)
        assert session.visible(wiki.bob) == {page.id}


def test_a_deletion_that_waits_for_a_person_is_not_shown_to_who_is_let_in_meanwhile(wiki: Wiki, tmp_path: Path) -> None:
    page, gone = wiki.page("Page"), wiki.page("Gone")
    closed(wiki, "group")
    with connected(wiki, tmp_path / "home", settings=Settings(brake_pages=0, brake_share=0.0)) as session:
        session.sync()
        changes.purge(wiki.site, gone)
        opened(wiki, "group")
        for _ in range(2):
            assert session.sync().counters["waiting_deletions"] == 1
            assert session.visible(wiki.bob) == {page.id}


@pytest.mark.parametrize("datacenter", [False, True])
def test_comments_and_files_come_with_a_new_page_in_the_same_sync(wiki: Wiki, tmp_path: Path, datacenter: bool) -> None:
    known = wiki.page("Known")
    with connected(wiki, tmp_path / "home", datacenter=datacenter) as session:
        session.sync()
        expected = {known.id}
        for page in (known, wiki.page("New")):
            file = changes.new_file(wiki.site, "text/plain", b"x")
            attached = changes.attach(wiki.site, page, wiki.alice.account_id, "x.txt", file)
            comments = [changes.comment(wiki.site, on, wiki.alice.account_id, "<p>Yes.</p>") for on in (page, attached)]
            expected |= {page.id, attached.id, *(each.id for each in comments)}
        session.sync()
        assert session.visible(wiki.bob) == expected
        counters = session.sync().counters
        assert (counters["added"], counters["changed"], counters["deleted"]) == (0, 0, 0)
