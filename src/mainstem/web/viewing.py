"""Reading as somebody else: where owners begin it, where it ends, and the list of when it was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts import looks
from mainstem.accounts.errors import UnknownMember
from mainstem.accounts.roles import Act
from mainstem.store import looks as rows
from mainstem.store import members
from mainstem.store.database import reading
from mainstem.web.asking import END_VIEWING, HOME, SignedIn, allowed, token_of
from mainstem.web.face import face_of
from mainstem.web.pages import page

router = APIRouter()

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Past:
    """One look. `lasting`: it goes on."""

    member: str
    viewed: str
    began_at: datetime
    ended_at: datetime
    lasting: bool


@dataclass(frozen=True, slots=True)
class Viewing:
    """The page: as whom one can read, as id and name, and the newest looks."""

    others: tuple[tuple[int, str], ...]
    looks: tuple[Past, ...]


@router.get("/view-as", dependencies=[Depends(allowed(Act.VIEW_AS))])
def choose(request: Request, asking: SignedIn) -> Response:
    """As whom to read, and who did so when."""
    reader = face_of(request).reader
    now = reader.clock()
    with reading(reader.engine) as db:
        everybody = members.every(db)
        newest = rows.newest(db, SHOWN)
    others = tuple(
        (one.id, f"{one.name} ({one.email})") for one in everybody if one.active and one.id != asking.member.id
    )
    past = tuple(Past(one.member, one.viewed, one.began_at, one.ended_at, one.ended_at > now) for one in newest)
    return page(request, "view_as.html", Viewing(others, past), asking=asking)


@router.post("/view-as", dependencies=[Depends(allowed(Act.VIEW_AS))])
def begin(request: Request, asking: SignedIn, member: Annotated[int, Form(ge=1, le=2**62)]) -> Response:
    """Read as a member from now on."""
    reader = face_of(request).reader
    try:
        with reader.engine.begin() as db:
            looks.begin(db, token_of(request), asking.member, member, reader.clock())
    except UnknownMember:
        raise HTTPException(404) from None
    return RedirectResponse(HOME, 303)


@router.post(END_VIEWING)
def end(request: Request, asking: SignedIn) -> Response:  # noqa: ARG001  whoever is nobody has nothing to end
    """Read as oneself again."""
    reader = face_of(request).reader
    with reader.engine.begin() as db:
        looks.end(db, token_of(request), reader.clock())
    return RedirectResponse("/view-as", 303)
