"""The cast before one page: who a viewer is, what each may read, and that nothing opens by accident."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from mainstem.store import audiences, chains, connections, documents, rules, visibility
from mainstem.store.rules import RulesGap
from mainstem.store.tables import chain_holders, holders
from mainstem.store.tables import chains as chain_rows
from mainstem.store.tables import documents as document_rows
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, OPERATOR, Rules, Viewer, group, user
from mainstem.wiki.content import Content, Deployment, Group, Kind, Membership, Person, Status
from tests.store.site import ALICE, BOB, NOW, Site, clause, page, site


def reads(stored: Site, who: str, id_: str = "p1") -> bool:
    """Whether somebody, named as at sign-in, is given a document."""
    viewer = visibility.viewer_for(stored.db, who, rules_since=NOW)
    return documents.document(stored.db, (stored.id, id_), viewer=viewer) is not None


def on_server(db: Connection, stored: Site) -> None:
    """Make it a site of Data Center."""
    saved = connections.connection(db, stored.id)
    connections.change(db, stored.id, replace(saved, deployment=Deployment.DATA_CENTER))


def test_alice_reads_bob_does_not_and_an_outsider_finds_nothing(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    stored.rule(Rules("p1", restriction=clause(user(ALICE.id))))
    assert reads(stored, ALICE.id)
    assert not reads(stored, BOB.id)
    assert not reads(stored, "charlie@example.com")
    anonymous = visibility.anonymous(db, rules_since=NOW)
    assert documents.document_ids(db, viewer=anonymous) == []
    assert documents.counts(db, viewer=anonymous).spaces == 0


def test_a_person_is_known_by_id_user_name_or_email_whatever_the_case(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    for who in (BOB.id, "BBerg", " BOB@EXAMPLE.com "):
        assert reads(stored, who)


def test_an_id_goes_before_a_user_name_and_that_before_an_email(db: Connection) -> None:
    named_alike = Person("x", "X", username=ALICE.id, email="bberg")
    stored = site(db, people=(ALICE, BOB, named_alike))
    stored.save(page("p1"))
    stored.rule(Rules("p1", restriction=clause(user("x"))))
    assert not reads(stored, ALICE.id)
    assert not reads(stored, "bberg")


def test_a_name_that_two_active_accounts_share_proves_nothing(db: Connection) -> None:
    twin = replace(ALICE, id="u-twin")
    stored = site(db, people=(ALICE, twin))
    stored.save(page("p1"))
    assert not reads(stored, "alice@example.com")
    audiences.save_people(db, stored.id, [replace(twin, active=False)], NOW)
    assert reads(stored, "alice@example.com")


def test_groups_count_through_any_number_of_groups_and_rings_end(db: Connection) -> None:
    stored = site(db)
    ring = (Group("a", "A"), Group("b", "B"), Group("c", "C"))
    for outer, inner in zip(ring, (*ring[1:], ring[0]), strict=True):
        members = (ALICE,) if outer.id == "c" else ()
        audiences.save_memberships(db, stored.id, [Membership(outer, members, (inner,))], NOW)
    stored.save(page("p1"))
    stored.rule(Rules("p1", restriction=clause(group("a"))))
    assert reads(stored, ALICE.id)
    assert not reads(stored, BOB.id)
    audiences.save_memberships(db, stored.id, [Membership(Group("c", "C"))], NOW)
    assert not reads(stored, ALICE.id)


@pytest.mark.parametrize(
    ("person", "licensed", "anonymous"),
    [
        (ALICE, True, True),
        (replace(ALICE, guest=True), False, True),
        (replace(ALICE, kind="customer"), False, True),
        (replace(ALICE, kind="app"), False, True),
        (replace(ALICE, active=False), False, False),
    ],
)
def test_what_an_account_passes_for_depends_on_its_licence(
    db: Connection, person: Person, *, licensed: bool, anonymous: bool
) -> None:
    stored = site(db, people=(person,))
    viewer = visibility.viewer_for(db, person.id, rules_since=None)
    assert ((stored.id, ALL_LICENSED) in viewer.principals) is licensed
    assert ((stored.id, ANONYMOUS) in viewer.principals) is anonymous


def test_rights_in_one_connection_mean_nothing_in_another(db: Connection) -> None:
    home, other = site(db, "home"), site(db, "other", people=())
    home.save(page("p1"))
    other.save(page("p1"))
    other.rule(Rules("p1", restriction=clause(user(ALICE.id))))
    assert reads(home, ALICE.id)
    assert not reads(other, ALICE.id)


def test_a_user_name_that_two_sites_know_names_nobody_and_an_email_names_both(db: Connection) -> None:
    home, other = site(db, "home"), site(db, "other")
    on_server(db, home)
    for stored in (home, other):
        stored.save(page("p1"))
        assert not reads(stored, "bberg")
        assert not reads(stored, BOB.id)
        assert reads(stored, "bob@example.com")


def test_the_same_account_of_cloud_is_the_same_person_on_two_sites(db: Connection) -> None:
    home, other = site(db, "home"), site(db, "other")
    for stored in (home, other):
        stored.save(page("p1"))
        assert reads(stored, ALICE.id)


def test_who_takes_somebodys_email_for_a_user_name_becomes_nobody_else(db: Connection) -> None:
    home, other = site(db, "home"), site(db, "other", people=(Person("x", "X", username="alice@example.com"),))
    home.save(page("p1"))
    other.save(page("p1"))
    assert not reads(home, "alice@example.com")
    assert reads(other, "alice@example.com")


def test_proved_accounts_make_the_viewer_that_their_names_make(db: Connection) -> None:
    stored, other = site(db), site(db, "Other")
    for who in (ALICE, BOB):
        named = visibility.viewer_for(db, str(who.email), rules_since=NOW)
        proved = [(stored.id, who.id), (other.id, who.id)]
        assert visibility.viewer_with(db, str(who.email), proved, rules_since=NOW) == named
    anonymous = visibility.anonymous(db, rules_since=NOW).principals
    for nobody in ([], [(stored.id, "charlie")], [(stored.id, ALICE.id), (stored.id, BOB.id)], [(99, ALICE.id)]):
        assert visibility.viewer_with(db, "charlie", nobody, rules_since=NOW).principals == anonymous


def test_rules_stand_as_long_as_the_viewer_trusts_them(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    day = timedelta(days=1)
    for since, there in ((NOW - day, True), (NOW, True), (NOW + day, False)):
        viewer = visibility.viewer_for(db, ALICE.id, rules_since=since)
        assert (documents.counts(db, viewer=viewer).pages == 1) is there
    audiences.rules_read(db, stored.id, ["s1"], NOW + 2 * day)
    viewer = visibility.viewer_for(db, ALICE.id, rules_since=NOW + day)
    assert documents.counts(db, viewer=viewer).pages == 1


def test_a_space_whose_rules_are_too_old_is_hidden_though_those_of_the_site_are_fresh(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    audiences.rules_read(db, stored.id, [], NOW + timedelta(days=2))
    viewer = visibility.viewer_for(db, ALICE.id, rules_since=NOW + timedelta(days=1))
    assert documents.counts(db, viewer=viewer).pages == 0


def test_nothing_is_readable_before_its_rules_are_read(db: Connection) -> None:
    stored = site(db)
    stored.save_as_found(page("p1"))
    assert not reads(stored, ALICE.id)
    stored.rule(Rules("p1"))
    assert reads(stored, ALICE.id)
    stored.rule(RulesGap("p1"))
    assert not reads(stored, ALICE.id)
    assert documents.document(db, (stored.id, "p1"), viewer=OPERATOR)


def test_a_restriction_that_can_no_longer_be_read_hides_even_from_those_it_named(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    stored.rule(Rules("p1", restriction=clause(user(ALICE.id))))
    stored.rule(RulesGap("p1"))
    assert not reads(stored, ALICE.id)


def test_a_draft_on_an_open_page_is_hidden(db: Connection) -> None:
    stored = site(db)
    drafted = Content("c1", Kind.COMMENT, "s1", "", 1, Status.DRAFT, container_id="p1")
    stored.save(page("p1"), drafted, replace(drafted, id="c2", status=Status.CURRENT))
    assert not reads(stored, ALICE.id, "c1")
    assert reads(stored, ALICE.id, "c2")


def test_a_page_that_becomes_restricted_asks_for_new_chains_at_once_and_one_that_opens_may_wait(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    for rules_now, tightened, loosened in (
        (Rules("p1", restriction=clause(user("ann"))), 1, 0),
        (Rules("p1"), 0, 1),
        (RulesGap("p1"), 1, 0),
        (Rules("p1", restriction=clause(user("ann"))), 0, 1),
    ):
        changed = rules.save_rules(db, stored.id, [rules_now])
        assert (changed.tightened, changed.loosened) == (tightened, loosened)


def test_a_document_without_a_chain_or_with_an_empty_one_is_hidden(db: Connection) -> None:
    stored = site(db)
    (id_,) = stored.save(page("p1")).values()
    everyone = Viewer("all", frozenset({(stored.id, ALL_LICENSED), (stored.id, ANONYMOUS)}))
    one = update(document_rows).where(document_rows.c.id == id_)
    db.execute(one.values(chain_id=None))
    assert documents.document(db, id_, viewer=everyone) is None
    adding = insert(chain_rows).values(connection_id=stored.id, digest="empty").returning(chain_rows.c.id)
    db.execute(one.values(chain_id=db.execute(adding).scalar_one()))
    assert documents.document(db, id_, viewer=everyone) is None


def test_a_holder_cannot_be_deleted_from_under_a_chain(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    used = select(chain_holders.c.holder_id)
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(delete(holders).where(holders.c.id.in_(used)))


def test_documents_under_equal_rules_share_a_chain_and_unused_chains_go(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"), page("p2", parent_id="p1"), page("b1", kind=Kind.BLOGPOST))
    count = select(chain_rows.c.id)
    assert len(db.execute(count).all()) == 1
    stored.rule(Rules("p1", restriction=clause(user(ALICE.id))))
    assert len(db.execute(count).all()) == 2
    stored.rule(Rules("p1"))
    assert len(db.execute(count).all()) == 1
    assert chains.rebuild_chains(db, stored.id) == 0


def test_whoever_is_a_guest_no_longer_is_let_in_and_whoever_becomes_one_is_not(db: Connection) -> None:
    stored = site(db, people=(replace(ALICE, guest=True), BOB))
    before = audiences.admitted(db, stored.id)
    stored.save(page("p1"))
    assert not reads(stored, ALICE.id)
    audiences.save_people(db, stored.id, [ALICE], NOW)
    assert reads(stored, ALICE.id)
    after = audiences.admitted(db, stored.id)
    assert not after <= before
    audiences.save_people(db, stored.id, [replace(ALICE, guest=True)], NOW)
    assert audiences.admitted(db, stored.id) <= after
