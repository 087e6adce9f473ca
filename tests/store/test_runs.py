"""Runs as any process can watch them, leases that shut out who lost them, and what a run dealt with."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from mainstem.store import content, leases, runs, seen
from mainstem.store.errors import LeaseLost
from mainstem.store.runs import Failure, RunState
from mainstem.store.seen import Aspect
from mainstem.wiki.content import Kind
from tests.store.site import NOW, page, site

MINUTE = timedelta(minutes=1)


def test_a_run_is_shown_from_start_to_end(db: Connection) -> None:
    stored = site(db)
    run = runs.start(db, stored.id, "w1", "v1", NOW)
    assert (run.state, run.phase, run.counters, run.finished_at) == (RunState.RUNNING, "Starting", {}, None)
    counters = {"added": 3}
    runs.progress(db, run.id, NOW + MINUTE, phase="saving", counters=counters, state=RunState.WAITING, message="3 s")
    runs.progress(db, run.id, NOW + 2 * MINUTE)
    now = runs.run(db, run.id)
    assert now
    assert (now.state, now.phase, now.counters, now.message) == (RunState.RUNNING, "saving", {"added": 3}, None)
    assert now.heartbeat_at == NOW + 2 * MINUTE
    runs.finish(db, run.id, RunState.DONE, NOW + 3 * MINUTE)
    done = runs.latest(db, stored.id)
    assert done
    assert (done.state, done.finished_at) == (RunState.DONE, NOW + 3 * MINUTE)


def test_what_is_told_too_late_does_not_wake_a_run_that_has_ended(db: Connection) -> None:
    run = runs.start(db, site(db).id, "w1", "v1", NOW)
    runs.finish(db, run.id, RunState.FAILED, NOW, "no answer")
    runs.progress(db, run.id, NOW + MINUTE, state=RunState.WAITING, message="resumes in 2 s")
    ended = runs.run(db, run.id)
    assert ended
    assert (ended.state, ended.message, ended.heartbeat_at) == (RunState.FAILED, "no answer", NOW)


def test_the_newest_run_is_the_latest(db: Connection) -> None:
    stored = site(db)
    assert runs.latest(db, stored.id) is None
    made = [runs.start(db, stored.id, f"w{n}", "v1", NOW).id for n in range(3)]
    assert [run.id for run in runs.history(db, stored.id, limit=2)] == [made[2], made[1]]
    assert runs.run(db, made[2] + 1) is None


def test_a_failure_stands_from_its_first_time_until_it_is_cleared(db: Connection) -> None:
    stored = site(db)
    runs.record_failures(db, stored.id, [Failure("p1", "One", "u", "502"), Failure("p2", "Two", "u", "timeout")], NOW)
    runs.record_failures(db, stored.id, [Failure("p1", "One", "u", "404")], NOW + MINUTE)
    first, second = runs.standing_failures(db, stored.id)
    assert (first.cause, first.first_seen, first.last_seen) == ("404", NOW, NOW + MINUTE)
    assert (second.cause, second.last_seen) == ("timeout", NOW)
    runs.clear_failures(db, stored.id, ["p1", "never failed"])
    assert [failure.source_id for failure in runs.standing_failures(db, stored.id)] == ["p2"]


def test_a_lease_belongs_to_one_workflow_until_it_gives_it_back(db: Connection) -> None:
    id_ = site(db).id
    mine = leases.take(db, id_, "w1", NOW, stale_before=NOW - MINUTE)
    assert mine
    assert leases.take(db, id_, "w2", NOW, stale_before=NOW - MINUTE) is None
    assert leases.holder(db, id_) == "w1"
    leases.check(db, mine, NOW)
    leases.release(db, mine)
    assert leases.holder(db, id_) is None
    assert leases.take(db, id_, "w2", NOW, stale_before=NOW - MINUTE)


def test_the_lease_of_a_workflow_that_is_gone_is_freed_and_no_other(db: Connection) -> None:
    id_ = site(db).id
    leases.take(db, id_, "w1", NOW, stale_before=NOW - MINUTE)
    leases.free(db, id_, "w2")
    assert leases.holder(db, id_) == "w1"
    leases.free(db, id_, "w1")
    assert leases.take(db, id_, "w2", NOW, stale_before=NOW - MINUTE)


def test_whoever_lost_the_lease_can_write_nothing_more(db: Connection) -> None:
    id_ = site(db).id
    lost = leases.take(db, id_, "w1", NOW, stale_before=NOW - MINUTE)
    resumed = leases.take(db, id_, "w1", NOW, stale_before=NOW - MINUTE)
    assert lost
    assert resumed
    with pytest.raises(LeaseLost):
        leases.check(db, lost, NOW)
    leases.release(db, lost)
    leases.check(db, resumed, NOW + MINUTE)
    assert leases.take(db, id_, "w2", NOW + MINUTE, stale_before=NOW) is None
    stolen = leases.take(db, id_, "w2", NOW + 9 * MINUTE, stale_before=NOW + 8 * MINUTE)
    assert stolen
    assert stolen.fence > resumed.fence
    with pytest.raises(LeaseLost):
        leases.check(db, resumed, NOW)


def test_what_no_listing_named_is_absent(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"), page("p2"), page("p3"), page("b1", kind=Kind.BLOGPOST))
    site(db, "other").save(page("p9"))
    content.tombstone(db, [ids["p3"]], NOW)
    run = runs.start(db, stored.id, "w1", "v1", NOW)
    seen.note(db, run.id, ["p1"])
    seen.note(db, run.id, ["p1", "new"])
    seen.note(db, run.id, ["p2"], Aspect.RULES)
    assert seen.absent(db, run.id, [Kind.PAGE]) == ["p2"]
    assert seen.absent(db, run.id, [Kind.PAGE, Kind.BLOGPOST]) == ["p2", "b1"]
    seen.forget(db, run.id)
    assert seen.absent(db, run.id, [Kind.PAGE]) == ["p1", "p2"]
