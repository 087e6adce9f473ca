"""The pages of members: who may sign in, in which role, and whom each of them is in Confluence.

An admin says so, who knows the person; of themselves only owners do (P4). What somebody's role lets them change here,
`accounts.membership` decides, and writes down.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, SecretStr
from sqlalchemy import Connection

from mainstem.accounts import membership, sessions
from mainstem.accounts.errors import RoleTooLow, UnknownMember
from mainstem.accounts.roles import Act, Role, highest, may, may_change
from mainstem.errors import MainstemError
from mainstem.store import api_keys, connections, group_roles, sign_on
from mainstem.store import members as rows
from mainstem.store.database import reading
from mainstem.store.group_roles import GroupRole
from mainstem.store.sign_on import Subject
from mainstem.web.asking import Asking, SignedIn, own_path
from mainstem.web.face import face_of
from mainstem.web.pages import Part, page

router = APIRouter(prefix="/members")

MemberId = Annotated[int, Path(ge=1, le=2**62)]

OUT = "out"
"""The standing of whoever is shut out, in the address of the page of members."""

ROLES: Mapping[Role, str] = {
    Role.READER: "searches, reads and asks",
    Role.EDITOR: "may edit documents too",
    Role.CURATOR: "may organise documents too",
    Role.ADMIN: "sees connections, credentials and logs, and adds members",
    Role.OWNER: "may do everything, makes other owners, and reads the audit log",
}
"""What each role may do, said so that each counts on the one before it."""


STANDINGS = (*((str(role), f"{role.capitalize()}s") for role in Role), (OUT, "Shut out"))
"""What members can be narrowed to, with the words for it."""


class NewMember(BaseModel):
    """What the form for a new member sends."""

    name: str = ""
    email: str = ""
    password: SecretStr = SecretStr("")
    role: Role = Role.READER


class Tie(BaseModel):
    """What the form sends that says whom a member is, and where to go on then."""

    connection: int = 0
    account: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of Confluence that is a member's."""

    connection_id: int
    connection: str
    name: str
    source_id: str
    tied_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """One member. `accounts` are whom they are in Confluence.

    `role` is theirs by hand; `counts` is the one that counts, where it is higher by what `groups` give them.
    """

    id: int
    name: str
    email: str
    role: Role
    counts: Role
    groups: tuple[str, ...]
    active: bool
    created_at: datetime
    seen_at: datetime | None
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters, as the address of the page says them. `standing`: a role, `out` for who is shut out, or nothing."""

    text: str = ""
    standing: str = ""

    def leaves(self, member: Shown) -> bool:
        """Whether a member meets all of them."""
        words = f"{member.name} {member.email} {' '.join(account.name for account in member.accounts)}".casefold()
        known = {"": True, OUT: not member.active}.get(self.standing, member.counts == self.standing)
        return known and all(word in words for word in self.text.casefold().split())


@dataclass(frozen=True, slots=True)
class Members:
    """The page of members: those that the filters leave of `total`. `trouble` says why nobody was added."""

    members: tuple[Shown, ...]
    total: int
    asked: Asked
    connections: tuple[tuple[int, str], ...]
    roles: tuple[tuple[Role, str], ...]
    standings: tuple[tuple[str, str], ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class One:
    """The page of one member, as the asker may change them. `troubles` are by card; `done` is the card used just now.

    `subjects` are who they are where they sign in by single sign-on.
    `roles` are those that they may be given, none where that is not the asker's to say; `identities` whether whom they
    are is. `connections` are those in which they are nobody as yet. They are signed in in so many
    `browsers`, and so many `keys` of theirs stand.
    """

    member: Shown
    is_me: bool
    roles: tuple[tuple[Role, str], ...]
    identities: bool
    connections: tuple[tuple[int, str], ...]
    troubles: Mapping[str, str]
    done: str
    browsers: int
    keys: int
    subjects: tuple[Subject, ...]


@router.get("")
def every(request: Request, asking: SignedIn, q: str = "", standing: str = "") -> Response:
    """All members, by name, or those whose name, email or account has all these words, in a role or shut out."""
    known = standing if standing in {*Role, OUT} else ""
    return _list(request, asking, Asked(" ".join(q.replace("\0", "").split()), known))


@router.post("")
def add(request: Request, asking: SignedIn, sent: Annotated[NewMember, Form()]) -> Response:
    """Add a member, who signs in with the password that the admin tells them."""
    reader = face_of(request).reader
    try:
        with reader.engine.begin() as db:
            membership.add(
                db,
                asking.member,
                name=sent.name,
                email=sent.email,
                password=sent.password.get_secret_value(),
                role=sent.role,
                now=reader.clock(),
            )
    except RoleTooLow:
        raise HTTPException(403) from None
    except MainstemError as trouble:
        return _list(request, asking, Asked(), str(trouble))
    return RedirectResponse("/members", 303)


@router.get("/{member_id}")
def one(request: Request, asking: SignedIn, member_id: MemberId, done: str = "") -> Response:
    """One member: role, identities, access. `done`: the card by which they were changed just now."""
    return _one(request, asking, member_id, done=done)


@router.post("/{member_id}/role")
def role(request: Request, asking: SignedIn, member_id: MemberId, role: Annotated[Role, Form()]) -> Response:
    """Give a member another role."""
    return _done(
        request, asking, member_id, "role", lambda db, now: membership.set_role(db, asking.member, member_id, role, now)
    )


@router.post("/{member_id}/access")
def access(request: Request, asking: SignedIn, member_id: MemberId, act: Annotated[str, Form()] = "") -> Response:
    """Shut a member out (`out`), or let them in again (`in`)."""
    deed = {"out": membership.shut_out, "in": membership.let_in}.get(act)
    if deed is None:
        raise HTTPException(400)
    return _done(request, asking, member_id, "access", lambda db, now: deed(db, asking.member, member_id, now))


@router.post("/{member_id}/tie")
def tie(request: Request, asking: SignedIn, member_id: MemberId, sent: Annotated[Tie, Form()]) -> Response:
    """Say which account of a connection a member is: from now on they read what it may read."""
    return _done(
        request,
        asking,
        member_id,
        "identities",
        lambda db, now: membership.tie(db, asking.member, member_id, sent.connection, sent.account, now),
        back=sent.back,
    )


@router.post("/{member_id}/untie")
def untie(
    request: Request, asking: SignedIn, member_id: MemberId, connection: Annotated[int, Form(ge=1, le=2**62)]
) -> Response:
    """Let a member be nobody in a connection from now on."""
    return _done(
        request,
        asking,
        member_id,
        "identities",
        lambda db, now: membership.untie(db, asking.member, member_id, connection, now),
    )


@router.post("/{member_id}/part")
def part(request: Request, asking: SignedIn, member_id: MemberId) -> Response:
    """Let nobody come in as this member by single sign-on, until one proves their email anew."""
    return _done(
        request, asking, member_id, "sign-on", lambda db, now: membership.part(db, asking.member, member_id, now)
    )


def _done(
    request: Request,
    asking: Asking,
    member_id: int,
    card: str,
    deed: Callable[[Connection, datetime], None],
    *,
    back: str = "",
) -> Response:
    """Do something with a member; `back`, or to their page, or to the card on it that says why not."""
    reader = face_of(request).reader
    try:
        with reader.engine.begin() as db:
            deed(db, reader.clock())
    except UnknownMember:
        raise HTTPException(404) from None
    except RoleTooLow:
        raise HTTPException(403) from None
    except MainstemError as trouble:
        return _one(request, asking, member_id, {card: str(trouble)})
    return RedirectResponse(own_path(back) if back else f"/members/{member_id}?done={card}#{card}", 303)


def _list(request: Request, asking: Asking, asked: Asked, trouble: str = "") -> Response:
    with reading(face_of(request).reader.engine) as db:
        everybody, known = _all(db), _connections(db)
    shown = tuple(filter(asked.leaves, everybody))
    content = Members(shown, len(everybody), asked, known, _roles(asking), STANDINGS, trouble)
    return page(request, "members.html", content, asking=asking, part=Part("found"), status=422 if trouble else 200)


def _one(
    request: Request, asking: Asking, member_id: int, troubles: Mapping[str, str] | None = None, *, done: str = ""
) -> Response:
    reader = face_of(request).reader
    with reading(reader.engine) as db:
        member = next((each for each in _all(db) if each.id == member_id), None)
        known = _connections(db)
        browsers = len(sessions.of_member(db, member_id, reader.clock()))
        keys = api_keys.standing(db, member_id, reader.clock())
        subjects = tuple(sign_on.of_member(db, member_id))
    if member is None:
        raise HTTPException(404)
    changeable = may_change(asking.member.role, member.role)
    tied = {each.connection_id for each in member.accounts}
    may_tie = member.id != asking.member.id or may(asking.member.role, Act.CHANGE_OWNERS)
    content = One(
        member,
        is_me=member.id == asking.member.id,
        roles=_roles(asking) if changeable else (),
        identities=may(asking.member.role, Act.TIE_IDENTITIES) and changeable,
        connections=tuple((id_, name) for id_, name in known if id_ not in tied and may_tie),
        troubles=troubles or {},
        done=done,
        browsers=browsers,
        keys=keys,
        subjects=subjects,
    )
    return page(request, "member.html", content, asking=asking, status=422 if troubles else 200)


def _roles(asking: Asking) -> tuple[tuple[Role, str], ...]:
    """The roles that whoever asks may give."""
    return tuple((role, says) for role, says in ROLES.items() if may_change(asking.member.role, role))


def _connections(db: Connection) -> tuple[tuple[int, str], ...]:
    return tuple((each.id, each.name) for each in connections.every(db))


def _all(db: Connection) -> tuple[Shown, ...]:
    tied, given = [(one.member_id, _account(one)) for one in rows.accounts(db)], group_roles.given(db)
    return tuple(
        Shown(
            id=each.id,
            name=each.name,
            email=each.email,
            role=Role(each.role),
            counts=counts,
            groups=groups,
            active=each.active,
            created_at=each.created_at,
            seen_at=each.seen_at,
            accounts=tuple(account for member_id, account in tied if member_id == each.id),
        )
        for each in rows.every(db)
        for counts, groups in [_by_groups(Role(each.role), given.get(each.id, []))]
    )


def _by_groups(by_hand: Role, given: Collection[GroupRole]) -> tuple[Role, tuple[str, ...]]:
    """The role that counts, and the groups that give it where it is higher than the one by hand."""
    counts = highest(by_hand, *(one.role for one in given))
    giving = (f"{one.group} in {one.connection}" for one in given if one.role == counts)
    return counts, tuple(giving) if counts is not by_hand else ()


def _account(tied: rows.TiedAccount) -> Account:
    return Account(tied.connection_id, tied.connection, tied.name or "an unknown account", tied.source_id, tied.tied_at)
