"""API keys, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from mainstem.accounts import api_keys, members
from mainstem.accounts.api_keys import NewKey
from mainstem.accounts.errors import NameMissing
from mainstem.accounts.members import Member
from mainstem.store import api_keys as rows
from tests.accounts.people import add
from tests.store.site import NOW

DAY = timedelta(days=1)


def make(db: Connection, member: Member, name: str = "Report", days: int | None = None) -> NewKey:
    return api_keys.make(db, member, name=name, read_only=True, days=days, now=NOW)


def test_a_key_stands_for_its_member_until_its_last_day(db: Connection) -> None:
    eve = add(db, "Eve")
    made = make(db, eve, days=30)
    found = api_keys.holder_of(db, made.token, NOW + 29 * DAY)
    assert found is not None
    assert found.member == eve
    assert api_keys.holder_of(db, made.token, NOW + 30 * DAY) is None
    assert api_keys.holder_of(db, made.token + "x", NOW) is None
    assert made.token not in repr(made)


def test_a_key_without_a_last_day_ends_when_it_is_revoked_by_its_own_member(db: Connection) -> None:
    eve, dan = add(db, "Eve"), add(db, "Dan")
    made = make(db, eve)
    assert not rows.revoke(db, dan.id, made.key.id, NOW)
    assert api_keys.holder_of(db, made.token, NOW + 9999 * DAY) is not None
    assert rows.revoke(db, eve.id, made.key.id, NOW)
    assert not rows.revoke(db, eve.id, made.key.id, NOW)
    assert api_keys.holder_of(db, made.token, NOW) is None
    assert [key.revoked_at for key in rows.of_member(db, eve.id)] == [NOW]


def test_a_member_who_is_shut_out_is_so_for_their_keys(db: Connection) -> None:
    eve = add(db, "Eve")
    made = make(db, eve)
    members.deactivate(db, eve.id)
    assert api_keys.holder_of(db, made.token, NOW) is None


def test_its_use_is_noted_every_five_minutes(db: Connection) -> None:
    eve = add(db, "Eve")
    made = make(db, eve)
    assert api_keys.use_due(made.key, NOW)
    for minutes, noted in ((0, 0), (4, 0), (5, 5)):
        api_keys.holder_of(db, made.token, NOW + timedelta(minutes=minutes))
        assert [key.used_at for key in rows.of_member(db, eve.id)] == [NOW + timedelta(minutes=noted)]


def test_every_key_has_a_name_and_only_those_that_stand_count(db: Connection) -> None:
    eve = add(db, "Eve")
    with pytest.raises(NameMissing):
        make(db, eve, name=" \n ")
    first, _ = make(db, eve, name="a\nb"), make(db, eve, days=1)
    assert first.key.name == "a b"
    assert rows.standing(db, eve.id, NOW) == 2
    assert rows.standing(db, eve.id, NOW + DAY) == 1
