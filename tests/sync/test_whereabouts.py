"""Where a page is that somebody has the address of: from a table of cases, and on a wiki."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from confluence_emulator.state import Content as Stored
from confluence_emulator.state import changes, membership
from confluence_emulator.state.spaces import group_principal
from mainstem.store import connections
from mainstem.store.database import reading
from mainstem.sync.whereabouts import Place, Whereabouts
from mainstem.wiki.audience import OPERATOR, Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.selection import Filter
from tests.sync.larkhill import Session

Deed = Callable[[Session, Stored], object]
LAST_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


def asked(session: Session, page: Stored | str, *, viewer: Viewer = OPERATOR) -> Whereabouts:
    url = page if isinstance(page, str) else f"{session.wiki.site.base_url}/pages/viewpage.action?pageId={page.id}"
    with reading(session.hub.engine) as db:
        connection = connections.connection(db, session.connection_id)
    return asyncio.run(session.hub.whereabouts(connection, url, viewer=viewer))


def changed(session: Session, **values: object) -> None:
    with session.hub.engine.begin() as db:
        before = connections.connection(db, session.connection_id)
        connections.change(db, session.connection_id, replace(before, **values))  # type: ignore[arg-type]


def filtered(chosen: Filter) -> Deed:
    return lambda session, _: changed(session, filter=chosen)


DEEDS: list[tuple[Place, Deed]] = [
    (Place.HERE, lambda _, page: page),
    (Place.OLDER, lambda session, page: session.wiki.edit(page, "<p>Newer.</p>")),
    (Place.TRASHED, lambda session, page: changes.trash(session.wiki.site, page)),
    (Place.UNSEEN, lambda session, page: changes.purge(session.wiki.site, page)),
    (Place.SPACE, lambda session, _: changed(session, chosen_spaces=("OTHER",))),
    (Place.SPACE, filtered(Filter(without_spaces=frozenset({"eng"})))),
    (Place.KIND, lambda session, _: changed(session, kinds=frozenset({Kind.BLOGPOST}))),
    (Place.DATES, filtered(Filter(modified_after=date(2030, 1, 1)))),
    (Place.TREES, filtered(Filter(trees=frozenset({"999"})))),
    (Place.LABELS, filtered(Filter(labels=frozenset({"howto"})))),
]


@pytest.mark.parametrize(("place", "deed"), DEEDS)
def test_what_is_here_is_told_as_confluence_and_the_settings_have_it_now(
    session: Session, place: Place, deed: Deed
) -> None:
    page = session.wiki.page("Kettle", "<p>Boil water.</p>")
    session.sync()
    deed(session, page)
    found = asked(session, page)
    assert (found.place, found.source_id) == (place, page.id)
    assert found.still_here is (place not in {Place.HERE, Place.OLDER})
    assert found.says
    assert found.next_step


def test_what_was_never_here_comes_with_the_next_sync_or_says_what_failed(session: Session) -> None:
    page = session.wiki.page("Kettle")
    assert asked(session, page).place is Place.COMING
    session.wiki.fault(f"500:path=/pages(.*id=.*{page.id}|/{page.id})")
    session.sync()
    session.wiki.fault()
    found = asked(session, page)
    assert found.place is Place.FAILED
    assert "HTTP 500" in found.says


def test_every_address_of_a_page_gets_the_same_answer_also_by_the_title_it_had_before(session: Session) -> None:
    page = session.wiki.page("Kettle & pot")
    session.sync()
    site = session.wiki.site.base_url
    addresses = (f"{site}/spaces/ENG/pages/{page.id}/Kettle", f"{site}/display/ENG/Kettle+%26+pot")
    assert [asked(session, url).place for url in addresses] == [Place.HERE] * 2
    changes.rename(session.wiki.site, page, None, "Pot")
    session.sync()
    assert asked(session, addresses[1]).source_id == page.id


def test_what_names_no_page_of_this_site_is_told_without_asking_confluence(session: Session) -> None:
    session.wiki.meanwhile.reset()
    site = session.wiki.site.base_url
    places = [
        asked(session, url).place for url in ("", "kettle", f"{site}/spaces/ENG", "https://x.example/wiki/x/AQAB")
    ]
    assert places == [Place.NO_PAGE, Place.NO_PAGE, Place.NO_PAGE, Place.ELSEWHERE]


def test_a_space_that_closed_to_the_account_and_one_that_never_was_answer_alike(session: Session) -> None:
    wiki = session.wiki
    law = wiki.new_space("LAW", "Legal")
    page = wiki.page("Contract", space=law)
    session.sync()
    membership.revoke(wiki.site, law, group_principal(wiki.staff.id))
    membership.revoke(wiki.site, law, wiki.sync_principal)
    site = wiki.site.base_url
    closed, never = (asked(session, f"{site}/display/{key}/Contract") for key in ("LAW", "NEVER"))
    assert closed.place is never.place is Place.UNSEEN_SPACE
    assert closed.says.replace("LAW", "NEVER") == never.says
    assert asked(session, page).place is Place.UNSEEN


def test_a_title_is_told_to_its_readers_alone(session: Session) -> None:
    wiki = session.wiki
    secret = wiki.page("Merger", "<p>Quiet.</p>")
    wiki.restrict(secret, wiki.bob, wiki.sync)
    session.sync()
    with reading(session.hub.engine) as db:
        bob, nobody = session.viewer(db, wiki.bob), session.viewer(db, None)
    assert asked(session, secret, viewer=bob).title == "Merger"
    outside = asked(session, secret, viewer=nobody)
    assert (outside.place, outside.title, outside.document_id) == (Place.HERE, "", None)
    assert "Merger" not in str(outside.facts)
