"""Groups of Confluence whose people have a role here: which groups, and who of the members is in one just now.

It is asked whenever a role counts, of the memberships that were read last, so nothing has to be carried over when they
change. Which roles a group may give is not decided here: `mainstem.accounts` does.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, String, and_, bindparam, delete, func, select

from mainstem.store.tables import (
    connections,
    group_groups,
    group_members,
    group_roles,
    groups,
    identities,
    members,
    people,
    removals,
)
from mainstem.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class GroupRole:
    """A group whose people have a role. `group_id` is Confluence's."""

    connection_id: int
    connection: str
    group_id: str
    group: str
    role: str


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group of a connection whose members were read."""

    connection_id: int
    connection: str
    group_id: str
    group: str


def every(db: Connection) -> list[GroupRole]:
    """All groups that give a role, by connection and name."""
    named = func.coalesce(groups.c.name, group_roles.c.group_id).label("group")
    same = and_(groups.c.connection_id == group_roles.c.connection_id, groups.c.source_id == group_roles.c.group_id)
    rows = (
        select(group_roles, connections.c.name.label("connection"), named)
        .select_from(group_roles.join(connections).join(groups, same, isouter=True))
        .where(_kept(group_roles.c.connection_id))
        .order_by(connections.c.name, named)
    )
    return [GroupRole(**row) for row in db.execute(rows).mappings()]


def known_groups(db: Connection) -> list[KnownGroup]:
    """The groups that some rule names or a role, by connection and name."""
    rows = (
        select(
            groups.c.connection_id,
            connections.c.name.label("connection"),
            groups.c.source_id.label("group_id"),
            groups.c.name.label("group"),
        )
        .join_from(groups, connections)
        .where(groups.c.read_at.is_not(None), _kept(groups.c.connection_id))
        .order_by(connections.c.name, groups.c.name)
    )
    return [KnownGroup(**row) for row in db.execute(rows).mappings()]


def give(db: Connection, connection_id: int, group_id: str, role: str) -> None:
    """Let the people of a group have at least this role."""
    row = {"connection_id": connection_id, "group_id": group_id, "role": role}
    upsert(db, group_roles, [row], key=("connection_id", "group_id"))


def take(db: Connection, connection_id: int, group_id: str) -> bool:
    """Let a group give no role; False where it gave none."""
    own = group_roles.c.connection_id == connection_id, group_roles.c.group_id == group_id
    return db.execute(delete(group_roles).where(*own)).rowcount == 1


def given(db: Connection, member_id: int | None = None) -> dict[int, list[GroupRole]]:
    """The roles that groups give to each member who is in one, directly or by a group in it; or to one member alone.

    Who is shut out, deactivated in Confluence or tied to nobody has none.
    """
    named = {(each.connection_id, each.group_id): each for each in every(db)}
    found: dict[int, list[GroupRole]] = {}
    if named:
        for row in db.execute(_given() if member_id is None else _given_to(), {"who": member_id}):
            found.setdefault(row.member_id, []).append(named[row.connection_id, row.top])
    return found


def member_ids_in(db: Connection, connection_id: int, group_id: str) -> frozenset[int]:
    """The members who are in a group, directly or by a group in it."""
    group, site = bindparam("group", type_=String()), bindparam("site", type_=BigInteger())
    start = select(site.label("connection_id"), group.label("top"), group.label("g"))
    asked = {"site": connection_id, "group": group_id}
    return frozenset(row.member_id for row in db.execute(_people_within(start), asked))


def _people_within(start: Select[Any, Any, Any]) -> Select[Any]:
    """Members in the groups of a selection, of (connection, group, the same group), beside the group that counts."""
    within = start.cte("within", recursive=True)
    # UNION, not UNION ALL: groups may contain each other.
    inner = select(within.c.connection_id, within.c.top, group_groups.c.member_id).where(
        group_groups.c.connection_id == within.c.connection_id, group_groups.c.group_id == within.c[2]
    )
    within = within.union(inner)
    is_in = and_(group_members.c.connection_id == within.c.connection_id, group_members.c.group_id == within.c[2])
    is_who = and_(
        identities.c.connection_id == group_members.c.connection_id,
        identities.c.source_id == group_members.c.person_id,
    )
    is_there = and_(people.c.connection_id == identities.c.connection_id, people.c.source_id == identities.c.source_id)
    return (
        select(identities.c.member_id, within.c.connection_id, within.c.top)
        .select_from(within.join(group_members, is_in).join(identities, is_who).join(people, is_there).join(members))
        .where(people.c.active, members.c.active, _kept(identities.c.connection_id))
        .distinct()
    )


@cache
def _given() -> Select[Any]:
    return _people_within(
        select(group_roles.c.connection_id, group_roles.c.group_id.label("top"), group_roles.c.group_id.label("g"))
    )


@cache
def _given_to() -> Select[Any]:
    return _given().where(identities.c.member_id == bindparam("who"))


def _kept(connection_id: Any) -> Any:
    return connection_id.not_in(select(removals.c.connection_id))
