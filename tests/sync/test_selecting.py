"""Filters in a sync: what they leave out is neither shown nor kept, and a changed one moves exactly the difference."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from confluence_emulator.state import Content, Kind, changes
from mainstem.store import connections, documents, tables
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.runs import RunState
from mainstem.wiki import content
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.selection import EVERYTHING, Filter
from tests.sync.deeds import Deeds
from tests.sync.larkhill import EVERY_KIND, Session, Wiki, connected
from tests.sync.rights import Rights, name

HOWTO = Filter(labels=frozenset({"howto"}))
NO_DRAFTS = Filter(without_labels=frozenset({"draft"}))
ROUNDS = 4


@pytest.fixture(params=["cloud", "datacenter"])
def session(wiki: Wiki, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home", datacenter=request.param == "datacenter") as session:
        yield session


def saved(session: Session) -> SavedConnection:
    with reading(session.hub.engine) as db:
        return connections.connection(db, session.connection_id)


def choose(session: Session, chosen: Filter, kinds: frozenset[content.Kind] = EVERY_KIND) -> None:
    """Let the connection have another filter, as a person does."""
    new = replace(saved(session), filter=chosen, kinds=kinds)
    with session.hub.engine.begin() as db:
        connections.change(db, session.connection_id, new)


def bodies(session: Session) -> list[str]:
    with reading(session.hub.engine) as db:
        return list(db.execute(select(tables.bodies.c.source)).scalars())


def test_only_pages_with_a_wanted_label_come_in_with_what_belongs_to_them(wiki: Wiki, session: Session) -> None:
    whole = f"<p>{'All of it. ' * 500}</p>"
    guide, other = wiki.page("Guide", whole), wiki.page("Other", "<p>Not for the hub.</p>")
    changes.label(wiki.site, guide, "howto")
    for page in (guide, other):
        changes.comment(wiki.site, page, wiki.bob.account_id, "<p>Yes.</p>")
        changes.attach(wiki.site, page, wiki.bob.account_id, "a.txt", changes.new_file(wiki.site, "text/plain", b"a"))
    choose(session, HOWTO)
    session.sync()
    held = set(session.held())
    assert guide.id in held
    assert {wiki.site.container(wiki.site.contents[id_]).id for id_ in held} == {guide.id}
    assert len(held) == 3
    with reading(session.hub.engine) as db:
        counted = documents.counts(db, session.connection_id, viewer=OPERATOR)
    assert (counted.pages, counted.comments, counted.attachments) == (1, 1, 1)
    assert whole in bodies(session)
    assert not any("Not for the hub" in body for body in bodies(session))


def test_a_label_that_changes_brings_a_page_in_or_out_at_the_next_sync(wiki: Wiki, session: Session) -> None:
    first, second, third = wiki.pages(3)
    remark = changes.comment(wiki.site, second, wiki.bob.account_id, "<p>Yes.</p>")
    changes.label(wiki.site, first, "howto")
    choose(session, HOWTO)
    session.sync()
    assert set(session.held()) == {first.id}
    changes.label(wiki.site, second, "howto")
    changes.unlabel(wiki.site, first, "howto")
    run = session.sync()
    assert set(session.held()) == {second.id, remark.id}
    assert (run.counters["added"], run.counters["deleted"]) == (2, 1)
    changes.label(wiki.site, third, "howto")
    changes.unlabel(wiki.site, second, "howto")
    session.sync()
    assert set(session.held()) == {third.id}


def test_a_page_with_an_unwanted_label_stays_outside_however_new_it_is(wiki: Wiki, session: Session) -> None:
    draft, fine = wiki.pages(2)
    changes.label(wiki.site, draft, "draft")
    choose(session, NO_DRAFTS)
    session.sync()
    late = wiki.page("Late", "<p>A secret draft.</p>")
    changes.label(wiki.site, late, "draft")
    wiki.edit(draft, "<p>Another secret draft.</p>")
    session.sync()
    assert set(session.held()) == {fine.id}
    assert not any("secret" in body for body in bodies(session))


def test_what_is_older_than_a_day_stays_outside_until_it_is_edited(wiki: Wiki, session: Session) -> None:
    old = wiki.page("Old")
    wiki.clock.forward(days=10)
    new = wiki.page("New")
    choose(session, Filter(modified_after=wiki.clock().date()))
    session.sync()
    assert set(session.held()) == {new.id}
    wiki.edit(old, "<p>Edited.</p>")
    session.sync()
    assert set(session.held()) == {old.id, new.id}
    choose(session, Filter(created_after=wiki.clock().date()))
    session.sync()
    assert set(session.held()) == {new.id}


def test_looking_back_moves_on_with_each_sync(wiki: Wiki, session: Session) -> None:
    page, edited = wiki.pages(2)
    choose(session, Filter(look_back=30))
    session.sync()
    assert set(session.held()) == {page.id, edited.id}
    wiki.clock.forward(days=20)
    session.sync()
    wiki.clock.forward(days=20)
    wiki.edit(edited, "<p>Fresh.</p>")
    run = session.sync()
    assert set(session.held()) == {edited.id}
    assert run.counters["deleted"] == 1


def test_a_changed_filter_moves_exactly_the_difference(wiki: Wiki, session: Session) -> None:
    pages = wiki.pages(6)
    for page in pages[:3]:
        changes.label(wiki.site, page, "howto")
    for page in pages[2:5]:
        changes.label(wiki.site, page, "draft")
    session.sync()
    choose(session, HOWTO)
    assert session.sync().counters["deleted"] == 3
    assert set(session.held()) == {page.id for page in pages[:3]}
    choose(session, NO_DRAFTS)
    run = session.sync()
    assert (run.counters["added"], run.counters["deleted"], run.counters["unchanged"]) == (1, 1, 2)
    assert set(session.held()) == {pages[0].id, pages[1].id, pages[5].id}
    choose(session, EVERYTHING)
    assert session.sync().counters["added"] == 3
    assert set(session.held()) == {page.id for page in pages}
    assert session.sync().counters["unchanged"] == 6


def test_what_a_filter_leaves_out_is_not_fetched_again(wiki: Wiki, session: Session) -> None:
    wiki.pages(3)
    choose(session, HOWTO)
    session.sync()
    run = session.sync()
    assert not [each for each in wiki.desk.log.entries if "body" in each.query]
    assert (run.counters["added"], run.counters["changed"], run.counters["deleted"]) == (0, 0, 0)


def test_a_page_that_is_left_out_still_guards_what_is_below_it(wiki: Wiki, session: Session) -> None:
    top = wiki.page("Top")
    leaf = wiki.page("Leaf", parent=top)
    changes.label(wiki.site, leaf, "howto")
    choose(session, HOWTO)
    session.sync()
    assert session.visible(wiki.bob) == {leaf.id}
    wiki.restrict(top, wiki.alice, wiki.sync)
    session.sync()
    assert session.visible(wiki.alice) == {leaf.id}
    assert session.visible(wiki.bob) == set()
    assert "Top" not in session.held().values()


def test_a_page_comes_back_under_the_restrictions_of_now(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Page")
    session.sync()
    choose(session, HOWTO)
    session.sync()
    wiki.restrict(page, wiki.alice, wiki.sync)
    session.sync()
    changes.label(wiki.site, page, "howto")
    session.sync()
    assert session.visible(wiki.alice) == {page.id}
    assert session.visible(wiki.bob) == set()


def test_a_space_that_is_left_out_leaves_and_comes_back(wiki: Wiki, session: Session) -> None:
    kept, other = wiki.page("Kept"), wiki.page("Other", space=wiki.new_space("OPS", "Operations"))
    session.sync()
    choose(session, Filter(without_spaces=frozenset({"ops"})))
    run = session.sync()
    assert run.state is RunState.DONE
    assert set(session.held()) == {kept.id}
    choose(session, EVERYTHING)
    session.sync()
    assert set(session.held()) == {kept.id, other.id}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_kind_that_is_switched_off_leaves_and_comes_back(wiki: Wiki, session: Session, kind: content.Kind) -> None:
    page, post = wiki.page("Page"), wiki.page("Post", kind=Kind.BLOGPOST)
    for on in (page, post):
        changes.comment(wiki.site, on, wiki.bob.account_id, "<p>Yes.</p>")
        changes.attach(wiki.site, on, wiki.bob.account_id, "a.txt", changes.new_file(wiki.site, "text/plain", b"a"))
    session.sync()
    everything = session.held()
    choose(session, EVERYTHING, EVERY_KIND - {kind})
    session.sync()
    held = [wiki.site.contents[id_] for id_ in session.held()]
    kinds = {Kind(each) for each in EVERY_KIND - {kind}}
    assert {each.kind for each in held} == kinds
    assert all(wiki.site.container(each).kind in kinds for each in held)
    choose(session, EVERYTHING)
    session.sync()
    assert session.held() == everything


def test_only_chosen_trees_come_in_but_for_what_is_left_out_of_them(wiki: Wiki, session: Session) -> None:
    handbook, news = wiki.page("Handbook"), wiki.page("News")
    rules = wiki.page("Rules", parent=handbook)
    drafts = wiki.page("Drafts", parent=handbook)
    draft = wiki.page("Draft", "<p>Not for the hub.</p>", parent=drafts)
    post = wiki.page("Post", kind=Kind.BLOGPOST)
    remark = changes.comment(wiki.site, rules, wiki.bob.account_id, "<p>Yes.</p>")
    below = Filter(trees=frozenset({handbook.id}), without_trees=frozenset({drafts.id}))
    choose(session, below)
    session.sync()
    assert set(session.held()) == {handbook.id, rules.id, remark.id}
    assert not any("Not for the hub" in body for body in bodies(session))
    changes.move(wiki.site, draft, wiki.space, rules)
    changes.move(wiki.site, rules, wiki.space, handbook)
    changes.move(wiki.site, news, wiki.space, drafts)
    session.sync()
    assert set(session.held()) == {handbook.id, rules.id, remark.id, draft.id}
    changes.move(wiki.site, rules, wiki.space, None)
    run = session.sync()
    assert set(session.held()) == {handbook.id}
    assert run.counters["deleted"] == 3
    choose(session, Filter(without_trees=frozenset({handbook.id})))
    session.sync()
    assert set(session.held()) == {rules.id, remark.id, draft.id, post.id}
    choose(session, EVERYTHING)
    session.sync()
    assert set(session.held()) == {handbook.id, rules.id, remark.id, drafts.id, draft.id, news.id, post.id}


def test_archived_pages_come_in_where_they_are_wanted_and_leave_again(wiki: Wiki, session: Session) -> None:
    old, new = wiki.pages(2)
    leaf = wiki.page("Leaf", parent=old)
    changes.archive(wiki.site, old)
    session.sync()
    assert set(session.held()) == {new.id, leaf.id}
    choose(session, Filter(archived=True))
    session.sync()
    assert set(session.held()) == {old.id, new.id, leaf.id}
    assert session.visible(wiki.bob) == {old.id, new.id, leaf.id}
    wiki.restrict(old, wiki.alice, wiki.sync)
    session.sync()
    assert session.visible(wiki.bob) == {new.id}
    changes.archive(wiki.site, new)
    session.sync()
    assert set(session.held()) == {old.id, new.id, leaf.id}
    choose(session, EVERYTHING)
    run = session.sync()
    assert set(session.held()) == {leaf.id}
    assert run.counters["deleted"] == 2


FILTERS = (
    EVERYTHING,
    HOWTO,
    NO_DRAFTS,
    Filter(labels=frozenset({"howto", "draft"})),
    Filter(labels=frozenset({"howto"}), without_labels=frozenset({"draft"})),
    Filter(look_back=1),
    Filter(labels=frozenset({"howto"}), look_back=2),
    Filter(created_after=date(2026, 3, 3)),
    Filter(without_spaces=frozenset({"OPS"})),
)


def lets_in(chosen: Filter, wiki: Wiki, each: Content) -> bool:
    """Whether a filter lets a content in, asked of Confluence's own state."""
    page = wiki.site.container(each)
    lineage = {page.id, *(above.id for above in wiki.site.ancestors(page))}
    labels = {label.name for label in page.labels}
    age = wiki.clock() - page.version.created_at
    return (
        (not chosen.labels or bool(labels & chosen.labels))
        and not labels & chosen.without_labels
        and (chosen.look_back is None or age.total_seconds() <= chosen.look_back * 86400)
        and (chosen.created_after is None or page.created_at.date() >= chosen.created_after)
        and wiki.site.spaces[page.space_id].key not in chosen.without_spaces
        and (not chosen.trees or bool(lineage & chosen.trees))
        and not lineage & chosen.without_trees
    )


@pytest.mark.parametrize(("seed", "datacenter"), [(1, False), (2, True), (3, False)])
def test_everybody_finds_what_the_filter_lets_in_of_what_confluence_shows_them(
    tmp_path: Path, seed: int, *, datacenter: bool
) -> None:
    wiki, chance = Wiki(), random.Random(seed)
    wiki.site.anonymous_access = True
    deeds, rights = Deeds(wiki, chance, datacenter), Rights(wiki)
    with connected(wiki, tmp_path / "home", datacenter=datacenter) as session:
        for _ in range(ROUNDS):
            deeds.some([*deeds.calm(), deeds.label, deeds.label], 18)
            chosen = chance.choice(FILTERS)
            if chance.random() < 0.5:
                tops = frozenset(top.id for top in (deeds.one(Kind.PAGE), deeds.one(Kind.PAGE)) if top)
                into = chance.random() < 0.5
                chosen = replace(chosen, trees=tops) if into else replace(chosen, without_trees=tops)
            deeds.story.append(f"a sync with {chosen}")
            choose(session, chosen)
            wiki.clock.forward(hours=chance.choice([1, 20, 40]))
            assert session.sync(approve_deletions=True).state is RunState.DONE, "\n".join(deeds.story)
            rights.synced(broken=(), restless=False, waiting=False)
            for person in wiki.readers:
                shown = session.visible(person)
                right = {id_ for id_ in rights.may(person) if lets_in(chosen, wiki, rights.contents[id_])}
                must = {id_ for id_ in rights.must(person) if lets_in(chosen, wiki, rights.contents[id_])}
                assert must <= shown <= right, f"{name(person)} after\n" + "\n".join(deeds.story)
