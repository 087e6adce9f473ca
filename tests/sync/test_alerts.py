"""What is worth an alert, and that each matter is told once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from confluence_emulator.state import changes
from mainstem.store import alerts, connections, plans
from mainstem.store.alerts import Alert, Condition
from mainstem.store.database import reading
from mainstem.sync.alerts import Kind, Standing, conditions, look
from mainstem.sync.alerts import changes as changed
from tests.sync.larkhill import START, Session, Wiki

BELIEVED = timedelta(hours=72)


def looked(session: Session) -> list[tuple[str, str]]:
    """Kind and text of what is the matter, after one more look."""
    with session.hub.engine.begin() as db:
        look(db, session.wiki.clock(), BELIEVED)
        return [(alert.kind, alert.text) for alert in alerts.lasting(db)]


def test_nothing_is_the_matter_after_a_good_sync(wiki: Wiki, session: Session) -> None:
    wiki.page("Home")
    assert looked(session) == []
    session.sync()
    assert looked(session) == []


def test_a_failed_sync_is_one_matter_until_one_succeeds(wiki: Wiki, session: Session) -> None:
    wiki.page("Home")
    wiki.fault("401")
    session.sync()
    assert looked(session) == [(Kind.FAILED, "The sync of Larkhill failed, and it is paused")]
    with reading(session.hub.engine) as db:
        (first,) = alerts.lasting(db)
    assert first.repair == "Check the account, then the token"
    session.sync()
    assert looked(session) == [(Kind.FAILED, "The sync of Larkhill failed, and it is paused")]
    with reading(session.hub.engine) as db:
        assert [alert.id for alert in alerts.lasting(db)] == [first.id]
    wiki.fault()
    session.sync()
    with session.hub.engine.begin() as db:
        plans.resume(db, session.connection_id, wiki.clock())
    assert looked(session) == []


def test_what_the_brake_holds_and_what_could_not_be_read_is_told(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(60)
    session.sync()
    for page in pages[:30]:
        changes.trash(wiki.site, page)
    session.sync()
    assert dict(looked(session)) == {
        Kind.BRAKE: "30 deletions of Larkhill wait for an answer",
        Kind.ATTENTION: "30 things of Larkhill could not be read",
    }
    session.sync(approve_deletions=True)
    assert Kind.BRAKE not in dict(looked(session))


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (31, None),
        (30, "The token of Larkhill expires in 30 days"),
        (8, "The token of Larkhill expires in 8 days"),
        (7, "The token of Larkhill expires in 7 days"),
        (1, "The token of Larkhill expires tomorrow"),
        (0, "The token of Larkhill expires today"),
        (-1, "The token of Larkhill has expired"),
    ],
)
def test_the_end_of_a_token_is_told_30_7_and_1_days_before(session: Session, left: int, text: str | None) -> None:
    found = list(conditions(standing(session, expires=START.date() + timedelta(days=left)), START, BELIEVED))
    assert [one.text for one in found] == ([text] if text else [])


def test_each_of_these_days_is_a_matter_of_its_own(session: Session) -> None:
    keys = []
    for days in range(35):
        at = START + timedelta(days=days)
        keys += [one.key for one in conditions(standing(session, expires=date(2026, 4, 4)), at, timedelta(days=999))]
    assert len(dict.fromkeys(keys)) == 4


def test_a_sync_is_overdue_while_there_is_time_to_act(session: Session) -> None:
    last = replace(standing(session).connection, last_sync_at=START)
    for hours, tense in ((47, ""), (49, "are hidden from"), (80, "have been hidden since")):
        found = list(conditions(Standing(last, None, 0, ""), START + timedelta(hours=hours), BELIEVED))
        assert [tense in one.cause for one in found] == ([True] if tense else [])


def test_a_pause_that_was_forced_is_told(session: Session) -> None:
    paused = replace(standing(session), paused_because="The token has expired; enter a new one")
    (found,) = conditions(paused, START, BELIEVED)
    assert (found.kind, found.cause, found.repair) == (Kind.ATTENTION, "The token has expired", "Enter a new one")


def test_a_matter_is_new_once_and_over_once() -> None:
    one, two = Condition(1, "k", "a", "words"), Condition(1, "k", "b", "words")
    known = Alert(1, "k", "a", "other words", id=7, connection="Acme", opened_at=START, over_at=None)
    assert changed([one, two], [known]) == ([two], [])
    assert changed([two], [known]) == ([two], [7])
    assert changed([one], [known]) == ([], [])


def standing(session: Session, *, expires: date | None = None) -> Standing:
    with reading(session.hub.engine) as db:
        connection = connections.connection(db, session.connection_id)
    return Standing(replace(connection, token_expires_on=expires), None, 0, "")
