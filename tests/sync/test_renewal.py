"""What another account would gain and lose, told before it is let in (C4)."""

import asyncio
import re
from dataclasses import replace

from mainstem.confluence.credentials import EmailToken
from mainstem.store import connections
from mainstem.store.database import reading
from mainstem.sync.renewal import Proof
from mainstem.wiki.selection import Filter
from tests.sync.larkhill import Session, Wiki

ALICE = EmailToken("alice@larkhill.example", "alice-api-token")


def proved(session: Session, *, labels: frozenset[str] = frozenset()) -> Proof:
    with session.hub.engine.begin() as db:
        connection = connections.connection(db, session.connection_id)
        connection = connections.change(db, connection.id, replace(connection, filter=Filter(labels=labels)))
    return asyncio.run(session.hub.prove(connection, ALICE))


def test_pages_gained_and_lost_are_counted_by_space(session: Session, wiki: Wiki) -> None:
    wiki.pages(3)
    assert proved(session).says == ("Read from now on: 3 pages in Engineering.",)
    session.sync()
    assert proved(session).says == ("It sees the same pages and posts.",)
    wiki.restrict(wiki.page("Hers"), wiki.alice)
    wiki.restrict(mine := wiki.page("Mine"), wiki.sync)
    session.sync()
    assert mine.id in session.held()
    assert proved(session).says == (
        "No longer read: 1 page in Engineering. What is stored of it stays until the syncs find it gone.",
        "Read from now on: 1 page in Engineering.",
    )


def test_under_a_filter_and_of_very_many_the_numbers_are_about_right(session: Session, wiki: Wiki) -> None:
    wiki.pages(3)
    assert proved(session, labels=frozenset({"runbook"})).says == ("Read from now on: about 3 pages in Engineering.",)
    wiki.pages(1998, space=wiki.new_space("BIG", "Big"))
    [told] = proved(session).says
    few, _, many = told.removeprefix("Read from now on: ").partition(", ")
    assert (few, many.endswith(" pages in Big.")) == ("about 3 pages in Engineering", True)
    assert abs(int(re.sub(r"\D", "", many)) - 1998) < 100
    with reading(session.hub.engine) as db:
        assert connections.connection(db, session.connection_id).account_name == "Sync"
