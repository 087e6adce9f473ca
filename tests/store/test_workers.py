"""Workers, their hearts and their claims."""

from datetime import timedelta

from sqlalchemy import Connection

from mainstem.store import connections, leases, workers
from tests.store.site import NOW, new_connection, site

MINUTE = timedelta(minutes=1)


def test_a_connection_is_claimed_by_one_worker_until_it_is_given_back(db: Connection) -> None:
    id_ = site(db).id
    for each in ("one", "two"):
        workers.join(db, each, "process 1 on here", NOW)
    assert [workers.claim(db, id_, each) for each in ("one", "two", "one")] == [True, False, False]
    assert workers.claimed(db) == {id_: "one"}
    workers.release(db, "two")
    assert workers.claimed(db) == {id_: "one"}
    workers.release(db, "one")
    assert workers.claim(db, id_, "two")


def test_a_worker_without_a_heartbeat_is_buried_with_its_claims_and_claims_nothing_more(db: Connection) -> None:
    id_ = site(db).id
    workers.join(db, "silent", "process 1 on here", NOW)
    workers.join(db, "alive", "process 2 on here", NOW)
    assert workers.claim(db, id_, "silent")
    assert workers.beat(db, "alive", NOW + MINUTE)
    assert [each.id for each in workers.bury(db, NOW + MINUTE)] == ["silent"]
    assert workers.bury(db, NOW + MINUTE) == []
    assert workers.claimed(db) == {}
    assert not workers.beat(db, "silent", NOW + MINUTE)
    assert not workers.claim(db, id_, "silent")
    assert workers.claim(db, id_, "alive")
    assert [each.id for each in workers.every(db)] == ["alive"]
    workers.leave(db, "alive")
    assert (workers.every(db), workers.claimed(db)) == ([], {})


def test_a_lease_is_taken_by_claim_alone_whoever_held_it(db: Connection) -> None:
    id_ = site(db).id
    for each in ("one", "two"):
        workers.join(db, each, "process 1 on here", NOW)
    workers.claim(db, id_, "one")
    assert leases.take(db, id_, "w", NOW, stale_before=NOW - MINUTE, worker_id="two") is None
    first = leases.take(db, id_, "w", NOW, stale_before=NOW - MINUTE, worker_id="one")
    workers.release(db, "one")
    workers.claim(db, id_, "two")
    second = leases.take(db, id_, "another", NOW, stale_before=NOW - MINUTE, worker_id="two")
    assert first is not None
    assert second is not None
    assert second.fence > first.fence


def test_whoever_syncs_a_connection_can_be_told_to_end(db: Connection) -> None:
    id_ = site(db).id
    workers.join(db, "one", "process 1 on here", NOW)
    assert not workers.call_off(db, id_, "Enough")
    workers.claim(db, id_, "one")
    assert workers.called_off(db, id_) is None
    assert workers.call_off(db, id_, "Enough")
    assert workers.called_off(db, id_) == "Enough"
    workers.release(db, "one")
    workers.claim(db, id_, "one")
    assert workers.called_off(db, id_) is None


def test_the_limits_of_a_site_are_shared_by_all_who_sync_from_it(db: Connection) -> None:
    here, also_here = site(db).id, site(db, "Acme too").id
    elsewhere = connections.add(db, new_connection("Elsewhere", api_url="https://other.example"), NOW).id
    for id_, worker in ((here, "one"), (also_here, "two"), (elsewhere, "three")):
        workers.join(db, worker, "process 1 on here", NOW)
        workers.claim(db, id_, worker)
    workers.rest(db, also_here, NOW + MINUTE)
    assert workers.sharing(db, here) == workers.Sharing(2, NOW + MINUTE)
    assert workers.sharing(db, elsewhere) == workers.Sharing(1, None)
    workers.release(db, "two")
    assert workers.sharing(db, here) == workers.Sharing(1, None)
