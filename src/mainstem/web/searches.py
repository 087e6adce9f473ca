"""Searches that a member keeps: saving the one that is shown, and dropping one. Each is its owner's alone."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse

from mainstem.store import searches
from mainstem.web.asking import HOME, SignedIn, own_path
from mainstem.web.face import face_of

router = APIRouter(prefix="/searches")

LONGEST_NAME = 80
LONGEST_QUERY = 2_000

Text = Annotated[str, Form()]


@router.post("")
def save(request: Request, asking: SignedIn, search: Text = "", name: Text = "") -> RedirectResponse:
    """Keep a search under a name, and go on with it."""
    query = urlsplit(own_path(search)).query[:LONGEST_QUERY]
    called = " ".join(filter(None, "".join(each if each.isprintable() else " " for each in name).split()))
    if not called or not query:
        raise HTTPException(400)
    reader = face_of(request).reader
    with reader.engine.begin() as db:
        kept = searches.save(db, asking.member.id, called[:LONGEST_NAME], query, reader.clock())
    if not kept:
        raise HTTPException(409)
    return RedirectResponse(f"{HOME}?{query}", 303)


@router.post("/{search_id}/delete")
def forget(
    request: Request, asking: SignedIn, search_id: Annotated[int, Path(ge=1, le=2**62)], search: Text = HOME
) -> RedirectResponse:
    """Drop a search, and go on where somebody was."""
    with face_of(request).reader.engine.begin() as db:
        searches.forget(db, asking.member.id, search_id)
    return RedirectResponse(own_path(search), 303)
