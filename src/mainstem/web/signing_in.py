"""Setting up a hub, signing in and signing out: the only pages that somebody may see who is nobody yet."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from mainstem.accounts import deeds, looks, members, sessions
from mainstem.accounts.deeds import Done
from mainstem.accounts.errors import AlreadyFounded, TooManyTries, WrongSignIn
from mainstem.accounts.sessions import Session
from mainstem.errors import TellPerson
from mainstem.store import sign_on
from mainstem.store.database import reading
from mainstem.web.asking import HOME, cookie_name, own_path, token_of, who
from mainstem.web.face import Face, face_of
from mainstem.web.pages import page

router = APIRouter()

Field = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class SetUp:
    """The form that founds a workspace, as somebody filled it in. The password never goes back."""

    workspace: str = ""
    name: str = ""
    email: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The form to sign in with. `next` is where to go then; `trouble` says why it did not work.

    `provider` is what people call where they can sign in instead; "" for nowhere.
    """

    next: str
    email: str = ""
    trouble: str = ""
    workspace: str = ""
    provider: str = ""


@router.get("/setup")
def setup_form(request: Request) -> Response:
    """The first page of a new hub."""
    if _workspace(face_of(request)) is not None:
        return _to("/login")
    return page(request, "setup.html", SetUp(), asking=None)


@router.post("/setup")
def set_up(
    request: Request, workspace: Field = "", name: Field = "", email: Field = "", password: Field = ""
) -> Response:
    """Found the workspace with its first owner, who is signed in then."""
    face = face_of(request)
    try:
        with face.reader.engine.begin() as db:
            owner = members.found(
                db,
                workspace=workspace,
                name=name,
                email=email,
                password=password,
                now=face.reader.clock(),
                hasher=face.hasher,
            )
            session = sessions.begin(db, owner, agent=agent_of(request), now=face.reader.clock())
            deeds.note(db, owner, Done.FOUNDED, workspace, face.reader.clock())
    except AlreadyFounded:
        return _to("/login")
    except TellPerson as trouble:
        return page(request, "setup.html", SetUp(workspace, name, email, str(trouble)), asking=None, status=422)
    return entering(face, session, HOME if request.app.state.office is None else "/connections")


@router.get("/login")
def sign_in_form(request: Request, next: str = HOME) -> Response:  # noqa: A002  the name in the address
    """The form to sign in with."""
    if _workspace(face_of(request)) is None:
        return _to("/setup")
    if who(request):
        return _to(own_path(next))
    return sign_in_page(request, SignIn(own_path(next)))


@router.post("/login")
def sign_in(request: Request, email: Field = "", password: Field = "", next: Field = HOME) -> Response:  # noqa: A002  the field's name
    """Begin a session, and go where somebody wanted to."""
    face = face_of(request)
    try:
        with face.reader.engine.begin() as db:
            session = sessions.sign_in(
                db,
                email=email,
                password=password,
                address=request.client.host if request.client else "",
                agent=agent_of(request),
                now=face.reader.clock(),
                hasher=face.hasher,
            )
    except WrongSignIn as trouble:
        return sign_in_page(request, SignIn(own_path(next), email, str(trouble)), 422)
    except TooManyTries as trouble:
        refused = sign_in_page(request, SignIn(own_path(next), email, str(trouble)), 429)
        refused.headers["Retry-After"] = str(trouble.wait)
        return refused
    return entering(face, session, own_path(next))


@router.post("/logout")
def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    face = face_of(request)
    with face.reader.engine.begin() as db:
        looks.end(db, token_of(request), face.reader.clock())
        sessions.sign_out(db, token_of(request))
    left = _to("/login")
    left.delete_cookie(cookie_name(face), secure=face.secure_cookies, httponly=True, samesite="lax")
    return left


def _workspace(face: Face) -> str | None:
    with reading(face.reader.engine) as db:
        place = members.workspace(db)
    return place.name if place else None


def sign_in_page(request: Request, form: SignIn, status: int = 200) -> HTMLResponse:
    """The page to sign in on, with all ways that there are here."""
    with reading(face_of(request).reader.engine) as db:
        place, provider = members.workspace(db), sign_on.saved(db)
    # Only the process that holds the key can send anybody there.
    called = provider.name if provider and request.app.state.office else ""
    ways = replace(form, workspace=place.name if place else "Mainstem", provider=called)
    return page(request, "login.html", ways, asking=None, status=status)


def entering(face: Face, session: Session, path: str) -> Response:
    """The way to a page, with the cookie of a session that has just begun."""
    entered = _to(path)
    left = session.expires_at - face.reader.clock()
    entered.set_cookie(
        cookie_name(face),
        session.token,
        max_age=int(left.total_seconds()),
        secure=face.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return entered


def agent_of(request: Request) -> str:
    """What a browser writes of itself."""
    return request.headers.get("user-agent", "")


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303)
