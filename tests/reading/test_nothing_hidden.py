"""P7 and P2 as a property: whatever the tree, the rights and the viewer, a page shows what a plain model lets them see.

The model knows pages, parents and who may read each; it walks up the tree for each question and shares no code with the
store or with reading. Every page says a word of its own in its title, text, excerpt, property, label, task and file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from mainstem.store import audiences, chains, content, documents
from mainstem.wiki.audience import OPERATOR, Rules, Viewer
from mainstem.wiki.audience import user as principal_of
from tests.convert.storage import macro, page, rich
from tests.plugins.databases import examples
from tests.reading.conftest import CHARLIE, Wiki, draft, drafted_file
from tests.store.site import ALICE, BOB, NOW, clause, site

PAGES = tuple("abcdef")
LISTS = (
    macro("children", all="true", excerptType="rich"),
    macro("pagetree", root="@self", excerpt="true"),
    macro("contentbylabel", labels="all", excerptType="simple", max="2"),
    macro("contentbylabel", cql="label = all and type = page"),
    macro("recently-updated", max="3"),
    macro("detailssummary", label="all"),
    macro("tasks-report-macro", spaces="ENG"),
    macro("index"),
    macro("listlabels"),
    macro("popular-labels"),
    macro("space-attachments"),
    macro("contributors-summary", spaces="ENG"),
    macro("spaces"),
    macro("space-details"),
)


def word(id_: str) -> str:
    return f"word{id_}"


def include(id_: str) -> str:
    return macro("include", **{"": page(word(id_))})


def excerpt_include(id_: str) -> str:
    return macro("excerpt-include", **{"": page(word(id_))})


def of_page(id_: str) -> Iterator[str]:
    """The lists that are about one page."""
    for name in ("children", "attachments", "gallery", "contributors"):
        yield macro(name, page=page(word(id_)))


SHOWING = st.one_of(
    st.sampled_from(LISTS),
    st.sampled_from(PAGES).map(include),
    st.sampled_from(PAGES).map(excerpt_include),
    st.sampled_from(PAGES).flatmap(lambda id_: st.sampled_from(list(of_page(id_)))),
)


@dataclass(frozen=True)
class World:
    """Each page with its parent, who alone may read it (None: everybody may), and what it shows of others."""

    parents: Mapping[str, str | None]
    readers: Mapping[str, frozenset[str] | None]
    showing: Mapping[str, list[str]]

    def may_read(self, who: str, id_: str) -> bool:
        """Whether somebody passes every restriction from a page up; the operator passes them all."""
        step: str | None = id_
        while step is not None:
            own = self.readers[step]
            if own is not None and who not in own and who != "operator":
                return False
            step = self.parents[step]
        return True

    def body(self, id_: str) -> str:
        """What is written on a page."""
        own = word(id_)
        properties = f"<table><tbody><tr><th>{own}key</th><td>{own}value</td></tr></tbody></table>"
        task = f"<ac:task-list><ac:task><ac:task-body>{own}task</ac:task-body></ac:task></ac:task-list>"
        said = macro("excerpt", rich(f"<p>{own}excerpt</p>")) + macro("details", rich(properties)) + task
        return f"<p>{own}text</p>{said}{''.join(self.showing[id_])}"


@st.composite
def worlds(draw: st.DrawFn) -> World:
    parents = {id_: draw(st.sampled_from([None, *PAGES[:number]])) for number, id_ in enumerate(PAGES)}
    people = st.one_of(st.none(), st.frozensets(st.sampled_from([ALICE.id, BOB.id]), max_size=2))
    return World(
        parents,
        {id_: draw(people) for id_ in PAGES},
        {id_: draw(st.lists(SHOWING, max_size=4)) for id_ in PAGES},
    )


def stored(wiki: Wiki, world: World) -> dict[str, int]:
    """The world as a sync leaves it, with a file and a label of its own on each page."""
    drafts = [
        draft(id_, world.body(id_), title=word(id_), parent_id=world.parents[id_], author_id=id_) for id_ in PAGES
    ]
    files = [drafted_file(f"file-{id_}", id_, f"{word(id_)}.png") for id_ in PAGES]
    ids = wiki.save_all(dict.fromkeys((*drafts, *files), ()))
    own = {id_: None if who is None else clause(*map(principal_of, who)) for id_, who in world.readers.items()}
    wiki.site.rule(*(Rules(id_, ("all", f"{word(id_)}label"), own[id_]) for id_ in PAGES))
    chains.rebuild_chains(wiki.db, wiki.site.id)
    return {id_: ids[id_] for id_ in PAGES}


def named(text: str) -> set[str]:
    """The pages of which a text says anything."""
    return set(re.findall(r"word([a-f])", text))


def numbers(text: str) -> list[int]:
    """How many more there are said to be, and how many documents spaces and labels are said to have."""
    pairs = re.findall(r"and (\d+) more|(?<=\) )(\d+)(?= documents?)", text)
    return [int(found) for pair in pairs for found in pair if found]


def test_whoever_looks_sees_what_they_may_and_is_told_of_nothing_else(shared_engine: Engine) -> None:
    @examples(shared_engine, 30)
    @given(world=worlds())
    def holds(world: World) -> None:
        with shared_engine.connect() as db, db.begin() as transaction:
            wiki = Wiki(site(db))
            persons = [type(ALICE)(id_, f"Author {word(id_)}") for id_ in PAGES]
            audiences.save_people(db, wiki.site.id, [ALICE, BOB, *persons], NOW)
            ids = stored(wiki, world)
            look(wiki, world, ids)
            for id_ in PAGES:
                kept = wiki.stored(id_)
                assert named(repr((kept.passages, kept.properties))) <= {id_}
            assert len(documents.document_ids(db, wiki.site.id, viewer=OPERATOR)) == 2 * len(PAGES)
            transaction.rollback()

    holds()


def look(wiki: Wiki, world: World, ids: dict[str, int]) -> None:
    """Let everybody open every page."""
    viewers: dict[str, Viewer] = {each.id: wiki.viewer(each.id) for each in (ALICE, BOB)}
    for who, viewer in (viewers | {"operator": OPERATOR, "charlie": CHARLIE}).items():
        right = {id_ for id_ in PAGES if who != "charlie" and world.may_read(who, id_)}
        for id_ in PAGES:
            opened = wiki.open(ids[id_], viewer)
            assert (opened is not None) == (id_ in right)
            if opened is not None:
                text = opened.markdown() or ""
                assert named(text) <= right
                assert named(opened.html) <= right
                assert all(number <= 2 * len(right) for number in numbers(text))


def test_what_is_hidden_reads_as_what_is_gone(shared_engine: Engine) -> None:
    """Every page reads to the letter the same to those who may not read another, whether that one is there or not."""

    @examples(shared_engine, 20)
    @given(world=worlds(), hidden=st.sampled_from(PAGES))
    def holds(world: World, hidden: str) -> None:
        with shared_engine.connect() as db, db.begin() as transaction:
            wiki = Wiki(site(db))
            ids = stored(wiki, world)
            wiki.site.rule(Rules(hidden, (), clause(principal_of(ALICE.id))))
            bob = wiki.viewer(BOB.id)

            def seen() -> list[str | None]:
                opened = [wiki.open(ids[id_], bob) for id_ in PAGES]
                return [None if found is None else found.markdown() for found in opened]

            before = seen()
            gone = [f"file-{hidden}", hidden]
            content.tombstone(db, content.ids_of(db, wiki.site.id, gone).values(), NOW)
            chains.rebuild_chains(db, wiki.site.id)
            assert seen() == before
            transaction.rollback()

    holds()
