"""Lists that Confluence makes when somebody looks: each family by example, as Markdown."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from mainstem.convert.macros import MACROS
from mainstem.reading.lists import LISTS, MOST_LISTS, TOO_MANY
from mainstem.store import content
from mainstem.wiki.audience import Rules, Viewer
from mainstem.wiki.audience import user as principal_of
from mainstem.wiki.content import Kind, Status
from tests.convert.storage import macro, page, rich, user
from tests.plugins.databases import Fresh, rolled_back
from tests.reading.conftest import CHARLIE, Wiki, draft
from tests.reading.showing import below, shown
from tests.reading.test_reports import REPORTS, TASKS
from tests.store.site import ALICE, BOB, NOW, Site, clause, counted_statements, site


@pytest.fixture
def tree(wiki: Wiki) -> Wiki:
    """Below the host: B and C, A (which Alice alone may see) with A1 below it, and B10, B9 below B."""
    drafts = {}
    for days, (id_, parent, position) in enumerate(
        (
            ("b", "host", 1),
            ("a", "host", 2),
            ("c", "host", None),
            ("a1", "a", None),
            ("b10", "b", None),
            ("b9", "b", None),
        )
    ):
        when = NOW - timedelta(days=days)
        excerpt = macro("excerpt", rich(f"<p>About <strong>{id_}</strong></p>"))
        facts = {"title": id_.upper(), "position": position, "created_at": when, "modified_at": when, **below(parent)}
        drafts[draft(id_, excerpt, **facts)] = ()
    wiki.save_all(drafts)
    wiki.restrict("a", ALICE.id)
    return wiki


TREES = {
    "children": (macro("children"), "- [B](/b)\n- [A](/a)\n- [C](/c)"),
    "two levels": (
        macro("children", depth="2"),
        "- [B](/b)\n  - [B9](/b9)\n  - [B10](/b10)\n- [A](/a)\n  - [A1](/a1)\n- [C](/c)",
    ),
    "all by title, the last first": (
        macro("children", all="true", sort="title", reverse="true"),
        "- [C](/c)\n- [B](/b)\n  - [B10](/b10)\n  - [B9](/b9)\n- [A](/a)\n  - [A1](/a1)",
    ),
    "the oldest": (macro("children", sort="creation", first="1"), "- [C](/c)"),
    "of another page": (macro("children", page=page("B")), "- [B9](/b9)\n- [B10](/b10)"),
    "of a page in words": (macro("children", page="ENG:A"), "- [A1](/a1)"),
    "of no page": (macro("children", page=page("Gone")), "There are no pages below."),
    "with excerpts": (
        macro("children", excerptType="simple", page=page("A")),
        "- [A1](/a1) About a1",
    ),
    "with rich excerpts": (
        macro("children", excerptType="rich content", page=page("A")),
        "- [A1](/a1)\n\n  About **a1**",
    ),
    "as headings": (
        macro("children", style="h3", depth="2", page=page("Host")),
        "### [B](/b)\n\n#### [B9](/b9)\n\n#### [B10](/b10)\n\n### [A](/a)\n\n#### [A1](/a1)\n\n### [C](/c)",
    ),
    "a tree": (
        macro("pagetree", root="@self"),
        (
            "- [B](/b)\n\n  <details>\n  <summary>2 below</summary>\n\n  - [B9](/b9)\n  - [B10](/b10)\n\n  </details>\n"
            "- [A](/a)\n\n  <details>\n  <summary>1 below</summary>\n\n  - [A1](/a1)\n\n  </details>\n- [C](/c)"
        ),
    ),
    "an open tree": (macro("pagetree", root=page("B"), startDepth="3"), "- [B9](/b9)\n- [B10](/b10)"),
}


@pytest.mark.parametrize("name", TREES)
def test_a_tree_is_shown_as_it_is_asked_for(tree: Wiki, name: str) -> None:
    body, text = TREES[name]
    shown(tree, body)
    assert shown(tree, body) == text


def test_a_tree_ends_where_the_viewer_may_not_look(tree: Wiki, bob: Viewer) -> None:
    body = macro("children", all="true")
    assert shown(tree, body, bob) == "- [B](/b)\n  - [B9](/b9)\n  - [B10](/b10)\n- [C](/c)"
    assert shown(tree, macro("children", page=page("A")), bob) == "There are no pages below."
    assert shown(tree, macro("children", page=page("Gone")), bob) == "There are no pages below."
    id_ = tree.save("host", body)
    assert tree.open(id_, CHARLIE) is None


def test_a_tree_is_bounded_and_says_how_many_there_are_more(wiki: Wiki, alice: Viewer, bob: Viewer) -> None:
    wiki.save_all({draft(f"p{number}", title=f"P{number}", **below("host")): () for number in range(230)})
    wiki.restrict("p7", ALICE.id)
    text = shown(wiki, macro("children"), alice)
    assert (text.count("- ["), text.splitlines()[-1]) == (200, "and 30 more")
    assert shown(wiki, macro("children"), bob).endswith("and 29 more")
    assert shown(wiki, macro("children", first="3"), alice).count("- [") == 3


def test_a_page_that_is_above_itself_is_shown_once(wiki: Wiki) -> None:
    wiki.save("egg", title="Egg", **below("hen"))
    wiki.save("hen", title="Hen", **below("egg"))
    assert shown(wiki, macro("children", all="true", page=page("Egg"))) == "- [Hen](/hen)"


@pytest.fixture(scope="module")
def shelves(fresh: Fresh) -> Iterator[tuple[Engine, int]]:
    """A database with the library in it, stored once, and the site's id."""
    engine = fresh()
    with engine.begin() as db:
        wiki = Wiki(site(db))
        fill(wiki)
    yield engine, wiki.site.id
    engine.dispose()


@pytest.fixture
def library(shelves: tuple[Engine, int]) -> Iterator[Wiki]:
    engine, site_id = shelves
    with rolled_back(engine) as db:
        yield Wiki(Site(db, site_id))


def fill(wiki: Wiki) -> None:
    """Pages and posts with labels; one of them is for Alice alone, and one is in a space that Bob does not see."""
    wiki.add_space("s2", "OPS", "Operations", ALICE.id)
    books: tuple[tuple[str, tuple[str, ...], dict[str, Any]], ...] = (
        ("one", ("red", "old"), {}),
        ("two", ("red",), {"author_id": BOB.id}),
        ("three", ("red", "blue"), {"space_id": "s2"}),
        ("four", ("blue",), {"kind": Kind.BLOGPOST, "editor_id": BOB.id}),
        ("five", ("red", "secret"), {}),
        ("six", ("red",), {"status": Status.ARCHIVED}),
    )
    drafts = {}
    for number, (id_, labels, facts) in enumerate(books):
        when = NOW - timedelta(days=10 * number)
        body = macro("excerpt", rich(f"<p>About {id_}</p>"), hidden="true")
        drafts[draft(id_, body, title=id_.title(), created_at=when, modified_at=when, **facts)] = labels
    wiki.save_all(drafts)
    wiki.site.rule(Rules("five", ("red", "secret"), clause(principal_of(ALICE.id))))


LABELS = {
    "a label": (
        macro("contentbylabel", labels="red"),
        (
            "- [One](/one) 2026-03-01\n- [Two](/two) 2026-02-19\n"
            "- [Three](/three) Operations · 2026-02-09\n- [Five](/five) 2026-01-20"
        ),
    ),
    "by title": (
        macro("contentbylabel", labels="red", spaces="@self", sort="title", showLabels="false"),
        "- [Five](/five) 2026-01-20\n- [One](/one) 2026-03-01\n- [Two](/two) 2026-02-19",
    ),
    "without a label, of a space": (
        macro("contentbylabel", labels="+red,-old,-secret", spaces="ENG"),
        "- [Two](/two) 2026-02-19",
    ),
    "both labels": (
        macro("contentbylabel", labels="red,blue", operator="AND"),
        "- [Three](/three) Operations · 2026-02-09",
    ),
    "posts": (macro("contentbylabel", labels="blue", type="blogpost"), "- [Four](/four) 2026-01-30"),
    "no more than asked for": (
        macro("contentbylabel", labels="red", max="1", spaces="ENG"),
        "- [One](/one) 2026-03-01\n\n[and 2 more](/search?q=space%3A%22ENG%22+label%3A%22red%22)",
    ),
    "with excerpts": (
        macro("contentbylabel", labels="blue", excerptType="simple"),
        "- [Three](/three) Operations · 2026-02-09\n\n  About three\n- [Four](/four) 2026-01-30\n\n  About four",
    ),
    "a query": (
        macro("contentbylabel", cql='label in ("red", "blue") and space = currentSpace() and type = page', max="2"),
        (
            "- [One](/one) 2026-03-01\n- [Two](/two) 2026-02-19\n\n"
            "[and 1 more](/search?q=label%3A%22red%22%2C%22blue%22+space%3A%22ENG%22+type%3Apage)"
        ),
    ),
    "a query that nobody knows": (
        macro("contentbylabel", cql="label = red and favourite = currentUser()"),
        "Confluence finds this list by a query that Mainstem does not know.",
    ),
    "nothing": (macro("contentbylabel", labels="green"), "Nothing is listed here."),
    "a title": (macro("contentbylabel", labels="old", title="All old"), "**All old**\n\n- [One](/one) 2026-03-01"),
    "what somebody wrote": (macro("content-by-user", **{"": user("bberg")}), "- [Two](/two) 2026-02-19"),
    "the newest": (
        macro("recently-updated", max="2"),
        "- [Host](/host) Alice Archer · 2026-03-01\n- [One](/one) Alice Archer · 2026-03-01",
    ),
    "the newest posts": (
        macro("recently-updated", types="blogpost", spaces="@all"),
        "- [Four](/four) Bob Berg · 2026-01-30",
    ),
    "posts with excerpts": (
        macro("blog-posts", content="excerpts"),
        "- [Four](/four) Alice Archer · 2026-01-30\n\n  About four",
    ),
    "young posts": (macro("blog-posts", time="7d"), "Nothing is listed here."),
    "an index": (
        macro("index"),
        "**F**\n\n- [Five](/five)\n\n**H**\n\n- [Host](/host)\n\n**O**\n\n- [One](/one)\n\n**T**\n\n- [Two](/two)",
    ),
    "a table": (
        macro("content-report-table", labels="old", spaces="ENG"),
        "| Title | Creator | Changed |\n| --- | --- | --- |\n| [One](/one) | Alice Archer | 2026-03-01 |",
    ),
    "labels of a space": (
        macro("listlabels", excludedLabels="secret"),
        (
            "**B** [blue](/search?q=label%3A%22blue%22)\n\n**O** [old](/search?q=label%3A%22old%22)\n\n"
            "**R** [red](/search?q=label%3A%22red%22)"
        ),
    ),
    "popular labels": (
        macro("popular-labels", count="2"),
        "[red](/search?q=label%3A%22red%22) 4 [blue](/search?q=label%3A%22blue%22) 2\n\nand 2 more",
    ),
    "related labels": (
        macro("related-labels", labels="blue"),
        "[blue](/search?q=label%3A%22blue%22) 2 [red](/search?q=label%3A%22red%22) 1",
    ),
    "who wrote": (macro("contributors", page=page("Two")), "Bob Berg"),
    "who wrote below": (macro("contributors", spaces="ENG", showCount="true"), "Alice Archer 4, Bob Berg 2"),
    "who wrote how much": (
        macro("contributors-summary", spaces="ENG"),
        "| Who | Pages |\n| --- | --- |\n| Alice Archer | 4 |\n| Bob Berg | 2 |",
    ),
    "spaces": (macro("spaces"), "- [Engineering](/spaces/1/ENG) 6 documents\n- [Operations](/spaces/1/OPS) 1 document"),
    "a search": (macro("livesearch"), "[Search Engineering](/search?q=space%3A%22ENG%22+)"),
    "a search everywhere": (macro("search", spaceKey="@all"), "[Search](/search?q=)"),
    "a search of labels": (
        macro("livesearch", spaceKey="OPS", labels="red"),
        "[Search OPS](/search?q=space%3A%22OPS%22+label%3A%22red%22+)",
    ),
    "a search of a tree": (macro("pagetreesearch"), "[Search Engineering](/search?q=space%3A%22ENG%22+)"),
    "a space": (
        macro("space-details", spaceKey="ops"),
        "|  |  |\n| --- | --- |\n| **Name** | [Operations](/spaces/1/OPS) |\n| **Key** | OPS |\n| **Documents** | 1 |",
    ),
    "a button": (macro("create-from-template", buttonLabel="New page"), ""),
}


@pytest.mark.parametrize("name", LABELS)
def test_a_list_is_shown_as_it_is_asked_for(library: Wiki, name: str) -> None:
    body, text = LABELS[name]
    assert shown(library, body).replace(f"/spaces/{library.site.id}/", "/spaces/1/") == text


@pytest.mark.parametrize("name", LABELS)
def test_a_list_holds_nothing_of_what_the_viewer_may_not_read(library: Wiki, name: str) -> None:
    """As if it had never been there: neither titles nor labels, people, spaces or numbers."""
    (body, _), bob = LABELS[name], library.viewer(BOB.id)
    before = shown(library, body, bob)
    hidden = content.ids_of(library.db, library.site.id, ["five", "three"])
    content.tombstone(library.db, hidden.values(), NOW)
    assert shown(library, body, bob) == before


def test_a_list_in_an_included_page_is_about_that_page(tree: Wiki, bob: Viewer) -> None:
    tree.save("b", macro("children") + macro("contributors"), title="B", author_id=BOB.id, **below("host"))
    text = shown(tree, macro("include", **{"": page("B")}) + macro("children"), bob)
    assert text == "↪ [B](/b)\n\n- [B9](/b9)\n- [B10](/b10)\n\nBob Berg\n\n- [B](/b)\n- [C](/c)"


def test_a_list_in_a_comment_is_about_its_page(tree: Wiki, bob: Viewer) -> None:
    host = tree.save("host", "")
    tree.comment("said", "host", macro("children"))
    assert ">C</a>" in tree.read(host, bob).comments[0].html
    assert ">A</a>" not in tree.read(host, bob).comments[0].html


def test_an_excerpt_in_a_list_shows_nothing_of_what_it_includes(wiki: Wiki, bob: Viewer) -> None:
    wiki.save("secret", "<p>Kingfisher</p>", title="Secret")
    inside = macro("include", **{"": page("Secret")}) + macro("children")
    wiki.save("kid", macro("excerpt", rich(f"<h2>Part</h2>{inside}")), title="Kid", **below("host"))
    wiki.restrict("secret", ALICE.id)
    text = shown(wiki, macro("children", excerptType="rich"), bob)
    assert text == "- [Kid](/kid)\n\n  ## Part\n\n  …\n\n  …"


def test_ids_in_lists_are_all_different(tree: Wiki, bob: Viewer) -> None:
    host = tree.save("host", macro("children", style="h2") * 2 + "<h2>Own</h2>")
    html = tree.read(host, bob).html
    ids = [part.partition('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids)) == 5


def test_the_number_of_statements_does_not_grow_with_lists(library: Wiki) -> None:
    alice = library.viewer(ALICE.id)
    bodies = [body for body, _ in (*TREES.values(), *LABELS.values(), *REPORTS.values(), *TASKS.values())]
    sent: dict[int, list[str]] = {}
    for number in (1, 3):
        id_ = library.save(f"host{number}", "".join(bodies[:MOST_LISTS]) * number, title=f"Host {number}")
        sent[number] = []
        with counted_statements(library.db, sent[number]):
            library.read(id_, alice)
    assert len(sent[3]) == len(sent[1]) <= 26


def test_a_page_of_too_many_lists_says_so(wiki: Wiki) -> None:
    lists = "".join(macro("children", page=page(f"P{number}")) for number in range(MOST_LISTS + 5))
    text = shown(wiki, lists)
    assert text.count("There are no pages below.") == MOST_LISTS
    assert text.count(TOO_MANY) == 5


def test_every_list_that_is_read_is_made() -> None:
    made = {name for name, handler in MACROS.items() if handler is MACROS["children"]}
    assert made == set(LISTS)
