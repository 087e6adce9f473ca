"""Founding the hub once, adding people, and never losing the last owner."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, select

from mainstem.accounts import members, sessions
from mainstem.accounts.errors import (
    AlreadyFounded,
    BadEmail,
    EmailTaken,
    LastOwner,
    NameMissing,
    UnknownMember,
    WeakPassword,
)
from mainstem.accounts.members import Workspace
from mainstem.accounts.roles import Role
from mainstem.store.database import reading
from mainstem.store.tables import members as member_rows
from tests.accounts.people import CHEAP, PASSWORD, add, found, sign_in
from tests.store.site import NOW


def test_a_hub_is_founded_once_with_its_first_owner(db: Connection) -> None:
    assert members.workspace(db) is None
    owner = found(db)
    assert members.workspace(db) == Workspace("Acme")
    assert (owner.email, owner.name, owner.role) == ("Olive@example.com", "Olive", Role.OWNER)
    with pytest.raises(AlreadyFounded):
        found(db)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"workspace": " "}, NameMissing),
        ({"name": "\x00\n"}, NameMissing),
        ({"email": "olive"}, BadEmail),
        ({"email": "ol ive@example.com"}, BadEmail),
        ({"email": "olive\x00@example.com"}, BadEmail),
        ({"email": "x" * 250 + "@a.example"}, BadEmail),
        ({"password": "short"}, WeakPassword),
    ],
)
def test_a_hub_that_could_not_be_founded_is_not_half_founded(
    db: Connection, changes: dict[str, str], refusal: type[Exception]
) -> None:
    facts = {"workspace": "Acme", "name": "Olive", "email": "olive@example.com", "password": PASSWORD}
    with pytest.raises(refusal):
        members.found(db, **facts | changes, now=NOW, hasher=CHEAP)
    assert members.workspace(db) is None
    assert found(db).role is Role.OWNER


def test_an_email_belongs_to_one_member_whatever_its_case(db: Connection) -> None:
    found(db)
    with pytest.raises(EmailTaken):
        add(db, "OLIVE")


def test_of_two_who_found_a_hub_at_once_one_does(engine: Engine) -> None:
    def attempt(email: str) -> bool:
        with engine.begin() as db:
            try:
                members.found(db, workspace="A", name="O", email=email, password=PASSWORD, now=NOW, hasher=CHEAP)
            except AlreadyFounded:
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ("olive@example.com", "oda@example.com"))) == [False, True]
    with reading(engine) as db:
        assert len(db.execute(select(member_rows.c.id)).all()) == 1


def test_a_new_role_counts_at_once_in_a_session_that_lasts(db: Connection) -> None:
    found(db)
    rita = add(db, "Rita")
    session = sessions.begin(db, rita, agent="", now=NOW)
    members.set_role(db, rita.id, Role.EDITOR)
    member = sessions.member_of(db, session.token, NOW)
    assert member is not None
    assert member.role is Role.EDITOR


def test_the_last_active_owner_stays_one(db: Connection) -> None:
    olive, second = found(db), add(db, "Otto", Role.OWNER)
    members.deactivate(db, second.id)
    with pytest.raises(LastOwner):
        members.set_role(db, olive.id, Role.ADMIN)
    with pytest.raises(LastOwner):
        members.deactivate(db, olive.id)
    members.set_role(db, olive.id, Role.OWNER)
    third = add(db, "Oda", Role.OWNER)
    members.set_role(db, olive.id, Role.ADMIN)
    with pytest.raises(LastOwner):
        members.deactivate(db, third.id)


def test_two_owners_who_step_down_at_once_leave_one(engine: Engine) -> None:
    with engine.begin() as db:
        owners = [found(db).id, add(db, "Otto", Role.OWNER).id]

    def step_down(member_id: int) -> bool:
        try:
            with engine.begin() as db:
                members.set_role(db, member_id, Role.READER)
        except LastOwner:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(step_down, owners)) == [False, True]


def test_who_is_deactivated_is_signed_out_everywhere(engine: Engine) -> None:
    with engine.begin() as db:
        found(db)
        rita = add(db, "Rita")
        tokens = [sign_in(db, rita.email).token for _ in range(2)]
        stays = sign_in(db).token
        members.deactivate(db, rita.id)
    with reading(engine) as db:
        assert [sessions.member_of(db, token, NOW) for token in tokens] == [None, None]
        assert sessions.member_of(db, stays, NOW) is not None


def test_a_session_that_begins_while_its_member_is_shut_out_lets_nobody_in(db: Connection) -> None:
    found(db)
    rita = add(db, "Rita")
    members.deactivate(db, rita.id)
    late = sessions.begin(db, rita, agent="", now=NOW)
    assert sessions.member_of(db, late.token, NOW) is None


def test_a_member_who_is_not_there_is_named_as_such(db: Connection) -> None:
    found(db)
    with pytest.raises(UnknownMember):
        members.set_role(db, 99, Role.ADMIN)
    with pytest.raises(UnknownMember):
        members.deactivate(db, 99)
    with pytest.raises(UnknownMember):
        members.tie(db, 99, 1, "u-alice", NOW)
