"""Roles that groups of Confluence give: to whom, how high, and that nothing is taken from anybody by them."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine

from mainstem.accounts import api_keys, group_roles, members
from mainstem.accounts.errors import LastOwner, NoSuchGroup, RoleTooLow
from mainstem.accounts.members import Member
from mainstem.accounts.roles import FOR_GROUPS, Role, highest
from mainstem.accounts.sessions import begin, member_of
from mainstem.store import audiences, connections, gaps, removals
from mainstem.store import group_roles as store
from mainstem.store import members as rows
from mainstem.wiki.content import Group, Membership, Person
from tests.accounts.people import add, found
from tests.store.site import NOW, site

WRITERS, TEAM = Group("g-writers", "writers"), Group("g-team", "team")
PEOPLE = {name: Person(name, name) for name in ("ann", "bea", "cleo", "dan")}


def grouped(db: Connection) -> int:
    """A connection where Ann is a writer, Bea is by the team within the writers, which contains them in turn."""
    here = site(db).id
    memberships = [
        Membership(WRITERS, people=(PEOPLE["ann"], PEOPLE["dan"]), groups=(TEAM,)),
        Membership(TEAM, people=(PEOPLE["bea"],), groups=(WRITERS,)),
    ]
    audiences.save_memberships(db, here, memberships, NOW)
    audiences.save_people(db, here, [*PEOPLE.values(), Person("dan", "dan", active=False)], NOW)
    return here


def joined(db: Connection, here: int, name: str, role: Role = Role.READER) -> Member:
    member = add(db, name.capitalize(), role)
    rows.tie(db, member.id, here, name, NOW)
    return member


def counts(db: Connection, member: Member) -> Role:
    """The role by which somebody is let do things."""
    found = member_of(db, begin(db, member, agent="", now=NOW).token, NOW)
    assert found is not None
    return found.role


def test_the_highest_counts_and_no_group_makes_an_admin() -> None:
    assert FOR_GROUPS == (Role.EDITOR, Role.CURATOR)
    assert highest(Role.READER) is Role.READER
    assert highest(Role.READER, "editor", "curator") is Role.CURATOR
    assert highest(Role.OWNER, "curator") is Role.OWNER
    assert highest(Role.EDITOR, "owner", "admin", "reader") is Role.EDITOR


def test_who_is_in_a_group_however_deep_has_its_role_for_as_long(engine: Engine) -> None:
    with engine.begin() as db:
        olive, here = found(db), grouped(db)
        ann, bea, cleo, dan = (joined(db, here, name) for name in PEOPLE)
        group_roles.give(db, olive, here, WRITERS.id, Role.CURATOR, NOW)
        assert [counts(db, each) for each in (ann, bea, cleo, dan)] == ["curator", "curator", "reader", "reader"]
        key = api_keys.make(db, ann, name="x", read_only=True, days=None, now=NOW).token
        holder = api_keys.holder_of(db, key, NOW)
        assert holder is not None
        assert holder.member.role is Role.CURATOR
        rows.untie(db, bea.id, here)
        audiences.save_memberships(db, here, [Membership(WRITERS, people=(), groups=(TEAM,))], NOW)
        assert [counts(db, each) for each in (ann, bea)] == ["reader", "reader"]


def test_a_role_by_hand_stays_and_the_last_owner_too(engine: Engine) -> None:
    with engine.begin() as db:
        olive, here = found(db), grouped(db)
        rows.tie(db, olive.id, here, "ann", NOW)
        bea = joined(db, here, "bea", Role.ADMIN)
        group_roles.give(db, olive, here, WRITERS.id, Role.EDITOR, NOW)
        assert [counts(db, each) for each in (olive, bea)] == ["owner", "admin"]
        assert group_roles.affected(db, here, WRITERS.id, Role.CURATOR) == ()
        with pytest.raises(LastOwner):
            members.set_role(db, olive.id, Role.EDITOR)


def test_whom_a_change_makes_what_is_told_before_and_is_what_becomes_of_them(engine: Engine) -> None:
    with engine.begin() as db:
        olive, here = found(db), grouped(db)
        people = [joined(db, here, "ann"), joined(db, here, "bea", Role.EDITOR), joined(db, here, "cleo")]
        for role, told in (
            (Role.CURATOR, [("Ann", "reader", "curator"), ("Bea", "editor", "curator")]),
            (Role.EDITOR, [("Ann", "curator", "editor"), ("Bea", "curator", "editor")]),
            (None, [("Ann", "editor", "reader")]),
        ):
            found_ = group_roles.affected(db, here, WRITERS.id, role)
            assert [(each.name, each.before, each.after) for each in found_] == told
            assert [counts(db, each) for each in people if each.name in {name for name, _, _ in told}] == [
                before for _, before, _ in told
            ]
            group_roles.give(db, olive, here, WRITERS.id, role, NOW)
            assert [counts(db, each) for each in people if each.name in {name for name, _, _ in told}] == [
                after for _, _, after in told
            ]


def test_admins_alone_say_it_of_known_groups_and_no_higher_than_curator(engine: Engine) -> None:
    with engine.begin() as db:
        olive, here = found(db), grouped(db)
        ann, ada = joined(db, here, "ann", Role.CURATOR), add(db, "Ada", Role.ADMIN)
        for by, role in ((ann, Role.EDITOR), (ada, Role.ADMIN), (olive, Role.OWNER), (olive, Role.READER)):
            with pytest.raises(RoleTooLow):
                group_roles.give(db, by, here, WRITERS.id, role, NOW)
        with pytest.raises(NoSuchGroup):
            group_roles.give(db, ada, here, "g-unknown", Role.EDITOR, NOW)
        group_roles.give(db, ada, here, WRITERS.id, Role.EDITOR, NOW)
        assert [each.role for each in store.every(db)] == [Role.EDITOR]


def test_a_group_that_gives_a_role_is_read_also_where_no_rule_names_it(engine: Engine) -> None:
    with engine.begin() as db:
        olive, here = found(db), grouped(db)
        assert WRITERS.id not in gaps.passing(db, here, NOW).groups
        group_roles.give(db, olive, here, WRITERS.id, Role.EDITOR, NOW)
        assert WRITERS.id in gaps.passing(db, here, NOW + timedelta(days=1)).groups


def test_a_removed_connection_gives_no_role(engine: Engine) -> None:
    with engine.begin() as db:
        olive, here = found(db), grouped(db)
        ann = joined(db, here, "ann")
        group_roles.give(db, olive, here, WRITERS.id, Role.EDITOR, NOW)
        removals.remove(db, here, NOW, "Olive")
        assert counts(db, ann) is Role.READER
        assert connections.every(db) == []
