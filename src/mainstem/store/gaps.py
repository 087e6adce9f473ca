"""What a sync still lacks: things that stored rows refer to but that were never read, or not in the present run.

Each question is one statement, whatever the number of documents.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from mainstem.store import seen
from mainstem.store.seen import Aspect
from mainstem.store.tables import clause_principals, documents, group_roles, groups, people
from mainstem.wiki.audience import ALL_LICENSED, Clause
from mainstem.wiki.content import Content, Kind, Status

_RULED = (Kind.PAGE, Kind.BLOGPOST)


def live_in_spaces(db: Connection, connection_id: int, kinds: Collection[Kind]) -> dict[str, int]:
    """How many documents of these kinds each space holds."""
    live = and_(documents.c.connection_id == connection_id, documents.c.deleted_at.is_(None), documents.c.in_scope)
    statement = select(documents.c.space_id, func.count()).where(live, documents.c.kind.in_(kinds))
    return dict(db.execute(statement.group_by(documents.c.space_id)).all())


def unlisted_parents(
    db: Connection, connection_id: int, run_id: int, limit: int, *, but: Collection[str] = ()
) -> list[tuple[str, Kind]]:
    """Contents that something live stands below, and that this run has neither listed nor asked for.

    In the spaces `but`, whose listing is not complete, only those that are not stored at all.
    """
    child, parent = documents.alias("child"), documents.alias("parent")
    same = and_(parent.c.connection_id == child.c.connection_id, parent.c.source_id == child.c.parent_id)
    statement = (
        select(child.c.parent_id, func.min(child.c.parent_kind))
        .join_from(child, parent, same, isouter=True)
        .where(
            child.c.connection_id == connection_id,
            child.c.deleted_at.is_(None),
            child.c.kind != Kind.COMMENT,
            child.c.parent_id.is_not(None),
            child.c.parent_id.not_in(seen.noted(run_id, Aspect.LISTED)),
            child.c.parent_id.not_in(seen.noted(run_id, Aspect.ASKED)),
            or_(parent.c.id.is_(None), child.c.space_id.not_in(but)),
        )
        .group_by(child.c.parent_id)
        .order_by(child.c.parent_id)
        .limit(limit)
    )
    return [(parent_id, Kind(kind or Kind.PAGE)) for parent_id, kind in db.execute(statement)]


def without_rules(
    db: Connection, connection_id: int, run_id: int, limit: int, *, also_shelved: Collection[Status] = ()
) -> list[Content]:
    """Contents whose own rules this run has not read: pages and posts, and all that stands above them.

    `also_shelved`: those out of scope too, of these statuses, that this run's listing names: labels may let them in.
    """
    listed = documents.c.source_id.in_(seen.noted(run_id, Aspect.LISTED))
    scope: ColumnElement[bool] = documents.c.in_scope
    if also_shelved:
        scope = or_(scope, and_(documents.c.status.in_(also_shelved), listed))
    statement = select(documents).where(
        documents.c.connection_id == connection_id,
        documents.c.deleted_at.is_(None),
        or_(and_(scope, documents.c.kind.in_(_RULED)), documents.c.source_id.in_(_parents(connection_id))),
        documents.c.source_id.not_in(seen.noted(run_id, Aspect.RULES)),
    )
    rows = db.execute(statement.order_by(documents.c.id).limit(limit)).mappings()
    return [
        Content(
            id=row["source_id"],
            kind=Kind(row["kind"]),
            space_id=row["space_id"],
            title=row["title"],
            version=row["version"],
            status=Status(row["status"]),
            url=row["url"],
        )
        for row in rows
    ]


def _parents(connection_id: int) -> Select[str]:
    """The ids of everything that something live stands below."""
    return (
        select(documents.c.parent_id)
        .where(
            documents.c.connection_id == connection_id,
            documents.c.deleted_at.is_(None),
            documents.c.kind != Kind.COMMENT,
            documents.c.parent_id.is_not(None),
        )
        .distinct()
    )


@dataclass(frozen=True, slots=True)
class Passing:
    """Ids of whoever passes a stored rule or is known at all, and of what has been read of them since an instant.

    `groups` are named by a rule, or give a role here; `users` are named by a rule. `all_licensed`: some rule lets
    everybody with a licence pass.
    """

    groups: frozenset[str]
    groups_read: frozenset[str]
    users: frozenset[str]
    all_licensed: bool
    people: frozenset[str]
    people_read: frozenset[str]


def passing(db: Connection, connection_id: int, since: datetime) -> Passing:
    """Who passes the rules of one connection, and which of these groups and accounts were read since then."""
    named = select(clause_principals.c.principal).where(clause_principals.c.connection_id == connection_id)
    rule = Clause(frozenset(db.execute(named.distinct()).scalars()))
    mapped = select(group_roles.c.group_id).where(group_roles.c.connection_id == connection_id)
    groups_read = select(groups.c.source_id).where(groups.c.connection_id == connection_id, groups.c.read_at >= since)
    known = select(people.c.source_id, people.c.read_at >= since).where(people.c.connection_id == connection_id)
    fresh: dict[str, bool] = dict(db.execute(known).all())
    return Passing(
        groups=rule.groups | frozenset(db.execute(mapped).scalars()),
        groups_read=frozenset(db.execute(groups_read).scalars()),
        users=rule.users,
        all_licensed=ALL_LICENSED in rule.principals,
        people=frozenset(fresh),
        people_read=frozenset(id_ for id_, read in fresh.items() if read),
    )


def unnamed_people(db: Connection, connection_id: int, limit: int) -> list[str]:
    """Accounts that wrote or last edited something live and of whom nothing is known."""
    known = select(people.c.source_id).where(people.c.connection_id == connection_id)

    def named_in(column: ColumnElement[str | None]) -> Select[str | None]:
        return select(column).where(
            documents.c.connection_id == connection_id,
            documents.c.deleted_at.is_(None),
            column.is_not(None),
            column.not_in(known),
        )

    both = named_in(documents.c.author_id).union(named_in(documents.c.editor_id)).subquery()
    return [found for found in db.execute(select(both.c[0]).limit(limit)).scalars() if found is not None]


def stranded(db: Connection, connection_id: int) -> list[int]:
    """Our ids of live comments and attachments whose page is gone or out of scope."""
    container = documents.alias("container")
    gone = or_(container.c.id.is_(None), container.c.deleted_at.is_not(None), ~container.c.in_scope)
    same = and_(
        container.c.connection_id == documents.c.connection_id, container.c.source_id == documents.c.container_id
    )
    statement = (
        select(documents.c.id)
        .join_from(documents, container, same, isouter=True)
        .where(
            documents.c.connection_id == connection_id,
            documents.c.deleted_at.is_(None),
            documents.c.container_id.is_not(None),
            gone,
        )
    )
    return list(db.execute(statement).scalars())
