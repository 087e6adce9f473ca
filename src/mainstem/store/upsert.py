"""Writing and reading thousands of rows in few statements, alike on SQLite and PostgreSQL."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Item = TypeVar("Item")
Row = Mapping[str, Any]

_CHUNK = 5_000


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Stretches short enough for one IN list on either database."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def insertion(db: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT in this database's dialect."""
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)


def upsert(
    db: Connection, table: Table, rows: Sequence[Row], *, key: Sequence[str], keep: Collection[str] = ()
) -> None:
    """Insert rows, which all have the same columns, or update those whose `key` is already there.

    `keep` names the columns that an existing row holds on to.
    """
    if not rows:
        return
    statement = insertion(db, table)
    changes = {name: statement.excluded[name] for name in rows[0] if name not in keep and name not in key}
    if changes:
        statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    db.execute(statement, rows)
