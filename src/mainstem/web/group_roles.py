"""Roles by groups of Confluence, for admins: which groups give one, and whom a change would make what beforehand."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts import group_roles
from mainstem.accounts.errors import RoleTooLow
from mainstem.accounts.group_roles import Affected
from mainstem.accounts.roles import FOR_GROUPS, Role
from mainstem.errors import MainstemError
from mainstem.store import group_roles as store
from mainstem.store.database import reading
from mainstem.store.group_roles import GroupRole, KnownGroup
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.face import face_of
from mainstem.web.pages import page

PATH = "/members/groups"

router = APIRouter(prefix=PATH)

NO_ROLE = "none"
_BETWEEN = ":"


@dataclass(frozen=True, slots=True)
class Row:
    """A group that gives a role. `value` names it in addresses; so many `members` are in it."""

    value: str
    group: str
    connection: str
    role: str
    members: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would make of whom. `role` is "none" where the group would give no role any more."""

    value: str
    group: str
    connection: str
    role: str
    affected: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class GroupRoles:
    """The page. `choices` are groups whose people are known, by the value that names each."""

    rows: tuple[Row, ...]
    choices: tuple[tuple[str, str], ...]
    roles: tuple[Role, ...]
    preview: Preview | None
    trouble: str
    done: bool


@router.get("")
def shown(request: Request, asking: SignedIn, group: str = "", role: str = "", saved: bool = False) -> Response:  # noqa: FBT001, FBT002  in the address
    """Which groups give a role; with `group` and `role`, whom that would change."""
    if not group:
        return _page(request, asking, done=saved)
    try:
        with reading(face_of(request).reader.engine) as db:
            connection_id, group_id = _named(group)
            given = {(one.connection_id, one.group_id): one for one in store.every(db)}.get((connection_id, group_id))
            named = given or group_roles.group_of(db, connection_id, group_id)
            people = group_roles.affected(db, connection_id, group_id, _role(role))
    except MainstemError as trouble:
        return _page(request, asking, trouble=str(trouble))
    return _page(request, asking, preview=Preview(group, named.group, named.connection, role, people))


@router.post("")
def save(request: Request, asking: SignedIn, group: Annotated[str, Form()], role: Annotated[str, Form()]) -> Response:
    """Let the people of a group have at least a role from now on, or none by it."""
    reader = face_of(request).reader
    try:
        with reader.engine.begin() as db:
            group_roles.give(db, asking.member, *_named(group), _role(role), reader.clock())
    except RoleTooLow:
        raise HTTPException(403) from None
    except MainstemError as trouble:
        return _page(request, asking, trouble=str(trouble))
    return RedirectResponse(f"{PATH}?saved=true", 303)


def _value(one: GroupRole | KnownGroup) -> str:
    return f"{one.connection_id}{_BETWEEN}{one.group_id}"


def _named(group: str) -> tuple[int, str]:
    """A connection and a group of it, by the value that names them."""
    connection_id, _, group_id = group.partition(_BETWEEN)
    if not connection_id.isdecimal() or len(connection_id) > 18:
        raise HTTPException(400)
    return int(connection_id), group_id


def _role(said: str) -> Role | None:
    if said not in (NO_ROLE, *Role):
        raise HTTPException(400)
    return None if said == NO_ROLE else Role(said)


def _page(
    request: Request, asking: Asking, *, preview: Preview | None = None, trouble: str = "", done: bool = False
) -> Response:
    with reading(face_of(request).reader.engine) as db:
        given, known = store.every(db), store.known_groups(db)
        rows = tuple(
            Row(
                _value(one),
                one.group,
                one.connection,
                one.role,
                len(store.member_ids_in(db, one.connection_id, one.group_id)),
            )
            for one in given
        )
    choices = tuple((_value(one), f"{one.group} in {one.connection}") for one in known)
    content = GroupRoles(rows, choices, FOR_GROUPS, preview, trouble, done)
    return page(request, "group_roles.html", content, asking=asking, status=422 if trouble else 200)
