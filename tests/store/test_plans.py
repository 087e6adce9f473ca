"""What is to become of a connection stands in a row of its own: its schedule, its pause, who waits for it."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from mainstem.store import connections, plans
from mainstem.store.errors import ConnectionGone
from mainstem.store.plans import Plan
from tests.store.site import NOW, new_connection

LATER = NOW + timedelta(hours=1)


def test_a_connection_waits_to_be_asked_until_it_has_a_schedule(db: Connection) -> None:
    id_ = connections.add(db, new_connection(), NOW).id
    assert plans.plan(db, id_) == Plan(id_)
    assert plans.every(db) == {}
    plans.schedule(db, id_, "hourly", NOW)
    assert plans.every(db) == {id_: Plan(id_, "hourly", NOW)}


def test_a_pause_keeps_the_schedule_and_ends_the_waiting(db: Connection) -> None:
    id_ = connections.add(db, new_connection(), NOW).id
    plans.schedule(db, id_, "hourly", NOW)
    assert plans.ask(db, id_, NOW)
    assert not plans.ask(db, id_, LATER)
    plans.pause(db, id_, LATER, "The token has expired.")
    assert plans.plan(db, id_) == Plan(id_, "hourly", NOW, LATER, "The token has expired.")
    plans.resume(db, id_, LATER)
    assert plans.plan(db, id_) == Plan(id_, "hourly", NOW)


def test_a_pause_whose_cause_is_gone_ends_and_one_that_a_person_wanted_stays(db: Connection) -> None:
    id_ = connections.add(db, new_connection(), NOW).id
    plans.pause(db, id_, NOW, "The token has expired.")
    plans.relieve(db, id_, LATER)
    assert plans.plan(db, id_).paused_at is None
    plans.pause(db, id_, NOW)
    plans.relieve(db, id_, LATER)
    assert plans.plan(db, id_).paused_at == NOW


def test_whoever_is_answered_waits_no_longer(db: Connection) -> None:
    id_ = connections.add(db, new_connection(), NOW).id
    plans.ask(db, id_, NOW)
    assert plans.plan(db, id_) == Plan(id_, "manual", NOW, asked_at=NOW)
    plans.answered(db, id_)
    assert plans.plan(db, id_).asked_at is None


def test_there_is_no_plan_for_what_is_not_there(db: Connection) -> None:
    with pytest.raises(ConnectionGone):
        plans.schedule(db, 99, "hourly", NOW)
    id_ = connections.add(db, new_connection(), NOW).id
    plans.schedule(db, id_, "hourly", NOW)
    connections.remove(db, id_)
    assert plans.every(db) == {}
