"""A run that a person wants to end ends before it writes anything more, also while it waits; what it stored is kept."""

import asyncio

from mainstem.store import connections, leases, plans, runs
from mainstem.store.database import reading
from mainstem.store.runs import Run, RunState
from mainstem.wiring.hub import Hub
from tests.sync.larkhill import Session, Wiki, watched

WHY = "Somebody cancelled it."


def synced(session: Session, hub: Hub) -> Run:
    with reading(hub.engine) as db:
        (connection,) = connections.every(db)
    session.wiki.clock.forward(seconds=1)
    return asyncio.run(hub.sync(connection))


def stop(session: Session) -> None:
    with session.hub.engine.begin() as db:
        run = runs.latest(db, session.connection_id)
        assert run is not None
        runs.stop(db, run.id, WHY)


def test_a_run_ends_before_the_next_batch_and_the_next_one_finishes_the_work(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(3)
    wiki.desk.log.reset()

    async def cancel() -> None:
        stop(session)

    run = synced(session, watched(session.hub, "-comments", cancel))
    assert (run.state, run.message) == (RunState.CANCELLED, WHY)
    assert set(session.held()) == {page.id for page in pages}
    with reading(session.hub.engine) as db:
        assert leases.holder(db, session.connection_id) is None
    assert session.sync().state is RunState.DONE


def test_a_run_that_waits_for_confluence_ends_as_well(wiki: Wiki, session: Session) -> None:
    wiki.pages(3)

    async def never_answer() -> None:
        stop(session)
        await asyncio.Event().wait()

    run = synced(session, watched(session.hub, "-comments", never_answer))
    assert (run.state, run.message) == (RunState.CANCELLED, WHY)


def test_a_run_that_has_ended_is_not_stopped(session: Session) -> None:
    assert session.sync().state is RunState.DONE
    stop(session)
    with reading(session.hub.engine) as db:
        run = runs.latest(db, session.connection_id)
    assert run is not None
    assert run.stop is None


def test_a_credential_that_is_refused_pauses_the_connection_and_deletes_nothing(wiki: Wiki, session: Session) -> None:
    wiki.pages(3)
    session.sync()
    held = session.held()
    wiki.fault("401:path=.*")
    run = session.sync()
    assert run.state is RunState.FAILED
    with reading(session.hub.engine) as db:
        plan = plans.plan(db, session.connection_id)
    assert plan.paused_at is not None
    assert plan.paused_because == run.message
    assert session.held() == held


def test_other_trouble_does_not_pause_a_connection(wiki: Wiki, session: Session) -> None:
    wiki.fault("500:path=.*")
    assert session.sync().state is RunState.FAILED
    with reading(session.hub.engine) as db:
        assert plans.plan(db, session.connection_id).paused_at is None
