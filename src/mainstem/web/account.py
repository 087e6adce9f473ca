"""Your account: who one is here, where one is signed in, another password, and signing out everywhere else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, SecretStr

from mainstem.accounts import deeds, members, sessions
from mainstem.accounts.deeds import Done
from mainstem.accounts.errors import TooManyTries, WeakPassword, WrongSignIn
from mainstem.accounts.tokens import digest
from mainstem.store.database import reading
from mainstem.web.asking import Asking, SignedIn, token_of
from mainstem.web.face import face_of
from mainstem.web.pages import page
from mainstem.web.signing_in import entering

router = APIRouter(prefix="/account")

BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
"""What browsers and systems write of themselves, and what people call them; the first that is there counts."""


class NewPassword(BaseModel):
    """What the form for another password sends."""

    current: SecretStr = SecretStr("")
    new: SecretStr = SecretStr("")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the member is signed in."""

    browser: str
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Account:
    """The page. `trouble` says why the password stays; `changed` that it is another one now."""

    places: tuple[Place, ...]
    trouble: str = ""
    changed: bool = False


@router.get("")
def account(request: Request, asking: SignedIn, changed: bool = False) -> Response:  # noqa: FBT001, FBT002  in the address
    """The page."""
    return _page(request, asking, changed=changed)


@router.post("/password")
def change_password(request: Request, asking: SignedIn, sent: Annotated[NewPassword, Form()]) -> Response:
    """Take another password, and end every other session. API keys stand: each is revoked by itself."""
    face, now = face_of(request), face_of(request).reader.clock()
    try:
        with face.reader.engine.begin() as db:
            session = sessions.sign_in(
                db,
                email=asking.member.email,
                password=sent.current.get_secret_value(),
                address=request.client.host if request.client else "",
                agent=request.headers.get("user-agent", ""),
                now=now,
                hasher=face.hasher,
            )
            members.set_password(db, asking.member, sent.new.get_secret_value(), face.hasher)
            sessions.sign_out_elsewhere(db, asking.member.id, session.token)
            deeds.note(db, asking.member, Done.PASSWORD_CHANGED, "", now)
    except WrongSignIn:
        return _page(request, asking, trouble="Your current password is another one. Check it, then try again.")
    except (WeakPassword, TooManyTries) as trouble:
        return _page(request, asking, trouble=str(trouble))
    return entering(face, session, "/account?changed=true")


@router.post("/sign-out-others")
def sign_out_others(request: Request, asking: SignedIn) -> Response:
    """End every session of the member but this one."""
    with face_of(request).reader.engine.begin() as db:
        sessions.sign_out_elsewhere(db, asking.member.id, token_of(request))
    return RedirectResponse("/account", 303)


def browser_of(agent: str) -> str:
    """A browser as people call it, from what it writes of itself."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return f"{browser} on {system}" if system else browser


def _page(request: Request, asking: Asking, *, trouble: str = "", changed: bool = False) -> Response:
    reader, here = face_of(request).reader, digest(token_of(request))
    with reading(reader.engine) as db:
        lasting = sessions.of_member(db, asking.member.id, reader.clock())
    places = tuple(Place(browser_of(one.agent), one.seen_at, one.digest == here) for one in lasting)
    content = Account(places, trouble, changed)
    return page(request, "account.html", content, asking=asking, status=422 if trouble else 200)
