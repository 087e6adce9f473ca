"""A trial: a random history of a wiki with syncs in between, after each of which a hub is held to everybody's rights.

Wild ones are held to them at every commit of every sync: nobody may read a text that they never could in Confluence.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from confluence_emulator.state import Kind, User
from mainstem.index.query import Field
from mainstem.search.find import Page, Results, find
from mainstem.settings import Settings
from mainstem.store import documents
from mainstem.store.database import reading
from mainstem.store.runs import Run, RunState
from mainstem.wiki.audience import Viewer
from tests.sync.deeds import Deeds
from tests.sync.larkhill import Session, Wiki, connected
from tests.sync.rights import Rights, name

DEEDS = 18
OPENED = 10
"""So many documents, drawn at random, are opened by each reader after each sync."""

WORD = "zebra"


@dataclass
class Trial:
    """One hub and its wiki on trial. `wild`: everything may happen, and deletions are not always approved.

    `restless`: things may also happen during a sync; at which moment of it is not the same in each run.
    """

    session: Session
    deeds: Deeds
    rights: Rights
    wild: bool
    restless: bool
    wrong: list[str] = field(default_factory=list)

    @property
    def chance(self) -> random.Random:
        """Where every choice is drawn from."""
        return self.deeds.chance

    @property
    def told(self) -> str:
        """The whole story so far."""
        return "\n".join(self.deeds.story)

    def go_on(self) -> Sequence[str]:
        """Some deeds, perhaps much time, and a sync; what was wrong, in sentences, during it and after it."""
        wiki, story = self.session.wiki, self.deeds.story
        possible = self.deeds.wild() if self.wild else self.deeds.calm()
        self.deeds.some(possible, DEEDS)
        hours = self.chance.choice([0, 0, 1, 40, 73]) if self.wild else 0
        wiki.clock.forward(minutes=5, hours=hours)
        story.append(f"{hours} hours pass")
        broken = [wiki.space] if self.wild and self.chance.random() < 0.3 else []
        for space in broken:
            wiki.break_listing(space)
            story.append(f"the listing of {space.key} breaks off")
        if restless := self.restless and self.chance.random() < 0.5:
            wiki.meanwhile.plan(self.chance.randint(1, 40), lambda: self.deeds.some(possible, 3))
        run = self._sync(approve=not self.wild or self.chance.random() < 0.5)
        wiki.meanwhile.deed = None
        wiki.fault()
        self._note(run, {space.id for space in broken}, restless=restless)
        self.wrong += (f"afterwards {each}" for each in self.faults())
        return self.wrong

    def _note(self, run: Run, broken: set[str], *, restless: bool) -> None:
        if run.state is RunState.DONE:
            waiting = run.counters.get("waiting_deletions", 0) > 0
            self.rights.synced(broken=broken, restless=restless, waiting=waiting)
        else:
            self.deeds.story.append(f"the sync fails: {run.message}")
            self.rights.failed()

    def _sync(self, *, approve: bool) -> Run:
        self.deeds.story.append(f"a sync that {'approves' if approve else 'leaves'} deletions:")
        with self.session.looking(self._look) if self.wild else nullcontext():
            return self.session.sync(approve_deletions=approve)

    def _look(self, db: Connection) -> None:
        for person, _, shown in self.session.shown(db):
            for id_ in self.rights.too_new(person, shown):
                self.wrong.append(f"meanwhile {name(person)} reads version {shown[id_]} of {self._title(id_)}")

    def faults(self) -> Iterator[str]:
        """What the hub shows to somebody and may not, or does not show and has to, or counts wrongly."""
        with reading(self.session.hub.engine) as db:
            for person, viewer, shown in self.session.shown(db):
                found = [*self._shown_wrongly(person, shown), *self._told_wrongly(db, viewer, shown)]
                yield from (f"{name(person)} {fault}" for fault in found)

    def _shown_wrongly(self, person: User | None, shown: Mapping[str, int]) -> Iterator[str]:
        yield from (f"is shown {self._title(id_)}" for id_ in sorted(set(shown) - self.rights.may(person)))
        yield from (f"misses {self._title(id_)}" for id_ in sorted(self.rights.must(person) - set(shown)))
        yield from (f"reads version {shown[id_]} of {self._title(id_)}" for id_ in self.rights.too_new(person, shown))

    def _told_wrongly(self, db: Connection, viewer: Viewer, shown: Mapping[str, int]) -> Iterator[str]:
        hub = self.session.hub
        with_word = {id_ for id_, number in shown.items() if WORD in self._text(id_, number)}
        found = find(WORD, viewer=viewer, store=db, index=hub.index, now=hub.clock(), page=Page(1000, facets=True))
        yield from miscounted(found, with_word)
        for id_ in self.chance.sample(sorted(self.rights.contents), k=min(OPENED, len(self.rights.contents))):
            if (documents.document(db, (self.session.connection_id, id_), viewer=viewer) is None) == (id_ in shown):
                yield f"opens {self._title(id_)} though it is not listed, or the other way round"
        told, kinds = documents.counts(db, viewer=viewer), Counter(self.rights.contents[id_].kind for id_ in shown)
        if (told.pages, told.comments) != (kinds[Kind.PAGE], kinds[Kind.COMMENT]):
            yield f"is told of {told.pages} pages and {told.comments} comments, where there are {kinds}"

    def _text(self, id_: str, number: int) -> str:
        return self.rights.contents[id_].versions[number - 1].body or ""

    def _title(self, id_: str) -> str:
        content = self.rights.contents[id_]
        return f"{content.kind} '{content.title}' ({id_})"


@contextmanager
def trial(
    chance: random.Random, home: Path, *, datacenter: bool, wild: bool, restless: bool = False
) -> Iterator[Trial]:
    """A hub with an empty home, and a wiki of three spaces; a wild one may be of two of them, and is quick to brake."""
    wiki = Wiki()
    wiki.site.anonymous_access = True
    deeds = Deeds(wiki, chance, datacenter)
    chosen = ("ENG", "OPS") if wild and chance.random() < 0.5 else ()
    settings = Settings(brake_pages=chance.choice([0, 2]), brake_share=0.0) if wild else Settings()
    rights = Rights(wiki, chosen or None)
    if wild:
        deeds.bind()
    with connected(wiki, home, datacenter=datacenter, spaces=chosen, settings=settings) as session:
        yield Trial(session, deeds, rights, wild, restless)


def miscounted(found: Results, right: set[str]) -> Iterator[str]:
    """What is wrong with the results, the total and the facets of a search that should find these ids."""
    ids = {each.source_id for each in found.results}
    if ids != right:
        yield f"finds {sorted(ids - right)} and does not find {sorted(right - ids)}"
    if found.total != len(right):
        yield f"is told of {found.total} results of {len(right)}"
    values = {
        Field.SPACE: [each.space for each in found.results],
        Field.KIND: [str(each.kind) for each in found.results],
        Field.LABEL: [label for each in found.results for label in each.tags],
    }
    for of, expected in values.items():
        counted = {each.value: each.documents for each in found.facets.get(of, ())}
        if counted != dict(Counter(expected)):
            yield f"is told of {counted} by {of}, where there are {dict(Counter(expected))}"
