"""Who is asking: the member behind the cookie of a request, and what their role lets them do.

Whoever is nobody is sent to sign in, and comes back to the page they asked for. Roles decide about acts alone; what
somebody may read is for the store to say.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request

from mainstem.accounts import looks, members, sessions
from mainstem.accounts.looks import Look
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Act, may
from mainstem.store.database import noted, reading
from mainstem.web.face import Face, face_of

HOME = "/search"
END_VIEWING = "/view-as/end"

READ_WHILE_VIEWING = ("/search", "/palette", "/documents/", "/files/")
"""What is open to somebody who reads as another member: nothing that is private to either, or that changes anything."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A member who is signed in, and the name of the workspace.

    `viewing`: an owner reads as this member. Then reading is all that they may do.
    """

    member: Member
    workspace: str
    viewing: Look | None = None

    def may(self, act: Act) -> bool:
        """Whether their role lets them do this."""
        return may(self.member.role, act) and (self.viewing is None or act is Act.SEARCH_AND_READ)


def cookie_name(face: Face) -> str:
    """The cookie of a session. The longer name is one that browsers take from this very host over https alone."""
    return "__Host-mainstem_session" if face.secure_cookies else "mainstem_session"


def token_of(request: Request) -> str:
    """The token that a request shows, which proves nothing yet; "" when it shows none."""
    return request.cookies.get(cookie_name(face_of(request)), "")


def who(request: Request) -> Asking | None:
    """The member who asks, if any."""
    reader, token = face_of(request).reader, token_of(request)
    if not token:
        return None
    now = reader.clock()
    with reading(reader.engine) as db:
        visit = sessions.visit(db, token, now)
        look = looks.current(db, token, visit.member, now) if visit else None
        place = members.workspace(db) if visit else None
    if visit is None or place is None:
        return None
    if visit.due:
        # That is not worth waiting for a sync that writes.
        visit = noted(reader.engine, lambda db: sessions.visit(db, token, now)) or visit
    return Asking(look.viewed if look else visit.member, place.name, look)


def signed_in(request: Request) -> Asking:
    """The member who asks. Anybody else is sent to sign in, or to set up a hub that has no workspace yet."""
    asking = who(request)
    if asking is not None and (asking.viewing is None or _only_reads(request)):
        return asking
    if asking is not None:
        raise HTTPException(403)
    with reading(face_of(request).reader.engine) as db:
        founded = members.workspace(db) is not None
    raise _elsewhere(request, f"/login?next={quote(_asked_for(request))}" if founded else "/setup")


SignedIn = Annotated[Asking, Depends(signed_in)]


def allowed(act: Act) -> Callable[[Asking], Awaitable[Asking]]:
    """A dependency: whoever asks is signed in, and their role lets them do this."""

    # Asynchronous, so that it is not sent to another thread for a look at a table.
    async def check(asking: SignedIn) -> Asking:
        if not asking.may(act):
            raise HTTPException(403)
        return asking

    return check


def still(request: Request, asking: Asking, act: Act) -> bool:
    """Whether whoever asked is signed in yet and may still do this: a stream outlives a session, a role and a look."""
    now = who(request)
    return now is not None and now.member.id == asking.member.id and now.may(act)


def _only_reads(request: Request) -> bool:
    path: str = request.scope["path"]
    return path in {"/", END_VIEWING} or (request.method in {"GET", "HEAD"} and path.startswith(READ_WHILE_VIEWING))


def own_path(address: str) -> str:
    """A path of ours with its query, from an address that anybody may have written; where it leads away, our home."""
    ours = address.startswith("/") and not address.startswith("//") and address.isprintable() and "\\" not in address
    return address if ours else HOME


def _asked_for(request: Request) -> str:
    """The page to come back to: what was asked for, or, where that was a part or a deed, the page it stands on."""
    if request.method == "GET" and "hx-request" not in request.headers:
        path, query = quote(request.scope["path"]), request.scope["query_string"].decode("latin-1")
    else:
        shown = request.headers.get("hx-current-url", "").partition("://")[2].partition("#")[0]
        path, _, query = ("/" + shown.partition("/")[2]).partition("?")
    return own_path(f"{path}?{query}" if query else path)


def _elsewhere(request: Request, path: str) -> HTTPException:
    """The way to another page. htmx would put a redirect's target into a part of this one, so it is told apart."""
    if "hx-request" in request.headers:
        return HTTPException(401, headers={"HX-Redirect": path})
    return HTTPException(303, headers={"Location": path})
