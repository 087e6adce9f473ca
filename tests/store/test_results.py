"""What a list of hits shows is read for the viewer, as things stand now."""

from sqlalchemy import Connection

from mainstem.store import content, journal, visibility
from mainstem.store.results import cards, readable_chain_ids, titles, unreadable_since
from mainstem.store.targets import space_names
from mainstem.wiki.audience import NOBODY, OPERATOR, Clause, Rules, Viewer, user
from mainstem.wiki.content import Kind
from tests.store.site import ALICE, BOB, NOW, page, site


def test_a_card_names_the_document_and_shows_one_passage(db: Connection) -> None:
    stored = site(db)
    (one,) = stored.save(page("p", title="Tea", author_id=ALICE.id)).values()
    stored.rule(Rules("p", ("b", "a")))
    alice = visibility.viewer_for(db, ALICE.id, rules_since=None)
    card = cards(db, [(one, 0)], viewer=alice)[one]
    assert (card.source_id, card.title, card.space_key, card.source, card.author) == (
        "p",
        "Tea",
        "ENG",
        "Acme",
        "Alice Archer",
    )
    assert (card.tags, card.updated_at) == (("a", "b"), NOW)
    assert card.passage
    assert card.passage.text == "About p"
    assert cards(db, [(one, 7)], viewer=alice)[one].passage is None


def test_the_card_of_a_file_names_the_page_it_hangs_on(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p", title="Tea"), page("f", kind=Kind.ATTACHMENT, container_id="p", title="tea.pdf"))
    alice = visibility.viewer_for(db, ALICE.id, rules_since=None)
    found = cards(db, [(id_, 0) for id_ in ids.values()], viewer=alice)
    assert [found[ids[one]].on for one in ("p", "f")] == ["", "Tea"]
    content.hold(db, stored.id, ["p"])
    assert cards(db, [(ids["f"], 0)], viewer=OPERATOR)[ids["f"]].on == "Tea"


def test_titles_are_told_to_whoever_may_read_the_documents(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p", title="Tea"), page("q", title="Coffee"))
    stored.rule(Rules("q", (), Clause(frozenset({user(BOB.id)}))))
    alice = visibility.viewer_for(db, ALICE.id, rules_since=None)
    assert titles(db, [*ids.values(), 987654], viewer=alice) == {ids["p"]: "Tea"}
    assert titles(db, ids.values(), viewer=Viewer("charlie")) == titles(db, [], viewer=alice) == {}


def test_an_outsider_gets_no_cards_and_passes_no_chain(db: Connection) -> None:
    ids = site(db).save(page("p"))
    charlie = Viewer("charlie")
    assert cards(db, [(ids["p"], 0)], viewer=charlie) == {}
    assert readable_chain_ids(db, viewer=charlie) == frozenset()
    assert readable_chain_ids(db, viewer=OPERATOR) is None


def test_what_became_unreadable_after_a_position_is_named(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("open"), page("shut"), page("gone"))
    alice = visibility.viewer_for(db, ALICE.id, rules_since=None)
    position = journal.last(db)
    assert unreadable_since(db, position, viewer=alice) == frozenset()
    stored.rule(Rules("shut", (), NOBODY), Rules("open", ("new",)))
    content.tombstone(db, [ids["gone"]], NOW)
    assert unreadable_since(db, position, viewer=alice) == {ids["shut"], ids["gone"]}
    assert unreadable_since(db, position, viewer=OPERATOR) == {ids["gone"]}
    assert unreadable_since(db, journal.last(db), viewer=alice) == frozenset()


def test_a_space_is_named_where_something_in_it_can_be_read(db: Connection) -> None:
    stored = site(db)
    stored.save(page("p"))
    alice = visibility.viewer_for(db, ALICE.id, rules_since=None)
    assert space_names(db, ["ENG", "OPS"], viewer=alice) == {"ENG": "Engineering"}
    assert space_names(db, [], viewer=alice) == {}
    assert space_names(db, ["ENG"], viewer=Viewer("charlie")) == {}
    stored.rule(Rules("p", (), NOBODY))
    assert space_names(db, ["ENG"], viewer=alice) == {}
