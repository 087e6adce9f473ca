"""Members: the hub's own accounts, and which accounts of Confluence are proved to be theirs.

What a password must be like, what a role allows and who may change whom is not decided here: `mainstem.accounts` does.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, select, update

from mainstem.store.tables import connections, identities, members, people, removals, workspace
from mainstem.store.upsert import insertion
from mainstem.store.visibility import goes_by


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member about to be saved. `email` is as written, and belongs to one member however its case is."""

    email: str
    name: str
    role: str
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMember(NewMember):
    """A member as stored. One who is not `active` can neither sign in nor read."""

    id: int
    active: bool
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class TiedAccount:
    """An account of a connection that is a member's. `source_id` is Confluence's; `name` is "" where unknown."""

    member_id: int
    connection_id: int
    connection: str
    source_id: str
    name: str
    tied_at: datetime


def found(db: Connection, name: str, now: datetime) -> bool:
    """Name the hub; False when it has a name already."""
    founding = insertion(db, workspace).values(id=1, name=name, founded_at=now)
    return db.execute(founding.on_conflict_do_nothing().returning(workspace.c.id)).one_or_none() is not None


def workspace_name(db: Connection) -> str | None:
    """The name of the hub; None before it was founded."""
    return db.execute(_workspace()).scalar_one_or_none()


@cache
def _workspace() -> Select[str]:
    return select(workspace.c.name)


def add(db: Connection, new: NewMember, now: datetime) -> int | None:
    """Save a member; their id, or None when the email is another's."""
    adding = insertion(db, members).values(
        email=new.email,
        email_key=email_key(new.email),
        name=new.name,
        role=new.role,
        password_hash=new.password_hash,
        active=True,
        created_at=now,
    )
    return db.execute(adding.on_conflict_do_nothing().returning(members.c.id)).scalar_one_or_none()


def email_key(email: str) -> str:
    """The form in which emails are compared, as those of Confluence are."""
    return email.casefold()


def member(db: Connection, member_id: int) -> SavedMember | None:
    """One member by id."""
    return _one(db, _with_id(), member_id)


def with_email(db: Connection, email: str) -> SavedMember | None:
    """The member whose email this is."""
    return _one(db, _with_email(), email_key(email))


def every(db: Connection) -> list[SavedMember]:
    """All members, by name."""
    rows = db.execute(_in_full().order_by(members.c.name, members.c.id)).mappings()
    return [SavedMember(**row) for row in rows]


def count_active(db: Connection) -> int:
    """How many have an account in the hub, and may sign in."""
    return db.execute(select(func.count()).select_from(members).where(members.c.active)).scalar_one()


def accounts(db: Connection) -> list[TiedAccount]:
    """The accounts of Confluence that are somebody's, with the names they go by there."""
    same = and_(people.c.connection_id == identities.c.connection_id, people.c.source_id == identities.c.source_id)
    statement = (
        select(
            identities.c.member_id,
            identities.c.connection_id,
            connections.c.name.label("connection"),
            identities.c.source_id,
            identities.c.tied_at,
            func.coalesce(people.c.display_name, "").label("name"),
        )
        .select_from(identities.join(connections).join(people, same, isouter=True))
        .where(connections.c.id.not_in(select(removals.c.connection_id)))
        .order_by(connections.c.name)
    )
    return [TiedAccount(**row) for row in db.execute(statement).mappings()]


def accounts_called(db: Connection, connection_id: int, called: str) -> list[str]:
    """Ids of the active accounts of a connection that have this id, user name or email."""
    chosen = select(people.c.source_id).where(people.c.connection_id == connection_id, people.c.active, goes_by(called))
    return list(db.execute(chosen).scalars())


def accounts_with_email(db: Connection, connection_id: int, email: str) -> list[str]:
    """Ids of the active accounts of a connection whose email this is: not their user name, which anybody may choose."""
    own = people.c.connection_id == connection_id, people.c.active, people.c.email_key == email_key(email)
    return list(db.execute(select(people.c.source_id).where(*own)).scalars())


def active_in_role(db: Connection, role: str) -> list[int]:
    """Ids of the active members in a role, who stay in it until the transaction ends."""
    chosen = select(members.c.id).where(members.c.active, members.c.role == role).order_by(members.c.id)
    return list(db.execute(chosen.with_for_update()).scalars())


def set_role(db: Connection, member_id: int, role: str) -> bool:
    """Give a member another role; False when there is none of this id."""
    return _change(db, member_id, role=role)


def deactivate(db: Connection, member_id: int) -> bool:
    """Shut a member out; False when there is none of this id."""
    return _change(db, member_id, active=False)


def activate(db: Connection, member_id: int) -> bool:
    """Let a member in again; False when there is none of this id."""
    return _change(db, member_id, active=True)


def set_password_hash(db: Connection, member_id: int, password_hash: str) -> None:
    """Replace what a member's password is compared with."""
    _change(db, member_id, password_hash=password_hash)


def seen(db: Connection, member_id: int, now: datetime) -> None:
    """Note that a member was here."""
    _change(db, member_id, seen_at=now)


def tie(db: Connection, member_id: int, connection_id: int, source_id: str, now: datetime) -> bool:
    """Let an account of a connection be this member's, in the place of another; False when it is somebody else's.

    The member and the connection must exist.
    """
    row = {"member_id": member_id, "connection_id": connection_id, "source_id": source_id, "tied_at": now}
    with db.begin_nested() as change:
        untie(db, member_id, connection_id)
        tied = db.execute(
            insertion(db, identities).values(row).on_conflict_do_nothing().returning(identities.c.member_id)
        ).one_or_none()
        if tied is None:
            change.rollback()
    return tied is not None


def untie(db: Connection, member_id: int, connection_id: int) -> None:
    """Let no account of a connection be this member's."""
    own = identities.c.member_id == member_id, identities.c.connection_id == connection_id
    db.execute(delete(identities).where(*own))


def ties(db: Connection, member_id: int) -> list[tuple[int, str]]:
    """A member's accounts: pairs of connection and account id. One who is shut out has none."""
    rows = db.execute(_identities(), {"who": member_id})
    return [(row.connection_id, row.source_id) for row in rows]


@cache
def _identities() -> Select[int, str]:
    own = select(identities.c.connection_id, identities.c.source_id).join_from(identities, members)
    return own.where(members.c.id == bindparam("who"), members.c.active)


def _change(db: Connection, member_id: int, **columns: Any) -> bool:
    return db.execute(update(members).where(members.c.id == member_id).values(**columns)).rowcount == 1


def _one(db: Connection, statement: Select[Any], who: int | str) -> SavedMember | None:
    row = db.execute(statement, {"who": who}).mappings().one_or_none()
    return None if row is None else SavedMember(**row)


@cache
def _with_id() -> Select[Any]:
    return _in_full().where(members.c.id == bindparam("who"))


@cache
def _with_email() -> Select[Any]:
    return _in_full().where(members.c.email_key == bindparam("who"))


def _in_full() -> Select[Any]:
    return select(*(members.c[name] for name in SavedMember.__dataclass_fields__))
