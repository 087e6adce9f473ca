"""Signing in at a provider: the way there, and the way back in.

The browser goes there by a link and comes back by an address, so neither is a form. What it brings back counts only
beside the cookie that it got when it began.
"""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts.errors import TooManyTries
from mainstem.errors import MainstemError
from mainstem.web.asking import HOME, own_path
from mainstem.web.face import Face, face_of
from mainstem.web.office import office_of
from mainstem.web.signing_in import SignIn, agent_of, entering, sign_in_page
from mainstem.wiring import single_sign_on
from mainstem.wiring.single_sign_on import BEGIN, CALLBACK, LASTING, Return, Visitor

router = APIRouter()

Said = Annotated[str, Query(max_length=4_000)]


def callback(request: Request) -> str:
    """Where the provider sends browsers back to, which it has to know."""
    return (face_of(request).public_url or str(request.base_url).rstrip("/")) + CALLBACK


@router.get(BEGIN)
def begin(request: Request, next: str = HOME) -> Response:  # noqa: A002  the name in the address
    """Go to the provider, and come back to a page of ours."""
    begun = single_sign_on.begin(office_of(request).hub, callback(request), own_path(next))
    if begun is None:
        raise HTTPException(404)
    place, attempt = begun
    face, away = face_of(request), RedirectResponse(place, 303)
    away.set_cookie(
        _cookie(face),
        attempt,
        max_age=int(LASTING.total_seconds()),
        secure=face.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return away


@router.get(CALLBACK)
async def finish(request: Request, code: Said = "", state: Said = "", iss: Said = "", error: Said = "") -> Response:
    """Come back from the provider, and go where somebody wanted to; or be told why not."""
    face = face_of(request)
    host = request.client.host if request.client else ""
    visitor = Visitor(request.cookies.get(_cookie(face), ""), host, agent_of(request))
    try:
        entered = await single_sign_on.finish(
            office_of(request).hub, Return(code, state, iss, error), visitor, face.hasher
        )
        answer = entering(face, entered.session, entered.next)
    except TooManyTries as trouble:
        answer = sign_in_page(request, SignIn(HOME, trouble=str(trouble)), 429)
        answer.headers["Retry-After"] = str(trouble.wait)
    except MainstemError as trouble:
        answer = sign_in_page(request, SignIn(HOME, trouble=str(trouble)), 403)
    answer.delete_cookie(_cookie(face), secure=face.secure_cookies, httponly=True, samesite="lax")
    return answer


def _cookie(face: Face) -> str:
    return "__Host-mainstem_sign_in" if face.secure_cookies else "mainstem_sign_in"
