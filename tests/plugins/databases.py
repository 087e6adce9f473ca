"""Both databases: a SQLite file and a real PostgreSQL server, each test on a fresh copy of the migrated tables."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, create_engine, text

from mainstem.store.database import migrate, open_database

TEMPLATE = "migrated.db"

_NUMBERS = count(1)


class Fresh(Protocol):
    """Hands out engines on databases of their own."""

    def __call__(self, *, migrated: bool = True) -> Engine:
        """A new database, with tables or empty."""


@pytest.fixture(scope="session")
def fresh_postgresql(postgresql: str) -> Iterator[Fresh]:
    """New PostgreSQL databases, copied from one that was migrated once."""
    server = create_engine(open_database(postgresql).url, isolation_level="AUTOCOMMIT")
    engines: list[Engine] = [server]

    def create(name: str, template: str) -> Engine:
        with server.connect() as db:
            db.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
        engine = open_database(server.url.set(database=name))
        engines.append(engine)
        return engine

    def fresh(*, migrated: bool = True) -> Engine:
        return create(f"test_{next(_NUMBERS)}", "migrated" if migrated else "template1")

    template = create("migrated", "template1")
    migrate(template)
    template.dispose()
    yield fresh
    for engine in engines:
        engine.dispose()


@pytest.fixture(scope="session")
def fresh_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """New SQLite files, copied from one that was migrated once."""
    folder = tmp_path_factory.mktemp("sqlite")
    engines: list[Engine] = []

    def fresh(*, migrated: bool = True) -> Engine:
        file = folder / f"test-{next(_NUMBERS)}.db"
        if migrated:
            shutil.copy(folder / TEMPLATE, file)
        engines.append(open_database(f"sqlite:///{file}"))
        return engines[-1]

    template = open_database(f"sqlite:///{folder / TEMPLATE}")
    migrate(template)
    template.dispose()
    yield fresh
    for engine in engines:
        engine.dispose()


def examples(engine: Engine, number: int | None = None) -> settings:
    """So many examples of a property, by default as many as the profile says; a quarter of them on PostgreSQL.

    Each takes thrice as long there, and asks the same statements of another dialect.
    """
    number = settings().max_examples if number is None else number
    return settings(max_examples=number if engine.dialect.name == "sqlite" else -(-number // 4))


@pytest.fixture(scope="session")
def reused_sqlite(fresh_sqlite: Fresh) -> Engine:
    """The engine behind `sqlite`."""
    return fresh_sqlite()


@pytest.fixture
def sqlite(reused_sqlite: Engine) -> Engine:
    """A migrated, empty SQLite file of one's own. Its engine served other tests, so their statements are compiled."""
    reused_sqlite.dispose()
    file = Path(reused_sqlite.url.database or "")
    for left in file.parent.glob(f"{file.name}-*"):
        left.unlink()
    shutil.copy(file.with_name(TEMPLATE), file)
    return reused_sqlite


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    """New databases of either kind: every test that asks for one runs on both."""
    made: Fresh = request.getfixturevalue(f"fresh_{request.param}")
    return made


@pytest.fixture
def engine(fresh: Fresh) -> Iterator[Engine]:
    """A migrated, empty database of one's own, for what is about several transactions."""
    engine = fresh()
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(fresh: Fresh) -> Engine:
    """A migrated database whose every user rolls back what he did."""
    return fresh()


@pytest.fixture
def db(shared_engine: Engine) -> Iterator[Connection]:
    """One writing transaction on empty tables, rolled back in the end."""
    with rolled_back(shared_engine) as db:
        yield db


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Connection]:
    """One writing transaction that leaves a database as it was."""
    with engine.connect() as db, db.begin() as transaction:
        yield db
        transaction.rollback()
