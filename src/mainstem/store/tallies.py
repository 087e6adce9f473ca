"""Labels in use, and who had a hand in documents: counted among those that the viewer can read.

Any number of tallies of one kind, of one site, is one statement.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select, union, union_all

from mainstem.store.criteria import condition
from mainstem.store.tables import documents, labels, people
from mainstem.store.visibility import readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind, Status
from mainstem.wiki.criteria import Criterion

MOST_LISTS: Final = 60
"""Tallies in one statement: databases bound how many parts it may have."""


class _Limited(Protocol):
    @property
    def limit(self) -> int: ...

    @property
    def by_name(self) -> bool: ...


Asked = TypeVar("Asked", bound=_Limited)


@dataclass(frozen=True, slots=True)
class LabelsOf:
    """The labels of documents, by name or the most used first; without those of the page `beside`, if one is named."""

    criterion: Criterion
    limit: int
    by_name: bool
    beside: str = ""


@dataclass(frozen=True, slots=True)
class PeopleOf:
    """Who wrote documents, or commented on them (`comments`): by name, or who did most of it first."""

    criterion: Criterion
    limit: int
    by_name: bool
    pages: bool = True
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Names with how many documents each stands for, and how many names there are in all."""

    names: tuple[tuple[str, int], ...] = ()
    total: int = 0


def labels_in_use(
    db: Connection, connection_id: int, wanted: Sequence[LabelsOf], *, viewer: Viewer
) -> dict[LabelsOf, Tally]:
    """Labels of current documents of one connection that this viewer can read."""

    def labelled(asked: LabelsOf) -> Select[Any]:
        page, own = documents.alias(), labels.alias()
        beside = select(own.c.label).join(page, page.c.id == own.c.document_id)
        beside = beside.where(page.c.connection_id == connection_id, page.c.source_id == asked.beside)
        return (
            select(labels.c.label.label("name"), func.count().label("documents"))
            .join(documents, documents.c.id == labels.c.document_id)
            .where(_there(connection_id, asked.criterion, viewer=viewer), labels.c.label.not_in(beside))
            .group_by(labels.c.label)
        )

    return _tallied(db, wanted, labelled, viewer=viewer)


def people_in(
    db: Connection, connection_id: int, wanted: Sequence[PeopleOf], *, viewer: Viewer
) -> dict[PeopleOf, Tally]:
    """Who created current documents of one connection that this viewer can read, changed them last, or spoke there."""

    def involved(asked: PeopleOf) -> Select[Any]:
        there = _there(connection_id, asked.criterion, viewer=viewer)
        columns = (documents.c.id, documents.c.source_id, documents.c.author_id, documents.c.editor_id)
        pages = select(*columns).where(there).cte()
        hands = [select(pages.c.id, pages.c.author_id.label("who")), select(pages.c.id, pages.c.editor_id)]
        comments = select(pages.c.id, documents.c.author_id).join(pages, pages.c.source_id == documents.c.container_id)
        said = (
            documents.c.connection_id == connection_id,
            documents.c.kind == Kind.COMMENT,
            readable_among_all(viewer),
        )
        each = union(*(hands if asked.pages else ()), *([comments.where(*said)] if asked.comments else ())).subquery()
        known = and_(people.c.connection_id == connection_id, people.c.source_id == each.c[1])
        return (
            select(people.c.display_name.label("name"), func.count().label("documents"))
            .select_from(each.join(people, known))
            .where(people.c.display_name != "")
            .group_by(people.c.source_id, people.c.display_name)
        )

    return _tallied(db, wanted, involved, viewer=viewer)


def _there(connection_id: int, criterion: Criterion, *, viewer: Viewer) -> ColumnElement[bool]:
    return and_(
        documents.c.connection_id == connection_id,
        documents.c.kind.in_((Kind.PAGE, Kind.BLOGPOST)),
        documents.c.status == Status.CURRENT,
        condition(criterion, connection_id),
        readable_among_all(viewer),
    )


def _tallied(
    db: Connection, wanted: Sequence[Asked], counted: Callable[[Asked], Select[Any]], *, viewer: Viewer
) -> dict[Asked, Tally]:
    found: dict[Asked, Tally] = {}
    distinct = list(dict.fromkeys(wanted))
    for start in range(0, len(distinct), MOST_LISTS):
        some = distinct[start : start + MOST_LISTS]
        found |= dict.fromkeys(some, Tally())
        rows: defaultdict[int, list[tuple[int, str, int, int]]] = defaultdict(list)
        parts = [_ranked(number, asked, counted(asked)) for number, asked in enumerate(some)]
        for number, rank, name, documents_, total in db.execute(union_all(*parts), seen_by(viewer)):
            rows[number].append((rank, name, documents_, total))
        for number, own in rows.items():
            names = tuple((name, documents_) for _, name, documents_, _ in sorted(own))
            found[some[number]] = Tally(names, own[0][3])
    return found


def _ranked(number: int, asked: _Limited, counted: Select[Any]) -> Select[Any]:
    each = counted.subquery()
    by_name = (func.lower(each.c.name), each.c.name)
    order = by_name if asked.by_name else (each.c.documents.desc(), *by_name)
    ranked = select(
        literal(number).label("list"),
        func.row_number().over(order_by=order).label("rank"),
        each.c.name,
        each.c.documents,
        func.count().over().label("total"),
    ).subquery()
    return select(ranked).where(ranked.c.rank <= asked.limit)
