"""What left Confluence by a connection: why and when, who may have it back, and what is asked about more that would.

A title shows as far as the member who asks could read it before it left; the deeds need no title.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.store import tombstones
from mainstem.store.database import reading
from mainstem.store.tombstones import Tombstone, Why
from mainstem.web import addresses
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connection_views import Standing, standing
from mainstem.web.connections import Id, connection_of
from mainstem.web.office import Office, office_of
from mainstem.web.pages import page
from mainstem.web.words import counted, kind_of
from mainstem.wiring import tombstones as deeds

router = APIRouter(prefix="/connections/{connection_id}/removed")

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]
Document = Annotated[int, Form(ge=1, le=2**63 - 1)]

AT_ONCE = 100
FURTHEST = 10_000

WHY: Mapping[Why, str] = {
    Why.TRASHED: "In the trash of Confluence",
    Why.UNSEEN: "Deleted for good, or closed to the account",
    Why.ARCHIVED: "Archived",
    Why.MOVED: "Moved out of the chosen spaces",
    Why.LEFT_OUT: "Left out by the choice of content",
    Why.WITH_ITS_PAGE: "Its page left",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One that left. `href` is its page where it was restored and has a title for this member; `hint` says more.

    `until` is None where it was restored; `standing`: it can be.
    """

    id: int
    title: str
    href: str
    hint: str
    space: str
    why: str
    left_at: datetime
    until: datetime | None
    standing: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """Some of what left, of so many. `days` is how long it can be restored; `trouble` why nothing was purged."""

    now: Standing
    rows: tuple[Row, ...]
    total: int
    days: float
    more_href: str
    trouble: str = ""


@router.get("")
def removed(
    request: Request, asking: SignedIn, connection_id: Id, offset: Annotated[int, Query(ge=0, le=FURTHEST)] = 0
) -> Response:
    """What left, the latest first."""
    found = _removed(office_of(request), asking, connection_id, offset)
    return page(request, "removed.html", found, asking=asking)


@router.post("/restore")
def restore(request: Request, asking: MayChange, connection_id: Id, document: Document) -> Response:
    """Show one again to those who could read it last."""
    office = _known(request, connection_id)
    deeds.restore(office.hub, connection_id, [document], asking.member)
    return _back(connection_id)


@router.post("/purge")
def purge(request: Request, asking: MayChange, connection_id: Id, document: Document) -> Response:
    """Let one go for good at once."""
    office = _known(request, connection_id)
    deeds.purge(office.hub, connection_id, [document], asking.member)
    return _back(connection_id)


@router.post("/purge-all")
def purge_all(request: Request, asking: MayChange, connection_id: Id, name: Annotated[str, Form()] = "") -> Response:
    """Let all go for good at once that was not restored, when the name of the connection was typed."""
    office = office_of(request)
    found = _removed(office, asking, connection_id, 0, confirmed=name.strip())
    if found.trouble:
        return page(request, "removed.html", found, asking=asking, status=422)
    deeds.purge(office.hub, connection_id, None, asking.member)
    return _back(connection_id)


@router.post("/answer")
def answer(
    request: Request,
    asking: MayChange,
    connection_id: Id,
    answer: Annotated[Literal["keep", "remove"], Form()],
    space: Annotated[str, Form()] = "",
) -> Response:
    """Say of a space whether what would leave it may, or stays for good."""
    office = _known(request, connection_id)
    deeds.answer(office.hub, connection_id, space or None, keep=answer == "keep", by=asking.member)
    return RedirectResponse(f"/connections/{connection_id}", 303)


def _known(request: Request, connection_id: int) -> Office:
    office = office_of(request)
    with reading(office.hub.engine) as db:
        connection_of(db, connection_id)
    return office


def _back(connection_id: int) -> Response:
    return RedirectResponse(f"/connections/{connection_id}/removed", 303)


def _removed(
    office: Office, asking: Asking, connection_id: int, offset: int, *, confirmed: str | None = None
) -> Removed:
    work = office.worker.state(connection_id)
    with reading(office.hub.engine) as db:
        now = standing(db, connection_of(db, connection_id), work, office.hub.clock())
        viewer = viewer_of(db, asking.member, rules_since=office.hub.rules_since)
        found = tombstones.every(db, connection_id, viewer=viewer, limit=AT_ONCE, offset=offset)
        total = tombstones.count(db, connection_id)
    reached = offset + len(found)
    more = f"/connections/{connection_id}/removed?offset={reached}" if found and reached < min(total, FURTHEST) else ""
    wrong = confirmed is not None and confirmed != now.name
    trouble = f"Type the name as it stands there: {now.name}" if wrong else ""
    return Removed(
        now, tuple(_row(office, each) for each in found), total, office.hub.settings.restore_days, more, trouble
    )


def _row(office: Office, stone: Tombstone) -> Row:
    kind = kind_of(stone.kind)
    hint = [kind] + ([f"with {counted(stone.parts, 'comment or file', 'comments and files')}"] if stone.parts else [])
    return Row(
        id=stone.document_id,
        title=stone.title or f"{kind} {stone.source_id}",
        href=addresses.document(stone.document_id) if stone.restored_at and stone.title is not None else "",
        hint=", ".join(hint),
        space=stone.space_key,
        why=WHY[stone.why],
        left_at=stone.left_at,
        until=deeds.until(office.hub, stone),
        standing=stone.standing,
    )
