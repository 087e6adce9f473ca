"""Connections are tested each day by themselves, and what a test told is kept (C2)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstem.store import alerts, checkups, plans
from mainstem.store.checkups import Checkup
from mainstem.store.database import reading
from mainstem.sync.alerts import Kind, look
from mainstem.wiring.checkups import Rounds
from tests.sync.larkhill import Session, Wiki, connected


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with connected(Wiki(), tmp_path / "home") as session:
        yield session


def rounds(session: Session) -> Checkup | None:
    """What the last test told, once all that are due were made."""
    asyncio.run(Rounds(session.hub).once())
    with reading(session.hub.engine) as db:
        return checkups.last(db, session.connection_id)


def test_a_connection_is_tested_once_a_day(session: Session) -> None:
    session.wiki.page("Kettle")
    assert rounds(session) is None
    session.wiki.clock.forward(hours=25)
    first = rounds(session)
    assert first is not None
    assert (first.passed, first.checks[-1]["detail"]) == (True, "Connection successful, found 1 pages")
    session.wiki.clock.forward(hours=23)
    assert rounds(session) == first
    session.wiki.clock.forward(hours=2)
    assert rounds(session) != first


def test_a_connection_that_rests_is_left_alone(session: Session) -> None:
    with session.hub.engine.begin() as db:
        plans.pause(db, session.connection_id, session.hub.clock(), "The sign-in was rejected.")
    session.wiki.clock.forward(days=3)
    assert rounds(session) is None


def test_a_test_that_fails_is_told_until_another_passes_or_a_sync_goes_well(session: Session) -> None:
    hub = session.hub

    def matters() -> list[tuple[str, str]]:
        with hub.engine.begin() as db:
            look(db, hub.clock(), hub.permissions_max_age)
            return [(each.kind, each.text) for each in alerts.lasting(db)]

    session.wiki.clock.forward(hours=25)
    session.wiki.fault("401:path=.*")
    failed = rounds(session)
    assert failed is not None
    assert not failed.passed
    assert matters() == [(Kind.ATTENTION, "The test of Larkhill failed")]
    session.wiki.fault()
    session.sync()
    assert matters() == []
