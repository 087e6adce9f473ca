"""Labels and restrictions as bulk reads tell them, and the heads that plans compare them with."""

from datetime import timedelta

from sqlalchemy import Connection

from mainstem.store import audiences, content, gaps, journal, visibility
from mainstem.store.chains import RulesState
from mainstem.store.heads import documents_of_spaces, stored_heads
from mainstem.store.indexable import passages_for_index
from mainstem.store.rules import RulesGap
from mainstem.wiki.audience import NOBODY, Rules, group, user
from mainstem.wiki.content import Kind
from tests.store.site import ALICE, BOB, NOW, clause, page, site


def test_a_head_tells_what_a_plan_compares(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1", version=4, position=2), page("p2", parent_id="p1"))
    only_ann = clause(user("ann"), group("g"))
    stored.rule(Rules("p2", ("b", "a"), only_ann))
    heads = stored_heads(db, stored.id)
    one, two = heads["p1"], heads["p2"]
    assert (one.document_id, one.version, one.position, one.modified_at) == (ids["p1"], 4, 2, NOW)
    assert (one.rules_state, one.restriction, one.body_hash, one.extraction) == (RulesState.OPEN, None, "hash", 1)
    assert (two.rules_state, two.restriction) == (RulesState.RESTRICTED, audiences.clause_digest(only_ann))
    assert (two.parent_id, two.labels, two.in_scope, two.deleted) == ("p1", ("a", "b"), True, False)


def test_heads_are_chosen_by_space_kind_and_id(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"), page("p2", space_id="s2"), page("b1", kind=Kind.BLOGPOST))
    content.tombstone(db, [ids["p2"]], NOW)
    assert set(stored_heads(db, stored.id, "s1")) == {"p1", "b1"}
    assert set(stored_heads(db, stored.id, kinds=[Kind.PAGE])) == {"p1", "p2"}
    assert set(stored_heads(db, stored.id, source_ids=["b1", "x"])) == {"b1"}
    assert stored_heads(db, stored.id)["p2"].deleted
    assert set(documents_of_spaces(db, stored.id)) == {"s1"}


def test_new_contents_have_unread_rules(db: Connection) -> None:
    stored = site(db)
    stored.save_as_found(page("p1"))
    assert stored_heads(db, stored.id)["p1"].rules_state is RulesState.UNREAD


def test_the_index_takes_a_new_content_in_once_all_rules_above_it_are_read(db: Connection) -> None:
    stored = site(db)
    stored.save_as_found(page("p1"), page("p2", parent_id="p1"))
    ids = [content.ids_of(db, stored.id, [source_id])[source_id] for source_id in ("p1", "p2")]
    stored.rule(Rules("p2"))
    assert list(passages_for_index(db, ids)) == []
    stored.rule(RulesGap("p1"))
    assert [each.document_id for each in passages_for_index(db, ids)] == ids


def test_labels_are_told_to_the_index_only_when_they_changed(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"), page("p2"))
    stored.rule(Rules("p1", ("a",)), Rules("p2", ("a",)))
    before = journal.last(db)
    stored.rule(Rules("p1", ("a",)), Rules("p2", ("a", "b")), Rules("not stored", ("x",)))
    assert [entry.document_id for entry in journal.since(db, before, 10)] == [ids["p2"]]


def test_only_a_restriction_that_comes_or_goes_asks_for_new_chains(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    assert stored.rule(Rules("p1")) == 0
    assert stored.rule(Rules("p1", restriction=clause(user("ann")))) == 1
    assert stored.rule(Rules("p1", restriction=clause(user("ben")))) == 0
    assert stored.rule(Rules("p1", restriction=NOBODY)) == 0
    assert stored.rule(RulesGap("p1")) == 1
    assert stored.rule(Rules("p1")) == 1


def test_a_changed_restriction_is_not_told_to_the_index(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    stored.rule(Rules("p1", restriction=clause(user("ann"))))
    before = journal.last(db)
    stored.rule(Rules("p1", restriction=clause(user("ben"))))
    assert journal.last(db) == before


def test_whoever_passes_a_rule_by_name_or_licence_is_read_anew(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p1"))
    stored.rule(Rules("p1", restriction=clause(user("u-new"))))
    later = NOW + timedelta(hours=1)
    passing = gaps.passing(db, stored.id, NOW)
    assert passing.users == {"u-new"}
    assert passing.all_licensed
    assert passing.people == passing.people_read == {ALICE.id, BOB.id}
    assert gaps.passing(db, stored.id, later).people_read == set()
    audiences.save_people(db, stored.id, [ALICE], later)
    audiences.save_unknown(db, stored.id, [BOB.id, "u-new"], later)
    assert gaps.passing(db, stored.id, later).people_read == {ALICE.id, BOB.id, "u-new"}
    assert audiences.display_names(db, stored.id)[BOB.id] == BOB.display_name
    bob = visibility.viewer_for(db, BOB.id, rules_since=None)
    assert not bob.principals
