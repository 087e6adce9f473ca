"""Searches that members keep: each is its owner's alone."""

from argon2 import PasswordHasher
from sqlalchemy import Connection

from mainstem.accounts import members
from mainstem.accounts.roles import Role
from mainstem.store import searches
from tests.store.site import NOW

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def member(db: Connection, name: str) -> int:
    return members.add(
        db, name=name, email=f"{name}@x.example", password="long enough to be", role=Role.READER, now=NOW, hasher=CHEAP
    ).id


def test_a_search_is_kept_by_name_and_a_second_of_that_name_replaces_it(db: Connection) -> None:
    alice, bob = member(db, "alice"), member(db, "bob")
    assert searches.save(db, alice, "Weekly", "q=a", NOW)
    assert searches.save(db, alice, "brokers", "q=b", NOW)
    assert searches.save(db, bob, "Weekly", "q=c", NOW)
    assert searches.save(db, alice, "Weekly", "q=d", NOW)
    kept = [(each.name, each.query) for each in searches.of_member(db, alice)]
    assert kept == [("brokers", "q=b"), ("Weekly", "q=d")]
    assert [each.query for each in searches.of_member(db, bob)] == ["q=c"]


def test_only_its_owner_drops_a_search(db: Connection) -> None:
    alice, bob = member(db, "alice"), member(db, "bob")
    searches.save(db, alice, "Weekly", "q=a", NOW)
    (kept,) = searches.of_member(db, alice)
    searches.forget(db, bob, kept.id)
    assert searches.of_member(db, alice) == (kept,)
    searches.forget(db, alice, kept.id)
    assert searches.of_member(db, alice) == ()


def test_nobody_keeps_more_than_so_many(db: Connection) -> None:
    alice = member(db, "alice")
    for number in range(searches.MOST):
        assert searches.save(db, alice, f"s{number}", "q=a", NOW)
    assert not searches.save(db, alice, "one more", "q=a", NOW)
    assert searches.save(db, alice, "s1", "q=b", NOW)
    assert len(searches.of_member(db, alice)) == searches.MOST
