"""Filings follow what rules say of a document, in the transaction that changes it, on both databases."""

from dataclasses import replace

from sqlalchemy import Connection, insert

from mainstem.store import audiences, connections, content, journal
from mainstem.store.documents import document
from mainstem.store.extracts import Outdated, save_anew
from mainstem.store.filing import file_anew, filed_otherwise, numbers, would_file
from mainstem.store.tables import filings
from mainstem.wiki.audience import OPERATOR, Rules, Viewer
from mainstem.wiki.content import Person, Space
from mainstem.wiki.filing import Drawer, Filed, FilingRule, On, Origin
from mainstem.wiki.properties import PageProperty, PropertyType
from tests.store.site import ALICE, NOW, Site, made, page, site

EVERYTHING = FilingRule(On.ALL, Drawer.TAG, name="Confluence")
TEAMS = FilingRule(On.LABEL, Drawer.COLLECTION, ("team-*",))
OWNED = FilingRule(On.FIELD, Drawer.OWNER, ("Owner",))
SPACES = FilingRule(On.SPACE, Drawer.CATEGORY, ("ENG",), name="Building")


def rule(stored: Site, *rules: FilingRule) -> None:
    """Let a connection have these rules, and nothing filed by them yet."""
    connections.change(stored.db, stored.id, replace(connections.connection(stored.db, stored.id), rules=rules))


def settle(db: Connection) -> int:
    """File whatever was filed by other rules, as what works behind the pages does; how many were."""
    looked_at = 0
    while found := filed_otherwise(db, limit=2):
        looked_at += sum(file_anew(db, connection_id, ids) >= 0 and len(ids) for connection_id, ids in found.items())
    return looked_at


def own(stored: Site, id_: str) -> Filed:
    found = document(stored.db, (stored.id, id_), viewer=OPERATOR)
    assert found is not None
    return found.filed


def named(stored: Site, id_: str) -> dict[str, list[str]]:
    found = own(stored, id_)
    single = {"category": found.category, "owner": found.owner}
    several = {"tag": found.tags, "collection": found.collections}
    told = {name: [each.name for each in some] for name, some in several.items() if some}
    return told | {name: [each.name] for name, each in single.items() if each}


def owned(value: str) -> PageProperty:
    return PageProperty("Owner", value, PropertyType.PERSON, (value,))


def test_rules_reach_what_is_stored_and_what_comes_later(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"), page("p2"))
    stored.rule(Rules("p1", ("team-tea",)))
    rule(stored, EVERYTHING, TEAMS, SPACES)
    before = journal.last(db)
    assert own(stored, "p1") == Filed()
    assert settle(db) == 2
    assert {entry.document_id for entry in journal.since(db, before, 10)} == set(ids.values())
    assert named(stored, "p1") == {"tag": ["Confluence"], "collection": ["team-tea"], "category": ["Building"]}
    stored.save(page("p3"))
    assert named(stored, "p3") == {"tag": ["Confluence"], "category": ["Building"]}
    assert settle(db) == 0


def test_a_filing_follows_labels_spaces_and_page_properties(db: Connection) -> None:
    stored = site(db)
    content.save_spaces(db, stored.id, [Space("s2", "HR", "People")])
    rule(stored, TEAMS, SPACES, OWNED)
    stored.save(page("p1"))
    stored.rule(Rules("p1", ("team-tea", "x")))
    [id_] = content.ids_of(db, stored.id, ["p1"]).values()
    anew = Outdated(id_, stored.id, "hash", "")
    save_anew(db, {stored.id: 2}, [anew], {id_: made("About p1", properties=(owned(ALICE.display_name),))})
    assert named(stored, "p1") == {"collection": ["team-tea"], "category": ["Building"], "owner": ["Alice Archer"]}
    content.save_places(db, stored.id, [page("p1", space_id="s2")])
    stored.rule(Rules("p1", ("x",)))
    save_anew(db, {stored.id: 3}, [anew], {id_: made("About p1")})
    assert named(stored, "p1") == {}
    content.save_heads(db, stored.id, [page("p1", space_id="s1")], NOW)
    assert named(stored, "p1") == {"category": ["Building"]}
    content.save_spaces(db, stored.id, [Space("s1", "BUILD", "Engineering")])
    assert named(stored, "p1") == {}


def test_another_name_of_a_space_is_told_to_the_index(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"))
    before = journal.last(db)
    content.save_spaces(db, stored.id, [Space("s1", "ENG", "Engineering")])
    assert journal.last(db) == before
    content.save_spaces(db, stored.id, [Space("s1", "ENG", "Works")])
    assert [entry.document_id for entry in journal.since(db, before, 10)] == [ids["p1"]]


def test_rules_take_away_what_they_gave_and_nothing_that_a_person_did(db: Connection) -> None:
    stored = site(db)
    ids = stored.save(page("p1"))
    by_hand = {"document_id": ids["p1"], "origin": Origin.PERSON, "by": "Mara", "account": None}
    chosen = [("tag", "Confluence"), ("category", "Mine"), ("owner", "Ben"), ("collection", "Kept")]
    db.execute(insert(filings), [by_hand | {"drawer": drawer, "name": name} for drawer, name in chosen])
    everything = [FilingRule(On.ALL, drawer, name="Confluence") for drawer in Drawer]
    rule(stored, *everything)
    settle(db)
    found = own(stored, "p1")
    assert (found.category and found.category.by, found.owner and found.owner.name) == ("Mara", "Ben")
    assert [each.name for each in found.collections] == ["Confluence", "Kept"]
    rule(stored)
    settle(db)
    assert named(stored, "p1") == {drawer: [name] for drawer, name in chosen}
    assert {each.origin for each in (*own(stored, "p1").tags, *own(stored, "p1").collections)} == {Origin.PERSON}


def test_an_owner_is_whom_confluence_knows_as_soon_as_it_does(db: Connection) -> None:
    stored = site(db)
    rule(stored, FilingRule(On.LABEL, Drawer.OWNER, ("ours",), name="mara@example.com"), OWNED)
    stored.save(page("p1"), page("p2"))
    stored.rule(Rules("p1", ("ours",)))
    owner = own(stored, "p1").owner
    assert owner is not None
    assert (owner.name, owner.account, owner.by) == ("mara@example.com", None, "label ours")
    audiences.save_people(db, stored.id, [Person("u-mara", "Mara Lind", email="Mara@example.com")], NOW)
    assert settle(db) == 1
    before = journal.last(db)
    audiences.save_people(db, stored.id, [Person("u-mara", "Mara Berg", email="Mara@example.com")], NOW)
    owner = own(stored, "p1").owner
    assert owner is not None
    assert (owner.name, owner.account) == ("Mara Berg", "u-mara")
    assert journal.last(db) > before


def test_a_name_that_two_people_have_is_a_mere_name(db: Connection) -> None:
    stored = site(db, people=(ALICE, Person("u-2", "Mara"), Person("u-3", "Mara"), Person("u-4", "Eve")))
    rule(stored, OWNED)
    for id_, value in (("p1", "Mara"), ("p2", "Eve")):
        content.save_documents(db, stored.id, [(page(id_), "hash", made(properties=(owned(value),)))], NOW)
    stored.rule(Rules("p1"), Rules("p2"))
    assert [own(stored, id_).owner and own(stored, id_).owner.account for id_ in ("p1", "p2")] == [None, "u-4"]  # type: ignore[union-attr]


def test_it_is_counted_what_rules_give_and_what_one_more_would(db: Connection) -> None:
    stored, other = site(db), site(db, "Other")
    ids = stored.save(page("p1"), page("p2"), page("p3"))
    other.save(page("p4"))
    stored.rule(Rules("p1", ("team-tea", "howto")), Rules("p2", ("team-pot",)))
    guides = FilingRule(On.LABEL, Drawer.CATEGORY, ("howto",), name="Guides")
    rule(stored, TEAMS, guides)
    settle(db)
    found = numbers(db, stored.id, viewer=OPERATOR)
    assert found[Drawer.COLLECTION, "label team-*", ""] == 2
    assert found[Drawer.CATEGORY, "label howto", "Guides"] == 1
    assert numbers(db, stored.id, viewer=Viewer("charlie")) == {}
    rest = FilingRule(On.ALL, Drawer.CATEGORY, name="Rest")
    assert would_file(db, stored.id, [TEAMS, guides], rest, viewer=OPERATOR) == [ids["p2"], ids["p3"]]
    assert would_file(db, stored.id, [], EVERYTHING, viewer=Viewer("charlie")) == []
    named_so = FilingRule(On.ALL, Drawer.TAG, name="HowTo")
    assert would_file(db, stored.id, [TEAMS], named_so, viewer=OPERATOR) == [ids["p2"], ids["p3"]]
    content.tombstone(db, [ids["p2"]], NOW)
    assert numbers(db, stored.id, viewer=OPERATOR)[Drawer.COLLECTION, "label team-*", ""] == 1
    connections.remove(db, stored.id)
    assert db.execute(filings.select()).all() == []
