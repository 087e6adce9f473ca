"""A removed connection is there for nobody, gives its name away, and comes back whole unless its week is over."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from mainstem.store import connections, documents, removals, results
from mainstem.store.errors import ConnectionGone
from mainstem.store.visibility import viewer_for
from mainstem.wiki.audience import OPERATOR
from tests.store.site import ALICE, NOW, new_connection, page, site


def test_nothing_of_a_removed_connection_is_there_for_anybody(db: Connection) -> None:
    gone, kept = site(db, "gone"), site(db, "kept")
    gone.save(page("p1"))
    kept.save(page("p1"))
    removals.remove(db, gone.id, NOW, "Olga")
    assert [each.name for each in connections.every(db)] == ["kept"]
    assert connections.named(db, "gone") is None
    with pytest.raises(ConnectionGone):
        connections.connection(db, gone.id)
    assert documents.counts(db, viewer=OPERATOR).pages == 1
    assert documents.counts(db, gone.id, viewer=OPERATOR).pages == 0
    alice = viewer_for(db, ALICE.email or "", rules_since=None)
    assert documents.document_ids(db, gone.id, viewer=alice) == []
    assert len(documents.document_ids(db, viewer=alice)) == 1
    assert len(results.readable_chain_ids(db, viewer=alice) or ()) == 1


def test_a_removal_that_is_undone_brings_all_back(db: Connection) -> None:
    stored = site(db, "wiki")
    stored.save(page("p1"))
    removals.remove(db, stored.id, NOW, "Olga")
    (removal,) = removals.every(db)
    assert (removal.name, removal.removed_by, removal.gone_at) == ("wiki", "Olga", NOW + timedelta(days=7))
    removals.restore(db, stored.id)
    assert connections.connection(db, stored.id).name == "wiki"
    assert documents.counts(db, viewer=OPERATOR).pages == 1
    assert removals.every(db) == []
    with pytest.raises(ConnectionGone):
        removals.restore(db, stored.id)


def test_a_name_can_be_given_away_meanwhile(db: Connection) -> None:
    first = connections.add(db, new_connection("wiki"), NOW)
    removals.remove(db, first.id, NOW, "Olga")
    connections.add(db, new_connection("wiki"), NOW)
    removals.restore(db, first.id)
    assert connections.connection(db, first.id).name == f"wiki (restored {first.id})"


def test_it_goes_for_good_when_its_week_is_over(db: Connection) -> None:
    stored = connections.add(db, new_connection("wiki"), NOW)
    removals.remove(db, stored.id, NOW, "Olga")
    assert removals.complete(db, NOW + timedelta(days=6)) == []
    assert [each.name for each in removals.complete(db, NOW + timedelta(days=7))] == ["wiki"]
    assert removals.every(db) == []
