"""The member who asks, and, for admins, all members: who they are here, and in Confluence."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from mainstem.accounts.members import workspace
from mainstem.accounts.roles import Act, Role
from mainstem.api.asking import Asking, allowed, asking
from mainstem.api.pages import Paged, Wanted
from mainstem.store import members as rows
from mainstem.store.database import reading

mine = APIRouter(tags=["members"])
router = APIRouter(tags=["members"])


class Account(BaseModel):
    """An account of Confluence that is a member's: they read what it may read."""

    connection: str = Field(description="The name of its connection.")
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


@router.get("/members")
def every(who: Annotated[Asking, Depends(allowed(Act.CHANGE_MEMBERS))], wanted: Wanted) -> Members:
    """All members."""
    with reading(who.behind.reader.engine) as db:
        known, tied = rows.every(db), rows.accounts(db)
    shown = [
        Member(
            id=each.id,
            name=each.name,
            email=each.email,
            role=Role(each.role),
            active=each.active,
            accounts=_accounts(tied, each.id),
        )
        for each in known[wanted.offset : wanted.offset + wanted.limit]
    ]
    return Members(total=len(known), limit=wanted.limit, offset=wanted.offset, members=shown)


def _accounts(tied: list[rows.TiedAccount], member_id: int) -> list[Account]:
    return [Account(connection=each.connection, name=each.name) for each in tied if each.member_id == member_id]
