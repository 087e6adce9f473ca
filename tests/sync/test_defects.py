"""A defect of our own ends a run like any other end, and the next sync begins anew."""

from pathlib import Path

import pytest

from mainstem.store import runs
from mainstem.store.database import reading
from mainstem.store.runs import RunState
from mainstem.sync.processes import prepare
from mainstem.sync.run import DEFECT
from tests.sync.larkhill import Session, Wiki, connected


def test_a_run_that_a_defect_broke_has_ended_and_does_not_stand_in_the_way(tmp_path: Path) -> None:
    prepare("mainstem.wiring.indexer")  # so that a process holds the index when the run breaks
    wiki = Wiki()
    (page,) = wiki.pages(1)
    with connected(wiki, tmp_path / "home", broken=ZeroDivisionError) as session:
        wiki.fault("reset:path=/pages")
        with pytest.raises(ExceptionGroup):
            session.sync()
        assert (latest(session).state, latest(session).message) == (
            RunState.FAILED,
            DEFECT,
        )
        wiki.fault()
        assert session.sync().state is RunState.DONE
        assert set(session.held()) == {page.id}


def latest(session: Session) -> runs.Run:
    with reading(session.hub.engine) as db:
        found = runs.latest(db, 1)
    assert found is not None
    return found
