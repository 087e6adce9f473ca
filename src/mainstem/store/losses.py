"""Which macros the documents of a connection hold, how they came out, and where: what the report on losses tells."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from mainstem.store.tables import documents, macros, spaces
from mainstem.store.visibility import readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.macros import MacroUse, Reason


@dataclass(frozen=True, slots=True)
class Found:
    """A macro that came out one way, and in how many documents."""

    use: MacroUse
    documents: int


@dataclass(frozen=True, slots=True)
class Where:
    """A document that holds a macro, and how often. `space_key` is "" when unknown; ids are ours."""

    document_id: int
    kind: Kind
    title: str
    space_key: str
    uses: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Which uses: of one connection, of one of its spaces (Confluence's id) unless None."""

    connection_id: int
    space_id: str | None = None


def macros_found(db: Connection, choice: Choice, *, viewer: Viewer) -> tuple[Found, ...]:
    """Every macro of the documents that this viewer can read, for each way it came out; in the most documents first."""
    number, uses = func.count(), func.sum(macros.c.uses)
    statement = (
        select(macros.c.name, macros.c.reason, number, uses)
        .join_from(macros, documents)
        .where(*_chosen(choice, viewer))
        .group_by(macros.c.name, macros.c.reason)
        .order_by(number.desc(), uses.desc(), macros.c.name)
    )
    rows = db.execute(statement, seen_by(viewer))
    return tuple(Found(MacroUse(name, _reason(reason), total), holding) for name, reason, holding, total in rows)


def documents_with(
    db: Connection, choice: Choice, name: str, reason: Reason | None, *, viewer: Viewer, limit: int, offset: int = 0
) -> tuple[Where, ...]:
    """Some of the documents that this viewer can read, and in which a macro came out this way; most uses first."""
    columns = (documents.c.id, documents.c.kind, documents.c.title, func.coalesce(spaces.c.key, ""), macros.c.uses)
    here = (spaces.c.connection_id == documents.c.connection_id) & (spaces.c.source_id == documents.c.space_id)
    statement = (
        select(*columns)
        .select_from(macros.join(documents).outerjoin(spaces, here))
        .where(*_chosen(choice, viewer), macros.c.name == name, macros.c.reason.is_not_distinct_from(reason))
        .order_by(macros.c.uses.desc(), documents.c.title, documents.c.id)
        .limit(limit)
        .offset(offset)
    )
    rows = db.execute(statement, seen_by(viewer))
    return tuple(Where(id_, Kind(kind), title, key, uses) for id_, kind, title, key, uses in rows)


def count_documents_with(db: Connection, choice: Choice, name: str, reason: Reason | None, *, viewer: Viewer) -> int:
    """In how many documents that this viewer can read a macro came out this way."""
    statement = (
        select(func.count())
        .select_from(macros.join(documents))
        .where(*_chosen(choice, viewer), macros.c.name == name, macros.c.reason.is_not_distinct_from(reason))
    )
    return db.execute(statement, seen_by(viewer)).scalar_one()


def _chosen(choice: Choice, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    mine = (documents.c.connection_id == choice.connection_id, readable_among_all(viewer))
    return mine if choice.space_id is None else (*mine, documents.c.space_id == choice.space_id)


def _reason(stored: str | None) -> Reason | None:
    return None if stored is None else Reason(stored)
