"""Roles by groups of Confluence: whom a change would make what, and making it (P4).

A group gives its people at least a role, of a curator at most. The role that somebody has by hand stays theirs, and the
higher of the two counts: so no group takes anything from anybody, and the last owner stays one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mainstem.accounts import deeds
from mainstem.accounts.deeds import NOTHING, Done
from mainstem.accounts.errors import NoSuchGroup, RoleTooLow
from mainstem.accounts.members import Member
from mainstem.accounts.roles import FOR_GROUPS, Act, Role, highest, may
from mainstem.store import group_roles as store
from mainstem.store import members as rows
from mainstem.store.group_roles import KnownGroup


@dataclass(frozen=True, slots=True)
class Affected:
    """A member whose role a change makes another one."""

    member_id: int
    name: str
    email: str
    before: Role
    after: Role


def affected(db: Connection, connection_id: int, group_id: str, role: Role | None) -> tuple[Affected, ...]:
    """Whom it would change, by name, if a group gave this role; None: if it gave none. Nothing is saved."""
    within, given = store.member_ids_in(db, connection_id, group_id), store.given(db)
    found = []
    for each in rows.every(db):
        theirs = given.get(each.id, [])
        others = [one.role for one in theirs if (one.connection_id, one.group_id) != (connection_id, group_id)]
        before = highest(Role(each.role), *(one.role for one in theirs))
        after = highest(Role(each.role), *others, *([role] if role and each.id in within else []))
        if before is not after:
            found.append(Affected(each.id, each.name, each.email, before, after))
    return tuple(found)


def group_of(db: Connection, connection_id: int, group_id: str) -> KnownGroup:
    """A group whose people are known. Raises NoSuchGroup."""
    for each in store.known_groups(db):
        if (each.connection_id, each.group_id) == (connection_id, group_id):
            return each
    raise NoSuchGroup


def give(db: Connection, by: Member, connection_id: int, group_id: str, role: Role | None, now: datetime) -> None:
    """Let the people of a group have at least this role from now on; None: no role of theirs by it.

    Raises RoleTooLow, also for a role that no group can give, and NoSuchGroup.
    """
    if not may(by.role, Act.CHANGE_MEMBERS) or (role is not None and role not in FOR_GROUPS):
        raise RoleTooLow
    before = {(each.connection_id, each.group_id): each for each in store.every(db)}.get((connection_id, group_id))
    if (before.role if before else None) == role:
        return
    # A group that is gone from Confluence can still be taken its role.
    named = group_of(db, connection_id, group_id) if before is None else before
    changed = affected(db, connection_id, group_id, role)
    if role is None:
        store.take(db, connection_id, group_id)
    else:
        store.give(db, connection_id, group_id, role)
    facts = {"connection": named.connection, "role": f"the role {role}" if role else f"{NOTHING} any more"}
    people = {"members": [each.member_id for each in changed]}
    deeds.note(db, by, Done.GROUP_ROLE_CHANGED, named.group, now, **facts, **people)
