"""The same sync with the truth, and DBOS's own rows, on a PostgreSQL server."""

import asyncio
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, inspect, text

from confluence_emulator.state import User, changes
from mainstem.cli.endings import Exit, code_of
from mainstem.confluence.credentials import EmailToken
from mainstem.confluence.pacing import OF_OTHERS
from mainstem.search.find import find
from mainstem.search.query import parse
from mainstem.settings import Settings
from mainstem.store import events, journal, workers
from mainstem.store.database import open_database, reading
from mainstem.store.errors import DatabaseInUse
from mainstem.store.runs import RunState
from mainstem.sync.connecting import Wanted
from mainstem.wiki.audience import OPERATOR
from mainstem.wiring.examination import Finding, State, examine
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.worker import Worker
from tests.sync.larkhill import Session, Wiki, connected


@pytest.fixture
def database(postgresql: str) -> Iterator[str]:
    """The address of an empty database of one's own."""
    server = create_engine(open_database(postgresql).url, isolation_level="AUTOCOMMIT")
    with server.connect() as db:
        db.execute(text("CREATE DATABASE larkhill"))
    yield server.url.set(database="larkhill", drivername="postgresql").render_as_string(hide_password=False)
    with server.connect() as db:
        db.execute(text("DROP DATABASE larkhill WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def session(wiki: Wiki, database: str, tmp_path: Path) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home", settings=Settings(database_url=SecretStr(database))) as session:
        yield session


def test_a_first_and_a_later_sync_leave_everybody_what_confluence_shows_them(wiki: Wiki, session: Session) -> None:
    top, edited, gone = wiki.page("Top"), wiki.page("Edited"), wiki.page("Gone")
    below = wiki.page("Below", "<p>A zebra.</p>", parent=top)
    wiki.restrict(top, wiki.sync, groups=(wiki.inner,))
    assert session.sync().counters["added"] == 4
    check_everybody(wiki, session)
    wiki.edit(edited, "<p>Now with zebras.</p>")
    wiki.restrict(below, wiki.sync, wiki.bob)
    changes.trash(wiki.site, gone)
    run = session.sync()
    assert run.state is RunState.DONE
    assert (run.counters["changed"], run.counters["deleted"], run.counters["unchanged"]) == (1, 1, 2)
    check_everybody(wiki, session)
    assert found(session, wiki, wiki.bob, "zebra") == {edited.id}


def check_everybody(wiki: Wiki, session: Session) -> None:
    for person in (wiki.alice, wiki.bob, wiki.charlie, None):
        assert session.visible(person) == wiki.visible(person)


def found(session: Session, wiki: Wiki, person: User, words: str) -> set[str]:
    with reading(session.hub.engine) as db:
        viewer = session.viewer(db, person)
        results = find(words, viewer=viewer, store=db, index=session.hub.index, now=wiki.clock()).results
    return {each.source_id for each in results}


def test_the_truth_and_the_durable_work_lie_on_the_server_and_not_in_the_home(session: Session) -> None:
    session.sync()
    assert "dbos" in inspect(session.hub.engine).get_schema_names()
    assert not list(session.hub.home.folder.glob("*.db"))


def test_the_password_of_the_database_is_in_no_log_no_error_and_no_file(
    database: str, wiki: Wiki, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    url = create_engine(open_database(database).url.set(password="s3cret-word")).url
    settings = Settings(database_url=SecretStr(url.render_as_string(hide_password=False)))
    wiki.pages(1)
    wiki.fault("reset:path=/pages")
    caplog.set_level("DEBUG")
    with pytest.raises(ExceptionGroup) as defect, connected(wiki, tmp_path, settings=settings, broken=KeyError) as hub:
        hub.sync()
    told = "".join(traceback.format_exception(defect.value)) + caplog.text + "".join(capfd.readouterr())
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "s3cret-word" not in told
    assert b"s3cret-word" not in files


def test_one_database_has_one_hub_at_a_time_though_each_has_a_home_of_its_own(
    database: str, session: Session, wiki: Wiki, tmp_path: Path
) -> None:
    settings = Settings(database_url=SecretStr(database))
    second = open_hub(settings, folder=tmp_path / "second", pid=2, clock=wiki.clock)
    with pytest.raises(DatabaseInUse, match="in use by another hub on the machine of the database") as refusal:
        second.__enter__()
    assert refusal.value.pid is not None
    assert code_of(refusal.value) == Exit.HOME_IN_USE
    assert session.sync().state is RunState.DONE


def test_a_database_is_free_again_when_its_hub_is_closed(database: str, wiki: Wiki, tmp_path: Path) -> None:
    for name in ("first", "second"):
        with connected(wiki, tmp_path / name, settings=Settings(database_url=SecretStr(database))) as session:
            assert session.sync().state is RunState.DONE


def test_servers_share_a_database_and_each_follows_what_another_stores_into_an_index_of_its_own(
    database: str, wiki: Wiki, tmp_path: Path
) -> None:
    edited, settings = wiki.page("Edited"), Settings(database_url=SecretStr(database))
    with connected(wiki, tmp_path / "one", settings=settings) as session:
        id_, line = session.connection_id, session.hub.line
    with (
        open_hub(settings, folder=tmp_path / "one", pid=1, clock=wiki.clock, line=line, shared=True) as one,
        open_hub(settings, folder=tmp_path / "two", pid=2, clock=wiki.clock, shared=True) as two,
    ):
        for body in ("<p>Some words.</p>", "<p>Now with zebras.</p>"):
            wiki.clock.forward(seconds=1)
            wiki.edit(edited, body)
            replica = Worker(two, syncs=False)
            replica.ask(id_)
            asyncio.run(both_worked(Worker(one), replica))
        assert two.index.find(parse("zebras", wiki.clock()), chains=None).total == 1
        with reading(two.engine) as db:
            assert two.index.position == one.index.position == journal.last(db)
        command = open_hub(settings, folder=tmp_path / "three", pid=3, clock=wiki.clock)
        asyncio.run(refused_meanwhile(Worker(one), command))


def test_what_a_site_asks_of_one_sync_every_other_of_this_site_keeps_to(wiki: Wiki, session: Session) -> None:
    wiki.page("Top")
    wanted = Wanted(wiki.site.base_url, EmailToken("sync@larkhill.example", "sync-api-token"), name="The same site")
    other = asyncio.run(session.hub.connect(wanted, by=None)).connection
    with session.hub.engine.begin() as db:
        workers.join(db, "another", "process 1 on another machine", workers.clock(db))
        workers.claim(db, other.id, "another")
        workers.rest(db, other.id, wiki.clock() + timedelta(minutes=1))
    run = session.sync()
    with reading(session.hub.engine) as db:
        lines = events.lines(db, events.Wanted(run_id=run.id), viewer=OPERATOR, limit=500)
    # The other's clock stands still, and so is asked for rest again and again.
    waits = {(line.text, line.cause) for line in lines if line.cause}
    assert waits == {("Waiting for Confluence, resumes in 59 s", OF_OTHERS)}


async def both_worked(server: Worker, replica: Worker) -> None:
    """Let them work until both have nothing more to do."""
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        working = [tasks.create_task(each.work()) for each in (server, replica)]
        while server.states():  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.05)
        replica.idle = False
        while not replica.idle:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.05)
        for each in working:
            each.cancel()


async def refused_meanwhile(server: Worker, command: AbstractContextManager[Hub]) -> None:
    """A command that wants the database to itself is turned away while a server works."""
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(server.work())
        while not server.idle:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.05)
        with pytest.raises(DatabaseInUse):
            command.__enter__()
        working.cancel()


def examined(settings: Settings, folder: Path) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(settings, folder)}


def test_the_doctor_reads_the_server_without_a_home_and_makes_none(
    database: str, session: Session, tmp_path: Path
) -> None:
    session.sync()
    settings = Settings(database_url=SecretStr(database), key=SecretStr(session.hub.home.key.read_text()))
    found = examined(settings, tmp_path / "nowhere")
    assert {name: each.state for name, each in found.items() if each.state is not State.OK} == {
        "home": State.WARN,
        "owner": State.WARN,
    }
    assert "a hub on the machine of the database is at work" in found["owner"].detail
    assert not (tmp_path / "nowhere").exists()


def test_the_doctor_says_when_the_server_cannot_be_reached(tmp_path: Path) -> None:
    settings = Settings(database_url=SecretStr("postgresql://me:s3cret@127.0.0.1:1/db"))
    found = examined(settings, tmp_path / "nowhere")["database"]
    assert (found.state, "MAINSTEM_DATABASE_URL" in found.repair) == (State.FAIL, True)
    assert "s3cret" not in found.detail
