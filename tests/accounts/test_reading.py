"""What members read: what Confluence lets those accounts read that are proved to be theirs, whatever their role."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from mainstem.accounts import members
from mainstem.accounts.errors import AccountTaken
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.store import audiences, connections, documents
from mainstem.store.errors import ConnectionGone
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, Rules, user
from tests.accounts.people import add, found, sign_in
from tests.store.site import ALICE, BOB, NOW, Site, clause, page, site

OPEN, TEAM, SECRET = "open", "team", "secret"


@pytest.fixture
def acme(db: Connection) -> Site:
    """A site that everybody may use, with a page of an open space, one for people with a licence, one for Alice."""
    return opened(db, "Acme")


def opened(db: Connection, name: str) -> Site:
    stored = site(db, name)
    everybody = clause(ANONYMOUS, ALL_LICENSED)
    audiences.save_site_clause(db, stored.id, everybody)
    audiences.save_clauses(db, stored.id, audiences.HolderKind.SPACE, {"s1": everybody})
    stored.save(*(page(each) for each in (OPEN, TEAM, SECRET)))
    stored.rule(Rules(TEAM, restriction=clause(ALL_LICENSED)), Rules(SECRET, restriction=clause(user(ALICE.id))))
    return stored


def reads(stored: Site, member: Member | None) -> set[str]:
    """Which of the pages a member is given."""
    viewer = members.viewer_of(stored.db, member, rules_since=NOW)
    found = {each for each in (OPEN, TEAM, SECRET) if documents.document(stored.db, (stored.id, each), viewer=viewer)}
    assert documents.counts(stored.db, stored.id, viewer=viewer).pages == len(found)
    return found


def test_each_of_the_cast_reads_what_confluence_lets_them(db: Connection, acme: Site) -> None:
    alice, bob, charlie = (add(db, name) for name in ("Alice", "Bob", "Charlie"))
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    members.tie(db, bob.id, acme.id, BOB.id, NOW)
    members.tie(db, charlie.id, acme.id, "u-unheard-of", NOW)
    assert reads(acme, alice) == {OPEN, TEAM, SECRET}
    assert reads(acme, bob) == {OPEN, TEAM}
    assert reads(acme, charlie) == {OPEN}
    assert reads(acme, None) == {OPEN}


@pytest.mark.parametrize("role", Role)
def test_whatever_the_role_without_an_identity_one_reads_what_is_open_to_everyone(
    db: Connection, acme: Site, role: Role
) -> None:
    assert reads(acme, add(db, "Olive", role)) == {OPEN}


def test_an_equal_email_name_or_id_proves_nothing(db: Connection, acme: Site) -> None:
    alice = add(db, "Alice", Role.OWNER)
    assert reads(acme, alice) == {OPEN}
    assert reads(acme, replace(alice, email=ALICE.id, name=ALICE.id)) == {OPEN}


def test_whoever_a_sync_read_of_before_becomes_a_member_and_signs_in_under_the_same_email(
    db: Connection, acme: Site
) -> None:
    found(db)
    audiences.save_people(db, acme.id, [replace(ALICE, email="alice@example.com")], NOW)
    alice = add(db, "Alice")
    assert sign_in(db, "alice@example.com").token
    assert reads(acme, alice) == {OPEN}
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    assert reads(acme, alice) == {OPEN, TEAM, SECRET}


def test_an_identity_counts_in_its_own_connection_alone(db: Connection, acme: Site) -> None:
    elsewhere = opened(db, "Elsewhere")
    alice = add(db, "Alice")
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    assert reads(acme, alice) == {OPEN, TEAM, SECRET}
    assert reads(elsewhere, alice) == {OPEN}


def test_an_account_that_was_deactivated_takes_everything_away(db: Connection, acme: Site) -> None:
    alice = add(db, "Alice")
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    audiences.save_people(db, acme.id, [replace(ALICE, active=False)], NOW)
    assert reads(acme, alice) == set()


def test_an_account_that_may_not_use_the_site_is_nobody_there(db: Connection, acme: Site) -> None:
    alice = add(db, "Alice")
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    audiences.save_site_clause(db, acme.id, clause(ANONYMOUS, user(BOB.id)))
    assert reads(acme, alice) == {OPEN}


def test_an_account_belongs_to_one_member_and_who_asks_for_anothers_keeps_their_own(db: Connection, acme: Site) -> None:
    alice, bob = add(db, "Alice"), add(db, "Bob")
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    members.tie(db, bob.id, acme.id, BOB.id, NOW)
    with pytest.raises(AccountTaken):
        members.tie(db, bob.id, acme.id, ALICE.id, NOW)
    assert reads(acme, bob) == {OPEN, TEAM}
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    assert reads(acme, alice) == {OPEN, TEAM, SECRET}


def test_a_tie_replaces_the_one_before_and_can_be_taken_back(db: Connection, acme: Site) -> None:
    alice = add(db, "Alice")
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    members.tie(db, alice.id, acme.id, BOB.id, NOW)
    assert reads(acme, alice) == {OPEN, TEAM}
    members.untie(db, alice.id, acme.id)
    assert reads(acme, alice) == {OPEN}
    members.tie(db, add(db, "Bob").id, acme.id, BOB.id, NOW)


def test_who_is_shut_out_of_the_hub_is_nobody_in_confluence(db: Connection, acme: Site) -> None:
    alice = add(db, "Alice")
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    members.deactivate(db, alice.id)
    assert reads(acme, alice) == {OPEN}


def test_ties_go_with_their_connection(db: Connection, acme: Site) -> None:
    alice = add(db, "Alice")
    members.tie(db, alice.id, acme.id, ALICE.id, NOW)
    connections.remove(db, acme.id)
    assert members.viewer_of(db, alice, rules_since=NOW).principals == frozenset()
    with pytest.raises(ConnectionGone):
        members.tie(db, alice.id, acme.id, ALICE.id, NOW)
