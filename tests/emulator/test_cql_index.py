"""Whatever happens to the site, a search index that has caught up says what the site says."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from confluence_emulator.cql import SearchIndex
from confluence_emulator.state import Content, Kind, Sight, Status, changes
from tests.emulator.datacenter_wiki import Wiki, build_wiki

DEEDS = (
    "create",
    "comment",
    "rename",
    "move",
    "trash",
    "restore",
    "purge",
    "archive",
    "unarchive",
    "restrict",
    "label",
)
Deed = tuple[str, int, int]


def pages(wiki: Wiki) -> list[Content]:
    return list(wiki.site.listing(Kind.PAGE))


def do(wiki: Wiki, deed: Deed) -> None:
    """One change to a page picked by number; what makes no sense for it is left out."""
    name, which, other = deed
    known = pages(wiki)
    if name == "create" or not known:
        parent = known[other % len(known)] if known and known[other % len(known)].status is Status.CURRENT else None
        changes.create(
            wiki.site, Kind.PAGE, wiki.eng, None, changes.Draft(f"Page {len(wiki.site.journal)}"), parent=parent
        )
        return
    page, target = known[which % len(known)], known[other % len(known)]
    below = target is page or page in wiki.site.ancestors(target)
    alive = page.status is Status.CURRENT
    if name == "comment" and alive:
        changes.comment(wiki.site, page, None, "<p>x</p>")
    elif name == "rename" and alive:
        changes.rename(wiki.site, page, None, f"Renamed {len(wiki.site.journal)}")
    elif name == "move" and alive:
        parent = target if not below and target.status is Status.CURRENT else None
        space = wiki.site.spaces[parent.space_id] if parent else (wiki.eng, wiki.secret)[other % 2]
        changes.move(wiki.site, page, space, parent)
    elif name == "restore" and page.status is Status.TRASHED:
        changes.restore(wiki.site, page)
    elif name == "restrict":
        changes.restrict(wiki.site, page, users=(wiki.people["bob"].account_id,) if other % 2 else ())
    else:
        _end(wiki, name, page)


def _end(wiki: Wiki, name: str, page: Content) -> None:
    if name == "purge":
        changes.purge(wiki.site, page)
    elif name == "trash" and page.status is Status.CURRENT:
        changes.trash(wiki.site, page)
    elif name == "archive" and page.status is Status.CURRENT:
        changes.archive(wiki.site, page)
    elif name == "unarchive" and page.status is Status.ARCHIVED:
        changes.unarchive(wiki.site, page)
    elif name == "label":
        changes.label(wiki.site, page, "seen")


def findable(wiki: Wiki, kind: Kind, who: str) -> set[str]:
    sight = Sight(wiki.site, wiki.people[who])
    return {
        content.id
        for content in wiki.site.listing(kind)
        if content.status is wiki.site.container(content).status is Status.CURRENT and sight.content(content)
    }


def found(wiki: Wiki, index: SearchIndex, text: str, who: str) -> set[str]:
    return {hit.id for hit in index.search(text, viewer=wiki.people[who], now=wiki.clock()).contents}


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_after_any_history_the_index_finds_what_the_site_shows(deeds: list[Deed]) -> None:
    wiki = build_wiki()
    late = SearchIndex(wiki.site, lag=timedelta(days=1))
    for deed in deeds:
        do(wiki, deed)
    late.catch_up()
    for who in ("alice", "bob", "charlie"):
        for kind in (Kind.PAGE, Kind.COMMENT):
            for index in (wiki.index, late):
                assert found(wiki, index, f"type = {kind}", who) == findable(wiki, kind, who)
    for page in pages(wiki):
        below = {each.id for each in pages(wiki) if page in wiki.site.ancestors(each)}
        assert found(wiki, late, f"ancestor = {page.id}", "alice") == below & findable(wiki, Kind.PAGE, "alice")
