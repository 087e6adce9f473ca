"""Random histories of a wiki, synced again and again: everybody finds exactly what Confluence would show them.

The model is the emulator's own rule; what is compared is what search gives and counts, what documents open, and what
the store counts. `tests/store` holds the same rule against far more trees, without a sync.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from confluence_emulator import state
from confluence_emulator.state import Kind, Status, changes, membership
from confluence_emulator.state.spaces import ANONYMOUS, VIEWER_RIGHTS
from mainstem.search.find import find
from mainstem.store import documents
from mainstem.store.database import reading
from tests.sync.larkhill import Session, Wiki, connected

ROUNDS = 4
CHANGES = 12


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everybody_finds_exactly_what_confluence_would_show(tmp_path: Path, seed: int) -> None:
    wiki, chance = Wiki(), random.Random(seed)
    wiki.site.anonymous_access = True
    history = History(wiki, chance)
    with connected(wiki, tmp_path / "home", datacenter=seed == 3) as session:
        for _ in range(ROUNDS):
            history.go_on()
            wiki.clock.forward(minutes=5)
            session.sync(approve_deletions=True)
            for person in (wiki.alice, wiki.bob, wiki.charlie, None):
                check(session, wiki, person)


def check(session: Session, wiki: Wiki, person: state.User | None) -> None:
    # Without a licence nobody gets in by name; but what is open to everyone is open to them too.
    right = (wiki.visible(person) | wiki.visible(None)) & wiki.visible(wiki.sync)
    hub = session.hub
    with reading(hub.engine) as db:
        viewer = session.viewer(db, person)
        found = find("zebra", viewer=viewer, store=db, index=hub.index, now=wiki.clock(), limit=1000)
        counted = documents.counts(db, viewer=viewer)
        opened = {id_ for id_ in wiki.site.contents if documents.document(db, (1, id_), viewer=viewer) is not None}
    with_zebra = {id_ for id_ in right if "zebra" in (wiki.site.contents[id_].version.body or "")}
    assert {each.source_id for each in found.results} == with_zebra
    assert found.total == len(with_zebra)
    assert opened == right
    assert counted.pages == sum(wiki.site.contents[id_].kind is Kind.PAGE for id_ in right)


class History:
    """What people do to a wiki, at random."""

    def __init__(self, wiki: Wiki, chance: random.Random) -> None:
        self.wiki = wiki
        self.chance = chance
        self.number = 0
        self.other = wiki.new_space("OPS", "Operations")
        self.deeds: list[Callable[[], None]] = [
            self.write,
            self.write,
            self.write,
            self.comment,
            self.edit,
            self.move,
            self.restrict,
            self.restrict,
            self.lift,
            self.trash,
            self.archive,
            self.label,
            self.join,
            self.leave,
            self.open_space,
            self.close_space,
        ]

    def go_on(self) -> None:
        for _ in range(CHANGES):
            self.chance.choice(self.deeds)()

    def any_page(self) -> state.Content | None:
        pages = [
            each
            for each in self.wiki.site.contents.values()
            if each.kind in (Kind.PAGE, Kind.BLOGPOST) and each.status is Status.CURRENT
        ]
        return self.chance.choice(pages) if pages else None

    def space(self) -> state.Space:
        return self.chance.choice([self.wiki.space, self.other])

    def write(self) -> None:
        self.number += 1
        parent = self.any_page() if self.chance.random() < 0.7 else None
        if parent is not None and parent.kind is not Kind.PAGE:
            parent = None
        space = self.wiki.site.spaces[parent.space_id] if parent is not None else self.space()
        kind = Kind.PAGE if parent is not None or self.chance.random() < 0.7 else Kind.BLOGPOST
        self.wiki.page(f"Title {self.number}", "<p>A zebra.</p>", parent=parent, space=space, kind=kind)

    def comment(self) -> None:
        if page := self.any_page():
            changes.comment(self.wiki.site, page, self.wiki.bob.account_id, "<p>My zebra!</p>")

    def edit(self) -> None:
        if page := self.any_page():
            word = self.chance.choice(["zebra", "horse"])
            self.wiki.edit(page, f"<p>Now a {word} of {self.chance.random()}.</p>")

    def move(self) -> None:
        page, target = self.any_page(), self.any_page()
        if page is None or target is None or Kind.BLOGPOST in (page.kind, target.kind):
            return
        above = {target.id, *(each.id for each in self.wiki.site.ancestors(target))}
        if page.id not in above:
            changes.move(self.wiki.site, page, self.wiki.site.spaces[target.space_id], target)

    def restrict(self) -> None:
        if page := self.any_page():
            people = self.chance.sample([self.wiki.alice, self.wiki.bob, self.wiki.charlie], self.chance.randint(0, 2))
            groups = (self.wiki.inner,) if self.chance.random() < 0.3 else ()
            # Usually the account of the hub is named too; where it is not, the page and all below it are out of sight.
            own = [self.wiki.sync] if self.chance.random() < 0.9 else []
            self.wiki.restrict(page, *own, *people, groups=groups)

    def lift(self) -> None:
        if page := self.any_page():
            self.wiki.restrict(page)

    def trash(self) -> None:
        if self.chance.random() < 0.3 and (page := self.any_page()):
            changes.trash(self.wiki.site, page)

    def archive(self) -> None:
        if self.chance.random() < 0.3 and (page := self.any_page()) and page.kind is Kind.PAGE:
            changes.archive(self.wiki.site, page)

    def label(self) -> None:
        if page := self.any_page():
            changes.label(self.wiki.site, page, self.chance.choice(["howto", "draft"]))

    def join(self) -> None:
        group = self.chance.choice([self.wiki.staff, self.wiki.inner])
        membership.join(self.wiki.site, group, self.chance.choice([self.wiki.bob, self.wiki.charlie]))

    def leave(self) -> None:
        group = self.chance.choice([self.wiki.staff, self.wiki.inner])
        membership.leave(self.wiki.site, group, self.chance.choice([self.wiki.bob, self.wiki.alice]))

    def open_space(self) -> None:
        membership.grant(self.wiki.site, self.space(), ANONYMOUS, VIEWER_RIGHTS)

    def close_space(self) -> None:
        membership.revoke(self.wiki.site, self.space(), ANONYMOUS)
