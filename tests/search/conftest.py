"""A small wiki that is stored and indexed, and its cast: Alice (member), Bob (may read less), Charlie (outsider)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from mainstem.index.local import LocalIndex
from mainstem.search.find import Page, Results, find
from mainstem.search.suggest import Suggestions, suggest
from mainstem.store import chains, content, rules, visibility
from mainstem.store.database import reading
from mainstem.sync.indexing import catch_up
from mainstem.wiki.audience import Clause, Rules, Viewer, user
from mainstem.wiki.documents import Converted, Passage
from mainstem.wiki.properties import PageProperty
from tests.store.site import ALICE, BOB, NOW, Site, page, site

CHARLIE = Viewer("charlie")
"""Signed in, but unknown to Confluence."""


@dataclass(frozen=True)
class Wiki:
    """One stored and indexed site. `save` and `restrict` store; `index_all` lets the index follow."""

    engine: Engine
    index: LocalIndex
    site_id: int

    def save(
        self,
        id_: str,
        *texts: str,
        labels: tuple[str, ...] = (),
        properties: tuple[PageProperty, ...] = (),
        **changes: Any,
    ) -> int:
        passages = tuple(Passage(number, ("Top",), f"part-{number}", text) for number, text in enumerate(texts))
        stored = replace(page(id_, author_id=ALICE.id), **changes)
        with self.engine.begin() as db:
            content.save_documents(db, self.site_id, [(stored, "hash", Converted(passages, (), properties, 1))], NOW)
            rules.save_rules(db, self.site_id, [Rules(id_, labels)])
            chains.rebuild_chains(db, self.site_id)
            return content.ids_of(db, self.site_id, [id_])[id_]

    def restrict(self, id_: str, *people: str, labels: tuple[str, ...] = ()) -> None:
        clause = Clause(frozenset(user(one) for one in people))
        with self.engine.begin() as db:
            rules.save_rules(db, self.site_id, [Rules(id_, labels, clause)])
            chains.rebuild_chains(db, self.site_id)

    def index_all(self) -> None:
        catch_up(self.engine, self.index)

    def viewer(self, who: str) -> Viewer:
        with reading(self.engine) as db:
            return visibility.viewer_for(db, who, rules_since=None)

    def find(self, text: str, viewer: Viewer, limit: int = 10, offset: int = 0, *, facets: bool = False) -> Results:
        with reading(self.engine) as db:
            page = Page(limit, offset, facets)
            return find(text, viewer=viewer, store=db, index=self.index, now=NOW, page=page)

    def suggest(self, text: str, viewer: Viewer) -> Suggestions:
        with reading(self.engine) as db:
            return suggest(text, viewer=viewer, store=db, index=self.index, now=NOW)


@pytest.fixture
def wiki(sqlite: Engine, tmp_path: Path) -> Iterator[Wiki]:
    with sqlite.begin() as db:
        stored: Site = site(db)
    index = LocalIndex(tmp_path / "index")
    yield Wiki(sqlite, index, stored.id)
    index.close()


@pytest.fixture
def alice(wiki: Wiki) -> Viewer:
    return wiki.viewer(ALICE.id)


@pytest.fixture
def bob(wiki: Wiki) -> Viewer:
    return wiki.viewer(BOB.id)
