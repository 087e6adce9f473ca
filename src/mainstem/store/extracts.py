"""What was made of bodies: passages, links, page properties, tasks, and how macros came out.

For the store itself and for sync, so no viewer is asked for. An extract is saved whole; one that another converter made
can be made anew from the stored body, and then only what differs is written.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from mainstem.store import journal, links
from mainstem.store.filing import file_anew
from mainstem.store.tables import bodies, documents, macros, passages, properties, tasks
from mainstem.store.tables import links as link_rows
from mainstem.store.upsert import chunks
from mainstem.wiki.documents import Converted

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outdated:
    """A stored body that another converter read, in storage format; the ids are ours."""

    document_id: int
    connection_id: int
    body_hash: str
    body: str


def save_extracts(db: Connection, made: Mapping[int, Converted]) -> None:
    """Save what was made of documents, by our id, in place of all that was made of them before."""
    for table, rows_of in _TABLES.items():
        for some in chunks(list(made)):
            db.execute(delete(table).where(table.c.document_id.in_(some)))
        if rows := [row for document_id, extract in made.items() for row in rows_of(document_id, extract)]:
            db.execute(insert(table), rows)


def outdated(db: Connection, versions: Mapping[int, int], *, after: int, limit: int) -> list[Outdated]:
    """The next bodies, by document id behind `after`, that were read otherwise than now.

    `versions` say by our id of a connection what its bodies are read by; those of others are left alone.
    """
    if not versions:
        return []
    statement = (
        select(documents.c.id, documents.c.connection_id, documents.c.body_hash, bodies.c.source)
        .join_from(documents, bodies)
        .where(_older(versions), documents.c.id > after)
        .order_by(documents.c.id)
        .limit(limit)
    )
    return [Outdated(*row) for row in db.execute(statement)]


def outdated_number(db: Connection, versions: Mapping[int, int]) -> int:
    """How many bodies `outdated` would bring, all in all; `versions` must name a connection."""
    return db.execute(select(func.count()).select_from(documents.join(bodies)).where(_older(versions))).scalar_one()


def _older(versions: Mapping[int, int]) -> ColumnElement[bool]:
    version = case(dict(versions), value=documents.c.connection_id)
    older = or_(documents.c.extraction != version, and_(documents.c.extraction.is_(None), version.is_not(None)))
    return and_(older, documents.c.body_hash.is_not(None))


def save_anew(
    db: Connection, versions: Mapping[int, int], read: Sequence[Outdated], made: Mapping[int, Converted]
) -> int:
    """Save what this converter made of bodies that were `read`; how many documents differ by it from before.

    A body that was replaced meanwhile keeps what was made of it. One that is not in `made` keeps what it has, and is
    not read again by this converter. Search is told of other passages and page properties alone, for it knows nothing
    else of an extract.
    """
    now = _hashes(db, [each.document_id for each in read])
    same = {each.document_id: each for each in read if now.get(each.document_id) == each.body_hash}
    found = {document_id: made[document_id] for document_id in same if document_id in made}
    different = {table: _different(db, table, rows_of, found) for table, rows_of in _TABLES.items()}
    changed = set[int]().union(*different.values())
    save_extracts(db, {document_id: found[document_id] for document_id in sorted(changed)})
    if same:
        one = update(documents).where(documents.c.id == bindparam("document")).values(extraction=bindparam("now"))
        db.execute(one, [{"document": id_, "now": versions[each.connection_id]} for id_, each in same.items()])
    journal.append(db, different[passages] | different[properties])
    for connection_id in sorted({each.connection_id for each in same.values()}):
        others = {id_ for id_ in different[properties] if same[id_].connection_id == connection_id}
        file_anew(db, connection_id, others)
    return len(changed)


def _hashes(db: Connection, document_ids: Sequence[int]) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for some in chunks(document_ids):
        found.update(db.execute(select(documents.c.id, documents.c.body_hash).where(documents.c.id.in_(some))).all())
    return found


def _different(
    db: Connection, table: Table, rows_of: "Callable[[int, Converted], Iterator[Row]]", made: Mapping[int, Converted]
) -> set[int]:
    """The documents of which this table holds other rows than were made now."""
    stored: defaultdict[int, list[Row]] = defaultdict(list)
    for some in chunks(list(made)):
        statement = select(table).where(table.c.document_id.in_(some)).order_by(*table.primary_key.columns)
        for row in db.execute(statement).mappings():
            stored[row["document_id"]].append(dict(row))
    return {
        document_id for document_id, extract in made.items() if stored[document_id] != [*rows_of(document_id, extract)]
    }


def _passages(document_id: int, made: Converted) -> Iterator[Row]:
    for passage in made.passages:
        yield {
            "document_id": document_id,
            "ordinal": passage.ordinal,
            "heading_path": list(passage.heading_path),
            "anchor": passage.anchor,
            "text": passage.text,
        }


def _links(document_id: int, made: Converted) -> Iterator[Row]:
    for ordinal, target in enumerate(made.links):
        yield {"document_id": document_id, "ordinal": ordinal} | links.columns_of(target)


def _properties(document_id: int, made: Converted) -> Iterator[Row]:
    for ordinal, each in enumerate(made.properties):
        yield {
            "document_id": document_id,
            "ordinal": ordinal,
            "name": each.name,
            "value": each.value,
            "type": each.type,
            "parts": list(each.parts),
        }


def _macros(document_id: int, made: Converted) -> Iterator[Row]:
    for ordinal, use in enumerate(made.macros):
        yield {
            "document_id": document_id,
            "ordinal": ordinal,
            "name": use.name,
            "reason": use.reason,
            "uses": use.uses,
        }


def _tasks(document_id: int, made: Converted) -> Iterator[Row]:
    for ordinal, task in enumerate(made.tasks):
        yield {
            "document_id": document_id,
            "ordinal": ordinal,
            "done": task.done,
            "assignee_id": task.assignee,
            "due": task.due,
        }


_TABLES: dict[Table, Callable[[int, Converted], Iterator[Row]]] = {
    passages: _passages,
    link_rows: _links,
    properties: _properties,
    macros: _macros,
    tasks: _tasks,
}
