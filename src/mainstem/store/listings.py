"""Lists of documents: those that fulfil a criterion and the viewer can read, in an order, as many as asked for.

Any number of lists of one site is one statement, and so is any number of trees. What there is in all is counted with
them, among what the viewer can read.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, literal, select, union_all

from mainstem.store.criteria import condition
from mainstem.store.parts import authors
from mainstem.store.tables import documents, people, properties, spaces
from mainstem.store.visibility import readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind, Status
from mainstem.wiki.criteria import Criterion

MOST_LISTS = 60
"""Lists in one statement: databases bound how many parts it may have."""


class Order(StrEnum):
    """What a list is ordered by."""

    TITLE = "title"
    CREATED = "created"
    CHANGED = "changed"
    SIZE = "size"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One list: its first `limit` documents. `property` names the page property that orders it, if one does."""

    criterion: Criterion
    order: Order
    descending: bool
    limit: int
    property: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as a list names it. `source_id` is Confluence's; `author` and `editor` are names, "" when unknown.

    `size` is in bytes, None of what is no file.
    """

    document_id: int
    source_id: str
    kind: Kind
    title: str
    space_key: str
    space_name: str
    author: str
    editor: str
    created_at: datetime | None
    modified_at: datetime | None
    container_id: str | None
    media_type: str | None
    size: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The documents of a list that were asked for, and how many there are in all."""

    entries: tuple[Entry, ...] = ()
    total: int = 0


def listings(db: Connection, connection_id: int, wanted: Sequence[Wanted], *, viewer: Viewer) -> dict[Wanted, Listed]:
    """Lists of current documents of one connection that this viewer can read."""
    found: dict[Wanted, Listed] = {}
    distinct = list(dict.fromkeys(wanted))
    for start in range(0, len(distinct), MOST_LISTS):
        some = distinct[start : start + MOST_LISTS]
        found |= dict.fromkeys(some, Listed())
        by_list: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in db.execute(_described(_chosen(connection_id, some, viewer=viewer), connection_id), seen_by(viewer)):
            by_list[row.list].append(row)
        for number, rows in by_list.items():
            rows.sort(key=lambda row: row.rank)
            found[some[number]] = Listed(tuple(map(_entry, rows)), rows[0].total)
    return found


def _chosen(connection_id: int, wanted: Sequence[Wanted], *, viewer: Viewer) -> Any:
    """Each list's documents by our ids, with the number of the list, their ranks in it, and how many there are."""
    lists = []
    for number, each in enumerate(wanted):
        order = _order(each)
        chosen = (
            select(
                literal(number).label("list"),
                documents.c.id.label("id"),
                func.row_number().over(order_by=order).label("rank"),
                func.count().over().label("total"),
            )
            .where(
                documents.c.connection_id == connection_id,
                documents.c.status == Status.CURRENT,
                condition(each.criterion, connection_id),
                readable_among_all(viewer),
            )
            .order_by(*order)
            .limit(each.limit)
        )
        lists.append(select(chosen.subquery()))
    return union_all(*lists).subquery()


def _order(wanted: Wanted) -> list[ColumnElement[Any]]:
    columns = {
        Order.TITLE: func.lower(documents.c.title),
        Order.CREATED: documents.c.created_at,
        Order.CHANGED: documents.c.modified_at,
        Order.SIZE: documents.c.file_size,
        Order.PROPERTY: select(func.min(func.lower(properties.c.value)))
        .where(properties.c.document_id == documents.c.id, func.lower(properties.c.name) == wanted.property.lower())
        .scalar_subquery(),
    }
    first: ColumnElement[Any] = columns[wanted.order]
    ordered = first.desc() if wanted.descending else first.asc()
    return [ordered.nulls_last(), func.lower(documents.c.title), documents.c.id]


def _described(chosen: Any, connection_id: int) -> Select[Any]:
    """The chosen documents with the names around them."""
    editors = people.alias("editors")
    space = and_(spaces.c.connection_id == connection_id, spaces.c.source_id == documents.c.space_id)
    author = and_(authors.c.connection_id == connection_id, authors.c.source_id == documents.c.author_id)
    editor = and_(editors.c.connection_id == connection_id, editors.c.source_id == documents.c.editor_id)
    joined = chosen.join(documents, documents.c.id == chosen.c.id)
    return select(
        chosen.c.list,
        chosen.c.rank,
        chosen.c.total,
        documents,
        func.coalesce(spaces.c.key, "").label("space_key"),
        func.coalesce(spaces.c.name, "").label("space_name"),
        func.coalesce(authors.c.display_name, "").label("author"),
        func.coalesce(editors.c.display_name, "").label("editor"),
    ).select_from(joined.outerjoin(spaces, space).outerjoin(authors, author).outerjoin(editors, editor))


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.id,
        row.source_id,
        Kind(row.kind),
        row.title,
        row.space_key,
        row.space_name,
        row.author,
        row.editor,
        row.created_at,
        row.modified_at,
        row.container_id,
        row.media_type,
        row.file_size,
    )
