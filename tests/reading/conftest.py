"""A small wiki with real bodies, and its cast: Alice (member), Bob (may read less), Charlie (outsider)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection, Engine

from mainstem.convert import extract, parse
from mainstem.reading.document import ReadDocument, open_document
from mainstem.store import audiences, chains, content, documents, rules, visibility
from mainstem.store.documents import Document
from mainstem.wiki.audience import OPERATOR, Clause, Rules, Viewer, user
from mainstem.wiki.content import AttachmentFile, Content, Kind, Space
from tests.plugins.databases import Fresh, rolled_back
from tests.store.site import ALICE, BOB, NOW, Site, clause, page, site

CHARLIE = Viewer("charlie")
"""Signed in, but unknown to Confluence."""


class Hub:
    """Where the pages of a hub are."""

    def document(self, id_: int, anchor: str = "") -> str:
        return f"/documents/{id_}#{anchor}" if anchor else f"/documents/{id_}"

    def file(self, id_: int) -> str:
        return f"/files/{id_}"

    def search(self, text: str) -> str:
        return f"/search?{urlencode({'q': text})}"

    def space(self, connection_id: int, key: str) -> str:
        return f"/spaces/{connection_id}/{key}"


@dataclass(frozen=True)
class Wiki:
    """One stored site. `save` and `restrict` store as a sync does, with rules that everybody with a licence passes."""

    site: Site

    @property
    def db(self) -> Connection:
        return self.site.db

    def save(self, id_: str, body: str | None = "", *, labels: tuple[str, ...] = (), **changes: Any) -> int:
        return self.save_all({draft(id_, body, **changes): labels})[id_]

    def save_all(self, drafts: Mapping[Content, tuple[str, ...]]) -> dict[str, int]:
        """Save many at once, with their labels, which takes little longer than one; our ids by theirs."""
        made = [(each, "hash", extract(parse(each.body or ""))) for each in drafts]
        content.save_documents(self.db, self.site.id, made, NOW)
        self.site.rule(*(Rules(each.id, labels) for each, labels in drafts.items()))
        return content.ids_of(self.db, self.site.id, [each.id for each in drafts])

    def attach(
        self, id_: str, to: str, filename: str, media_type: str = "image/png", size: int = 9, **changes: Any
    ) -> int:
        return self.save_all({drafted_file(id_, to, filename, media_type, size, **changes): ()})[id_]

    def comment(self, id_: str, on: str, body: str, **changes: Any) -> int:
        return self.save(id_, body, kind=Kind.COMMENT, container_id=on, **changes)

    def restrict(self, id_: str, *people: str) -> None:
        self.site.rule(Rules(id_, (), Clause(frozenset(user(one) for one in people))))

    def add_space(self, id_: str, key: str, name: str, *people: str) -> None:
        """A space that only these people see into."""
        content.save_spaces(self.db, self.site.id, [Space(id_, key, name)])
        readers = {id_: clause(*map(user, people))}
        audiences.save_clauses(self.db, self.site.id, audiences.HolderKind.SPACE, readers)
        audiences.rules_read(self.db, self.site.id, [id_], NOW)
        chains.rebuild_chains(self.db, self.site.id)

    def viewer(self, who: str) -> Viewer:
        return visibility.viewer_for(self.db, who, rules_since=None)

    def open(self, id_: int, viewer: Viewer) -> ReadDocument | None:
        return open_document(self.db, id_, viewer=viewer, addresses=Hub(), now=NOW)

    def read(self, id_: int, viewer: Viewer) -> ReadDocument:
        found = self.open(id_, viewer)
        assert found is not None
        return found

    def stored(self, id_: str) -> Document:
        """A document as the store has it."""
        found = documents.document(self.db, (self.site.id, id_), viewer=OPERATOR)
        assert found is not None
        return found

    def ids(self) -> dict[int, str]:
        """Confluence's ids of all documents, by ours."""
        ours = documents.document_ids(self.db, self.site.id, viewer=OPERATOR)
        found = (documents.document(self.db, each, viewer=OPERATOR) for each in ours)
        return {each.id: each.source_id for each in found if each}

    def fail(self, id_: str) -> None:
        """Confluence does not tell any more who may read a content."""
        self.site.rule(rules.RulesGap(id_))


def draft(id_: str, body: str | None = "", **changes: Any) -> Content:
    """A page by Alice."""
    return page(id_, **{"body": body, "author_id": ALICE.id} | changes)


def drafted_file(
    id_: str, to: str, filename: str, media_type: str = "image/png", size: int = 9, **changes: Any
) -> Content:
    """A file on a page."""
    file = AttachmentFile(media_type, size, None, f"/download/{id_}")
    return draft(id_, None, **{"kind": Kind.ATTACHMENT, "container_id": to, "title": filename, "file": file} | changes)


@pytest.fixture(scope="session")
def put_up(fresh: Fresh) -> tuple[Engine, int]:
    """A database with the site and nothing else in it, put up once, and the site's id."""
    engine = fresh()
    with engine.begin() as db:
        return engine, site(db).id


@pytest.fixture
def wiki(put_up: tuple[Engine, int]) -> Iterator[Wiki]:
    engine, site_id = put_up
    with rolled_back(engine) as db:
        yield Wiki(Site(db, site_id))


@pytest.fixture
def alice(wiki: Wiki) -> Viewer:
    return wiki.viewer(ALICE.id)


@pytest.fixture
def bob(wiki: Wiki) -> Viewer:
    return wiki.viewer(BOB.id)
