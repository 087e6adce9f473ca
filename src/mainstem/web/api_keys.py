"""The page of a member's own API keys: make one, see when each was last used, revoke it, and how programs use them.

A key is shown once, in the answer to the form that made it, and can be had nowhere afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from mainstem.accounts import api_keys
from mainstem.accounts.api_keys import NewKey
from mainstem.errors import MainstemError
from mainstem.store import api_keys as rows
from mainstem.store.database import reading
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.face import face_of
from mainstem.web.pages import page

router = APIRouter(prefix="/api-keys")

KeyId = Annotated[int, Path(ge=1, le=2**62)]

NEVER = "never"
LASTING = {"30": "30 days", "90": "90 days", "365": "A year", NEVER: "Until it is revoked"}
"""How long a key may last, in days, as the form offers it."""


class Sent(BaseModel):
    """What the form for a new key sends."""

    name: str = ""
    days: str = "90"
    may: str = "read"


@dataclass(frozen=True, slots=True)
class Shown:
    """One key. `state` is "active", "expired" or "revoked"."""

    id: int
    name: str
    beginning: str
    read_only: bool
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The page. `token` is a key that has just been made, and `hub` the address at which this page was asked for."""

    keys: tuple[Shown, ...]
    hub: str
    made: str = ""
    token: str = ""
    trouble: str = ""
    lasting: tuple[tuple[str, str], ...] = tuple(LASTING.items())


@router.get("")
def every(request: Request, asking: SignedIn) -> Response:
    """All keys of the member."""
    return _page(request, asking)


@router.post("")
def make(request: Request, asking: SignedIn, sent: Annotated[Sent, Form()]) -> Response:
    """Make a key, and show it this once."""
    if sent.days not in LASTING:
        raise HTTPException(400)
    reader = face_of(request).reader
    try:
        with reader.engine.begin() as db:
            made = api_keys.make(
                db,
                asking.member,
                name=sent.name,
                read_only=sent.may != "change",
                days=int(sent.days) if sent.days != NEVER else None,
                now=reader.clock(),
            )
    except MainstemError as trouble:
        return _page(request, asking, trouble=str(trouble))
    return _page(request, asking, made)


@router.post("/{key_id}/revoke")
def revoke(request: Request, asking: SignedIn, key_id: KeyId) -> Response:
    """End one of the member's keys for good."""
    reader = face_of(request).reader
    with reader.engine.begin() as db:
        ended = api_keys.revoke(db, asking.member, key_id, reader.clock())
    if not ended:
        raise HTTPException(404)
    return RedirectResponse("/api-keys", 303)


def _page(request: Request, asking: Asking, made: NewKey | None = None, trouble: str = "") -> Response:
    reader = face_of(request).reader
    with reading(reader.engine) as db:
        known = rows.of_member(db, asking.member.id)
    content = Keys(
        keys=tuple(_shown(each, reader.clock()) for each in known),
        hub=str(request.base_url).rstrip("/"),
        made="" if made is None else made.key.name,
        token="" if made is None else made.token,
        trouble=trouble,
    )
    answer = page(request, "api_keys.html", content, asking=asking, status=422 if trouble else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _shown(key: rows.SavedApiKey, now: datetime) -> Shown:
    expired = key.expires_at is not None and key.expires_at <= now
    state = "revoked" if key.revoked_at else "expired" if expired else "active"
    return Shown(key.id, key.name, key.beginning, key.read_only, key.created_at, key.used_at, key.expires_at, state)
