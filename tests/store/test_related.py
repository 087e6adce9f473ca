"""What is about the same as a document, for whoever may read it."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from mainstem.store.database import reading
from mainstem.store.related import related
from mainstem.wiki.audience import Rules, Viewer, user
from mainstem.wiki.content import Kind, Status
from tests.reading.conftest import CHARLIE, Wiki
from tests.store.site import ALICE, BOB, clause, site

TO = '<ac:link><ri:page ri:content-title="{}"/></ac:link>'


@pytest.fixture
def wiki(db: Connection) -> Wiki:
    return Wiki(site(db))


def near(wiki: Wiki, id_: int, viewer: Viewer, limit: int = 9) -> list[str]:
    return [place.source_id for place in related(wiki.db, id_, viewer=viewer, limit=limit)]


def test_rarer_things_in_common_bring_documents_nearer(wiki: Wiki) -> None:
    own = wiki.save("1", TO.format("Kettle"), labels=("rare", "common"))
    wiki.save("2", labels=("common",))
    wiki.save("3", labels=("common", "rare"))
    wiki.save("4", TO.format("Kettle") * 3)
    wiki.save("5", labels=("other",))
    wiki.save("6", labels=("common",), kind=Kind.BLOGPOST)
    assert near(wiki, own, wiki.viewer(ALICE.id)) == ["3", "4", "2", "6"]
    assert near(wiki, own, wiki.viewer(ALICE.id), limit=1) == ["3"]


@pytest.mark.parametrize(
    "changes", [{"kind": Kind.COMMENT, "container_id": "9"}, {"status": Status.ARCHIVED}, {"status": Status.TRASHED}]
)
def test_only_current_pages_and_posts_are_related(wiki: Wiki, changes: dict[str, Any]) -> None:
    own = wiki.save("1", labels=("one",))
    wiki.save("9")
    wiki.save("2", labels=("one",), **changes)
    assert near(wiki, own, wiki.viewer(ALICE.id)) == []


def test_what_the_viewer_may_not_read_is_not_there_and_does_not_count(wiki: Wiki) -> None:
    own = wiki.save("1", labels=("one", "two"))
    wiki.save("2", labels=("one",))
    wiki.save("3", labels=("two",))
    for id_ in ("4", "5"):
        wiki.save(id_)
        wiki.site.rule(Rules(id_, ("one",), clause(user(ALICE.id))))
    # Bob sees each label once; were the hidden ones counted, the second would weigh more.
    assert near(wiki, own, wiki.viewer(BOB.id)) == ["2", "3"]
    assert near(wiki, own, wiki.viewer(ALICE.id)) == ["3", "2", "4", "5"]
    assert near(wiki, own, CHARLIE) == []


def test_links_that_name_a_page_by_id_are_looked_for_by_it_and_not_among_all_such_links(sqlite: Engine) -> None:
    asked: list[tuple[str, Any]] = []
    with reading(sqlite) as db:
        event.listen(db, "before_cursor_execute", lambda *sent: asked.append(sent[2:4]))
        related(db, 1, viewer=CHARLIE, limit=5)
        statement, values = asked[-1]
        plan = [step.detail for step in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert "SEARCH links USING INDEX ix_links_content_id (content_id=?)" in plan
