"""The search index: what it finds, for whom, and how late."""

from datetime import timedelta

import pytest

from confluence_emulator.cql import CqlError, SearchIndex
from confluence_emulator.state import Content, Kind, Space, changes, membership
from confluence_emulator.state.changes import Draft
from tests.emulator.datacenter_wiki import Wiki, build_wiki


@pytest.fixture
def wiki() -> Wiki:
    return build_wiki()


def found(wiki: Wiki, text: str, who: str = "alice", index: SearchIndex | None = None) -> list[str]:
    hits = (index or wiki.index).search(text, viewer=wiki.people[who], now=wiki.clock()).hits
    return [hit.name if isinstance(hit, Space) else hit.title for hit in hits]


def tree(wiki: Wiki) -> dict[str, Content]:
    top = wiki.page("Top", "<p>Fish &amp; chips</p><ac:plain-text-body><![CDATA[let cod = 1]]></ac:plain-text-body>")
    middle = wiki.page("Middle", parent=top)
    leaf = wiki.page("Leaf", parent=middle)
    changes.label(wiki.site, leaf, "howto")
    post = changes.create(wiki.site, Kind.BLOGPOST, wiki.eng, wiki.people["bob"].account_id, Draft("News"))
    note = changes.comment(wiki.site, leaf, wiki.people["bob"].account_id, "<p>remark</p>")
    return {"top": top, "middle": middle, "leaf": leaf, "post": post, "note": note}


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("type = page", ["Top", "Middle", "Leaf"]),
        ('type in (page, blogpost) and space = "eng"', ["Top", "Middle", "Leaf", "News"]),
        ("type != page and type != space", ["News", "Re: Leaf"]),
        ("type = page and ancestor = {top}", ["Middle", "Leaf"]),
        ("parent = {top}", ["Middle"]),
        ("container = {leaf}", ["Re: Leaf"]),
        ("id in ({top}, {leaf})", ["Top", "Leaf"]),
        ("label = howto", ["Leaf"]),
        ("type = page and label not in (howto)", ["Top", "Middle"]),
        ('title = "LEAF"', ["Leaf"]),
        ('type = page and title ~ "mid*"', ["Middle"]),
        ('text ~ "chips fish"', ["Top"]),
        ('text ~ "\\"fish chips\\""', ["Top"]),
        ('siteSearch ~ "cod"', ["Top"]),
        ('type = page and text !~ "fish"', ["Middle", "Leaf"]),
        ("creator = bob", ["News", "Re: Leaf"]),
        ("type = page and contributor = currentUser()", ["Top", "Middle", "Leaf"]),
        ("type = space", ["Engineering"]),
        ("type = page and space = NOSUCH", []),
    ],
)
def test_each_field_finds_what_it_names(wiki: Wiki, text: str, titles: list[str]) -> None:
    ids = {name: content.id for name, content in tree(wiki).items()}
    assert sorted(found(wiki, text.format(**ids))) == sorted(titles)


def test_order_by_sorts_and_without_it_ids_do(wiki: Wiki) -> None:
    tree(wiki)
    assert found(wiki, "type = page order by title") == ["Leaf", "Middle", "Top"]
    assert found(wiki, "type = page order by space, title desc") == ["Top", "Middle", "Leaf"]
    assert found(wiki, "type = page") == ["Top", "Middle", "Leaf"]


@pytest.mark.parametrize(
    "text", ["colour = red", "type > page", "text = x", "title ~ ''", "created >= soon()", "type = page order by text"]
)
def test_what_a_field_cannot_be_asked_is_refused(wiki: Wiki, text: str) -> None:
    with pytest.raises(CqlError):
        found(wiki, text)


def test_the_same_date_finds_different_pages_in_different_time_zones(wiki: Wiki) -> None:
    wiki.page("Morning")
    wiki.people["bob"].time_zone = "America/New_York"
    query = 'type = page and lastmodified >= "2026-11-21 10:00"'
    assert found(wiki, query, "alice") == ["Morning"]
    assert found(wiki, query, "bob") == []
    assert found(wiki, 'type = page and lastmodified >= "2026-11-21 05:00"', "bob") == ["Morning"]


def test_seconds_are_lost_so_that_the_minute_must_be_asked_again(wiki: Wiki) -> None:
    wiki.page("At ten and thirty seconds")
    assert found(wiki, 'type = page and lastmodified > "2026-11-21 10:00"') == []
    assert found(wiki, 'type = page and lastmodified >= "2026-11-21 10:00"') == ["At ten and thirty seconds"]


def test_new_titles_and_deletions_show_only_after_the_lag(wiki: Wiki) -> None:
    old = wiki.page("Old title")
    index = SearchIndex(wiki.site, lag=timedelta(seconds=60))
    changes.rename(wiki.site, old, None, "New title")
    wiki.page("Brand new")
    assert found(wiki, "type = page", index=index) == ["Old title"]
    wiki.clock.pass_by(seconds=60)
    assert found(wiki, "type = page", index=index) == ["New title", "Brand new"]
    changes.purge(wiki.site, old)
    wiki.clock.pass_by(seconds=59)
    assert found(wiki, "type = page", index=index) == ["New title", "Brand new"]
    wiki.clock.pass_by(seconds=1)
    assert found(wiki, "type = page", index=index) == ["Brand new"]


def test_an_archived_page_lingers_for_the_lag_and_is_then_invisible(wiki: Wiki) -> None:
    page = wiki.page("Soon archived")
    index = SearchIndex(wiki.site, lag=timedelta(seconds=10))
    changes.archive(wiki.site, page)
    assert found(wiki, "type = page", index=index) == ["Soon archived"]
    index.catch_up()
    assert found(wiki, "type = page", index=index) == []


def test_restrictions_and_lost_permissions_count_without_any_lag(wiki: Wiki) -> None:
    pages = tree(wiki)
    index = SearchIndex(wiki.site, lag=timedelta(hours=1))
    assert found(wiki, "type = page", "bob", index) == ["Top", "Middle", "Leaf"]
    changes.restrict(wiki.site, pages["middle"], users=(wiki.people["alice"].account_id,))
    assert found(wiki, "type in (page, comment)", "bob", index) == ["Top"]
    membership.leave(wiki.site, wiki.groups["platform / Zürich"], wiki.people["bob"])
    assert found(wiki, "type = page", "bob", index) == []


def test_a_moved_tree_is_found_below_its_new_place_and_in_its_new_space(wiki: Wiki) -> None:
    pages = tree(wiki)
    changes.move(wiki.site, pages["middle"], wiki.secret, None)
    root = wiki.people["root"]
    moved = wiki.index.search("space = SEC and type != space", viewer=root, now=wiki.clock(), bypass=True).contents
    assert [content.title for content in moved] == ["Middle", "Leaf", "Re: Leaf"]
    assert found(wiki, f"ancestor = {pages['top'].id}") == []


def test_children_of_a_trashed_page_are_found_below_its_parent(wiki: Wiki) -> None:
    pages = tree(wiki)
    changes.trash(wiki.site, pages["middle"])
    assert found(wiki, f"parent = {pages['top'].id}") == ["Leaf"]


def test_comments_of_trashed_and_archived_pages_are_not_found(wiki: Wiki) -> None:
    pages = tree(wiki)
    changes.archive(wiki.site, pages["leaf"])
    assert found(wiki, "type = comment") == []


def test_archived_spaces_are_found_only_on_demand(wiki: Wiki) -> None:
    tree(wiki)
    membership.archive_space(wiki.site, wiki.eng)
    alice = wiki.people["alice"]
    assert found(wiki, "type = page") == []
    assert len(wiki.index.search("type = page", viewer=alice, now=wiki.clock(), archived_spaces=True).hits) == 3


def test_site_search_is_forgotten_in_the_middle_of_three_clauses(wiki: Wiki) -> None:
    tree(wiki)
    assert found(wiki, 'type = page and siteSearch ~ "cod" and space = ENG') == ["Top", "Middle", "Leaf"]
    assert found(wiki, 'type = page and space = ENG and siteSearch ~ "cod"') == ["Top"]


def test_paging_through_a_long_answer_evaluates_it_once(wiki: Wiki) -> None:
    tree(wiki)
    query = 'type = page and space = "ENG"'
    first = wiki.index.search(query, viewer=wiki.people["alice"], now=wiki.clock())
    assert wiki.index.search(query, viewer=wiki.people["alice"], now=wiki.clock()) is first
    wiki.page("Another")
    assert wiki.index.search(query, viewer=wiki.people["alice"], now=wiki.clock()) is not first
