"""Another choice for a connection: what it is said to remove is what the next sync removes, no more and no less."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from confluence_emulator import state
from confluence_emulator.state import Content, changes
from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.sync.changing import Difference, difference
from mainstem.wiki.content import Kind
from mainstem.wiki.selection import EVERYTHING, Filter
from tests.sync.larkhill import EVERY_KIND, Session, Wiki, connected

ROUNDS = 4
SORTS = (state.Kind.PAGE, state.Kind.PAGE, state.Kind.BLOGPOST)
LABELS = ("howto", "draft", "policy")


@pytest.fixture(params=["cloud", "datacenter"])
def session(wiki: Wiki, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home", datacenter=request.param == "datacenter") as session:
        yield session


def saved(session: Session) -> SavedConnection:
    with reading(session.hub.engine) as db:
        return connections.connection(db, session.connection_id)


def foreseen(session: Session, after: SavedConnection) -> Difference:
    with reading(session.hub.engine) as db:
        return difference(db, saved(session), after, session.hub.clock() + timedelta(seconds=1))


def changed(session: Session, after: SavedConnection) -> int:
    """How many documents really leave."""
    with session.hub.engine.begin() as db:
        connections.change(db, session.connection_id, after)
    return session.sync().counters.get("deleted", 0)


def belongings(wiki: Wiki, page: Content) -> None:
    """A comment and a file of a page, and a remark on the file."""
    changes.comment(wiki.site, page, wiki.bob.account_id, "<p>Yes.</p>")
    made = changes.new_file(wiki.site, "text/plain", b"a")
    file = changes.attach(wiki.site, page, wiki.bob.account_id, f"{page.id}.txt", made)
    changes.comment(wiki.site, file, wiki.bob.account_id, "<p>Look.</p>")


def furnish(wiki: Wiki, dice: random.Random) -> None:
    """Three spaces of pages and posts of different ages and labels, some with comments and files."""
    spaces = [wiki.space, wiki.new_space("OPS", "Operations"), wiki.new_space("LAW", "Legal")]
    pages: list[Content] = []
    for number in range(18):
        wiki.clock.forward(days=dice.randint(0, 3))
        space, kind = dice.choice(spaces), dice.choice(SORTS)
        above = [each for each in pages if each.space_id == space.id and each.kind is kind is state.Kind.PAGE]
        page = wiki.page(f"Page {number}", space=space, kind=kind, parent=dice.choice([None, *above]))
        pages.append(page)
        for label in dice.sample(LABELS, dice.randint(0, 2)):
            changes.label(wiki.site, page, label)
        if dice.random() < 0.6:
            belongings(wiki, page)


def choice(dice: random.Random, before: SavedConnection, session: Session) -> SavedConnection:
    today = session.hub.clock().date()
    some = dice.sample(sorted(session.held()), 2)
    kinds = frozenset(kind for kind in EVERY_KIND if dice.random() < 0.8) | {dice.choice([Kind.PAGE, Kind.BLOGPOST])}
    spaces = tuple(dice.sample(["ENG", "OPS", "LAW"], dice.randint(1, 3))) if dice.random() < 0.6 else None
    return replace(
        before,
        chosen_spaces=spaces,
        kinds=kinds,
        filter=Filter(
            trees=frozenset(some) if dice.random() < 0.3 else frozenset(),
            without_trees=frozenset(some[1:]) if dice.random() < 0.3 else frozenset(),
            archived=dice.random() < 0.5,
            labels=frozenset(dice.sample(LABELS, dice.choice([0, 0, 1, 2]))),
            without_labels=frozenset(dice.sample(LABELS, dice.choice([0, 0, 1]))),
            created_after=dice.choice([None, None, today - timedelta(days=dice.randint(1, 30))]),
            modified_after=dice.choice([None, None, today - timedelta(days=dice.randint(1, 30))]),
            look_back=dice.choice([None, None, dice.randint(3, 30)]),
            without_spaces=frozenset(dice.sample(["ENG", "OPS"], 1)) if spaces is None else frozenset(),
        ),
    )


def test_exactly_what_was_said_to_leave_leaves(wiki: Wiki, session: Session) -> None:
    dice = random.Random(1)
    furnish(wiki, dice)
    changed(session, replace(saved(session), chosen_spaces=None))
    for _ in range(ROUNDS):
        after = choice(dice, saved(session), session)
        said, held = foreseen(session, after), set(session.held())
        assert changed(session, after) == said.leaving, after
        assert len(held - set(session.held())) == said.leaving, after
        everything = replace(after, chosen_spaces=None, kinds=EVERY_KIND, filter=EVERYTHING)
        assert foreseen(session, everything).leaving == 0
        changed(session, everything)


def test_what_leaves_is_told_apart_and_spaces_that_go_whole_are_named(wiki: Wiki, session: Session) -> None:
    law = wiki.new_space("LAW", "Legal")
    kept, gone = wiki.page("Kept"), wiki.page("Gone", space=law)
    belongings(wiki, kept)
    belongings(wiki, gone)
    changed(session, replace(saved(session), chosen_spaces=None))
    before = saved(session)
    said = foreseen(session, replace(before, chosen_spaces=("ENG",)))
    assert said == Difference(pages=1, others=3, staying=1, spaces=("Legal",), wider=False, kinds=frozenset())
    no_comments = foreseen(session, replace(before, kinds=EVERY_KIND - {Kind.COMMENT}))
    assert (no_comments.pages, no_comments.others) == (0, 4)


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        ({"chosen_spaces": None}, {"chosen_spaces": ("ENG",)}, False),
        ({"chosen_spaces": ("ENG",)}, {"chosen_spaces": None}, True),
        ({"chosen_spaces": ("ENG",)}, {"chosen_spaces": ("ENG", "LAW")}, True),
        ({"chosen_spaces": ("ENG", "LAW")}, {"chosen_spaces": ("LAW",)}, False),
        ({"filter": Filter(without_spaces=frozenset({"LAW"}))}, {"filter": EVERYTHING}, True),
        (
            {"filter": Filter(without_spaces=frozenset({"LAW"}))},
            {"chosen_spaces": ("LAW",), "filter": EVERYTHING},
            True,
        ),
        ({"filter": EVERYTHING}, {"filter": Filter(labels=frozenset({"howto"}))}, False),
        ({"filter": Filter(look_back=30)}, {"filter": Filter(look_back=90)}, True),
        ({"kinds": frozenset({Kind.PAGE})}, {"kinds": EVERY_KIND}, True),
        ({"kinds": EVERY_KIND}, {"kinds": frozenset({Kind.PAGE})}, False),
    ],
)
def test_whether_pages_may_come_in_is_known_beforehand(
    session: Session, before: dict[str, object], after: dict[str, object], *, wider: bool
) -> None:
    plain = replace(saved(session), chosen_spaces=None)
    first = replace(plain, **before)  # type: ignore[arg-type]  # columns of the table above
    with reading(session.hub.engine) as db:
        said = difference(db, first, replace(plain, **after), session.hub.clock())  # type: ignore[arg-type]
    assert said.wider is wider


def test_kinds_that_come_in_anew_are_named(session: Session) -> None:
    first = replace(saved(session), kinds=frozenset({Kind.PAGE}))
    with reading(session.hub.engine) as db:
        said = difference(db, first, replace(first, kinds=EVERY_KIND), session.hub.clock())
    assert said.kinds == {Kind.COMMENT, Kind.ATTACHMENT}
