"""Tasks on documents that the viewer can read: which there are, not what they say, for that is in the bodies.

Any number of lists of one site is one statement.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, literal, or_, select, true, union_all

from mainstem.store.criteria import accounts, condition
from mainstem.store.tables import documents, people, tasks
from mainstem.store.visibility import readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Status
from mainstem.wiki.criteria import Criterion

MOST_LISTS: Final = 60


class TaskOrder(StrEnum):
    """What a list of tasks is ordered by."""

    DUE = "due"
    ASSIGNEE = "assignee"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class TasksOf:
    """The tasks on documents: done, open or (None) all, of some people, or of all where none is named."""

    criterion: Criterion
    done: bool | None
    people: tuple[str, ...]
    order: TaskOrder
    descending: bool
    limit: int


@dataclass(frozen=True, slots=True)
class Task:
    """One task by its number in the body of its document. `assignee` is a name, "" without one."""

    document_id: int
    source_id: str
    title: str
    ordinal: int
    done: bool
    assignee: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks of a list that were asked for, and how many there are in all."""

    tasks: tuple[Task, ...] = ()
    total: int = 0


def tasks_on(db: Connection, connection_id: int, wanted: Sequence[TasksOf], *, viewer: Viewer) -> dict[TasksOf, Tasks]:
    """Tasks on current documents of one connection that this viewer can read."""
    found: dict[TasksOf, Tasks] = {}
    distinct = list(dict.fromkeys(wanted))
    for start in range(0, len(distinct), MOST_LISTS):
        some = distinct[start : start + MOST_LISTS]
        found |= dict.fromkeys(some, Tasks())
        rows: defaultdict[int, list[Any]] = defaultdict(list)
        parts = [_ranked(number, asked, connection_id, viewer=viewer) for number, asked in enumerate(some)]
        for row in db.execute(union_all(*parts), seen_by(viewer)):
            rows[row.list].append(row)
        for number, own in rows.items():
            own.sort(key=lambda row: row.rank)
            listed = (Task(*row[3:]) for row in own)
            found[some[number]] = Tasks(tuple(listed), own[0].total)
    return found


def _ranked(number: int, asked: TasksOf, connection_id: int, *, viewer: Viewer) -> Select[Any]:
    itself = or_(people.c.source_id == tasks.c.assignee_id, people.c.username == tasks.c.assignee_id)
    named = select(func.min(people.c.display_name)).where(people.c.connection_id == connection_id, itself)
    name = func.coalesce(named.scalar_subquery(), "")
    title = func.lower(documents.c.title)
    first: dict[TaskOrder, ColumnElement[Any]] = {
        TaskOrder.DUE: tasks.c.due,
        TaskOrder.ASSIGNEE: func.lower(name),
        TaskOrder.PAGE: title,
    }
    ordered = first[asked.order].desc() if asked.descending else first[asked.order].asc()
    order = (ordered.nulls_last(), title, documents.c.id, tasks.c.ordinal)
    whose: list[ColumnElement[bool]] = [tasks.c.assignee_id == person for person in asked.people]
    whose += [tasks.c.assignee_id.in_(accounts(person, connection_id)) for person in asked.people]
    chosen = (
        select(
            literal(number).label("list"),
            func.row_number().over(order_by=order).label("rank"),
            func.count().over().label("total"),
            documents.c.id,
            documents.c.source_id,
            documents.c.title,
            tasks.c.ordinal,
            tasks.c.done,
            name.label("assignee"),
            tasks.c.due,
        )
        .select_from(tasks.join(documents, documents.c.id == tasks.c.document_id))
        .where(
            documents.c.connection_id == connection_id,
            documents.c.status == Status.CURRENT,
            condition(asked.criterion, connection_id),
            true() if asked.done is None else tasks.c.done.is_(asked.done),
            or_(*whose) if whose else true(),
            readable_among_all(viewer),
        )
        .subquery()
    )
    return select(chosen).where(chosen.c.rank <= asked.limit)
