"""Who is asking: the member whose key a request shows or, where it only looks, whose browser it comes from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection

from mainstem.accounts import looks, sessions
from mainstem.accounts.members import Member, viewer_of
from mainstem.accounts.roles import Act, may
from mainstem.api.behind import Behind, behind
from mainstem.store.api_keys import SavedApiKey
from mainstem.store.database import reading
from mainstem.wiki.audience import Viewer
from mainstem.wiring.callers import caller

scheme = HTTPBearer(
    scheme_name="key", description="An API key, which a member makes in Mainstem under API keys.", auto_error=False
)
Shown = Annotated[HTTPAuthorizationCredentials | None, Security(scheme)]


@dataclass(frozen=True, slots=True)
class Asking:
    """A member, and the key by which a program acts for them; None: their own browser."""

    member: Member
    key: SavedApiKey | None
    behind: Behind

    def viewer(self, db: Connection) -> Viewer:
        """Whom they read as."""
        return viewer_of(db, self.member, rules_since=self.behind.reader.rules_since)


def asking(request: Request, shown: Shown) -> Asking:
    """Whoever asks; nobody else is answered. A key that is shown counts alone, and a cookie only for looking."""
    back = behind(request)
    if "authorization" in request.headers:
        found = caller(back.reader, shown.credentials) if shown else None
        if found is not None:
            return Asking(found.member, found.key, back)
    elif request.method == "GET" and (token := request.cookies.get(back.cookie)):
        member = _browsing(back, token)
        if member is not None:
            return Asking(member, None, back)
    raise HTTPException(401)


def _browsing(back: Behind, token: str) -> Member | None:
    """Whose browser this is; None as well while they read as somebody else, which is for the pages alone."""
    now = back.reader.clock()
    with reading(back.reader.engine) as db:
        member = sessions.member_of(db, token, now)
        return None if member is None or looks.current(db, token, member, now) else member


def allowed(act: Act, *, changes: bool = False) -> Callable[[Asking], Awaitable[Asking]]:
    """A dependency: the role of whoever asks lets them do this and, where it `changes` something, their key too."""

    # Asynchronous, so that it is not sent to another thread for a look at a table.
    async def check(who: Annotated[Asking, Depends(asking)]) -> Asking:
        if not may(who.member.role, act):
            raise HTTPException(403)
        if changes and who.key is not None and who.key.read_only:
            raise HTTPException(403, "This key may only read. Use another one, or make one that may change things.")
        return who

    return check


Reads = Annotated[Asking, Depends(allowed(Act.SEARCH_AND_READ))]
