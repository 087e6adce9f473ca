"""The log: what happened to connections, line by line, as admins read it.

A line names a content of Confluence by its id alone. Its title is looked up for whoever reads the line, who sees it,
and finds the line by it, only where they may read the document too. Lines never hold secrets; that is for writers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, or_, select

from mainstem.store.tables import connections, documents, events, removals
from mainstem.store.visibility import readable, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Deployment


class Level(StrEnum):
    """How much a line matters, from the least on."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Event:
    """A log line about to be written.

    `run_id` None: outside of any sync. `repair` is what to do, a step a line. `subject` is what it is about where that
    is no content (a list, a group, a space); `source_id` the content, by Confluence's id. `facts` are JSON values.
    """

    connection_id: int
    run_id: int | None
    at: datetime
    level: Level
    text: str
    cause: str = ""
    repair: str = ""
    subject: str = ""
    source_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Event):
    """A log line as one viewer may see it. `document_id` and `title` are of the document, if they may read that.

    `removed`: its connection is not there any more, and can still be brought back.
    """

    id: int
    connection: str
    deployment: Deployment
    site: str
    removed: bool
    document_id: int | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: all that meet every condition. None, "" and () ask nothing; `since` and `until` are instants."""

    connection_id: int | None = None
    deployment: Deployment | None = None
    run_id: int | None = None
    levels: tuple[Level, ...] = ()
    text: str = ""
    source_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


def log(db: Connection, lines: Sequence[Event]) -> None:
    """Append log lines."""
    if lines:
        names = Event.__dataclass_fields__
        rows = [{name: getattr(line, name) for name in names} for line in lines]
        db.execute(insert(events), [row | {"facts": dict(row["facts"])} for row in rows])


def lines(db: Connection, wanted: Wanted, *, viewer: Viewer, limit: int, before: int | None = None) -> list[Line]:
    """The newest lines, or those before the line `before`."""
    columns = (
        events,
        connections.c.name.label("connection"),
        connections.c.deployment,
        connections.c.url.label("site"),
        connections.c.id.in_(select(removals.c.connection_id)).label("removed"),
        documents.c.id.label("document_id"),
        documents.c.title,
    )
    statement = _chosen(select(*columns), wanted, viewer)
    if before is not None:
        statement = statement.where(events.c.id < before)
    rows = db.execute(statement.order_by(events.c.id.desc()).limit(limit), seen_by(viewer)).mappings()
    return [Line(**{**row, "level": Level(row["level"]), "deployment": Deployment(row["deployment"])}) for row in rows]


def counts(db: Connection, wanted: Wanted, *, viewer: Viewer) -> dict[Level, int]:
    """How many lines there are of each level that has any."""
    statement = _chosen(select(events.c.level, func.count()), wanted, viewer).group_by(events.c.level)
    return {Level(level): count for level, count in db.execute(statement, seen_by(viewer))}


def newest(db: Connection) -> int:
    """The id of the newest line; 0 where there is none."""
    return db.execute(select(func.max(events.c.id))).scalar_one() or 0


def prune(db: Connection, before: datetime) -> int:
    """Drop the lines from before an instant; how many that were."""
    return db.execute(delete(events).where(events.c.at < before)).rowcount


def _chosen(columns: Select[Any], wanted: Wanted, viewer: Viewer) -> Select[Any]:
    about = and_(
        documents.c.connection_id == events.c.connection_id,
        documents.c.source_id == events.c.source_id,
        readable(viewer),
    )
    joined = events.join(connections, connections.c.id == events.c.connection_id).join(documents, about, isouter=True)
    return columns.select_from(joined).where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    equal = {
        events.c.connection_id: wanted.connection_id,
        connections.c.deployment: wanted.deployment,
        events.c.run_id: wanted.run_id,
        events.c.source_id: wanted.source_id or None,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if wanted.levels:
        conditions.append(events.c.level.in_(wanted.levels))
    if wanted.since is not None:
        conditions.append(events.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(events.c.at < wanted.until)
    return conditions + [_has(word) for word in wanted.text.split()]


def _has(word: str) -> ColumnElement[bool]:
    searched = (events.c.text, events.c.cause, events.c.repair, events.c.subject, documents.c.title)
    return or_(events.c.source_id == word, *(column.icontains(word, autoescape=True) for column in searched))
