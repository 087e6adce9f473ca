"""Signing in under attack, and sessions that end when they should."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, select

from mainstem.accounts import members, sessions
from mainstem.accounts.errors import TooManyTries, WrongSignIn
from mainstem.accounts.members import Member
from mainstem.store.database import reading
from mainstem.store.tables import failed_sign_ins
from mainstem.store.tables import members as member_rows
from mainstem.store.tables import sessions as session_rows
from tests.accounts.people import CHEAP, PASSWORD, add, found, sign_in
from tests.store.site import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hub(engine: Engine) -> Engine:
    """A hub with its owner, where transactions end as they do in earnest."""
    with engine.begin() as db:
        found(db)
    return engine


def attempt(
    hub: Engine,
    email: str = "olive@example.com",
    password: str = "a wrong one",
    *,
    address: str = "192.0.2.1",
    now: datetime = NOW,
) -> str | int:
    """Try to sign in, in a transaction that ends with the error: how it went, or how long to wait."""
    try:
        with hub.begin() as db:
            sign_in(db, email, password, address=address, now=now)
    except WrongSignIn:
        return "wrong"
    except TooManyTries as refusal:
        return refusal.wait
    return "in"


def visit(hub: Engine, token: str, now: datetime) -> Member | None:
    """Come with a token, in a transaction that may write."""
    with hub.begin() as db:
        return sessions.member_of(db, token, now)


def is_due(db: Connection, token: str, now: datetime) -> bool:
    come = sessions.visit(db, token, now)
    assert come is not None
    return come.due


def test_who_knows_the_password_is_let_in_whatever_the_case_of_the_email(db: Connection) -> None:
    olive = found(db)
    session = sign_in(db, " OLIVE@example.com ")
    assert session.member == olive
    assert session.expires_at == NOW + timedelta(days=90)
    assert sessions.member_of(db, session.token, NOW) == olive


def test_a_token_is_random_and_stands_nowhere(db: Connection) -> None:
    olive = found(db)
    first, second = sign_in(db), sessions.begin(db, olive, agent="Moz\x00illa", now=NOW, new_token=lambda: "known")
    assert len(first.token) == 43
    assert second.token == "known"
    rows = db.execute(select(session_rows)).all()
    assert len(rows) == 2
    assert all(token not in str(rows) for token in (first.token, second.token))
    assert first.token not in repr(first)
    assert {row.agent for row in rows} == {"Browser", "Mozilla"}


def test_unknown_wrong_and_shut_out_are_told_alike(hub: Engine) -> None:
    with hub.begin() as db:
        members.deactivate(db, add(db, "Rita").id)
    for email, password in (
        ("nobody@example.com", PASSWORD),
        ("olive@example.com", "a wrong one"),
        ("rita@example.com", PASSWORD),
        ("no email", PASSWORD),
        ("\x00\ud800@example.com", "\ud800"),
    ):
        assert attempt(hub, email, password) == "wrong"


class Counting(PasswordHasher):
    """Counts how often it does the work that takes its time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.works = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.works += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  argon2's own name
        self.works += 1
        return super().verify(hash, password)


@pytest.mark.parametrize("email", ["nobody@example.com", "no email", "olive@example.com", "rita@example.com"])
def test_each_refusal_costs_the_same_work(hub: Engine, email: str) -> None:
    with hub.begin() as db:
        members.deactivate(db, add(db, "Rita").id)
    hasher = Counting()
    with hub.begin() as db, pytest.raises(WrongSignIn):
        sign_in(db, email, "a wrong one", hasher=hasher)
    assert hasher.works == 1


def test_after_five_failures_an_email_must_wait_even_with_the_right_password(hub: Engine) -> None:
    tries = [attempt(hub, "Olive@Example.com", address=f"192.0.2.{n}", now=NOW + n * MINUTE) for n in range(5)]
    assert tries == ["wrong"] * 5
    assert attempt(hub, password=PASSWORD, address="198.51.100.1", now=NOW + 5 * MINUTE) == 10 * 60
    assert attempt(hub, password=PASSWORD, now=NOW + 15 * MINUTE - timedelta(milliseconds=1)) == 1
    assert attempt(hub, password=PASSWORD, now=NOW + 15 * MINUTE) == "in"


def test_an_email_that_nobody_has_must_wait_as_well(hub: Engine) -> None:
    tries = [attempt(hub, "nobody@example.com", address=f"192.0.2.{n}") for n in range(6)]
    assert tries == ["wrong"] * 5 + [15 * 60]


@pytest.mark.parametrize("address", ["192.0.2.{}", "2001:db8::{}", "::ffff:192.0.2.{}", "unix {}"])
def test_after_twenty_failures_an_address_must_wait_whatever_the_email(hub: Engine, address: str) -> None:
    tries = [attempt(hub, f"guess{n}@example.com", address=address.format(1)) for n in range(20)]
    assert tries == ["wrong"] * 20
    assert attempt(hub, password=PASSWORD, address=address.format(1)) == 15 * 60
    elsewhere = attempt(hub, password=PASSWORD, address=address.format(2))
    assert elsewhere == (15 * 60 if address.startswith("2001") else "in")


def test_success_forgives_the_failures_of_the_email_and_not_those_of_the_address(hub: Engine) -> None:
    for _ in range(4):
        assert [attempt(hub) for _ in range(4)] == ["wrong"] * 4
        assert attempt(hub, password=PASSWORD) == "in"
    assert [attempt(hub) for _ in range(4)] == ["wrong"] * 4
    assert attempt(hub, password=PASSWORD) == 15 * 60


def test_tries_that_come_at_once_are_counted_one_by_one(hub: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda _: attempt(hub), range(8)))
    assert ends.count("wrong") == 5
    assert ends.count(15 * 60) == 3


def test_what_was_tried_is_not_stored_and_is_forgotten_in_time(hub: Engine) -> None:
    attempt(hub, "a password typed in the wrong field")
    with reading(hub) as db:
        assert "password" not in str(db.execute(select(failed_sign_ins)).all())
    attempt(hub, password=PASSWORD, address="198.51.100.1", now=NOW + 15 * MINUTE)
    with reading(hub) as db:
        assert [row.since for row in db.execute(select(failed_sign_ins))] == [NOW + 15 * MINUTE]


def test_a_password_is_kept_anew_when_the_way_to_keep_it_got_stronger(db: Connection) -> None:
    olive = found(db)
    stronger = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    own = select(member_rows.c.password_hash).where(member_rows.c.id == olive.id)
    before = db.execute(own).scalar_one()
    sign_in(db)
    assert db.execute(own).scalar_one() == before
    sign_in(db, hasher=stronger)
    after = db.execute(own).scalar_one()
    assert CHEAP.check_needs_rehash(after)
    assert not stronger.check_needs_rehash(after)
    assert sign_in(db, hasher=stronger).member == olive


def test_a_session_ends_after_two_weeks_without_use(hub: Engine) -> None:
    with hub.begin() as db:
        token = sign_in(db).token
    last = NOW + timedelta(days=14) - MINUTE
    assert visit(hub, token, last) is not None
    assert visit(hub, token, last + timedelta(days=14) - MINUTE) is not None
    assert visit(hub, token, last + timedelta(days=28)) is None


def test_a_session_ends_after_ninety_days_however_much_it_is_used(hub: Engine) -> None:
    with hub.begin() as db:
        token = sign_in(db).token
    for day in range(1, 90):
        assert visit(hub, token, NOW + timedelta(days=day)) is not None
    assert visit(hub, token, NOW + timedelta(days=90)) is None


def test_a_visit_is_noted_every_five_minutes_where_the_transaction_may_write(hub: Engine) -> None:
    with hub.begin() as db:
        token = sign_in(db).token

    def noted(after: timedelta) -> datetime:
        with reading(hub) as db:
            assert sessions.member_of(db, token, NOW + after) is not None
        visit(hub, token, NOW + after)
        with reading(hub) as db:
            assert not is_due(db, token, NOW + after)
            own: datetime = db.execute(select(session_rows.c.seen_at)).scalar_one()
            assert db.execute(select(member_rows.c.seen_at)).scalar_one() == own
            return own

    assert noted(4 * MINUTE) == NOW
    with reading(hub) as db:
        assert is_due(db, token, NOW + 5 * MINUTE)
        assert sessions.visit(db, "forged", NOW + 5 * MINUTE) is None
    assert noted(5 * MINUTE) == NOW + 5 * MINUTE


def test_signing_out_ends_one_session_and_everywhere_ends_all(db: Connection) -> None:
    olive = found(db)
    first, second, third = (sign_in(db).token for _ in range(3))
    sessions.sign_out(db, first)
    sessions.sign_out(db, "forged \ud800")
    assert [sessions.member_of(db, token, NOW) for token in (first, second, third)] == [None, olive, olive]
    sessions.sign_out_everywhere(db, olive.id)
    assert [sessions.member_of(db, token, NOW) for token in (second, third)] == [None, None]


def test_sessions_that_ended_are_dropped_when_somebody_signs_in(db: Connection) -> None:
    found(db)
    sign_in(db)
    sign_in(db, now=NOW + timedelta(days=14))
    assert len(db.execute(select(session_rows)).all()) == 1
