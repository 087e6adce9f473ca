"""Log lines as they are written, chosen, and shown to whoever may see them."""

from dataclasses import replace
from datetime import timedelta

from alembic import command
from sqlalchemy import Connection, select

from mainstem.store import chains, connections, events, rules, runs, tables, visibility
from mainstem.store.events import Event, Level, Line, Wanted
from mainstem.store.migrations import configuration
from mainstem.wiki.audience import OPERATOR, Rules, Viewer, user
from mainstem.wiki.content import Deployment
from tests.plugins.databases import Fresh
from tests.store.site import ALICE, BOB, NOW, clause, new_connection, page, site

HOUR = timedelta(hours=1)


def shown(db: Connection, wanted: Wanted | None = None, *, viewer: Viewer = OPERATOR, limit: int = 50) -> list[Line]:
    return events.lines(db, wanted or Wanted(), viewer=viewer, limit=limit)


def ids(db: Connection, wanted: Wanted) -> list[str]:
    return [line.text for line in shown(db, wanted)]


def test_lines_come_the_newest_first_with_all_that_was_written(db: Connection) -> None:
    stored = site(db)
    run = runs.start(db, stored.id, "w1", "v1", NOW)
    written = [
        Event(stored.id, run.id, NOW, Level.ERROR, f"line {n}", "why", "do this", "a list", "77", {"status": 429})
        for n in range(3)
    ]
    events.log(db, written)
    events.log(db, [])
    found = shown(db)
    assert [line.text for line in found] == ["line 2", "line 1", "line 0"]
    names = Event.__dataclass_fields__
    assert [{name: getattr(line, name) for name in names} for line in reversed(found)] == [
        {name: getattr(line, name) for name in names} for line in written
    ]
    assert (found[0].connection, found[0].deployment, found[0].site) == (
        "Acme",
        Deployment.CLOUD,
        "https://acme.example/wiki",
    )
    assert [line.text for line in events.lines(db, Wanted(), viewer=OPERATOR, limit=1, before=found[0].id)] == [
        "line 1"
    ]
    assert events.newest(db) == found[0].id


def test_each_filter_leaves_the_lines_that_meet_it(db: Connection) -> None:
    first, second = site(db), connections.add(db, new_connection("Wiki", deployment=Deployment.DATA_CENTER), NOW)
    run = runs.start(db, first.id, "w1", "v1", NOW)
    line = Event(first.id, None, NOW, Level.INFO, "plain")
    events.log(
        db,
        [
            line,
            replace(line, text="other", connection_id=second.id),
            replace(line, text="of a run", run_id=run.id, level=Level.WARNING),
            replace(line, text="old", at=NOW - HOUR, level=Level.ERROR),
            replace(line, text="about", source_id="77", cause="50% of it_was cut off"),
        ],
    )
    assert ids(db, Wanted(connection_id=second.id)) == ["other"]
    assert ids(db, Wanted(deployment=Deployment.DATA_CENTER)) == ["other"]
    assert ids(db, Wanted(run_id=run.id)) == ["of a run"]
    assert ids(db, Wanted(levels=(Level.WARNING, Level.ERROR))) == ["old", "of a run"]
    assert ids(db, Wanted(until=NOW)) == ["old"]
    assert len(ids(db, Wanted(since=NOW))) == 4
    assert ids(db, Wanted(source_id="77")) == ["about"]
    assert ids(db, Wanted(text="CUT it_was")) == ["about"]
    assert ids(db, Wanted(text="77")) == ["about"]
    assert ids(db, Wanted(text="50%")) == ["about"]
    assert ids(db, Wanted(text="cut%off")) == []
    assert events.counts(db, Wanted(connection_id=first.id), viewer=OPERATOR) == {
        Level.INFO: 2,
        Level.WARNING: 1,
        Level.ERROR: 1,
    }


def test_a_title_is_shown_to_and_found_by_those_alone_who_may_read_the_document(db: Connection) -> None:
    stored = site(db)
    stored.save(page("77", title="Salaries"))
    rules.save_rules(db, stored.id, [Rules("77", (), clause(user(ALICE.id)))])
    chains.rebuild_chains(db, stored.id)
    events.log(db, [Event(stored.id, None, NOW, Level.INFO, "No longer listed", source_id="77")])
    alice, bob = (visibility.viewer_for(db, one.id, rules_since=None) for one in (ALICE, BOB))
    charlie = Viewer("charlie")
    assert [(line.title, line.document_id is None) for line in shown(db, viewer=alice)] == [("Salaries", False)]
    for outsider in (bob, charlie):
        assert [(line.title, line.document_id) for line in shown(db, viewer=outsider)] == [(None, None)]
        assert shown(db, Wanted(text="salaries"), viewer=outsider) == []
        assert events.counts(db, Wanted(text="salaries"), viewer=outsider) == {}
    assert len(shown(db, Wanted(text="salaries"), viewer=alice)) == 1


def test_old_lines_go_and_those_of_a_connection_go_with_it(db: Connection) -> None:
    stored = site(db)
    line = Event(stored.id, None, NOW, Level.INFO, "new")
    events.log(db, [line, replace(line, text="old", at=NOW - HOUR)])
    assert events.prune(db, NOW) == 1
    assert ids(db, Wanted()) == ["new"]
    connections.remove(db, stored.id)
    assert ids(db, Wanted()) == []


FORMER = """
INSERT INTO connections (id, name, deployment, url, api_url, credential_kind, secret, kinds, created_at)
VALUES (1, 'Acme', 'cloud', '', '', '', '', '[]', '2026-03-01 12:00:00');
INSERT INTO runs (id, connection_id, workflow_id, version, state, phase, counters, started_at, heartbeat_at)
VALUES (1, 1, 'w1', 'v1', 'done', '', '{}', '2026-03-01 12:00:00', '2026-03-01 12:00:00');
INSERT INTO events (run_id, at, level, text, facts)
VALUES (1, '2026-03-01 12:00:00', 'info', 'gone', '{"id": "77", "title": "Salaries"}');
"""


def test_lines_of_an_older_database_stay_when_their_table_grows(fresh: Fresh) -> None:
    engine = fresh(migrated=False)
    with engine.begin() as db:
        command.upgrade(configuration(db), "0002")
        for statement in FORMER.split(";")[:-1]:
            db.exec_driver_sql(statement)
        command.upgrade(configuration(db), "0005")
        (line,) = db.execute(select(tables.events)).mappings()
    assert (line["text"], line["source_id"], line["facts"], line["run_id"]) == ("gone", "77", {}, 1)
    assert line["connection_id"] == 1
