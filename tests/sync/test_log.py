"""What a sync tells the log."""

from pathlib import Path

import pytest

from confluence_emulator.state import changes
from mainstem.settings import Settings
from mainstem.store import events, runs
from mainstem.store.database import reading
from mainstem.store.events import Level, Line, Wanted
from mainstem.store.runs import RunState
from mainstem.sync.log import cause_and_repair, finish
from mainstem.wiki.audience import OPERATOR
from tests.sync.larkhill import Session, Wiki, connected


def told(session: Session, level: Level | None = None) -> list[Line]:
    """Its lines in the order of writing."""
    wanted = Wanted(levels=(level,) if level else ())
    with reading(session.hub.engine) as db:
        return list(reversed(events.lines(db, wanted, viewer=OPERATOR, limit=500)))


def test_a_sync_tells_when_it_began_and_what_it_did(wiki: Wiki, session: Session) -> None:
    wiki.page("Home")
    run = session.sync()
    first, *between, last = told(session)
    assert "Pages of ENG: 1 added" in [line.text for line in between]
    assert (first.text, first.run_id, first.at) == ("Sync started", run.id, run.started_at)
    assert last.text.startswith("Sync finished: 1 added, 0 changed, 0 unchanged, 0 deleted, ")
    assert last.facts["added"] == 1
    assert (last.level, last.at) == (Level.INFO, run.finished_at)


def test_a_lost_sign_in_is_told_with_its_repair(wiki: Wiki, session: Session) -> None:
    wiki.fault("401")
    session.sync()
    (line,) = told(session, Level.ERROR)
    assert line.text == "Sign-in lost"
    assert "wrong or expired token" in line.cause
    assert "Check that the token is listed there and has not expired" in line.repair
    assert line.facts == {"error": "SignInRejected"}


def test_what_fails_is_told_with_cause_and_repair_and_without_titles(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Salaries")
    session.sync()
    wiki.edit(page, "<p>New.</p>")
    wiki.fault(f"500:path=/pages(\\?.*id=.*{page.id}|/{page.id})")
    session.sync()
    (line,) = told(session, Level.WARNING)
    assert (line.text, line.source_id, line.subject) == ("Could not be read", page.id, "")
    assert "HTTP 500" in line.cause
    assert line.repair
    assert "Salaries" not in "".join((line.text, line.cause, line.repair, str(line.facts)))


def test_a_listing_that_breaks_off_is_told_by_its_name(wiki: Wiki, session: Session) -> None:
    wiki.page("Home")
    wiki.break_listing(wiki.space)
    session.sync()
    (line,) = told(session, Level.WARNING)
    assert (line.subject, line.source_id) == ("Pages of ENG", "")
    assert line.repair == "Try again later, or read its own log"


def test_waits_that_are_worth_it_are_told(wiki: Wiki, session: Session) -> None:
    wiki.pages(3)
    wiki.fault("429:every=3,retry_after=30")
    session.sync()
    assert "Waiting for Confluence, resumes in 30 s" in [line.text for line in told(session)]


def test_what_is_gone_and_what_the_brake_holds_is_told(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(60)
    session.sync()
    for page in pages[:30]:
        changes.trash(wiki.site, page)
    session.sync()
    line = told(session, Level.WARNING)[-1]
    assert (line.text, line.subject) == ("30 deletions wait for an answer", "Space ENG")
    assert line.facts == {"space": "ENG", "live": 60, "trashed": 30, "unseen": 0}
    gone = [line.source_id for line in told(session) if line.text == "No longer listed: trashed"]
    assert set(gone) == {page.id for page in pages[:30]}


def test_lines_are_kept_as_long_as_the_settings_say(wiki: Wiki, tmp_path: Path) -> None:
    with connected(wiki, tmp_path / "home", settings=Settings(log_days=2)) as session:
        old = session.sync()
        wiki.clock.forward(days=3)
        new = session.sync()
        assert {line.run_id for line in told(session)} == {new.id} != {old.id}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("It is away (404); look again", ("It is away (404)", "Look again")),
        ("One; two; try three", ("One; two", "Try three")),
        ("Nothing to do", ("Nothing to do", "")),
    ],
)
def test_a_sentence_ends_with_the_next_step(sentence: str, told: tuple[str, str]) -> None:
    assert cause_and_repair(sentence) == told


def test_a_run_that_was_stopped_says_so(wiki: Wiki, session: Session) -> None:
    wiki.page("Home")
    with session.hub.engine.begin() as db:
        run = runs.start(db, session.connection_id, "sync-left", "1", wiki.clock())
        runs.stop(db, run.id, "Somebody cancelled it.")
        finish(db, run, RunState.CANCELLED, wiki.clock(), "Somebody cancelled it.")
    (line,) = told(session)
    assert (line.text, line.cause) == ("Sync stopped", "Somebody cancelled it.")
