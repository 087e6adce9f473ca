"""A converter that changed reaches what is stored, without Confluence."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from mainstem.reading.document import ReadDocument, open_document
from mainstem.store import connections, journal
from mainstem.store.database import reading
from mainstem.store.extracts import outdated, save_anew
from mainstem.store.tables import documents, macros, passages
from mainstem.sync.conversion import conversion
from mainstem.sync.reconversion import Anew, reconvert
from mainstem.sync.version import extraction_version
from mainstem.web.addresses import Ours
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.conversion import ConversionOptions, MacroForm, options_of
from mainstem.wiki.documents import Converted
from mainstem.wiring.worker import Worker
from tests.sync.larkhill import Session, Wiki, connected

OLDER = 1
DIAGRAM = '<ac:structured-macro ac:name="gliffy"><ac:parameter ac:name="name">Pump</ac:parameter></ac:structured-macro>'


@pytest.fixture
def wiki() -> Wiki:
    wiki = Wiki()
    wiki.page("Plain", "<p>Some words.</p>")
    wiki.page("Drawn", f"<p>Some words.</p>{DIAGRAM}")
    return wiki


@pytest.fixture
def session(wiki: Wiki, tmp_path: Path) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home") as session:
        session.sync()
        wiki.desk.log.reset()
        yield session


def left_by_an_older_converter(session: Session) -> None:
    """As if another converter had read everything, and had known nothing of diagrams."""
    with session.hub.engine.begin() as db:
        db.execute(update(documents).values(extraction=OLDER))
        db.execute(macros.delete())
        db.execute(update(passages).where(passages.c.text.contains("Pump")).values(text="Some words."))


def versions(session: Session) -> dict[int, int]:
    return {session.connection_id: extraction_version()}


def choose(session: Session, options: ConversionOptions) -> None:
    with session.hub.engine.begin() as db:
        before = connections.connection(db, session.connection_id)
        connections.change(db, before.id, replace(before, conversion=options))


def read_anew(session: Session) -> Anew:
    with conversion() as place:
        return asyncio.run(reconvert(session.hub.engine, place))


def column(session: Session, wanted: Any) -> list[Any]:
    with reading(session.hub.engine) as db:
        return list(db.execute(select(wanted).order_by(wanted)).scalars())


def test_what_another_converter_read_is_made_anew_from_what_is_stored_and_confluence_is_asked_nothing(
    session: Session,
) -> None:
    before = column(session, passages.c.text)
    left_by_an_older_converter(session)
    assert column(session, passages.c.text) != before
    anew = read_anew(session)
    assert (anew.read, anew.changed) == (2, 1)
    assert column(session, passages.c.text) == before
    assert column(session, macros.c.name) == ["gliffy"]
    assert set(column(session, documents.c.extraction)) == {extraction_version()}
    assert session.routes() == {}


def test_what_this_converter_read_is_not_read_again(session: Session) -> None:
    assert read_anew(session) == Anew()


def test_search_is_told_of_nothing_but_what_differs(session: Session) -> None:
    left_by_an_older_converter(session)
    with reading(session.hub.engine) as db:
        end = journal.last(db)
    read_anew(session)
    with reading(session.hub.engine) as db:
        told = journal.since(db, end, 100)
        drawn = db.execute(select(documents.c.id).where(documents.c.title == "Drawn")).scalar_one()
    assert [entry.document_id for entry in told] == [drawn]


def test_a_server_reads_anew_by_itself_and_search_finds_it(session: Session) -> None:
    left_by_an_older_converter(session)
    worker = Worker(session.hub)

    async def work() -> None:
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            working = tasks.create_task(worker.work())
            while not worker.idle:  # noqa: ASYNC110 - what is waited for is no event of the worker
                await asyncio.sleep(0.005)
            working.cancel()

    asyncio.run(work())
    assert column(session, macros.c.name) == ["gliffy"]
    with reading(session.hub.engine) as db:
        assert session.hub.index.position == journal.last(db)
    assert session.routes() == {}


def test_a_body_that_was_replaced_meanwhile_keeps_what_was_made_of_it(session: Session) -> None:
    left_by_an_older_converter(session)
    with reading(session.hub.engine) as db:
        found = outdated(db, versions(session), after=0, limit=9)
    with session.hub.engine.begin() as db:
        db.execute(update(documents).values(body_hash="another"))
        changed = save_anew(db, versions(session), found, {each.document_id: Converted((), (), ()) for each in found})
    assert changed == 0
    assert column(session, passages.c.text) != []
    assert set(column(session, documents.c.extraction)) == {OLDER}


def test_a_body_that_the_converter_fails_on_keeps_what_it_has_and_is_not_tried_again(session: Session) -> None:
    left_by_an_older_converter(session)
    with session.hub.engine.begin() as db:
        found = outdated(db, versions(session), after=0, limit=9)
        assert save_anew(db, versions(session), found, {}) == 0
        assert outdated(db, versions(session), after=0, limit=9) == []
    assert column(session, passages.c.text) != []


DROPPED = ConversionOptions(macros=(("gliffy", MacroForm.DROP),))


def test_another_choice_reaches_what_it_changes_from_what_is_stored_and_back(session: Session) -> None:
    before = column(session, passages.c.text)
    choose(session, DROPPED)
    anew = read_anew(session)
    assert (anew.read, anew.changed) == (2, 1)
    assert column(session, passages.c.text) == ["Some words.", "Some words."]
    assert column(session, macros.c.reason) == ["chosen"]
    assert read_anew(session) == Anew()
    choose(session, options_of({}))
    assert read_anew(session).changed == 1
    assert column(session, passages.c.text) == before
    assert session.routes() == {}


def test_a_sync_converts_by_the_choice_of_its_connection(session: Session, wiki: Wiki) -> None:
    choose(session, DROPPED)
    wiki.page("Newly drawn", f"<p>New words.</p>{DIAGRAM}")
    session.sync()
    assert [text for text in column(session, passages.c.text) if text.startswith("New")] == ["New words."]
    assert read_anew(session).read == 2
    assert set(column(session, documents.c.extraction)) == {extraction_version(DROPPED)}


def test_a_reader_sees_the_choice_at_once(session: Session) -> None:
    with reading(session.hub.engine) as db:
        drawn = db.execute(select(documents.c.id).where(documents.c.title == "Drawn")).scalar_one()

    def opened() -> ReadDocument:
        with reading(session.hub.engine) as db:
            found = open_document(db, drawn, viewer=OPERATOR, addresses=Ours(), now=session.hub.clock())
        assert found is not None
        return found

    assert "Pump" in (opened().markdown() or "")
    choose(session, DROPPED)
    assert opened().markdown() == "Some words.\n"
    assert "Pump" not in opened().html
