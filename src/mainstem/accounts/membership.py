"""Changing members, as another member may: each deed is allowed by role, done, and written down in one transaction.

Faces call this and nothing below it, so none of them can forget to ask. Nobody but an owner makes owners, unmakes them
or says whom they are, and the last one stays.
"""

from datetime import datetime

from sqlalchemy import Connection

from mainstem.accounts import deeds, members
from mainstem.accounts.deeds import Done
from mainstem.accounts.errors import NoSuchAccount, RoleTooLow, UnknownMember
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Act, Role, may, may_change
from mainstem.store import connections, sign_on
from mainstem.store import members as rows
from mainstem.store.members import SavedMember


def add(db: Connection, by: Member, *, name: str, email: str, password: str, role: Role, now: datetime) -> Member:
    """Add a member. Raises RoleTooLow, and what `members.add` raises."""
    _refuse(by, role)
    new = members.add(db, name=name, email=email, password=password, role=role, now=now)
    deeds.note(db, by, Done.MEMBER_ADDED, deeds.called(new.name, new.email), now, role=role, member=new.id)
    return new


def set_role(db: Connection, by: Member, member_id: int, role: Role, now: datetime) -> None:
    """Give a member another role. Raises UnknownMember, RoleTooLow and LastOwner."""
    saved = _changeable(db, by, member_id, role)
    if saved.role == role:
        return
    members.set_role(db, member_id, role)
    deeds.note(db, by, Done.ROLE_CHANGED, _named(saved), now, role=role, before=saved.role, member=member_id)


def shut_out(db: Connection, by: Member, member_id: int, now: datetime) -> None:
    """Shut a member out at once: their sessions end, and their keys let nobody in.

    Raises UnknownMember, RoleTooLow and LastOwner.
    """
    saved = _changeable(db, by, member_id)
    if saved.active:
        members.deactivate(db, member_id)
        deeds.note(db, by, Done.SHUT_OUT, _named(saved), now, member=member_id)


def let_in(db: Connection, by: Member, member_id: int, now: datetime) -> None:
    """Let a member in again, as who they were. Raises UnknownMember and RoleTooLow."""
    saved = _changeable(db, by, member_id)
    if not saved.active:
        rows.activate(db, member_id)
        deeds.note(db, by, Done.LET_IN, _named(saved), now, member=member_id)


def tie(db: Connection, by: Member, member_id: int, connection_id: int, account: str, now: datetime) -> None:
    """Say which active account of a connection a member is, by its id, user name or email (P4).

    Of themselves only owners do.

    Raises UnknownMember, RoleTooLow, NoSuchAccount, AccountTaken, and the store's ConnectionGone.
    """
    saved = _identified(db, by, member_id)
    if by.id == member_id and not may(by.role, Act.CHANGE_OWNERS):
        raise RoleTooLow
    connection = connections.connection(db, connection_id)
    known = rows.accounts_called(db, connection_id, account)
    if len(known) != 1:
        raise NoSuchAccount(account)
    members.tie(db, member_id, connection_id, known[0], now)
    called = account_called(db, member_id, connection_id) or known[0]
    facts = {"account": called, "account_id": known[0], "connection": connection.name, "member": member_id}
    deeds.note(db, by, Done.TIED, _named(saved), now, **facts)


def untie(db: Connection, by: Member, member_id: int, connection_id: int, now: datetime) -> None:
    """Let a member be nobody in a connection. Raises UnknownMember, RoleTooLow, and the store's ConnectionGone."""
    saved = _identified(db, by, member_id)
    connection = connections.connection(db, connection_id)
    called = account_called(db, member_id, connection_id)
    if called is not None:
        members.untie(db, member_id, connection_id)
        facts = {"account": called, "connection": connection.name, "member": member_id}
        deeds.note(db, by, Done.UNTIED, _named(saved), now, **facts)


def part(db: Connection, by: Member, member_id: int, now: datetime) -> None:
    """Let nobody come in as this member by a provider, until one proves their email anew.

    Raises UnknownMember and RoleTooLow.
    """
    saved = _changeable(db, by, member_id)
    known = sign_on.of_member(db, member_id)
    if known:
        sign_on.part(db, member_id)
        facts = {"provider": ", ".join(each.issuer for each in known), "member": member_id}
        deeds.note(db, by, Done.SIGN_IN_PARTED, _named(saved), now, **facts)


def account_called(db: Connection, member_id: int, connection_id: int) -> str | None:
    """What an account is called that is a member's; None where they have none there."""
    tied = [each for each in rows.accounts(db) if (each.member_id, each.connection_id) == (member_id, connection_id)]
    return (tied[0].name or tied[0].source_id) if tied else None


def _changeable(db: Connection, by: Member, member_id: int, role: Role | None = None) -> SavedMember:
    """The member, where the role of `by` lets them change this one, to the role `role`."""
    saved = _member(db, member_id)
    _refuse(by, Role(saved.role), *(() if role is None else (role,)))
    return saved


def _identified(db: Connection, by: Member, member_id: int) -> SavedMember:
    """The member, where the role of `by` lets them say whom this one is: an owner's reading is an owner's matter."""
    saved = _member(db, member_id)
    if not may(by.role, Act.TIE_IDENTITIES) or (saved.role == Role.OWNER and not may(by.role, Act.CHANGE_OWNERS)):
        raise RoleTooLow
    return saved


def _member(db: Connection, member_id: int) -> SavedMember:
    saved = rows.member(db, member_id)
    if saved is None:
        raise UnknownMember(member_id)
    return saved


def _refuse(by: Member, *concerned: Role) -> None:
    if not may_change(by.role, *concerned):
        raise RoleTooLow


def _named(saved: SavedMember) -> str:
    return deeds.called(saved.name, saved.email)
