"""Members of the hub: founding it, adding people, their roles, and whom each of them is in Confluence.

Whether somebody may do so is asked of `roles` by whoever calls; how they sign in stands in `sessions`.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import Connection

from mainstem.accounts import passwords
from mainstem.accounts.errors import (
    AccountTaken,
    AlreadyFounded,
    BadEmail,
    EmailTaken,
    LastOwner,
    NameMissing,
    UnknownMember,
)
from mainstem.accounts.passwords import STANDARD
from mainstem.accounts.roles import Role, highest
from mainstem.store import connections, group_roles, sessions, visibility
from mainstem.store import members as rows
from mainstem.wiki.audience import Viewer

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST_EMAIL = 254
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may sign in. `email` is as they wrote it."""

    id: int
    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Workspace:
    """The hub as its people know it."""

    name: str


def as_now(db: Connection, saved: rows.SavedMember) -> Member:
    """A member in the role that counts just now: the one by hand, or a higher one that a group of theirs gives (P4)."""
    by_hand = Role(saved.role)
    theirs = group_roles.given(db, saved.id).get(saved.id, [])
    return Member(saved.id, saved.email, saved.name, highest(by_hand, *(each.role for each in theirs)))


def workspace(db: Connection) -> Workspace | None:
    """The hub; None before somebody founded it."""
    name = rows.workspace_name(db)
    return None if name is None else Workspace(name)


def found(
    db: Connection,
    *,
    workspace: str,
    name: str,
    email: str,
    password: str,
    now: datetime,
    hasher: PasswordHasher = STANDARD,
) -> Member:
    """Name the hub and make its first owner. Happens once.

    Raises AlreadyFounded, and NameMissing, BadEmail, EmailTaken and WeakPassword; nothing is saved then.
    """
    if rows.workspace_name(db) is not None:
        raise AlreadyFounded
    hub = name_of(workspace)
    with db.begin_nested():
        owner = add(db, name=name, email=email, password=password, role=Role.OWNER, now=now, hasher=hasher)
        if not rows.found(db, hub, now):
            raise AlreadyFounded
    return owner


def add(
    db: Connection,
    *,
    name: str,
    email: str,
    password: str,
    role: Role,
    now: datetime,
    hasher: PasswordHasher = STANDARD,
) -> Member:
    """Save a member, who can sign in at once and reads what anybody may. Hashing takes some tenths of a second.

    Raises NameMissing, BadEmail, EmailTaken and WeakPassword.
    """
    called, address = name_of(name), email.strip()
    if not is_email(address):
        raise BadEmail
    passwords.check(password, email=address, name=called)
    if rows.with_email(db, address) is not None:
        raise EmailTaken(address)
    new = rows.NewMember(address, called, role, passwords.kept(password, hasher))
    member_id = rows.add(db, new, now)
    if member_id is None:
        raise EmailTaken(address)
    return Member(member_id, address, called, role)


def is_email(text: str) -> bool:
    """Whether a text could be an email: whether it is one, only a message to it could tell."""
    return len(text) <= _LONGEST_EMAIL and text.isprintable() and _EMAIL.fullmatch(text) is not None


def set_role(db: Connection, member_id: int, role: Role) -> None:
    """Give a member another role, which counts from their next request on. Raises UnknownMember and LastOwner."""
    if role is not Role.OWNER:
        _spare_the_last_owner(db, member_id)
    if not rows.set_role(db, member_id, role):
        raise UnknownMember(member_id)


def set_password(db: Connection, member: Member, password: str, hasher: PasswordHasher = STANDARD) -> None:
    """Give a member another password. Raises WeakPassword."""
    passwords.check(password, email=member.email, name=member.name)
    rows.set_password_hash(db, member.id, passwords.kept(password, hasher))


def deactivate(db: Connection, member_id: int) -> None:
    """Shut a member out, and end all their sessions. Raises UnknownMember and LastOwner."""
    _spare_the_last_owner(db, member_id)
    if not rows.deactivate(db, member_id):
        raise UnknownMember(member_id)
    sessions.end_all(db, member_id)


def tie(db: Connection, member_id: int, connection_id: int, source_id: str, now: datetime) -> None:
    """Let an account of a connection, which the caller has proved to be theirs, be a member's (P4).

    It takes the place of the one they had there. An account that the connection does not know, or no longer, gives them
    nothing. Raises UnknownMember, AccountTaken, and the store's ConnectionGone.
    """
    if rows.member(db, member_id) is None:
        raise UnknownMember(member_id)
    connections.connection(db, connection_id)
    if not rows.tie(db, member_id, connection_id, source_id, now):
        raise AccountTaken(source_id)


def untie(db: Connection, member_id: int, connection_id: int) -> None:
    """Let a member be nobody in a connection: there they read what is open to everyone."""
    rows.untie(db, member_id, connection_id)


def viewer_of(db: Connection, member: Member | None, *, rules_since: datetime | None) -> Viewer:
    """Whom a member reads as; None is somebody who has not signed in. `rules_since` as in Viewer.

    Their role plays no part, nor their email: where no account is tied to them they read what is open to everyone, and
    what goes without permissions.
    """
    if member is None:
        return visibility.anonymous(db, rules_since=rules_since)
    named = visibility.viewer_with(db, member.email, rows.ties(db, member.id), rules_since=rules_since)
    return replace(named, member=True)


def _spare_the_last_owner(db: Connection, member_id: int) -> None:
    if rows.active_in_role(db, Role.OWNER) == [member_id]:
        raise LastOwner


def name_of(text: str) -> str:
    """A name on one line. Raises NameMissing."""
    name = " ".join("".join(each for each in text if each.isprintable() or each.isspace()).split())[:_LONGEST_NAME]
    if not name:
        raise NameMissing
    return name
