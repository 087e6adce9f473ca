"""The member who asks, and, for admins, all members: who they are here, and in Confluence."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy import Connection

from mainstem.accounts import membership
from mainstem.accounts.errors import RoleTooLow, UnknownMember
from mainstem.accounts.members import workspace
from mainstem.accounts.roles import Act, Role
from mainstem.api.asking import Asking, allowed, asking
from mainstem.api.pages import Paged, Wanted
from mainstem.api.problems import problem
from mainstem.errors import TellPerson
from mainstem.store import members as rows
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone

mine = APIRouter(tags=["members"])
router = APIRouter(tags=["members"])

MemberId = Annotated[int, Path(ge=1, le=2**63 - 1)]
ConnectionId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Sees = Annotated[Asking, Depends(allowed(Act.CHANGE_MEMBERS))]
MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_MEMBERS, changes=True))]
MayTie = Annotated[Asking, Depends(allowed(Act.TIE_IDENTITIES, changes=True))]

CANNOT = "This cannot be done as things are; the detail says why, and what to do first."


class Account(BaseModel):
    """An account of Confluence that is a member's: they read what it may read."""

    connection_id: int
    connection: str = Field(description="The name of its connection.")
    account_id: str = Field(description="Its id in Confluence.")
    name: str = Field(description="Empty when unknown.")


class Key(BaseModel):
    """The key that was shown."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    read_only: bool
    expires_at: datetime | None


class Me(BaseModel):
    """You."""

    id: int
    name: str
    email: str
    role: Role
    workspace: str = Field(description="The name of the hub.")
    accounts: list[Account] = Field(description="Whom you are in Confluence; without any you read what is public.")
    key: Key | None


class Member(BaseModel):
    """Somebody who may sign in."""

    id: int
    name: str
    email: str
    role: Role
    active: bool = Field(description="Whether they may still sign in.")
    seen_at: datetime | None = Field(description="When they were last here.")
    accounts: list[Account]


class Members(Paged):
    """Members by name."""

    members: list[Member]


@mine.get("/me")
def me(who: Annotated[Asking, Depends(asking)]) -> Me:
    """Who you are."""
    with reading(who.behind.reader.engine) as db:
        place = workspace(db)
        tied = rows.accounts(db)
    member = who.member
    return Me(
        id=member.id,
        name=member.name,
        email=member.email,
        role=member.role,
        workspace="" if place is None else place.name,
        accounts=_accounts(tied, member.id),
        key=None if who.key is None else Key.model_validate(who.key),
    )


class NewMember(BaseModel):
    """Somebody who is to be let in."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(min_length=3, max_length=254)
    password: SecretStr = Field(description="Their first one, at least 12 characters. It is told to nobody again.")
    role: Role = Role.READER


class Change(BaseModel):
    """What is to be different about a member; what is not named stays."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    active: bool | None = Field(default=None, description="False shuts them out at once; true lets them in again.")


class Identity(BaseModel):
    """Whom a member is in Confluence."""

    model_config = ConfigDict(extra="forbid")

    account: str = Field(min_length=1, max_length=254, description="The account's id, user name or email.")


@router.get("/members")
def every(who: Sees, wanted: Wanted) -> Members:
    """All members."""
    with reading(who.behind.reader.engine) as db:
        known, tied = rows.every(db), rows.accounts(db)
    shown = [_member(each, tied) for each in known[wanted.offset : wanted.offset + wanted.limit]]
    return Members(total=len(known), limit=wanted.limit, offset=wanted.offset, members=shown)


@router.post("/members", status_code=201, responses={409: problem(CANNOT)})
def add(who: MayChange, sent: NewMember) -> Member:
    """Add a member, who may sign in at once."""

    def deed(db: Connection, now: datetime) -> int:
        return membership.add(
            db,
            who.member,
            name=sent.name,
            email=sent.email,
            password=sent.password.get_secret_value(),
            role=sent.role,
            now=now,
        ).id

    return _done(who, deed)


@router.get("/members/{member_id}")
def one(who: Sees, member_id: MemberId) -> Member:
    """One member."""
    with reading(who.behind.reader.engine) as db:
        return _shown(db, member_id)


@router.patch("/members/{member_id}", responses={409: problem(CANNOT)})
def change(who: MayChange, member_id: MemberId, sent: Change) -> Member:
    """Give a member another role, shut them out or let them in. Nobody but an owner changes owners."""

    def deed(db: Connection, now: datetime) -> int:
        if sent.role is not None:
            membership.set_role(db, who.member, member_id, sent.role, now)
        if sent.active is not None:
            (membership.let_in if sent.active else membership.shut_out)(db, who.member, member_id, now)
        return member_id

    return _done(who, deed)


@router.delete("/members/{member_id}/sign-on", responses={409: problem(CANNOT)})
def part(who: MayChange, member_id: MemberId) -> Member:
    """Let nobody come in as this member by single sign-on, until one proves their email anew."""

    def deed(db: Connection, now: datetime) -> int:
        membership.part(db, who.member, member_id, now)
        return member_id

    return _done(who, deed)


@router.put("/members/{member_id}/accounts/{connection_id}", responses={409: problem(CANNOT)})
def tie(who: MayTie, member_id: MemberId, connection_id: ConnectionId, sent: Identity) -> Member:
    """Say which account of a connection a member is: from now on they read what it may read."""

    def deed(db: Connection, now: datetime) -> int:
        membership.tie(db, who.member, member_id, connection_id, sent.account, now)
        return member_id

    return _done(who, deed)


@router.delete("/members/{member_id}/accounts/{connection_id}", responses={409: problem(CANNOT)})
def untie(who: MayTie, member_id: MemberId, connection_id: ConnectionId) -> Member:
    """Let a member be nobody in a connection from now on."""

    def deed(db: Connection, now: datetime) -> int:
        membership.untie(db, who.member, member_id, connection_id, now)
        return member_id

    return _done(who, deed)


def _done(who: Asking, deed: Callable[[Connection, datetime], int]) -> Member:
    """Do something with a member whose id it gives back; the member as they are then."""
    reader = who.behind.reader
    try:
        with reader.engine.begin() as db:
            member_id = deed(db, reader.clock())
            return _shown(db, member_id)
    except (UnknownMember, ConnectionGone):
        raise HTTPException(404) from None
    except RoleTooLow as low:
        raise HTTPException(403, str(low)) from None
    except TellPerson as trouble:
        raise HTTPException(409, str(trouble)) from None


def _shown(db: Connection, member_id: int) -> Member:
    saved = rows.member(db, member_id)
    if saved is None:
        raise HTTPException(404)
    return _member(saved, rows.accounts(db))


def _member(saved: rows.SavedMember, tied: list[rows.TiedAccount]) -> Member:
    return Member(
        id=saved.id,
        name=saved.name,
        email=saved.email,
        role=Role(saved.role),
        active=saved.active,
        seen_at=saved.seen_at,
        accounts=_accounts(tied, saved.id),
    )


def _accounts(tied: list[rows.TiedAccount], member_id: int) -> list[Account]:
    return [
        Account(connection_id=each.connection_id, connection=each.connection, account_id=each.source_id, name=each.name)
        for each in tied
        if each.member_id == member_id
    ]
