"""Connections keep what a person chose, give secrets back sealed, and go without a trace."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from mainstem.store import connections, content, documents, journal
from mainstem.store.errors import ConnectionGone, NameTaken
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.content import Kind
from mainstem.wiki.conversion import options_of
from mainstem.wiki.secrets import SealedSecret
from tests.store.site import NOW, new_connection, page, site


def test_a_connection_comes_back_as_it_was_saved(db: Connection) -> None:
    new = new_connection(
        secret=SealedSecret(b"\x00sealed\xff"),
        token_expires_on=date(2026, 9, 1),
        chosen_spaces=("ENG", "~ann"),
        kinds=frozenset({Kind.PAGE}),
        conversion=options_of({"macros": {"drawio": "drop"}, "tables": "html", "images": "alt"}),
    )
    saved = connections.add(db, new, NOW)
    for name in new.__dataclass_fields__:
        assert getattr(saved, name) == getattr(new, name)
    assert (saved.created_at, saved.last_sync_at) == (NOW, None)
    assert connections.connection(db, saved.id) == connections.named(db, "Acme") == saved


def test_all_spaces_and_no_spaces_are_told_apart(db: Connection) -> None:
    assert connections.add(db, new_connection("all"), NOW).chosen_spaces is None
    assert connections.add(db, new_connection("none", chosen_spaces=()), NOW).chosen_spaces == ()


def test_a_name_belongs_to_one_connection(db: Connection) -> None:
    first = connections.add(db, new_connection("Acme"), NOW)
    second = connections.add(db, new_connection("Other"), NOW)
    with pytest.raises(NameTaken, match="“Acme”"):
        connections.add(db, new_connection("Acme"), NOW)
    with pytest.raises(NameTaken):
        connections.change(db, second.id, new_connection("Acme"))
    assert connections.change(db, first.id, new_connection("Acme", login="new@example.com")).login == "new@example.com"


def test_the_list_shows_the_newest_first(db: Connection) -> None:
    for name in ("one", "two", "three"):
        connections.add(db, new_connection(name), NOW)
    assert [each.name for each in connections.every(db)] == ["three", "two", "one"]
    assert connections.named(db, "four") is None


def test_a_new_name_is_told_to_the_index(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"))
    before = journal.last(db)
    same = connections.connection(db, stored.id)
    connections.change(db, stored.id, replace(same, login="other@example.com"))
    assert journal.last(db) == before
    connections.change(db, stored.id, replace(same, name="Renamed"))
    assert [entry.document_id for entry in journal.since(db, before, 10)] == list(ids.values())


def test_progress_of_a_connection_is_noted(db: Connection) -> None:
    id_ = connections.add(db, new_connection(), NOW).id
    connections.synced(db, id_, NOW + timedelta(hours=1))
    saved = connections.connection(db, id_)
    assert saved.last_sync_at == NOW + timedelta(hours=1)


def test_a_removed_connection_takes_everything_with_it_and_the_index_is_told(db: Connection) -> None:
    gone, kept = site(db, "gone"), site(db, "kept")
    ids = gone.save(page("p1"), page("p2", parent_id="p1"))
    kept.save(page("p1"))
    before = journal.last(db)
    connections.remove(db, gone.id)
    with pytest.raises(ConnectionGone):
        connections.connection(db, gone.id)
    assert content.ids_of(db, gone.id, ["p1", "p2"]) == {}
    assert documents.counts(db, viewer=OPERATOR).pages == 1
    assert {entry.document_id for entry in journal.since(db, before, 10)} == set(ids.values())
