"""Transactions that do not stand in each other's way, and tables that are what the code says they are."""

import traceback
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, StatementError

from mainstem.store import connections
from mainstem.store.database import HEAD, migrate, open_database, reading, refusals_told
from mainstem.store.errors import BadDatabaseAddress, DatabaseRefuses, NameTaken
from mainstem.store.migrations import FOLDER, upgrade
from mainstem.store.migrations.ownership import ours
from mainstem.store.tables import metadata
from tests.plugins.databases import Fresh
from tests.store.site import NOW, counted_statements, new_connection


def test_the_migrations_lead_to_the_tables_of_the_code(fresh: Fresh) -> None:
    engine = fresh(migrated=False)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE dbos_anything (id INTEGER)"))
        db.execute(text("CREATE TABLE datasource_outputs (id INTEGER)"))
    migrate(engine)
    with reading(engine) as db:
        context = MigrationContext.configure(db, opts={"include_name": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_new_file_gets_the_very_tables_that_the_migrations_lead_to(fresh_sqlite: Fresh) -> None:
    new, migrated = fresh_sqlite(migrated=False), fresh_sqlite(migrated=False)
    migrate(new)
    with migrated.begin() as db:
        upgrade(db)
    assert _schema(new) == _schema(migrated)


def _schema(engine: Engine) -> dict[str, str]:
    with reading(engine) as db:
        made = db.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        tables = {name: "".join(sql.split()) for name, sql in made}
        return tables | {"at": db.execute(text("SELECT version_num FROM alembic_version")).scalar_one()}


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    assert ScriptDirectory(str(FOLDER)).get_heads() == [HEAD]


def test_migrating_twice_asks_for_the_version_and_changes_nothing(fresh: Fresh) -> None:
    engine = fresh(migrated=False)
    migrate(engine)
    with engine.begin() as db:
        connections.add(db, new_connection(), NOW)
    statements: list[str] = []
    with counted_statements(engine, statements):
        migrate(engine)
    assert statements[-1] == "SELECT version_num FROM alembic_version"
    assert not any(statement.startswith(("CREATE", "BEGIN IMMEDIATE", "LOCK")) for statement in statements)
    with reading(engine) as db:
        assert [each.name for each in connections.every(db)] == ["Acme"]


def test_a_failed_migration_leaves_an_empty_database(fresh: Fresh) -> None:
    engine = fresh(migrated=False)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE seen (id INTEGER)"))
    with pytest.raises(DBAPIError):
        migrate(engine)
    with reading(engine) as db:
        assert inspect(db).get_table_names() == ["seen"]


def test_a_reader_sees_one_state_and_never_waits_for_a_writer(engine: Engine) -> None:
    with engine.begin() as writer, reading(engine) as reader:
        connections.add(writer, new_connection(), NOW)
        assert connections.every(reader) == []
        writer.commit()
        assert connections.every(reader) == []
    with reading(engine) as reader:
        assert len(connections.every(reader)) == 1


def test_a_reader_cannot_write(engine: Engine) -> None:
    with reading(engine) as db, pytest.raises(DBAPIError):
        connections.add(db, new_connection(), NOW)
    with engine.begin() as db:
        connections.add(db, new_connection(), NOW)


def test_a_reader_cannot_write_by_a_connection_that_wrote_before_it(engine: Engine) -> None:
    used = []
    for name in ("one", "two"):
        with engine.begin() as db:
            used.append(db.connection.dbapi_connection)
            connections.add(db, replace(new_connection(), name=name), NOW)
        with reading(engine) as db:
            used.append(db.connection.dbapi_connection)
            with pytest.raises(DBAPIError):
                connections.add(db, replace(new_connection(), name="another"), NOW)
    assert len(set(map(id, used))) == 1


def test_what_fails_is_rolled_back_as_a_whole(engine: Engine) -> None:
    def add_twice() -> None:
        with engine.begin() as db:
            connections.add(db, new_connection(), NOW)
            connections.add(db, new_connection(), NOW)

    with pytest.raises(NameTaken):
        add_twice()
    with reading(engine) as db:
        assert connections.every(db) == []


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    with engine.begin() as db, pytest.raises(StatementError, match="time zone"):
        connections.add(db, new_connection(), NOW.replace(tzinfo=None))


def test_the_postgresql_driver_is_ours_whatever_the_address_names() -> None:
    engine = open_database("postgresql://someone@example.invalid/hub")
    assert engine.url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "address", ["postgresql://me:s3cret@host:port/db", "s3cret", "mysql://me:s3cret@host/db", "postgresql:s3cret@host"]
)
def test_an_address_of_no_database_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(BadDatabaseAddress) as refusal:
        open_database(address)
    told = "".join(traceback.format_exception(refusal.value))
    assert "s3cret" not in told


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_way_to_write_an_address_of_postgresql_is_taken(scheme: str) -> None:
    engine = open_database(f"{scheme}://me:s3cret@127.0.0.1:1/db?connect_timeout=1")
    assert engine.url.drivername == "postgresql+psycopg"
    assert "s3cret" not in f"{engine} {engine.url}"
    with pytest.raises(DatabaseRefuses) as refusal, refusals_told():
        engine.connect()
    assert "127.0.0.1" in str(refusal.value)
    assert "s3cret" not in "".join(traceback.format_exception(refusal.value))
