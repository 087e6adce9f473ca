"""The page of members: who may sign in, in which role, and whom each of them is in Confluence.

An admin says so, who knows the person; nobody says it of themselves (P4). Owners alone make owners.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, SecretStr
from sqlalchemy import Connection

from mainstem.accounts import members
from mainstem.accounts.roles import Role, may_change
from mainstem.errors import MainstemError, TellPerson
from mainstem.store import connections
from mainstem.store import members as rows
from mainstem.store.database import reading
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.face import face_of
from mainstem.web.pages import page

router = APIRouter(prefix="/members")

MemberId = Annotated[int, Path(ge=1, le=2**62)]


class NoSuchAccount(TellPerson):
    """A connection knows no one active account by this name."""


class NewMember(BaseModel):
    """What the form for a new member sends."""

    name: str = ""
    email: str = ""
    password: SecretStr = SecretStr("")
    role: Role = Role.READER


class Tie(BaseModel):
    """What the form sends that says whom a member is."""

    connection: int = 0
    account: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One member. `accounts` are whom they are in Confluence, as "name in connection"."""

    id: int
    name: str
    email: str
    role: Role
    active: bool
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """The page of members. `trouble` says why the last change was not made."""

    members: tuple[Shown, ...]
    connections: tuple[tuple[int, str], ...]
    roles: tuple[Role, ...]
    trouble: str = ""


@router.get("")
def every(request: Request, asking: SignedIn) -> Response:
    """All members, by name."""
    return _page(request, asking)


@router.post("")
def add(request: Request, asking: SignedIn, sent: Annotated[NewMember, Form()]) -> Response:
    """Add a member, who signs in with the password that the admin tells them."""
    if not may_change(asking.member.role, sent.role):
        raise HTTPException(403)
    reader = face_of(request).reader
    try:
        with reader.engine.begin() as db:
            members.add(
                db,
                name=sent.name,
                email=sent.email,
                password=sent.password.get_secret_value(),
                role=sent.role,
                now=reader.clock(),
            )
    except MainstemError as trouble:
        return _page(request, asking, str(trouble))
    return RedirectResponse("/members", 303)


@router.post("/{member_id}/tie")
def tie(request: Request, asking: SignedIn, member_id: MemberId, sent: Annotated[Tie, Form()]) -> Response:
    """Say which account of a connection a member is: from now on they read what it may read."""
    reader = face_of(request).reader
    try:
        with reader.engine.begin() as db:
            known = rows.accounts_called(db, sent.connection, sent.account)
            if len(known) != 1:
                raise NoSuchAccount(
                    f"No one active account goes by “{sent.account}” there: give its account id, user name or email, "
                    "and sync first where it is new."
                )
            members.tie(db, member_id, sent.connection, known[0], reader.clock())
    except MainstemError as trouble:
        return _page(request, asking, str(trouble))
    return RedirectResponse("/members", 303)


def _page(request: Request, asking: Asking, trouble: str = "") -> Response:
    with reading(face_of(request).reader.engine) as db:
        content = _content(db, asking, trouble)
    return page(request, "members.html", content, asking=asking, status=422 if trouble else 200)


def _content(db: Connection, asking: Asking, trouble: str) -> Members:
    tied = rows.accounts(db)
    shown = tuple(
        Shown(
            each.id,
            each.name,
            each.email,
            Role(each.role),
            each.active,
            tuple(
                f"{one.name or 'an unknown account'} in {one.connection}" for one in tied if one.member_id == each.id
            ),
        )
        for each in rows.every(db)
    )
    roles = tuple(role for role in Role if may_change(asking.member.role, role))
    return Members(shown, tuple((each.id, each.name) for each in connections.every(db)), roles, trouble)
