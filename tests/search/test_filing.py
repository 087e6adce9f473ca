"""Tags, categories, collections and owners in a search: found, counted and offered of what the viewer may read."""

from dataclasses import replace

import pytest

from mainstem.index.passage_index import Count
from mainstem.index.query import Field, Filter, Query
from mainstem.search.complete import complete
from mainstem.search.query import parse, written
from mainstem.store import connections
from mainstem.store.database import reading
from mainstem.sync.refiling import refile
from mainstem.wiki.audience import Viewer
from mainstem.wiki.filing import Drawer, FilingRule, On
from tests.search.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, NOW

RULES = (
    FilingRule(On.ALL, Drawer.TAG, name="Confluence"),
    FilingRule(On.LABEL, Drawer.TAG, ("secret*",), name="Merger"),
    FilingRule(On.LABEL, Drawer.CATEGORY, ("secret",), name="Board"),
    FilingRule(On.LABEL, Drawer.COLLECTION, ("*",)),
    FilingRule(On.LABEL, Drawer.OWNER, ("tea",), name=ALICE.email or ""),
    FilingRule(On.LABEL, Drawer.OWNER, ("secret",), name="Mara Lind"),
)


@pytest.fixture
def filled(wiki: Wiki) -> Wiki:
    wiki.save("1", "The broker greets.", labels=("tea",))
    wiki.save("2", "The broker rests.", labels=("tea", "pot"))
    wiki.save("3", "The merger.", labels=("secret",))
    wiki.restrict("3", ALICE.id, labels=("secret",))
    with wiki.engine.begin() as db:
        connections.change(db, wiki.site_id, replace(connections.connection(db, wiki.site_id), rules=RULES))
    wiki.index_all()
    refile(wiki.engine)
    wiki.index_all()
    return wiki


@pytest.mark.parametrize(
    ("text", "seen", "by_bob"),
    [
        ("tag:confluence", 3, 2),
        ("label:Confluence tag:tea", 2, 2),
        ("tag:tea,pot", 2, 2),
        ("tag:merger", 1, 0),
        ("-tag:confluence", 0, 0),
        ("category:engineering", 2, 2),
        ("category:board", 1, 0),
        ("category:board,engineering", 3, 2),
        ("collection:pot broker", 1, 1),
        ("collection:pot collection:tea", 1, 1),
        ('owner:"Alice Archer"', 2, 2),
        ("owner:archer", 2, 2),
        ("owner:mara", 1, 0),
        ("-owner:alice", 1, 0),
    ],
)
def test_a_search_finds_what_is_filed_so(
    filled: Wiki, alice: Viewer, bob: Viewer, text: str, seen: int, by_bob: int
) -> None:
    assert (filled.find(text, alice).total, filled.find(text, bob).total) == (seen, by_bob)


def test_what_is_filed_is_counted_among_what_the_viewer_may_read(filled: Wiki, alice: Viewer, bob: Viewer) -> None:
    found = filled.find("", bob, facets=True).facets
    assert found[Field.LABEL] == (Count("Confluence", 2), Count("tea", 2), Count("pot", 1))
    assert found[Field.CATEGORY] == (Count("Engineering", 2),)
    assert found[Field.COLLECTION] == (Count("tea", 2), Count("pot", 1))
    assert found[Field.OWNER] == (Count("Alice Archer", 2),)
    whole = filled.find("", alice, facets=True).facets
    assert whole[Field.CATEGORY] == (Count("Engineering", 2), Count("Board", 1))
    assert filled.find("", CHARLIE, facets=True).facets == {}


def test_a_result_names_its_labels_and_other_tags_once(filled: Wiki, bob: Viewer) -> None:
    found = {result.source_id: result.tags for result in filled.find("", bob).results}
    assert found == {"1": ("Confluence", "tea"), "2": ("Confluence", "pot", "tea")}


def test_an_operator_goes_on_with_what_the_viewer_may_read(filled: Wiki, alice: Viewer, bob: Viewer) -> None:
    def offered(text: str, viewer: Viewer) -> list[str]:
        with reading(filled.engine) as db:
            return [each.text for each in complete(text, viewer=viewer, store=db, index=filled.index, now=NOW)]

    assert offered("broker own", bob) == ["broker owner:"]
    assert offered("owner:", bob) == ['owner:"Alice Archer" ']
    assert offered("owner:ma", bob) == []
    assert offered("owner:ma", alice) == ['owner:"Mara Lind" ']
    assert offered("category:", alice) == ["category:Engineering ", "category:Board "]
    assert offered("collection:t", bob) == ["collection:tea "]
    assert offered("tag:co", bob) == ["tag:Confluence "]


def test_tags_and_collections_narrow_and_categories_and_owners_widen() -> None:
    text = "tag:a label:b collection:c collection:d category:e category:f owner:g owner:h"
    several = [(Field.LABEL, "a"), (Field.LABEL, "b"), (Field.COLLECTION, "c"), (Field.COLLECTION, "d")]
    single = [(Field.CATEGORY, "ef"), (Field.OWNER, "gh")]
    expected = Query(filters=tuple(Filter(field, frozenset(values)) for field, values in (*several, *single)))
    assert parse(text, NOW) == expected
    assert parse(written(expected.filters), NOW) == expected
