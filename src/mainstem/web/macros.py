"""The report on macros: which a connection's documents hold, how they came out, why not as they were, and where.

Numbers count all documents, whoever may read them; titles show as far as the member who asks may read them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import Connection

from mainstem.accounts.members import viewer_of
from mainstem.store import content
from mainstem.store.database import reading
from mainstem.store.losses import Choice, Found, Where, count_documents_with, documents_with, macros_found
from mainstem.web import addresses
from mainstem.web.asking import SignedIn
from mainstem.web.connection_views import Badge, Standing, standing
from mainstem.web.connections import Id, connection_of
from mainstem.web.office import office_of
from mainstem.web.pages import Part, page
from mainstem.web.words import Link, counted, kind_of
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.macros import WHY, MacroUse, Reason, Treatment

router = APIRouter(prefix="/connections/{connection_id}/macros")

AT_ONCE = 100
FURTHEST = 10_000

BADGES = {
    Treatment.RENDERED: Badge("Rendered", "circle-check", "ok"),
    Treatment.SIMPLIFIED: Badge("Simplified", "info", "info"),
    Treatment.PLACEHOLDER: Badge("Placeholder", "triangle-alert", "warn"),
}


class Place(BaseModel):
    """What a form or an address of these pages asks for: a space by its key, "" for all."""

    space: str = ""


class One(Place):
    """One macro that came out one way; `reason` "" as it was."""

    name: str
    reason: str = ""
    offset: int = Query(default=0, ge=0, le=FURTHEST)


@dataclass(frozen=True, slots=True)
class Row:
    """A macro that came out one way, in so many documents. `setting` is where another form is chosen for it."""

    name: str
    badge: Badge
    why: str
    documents: int
    uses: int
    href: str
    setting: str


@dataclass(frozen=True, slots=True)
class Report:
    """The report on a connection, or on the `space` of it that was picked. `spaces` are keys and names."""

    now: Standing
    space: str
    spaces: tuple[tuple[str, str], ...]
    total: int
    amounts: tuple[str, ...]
    lost: tuple[Row, ...]
    whole: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A document that holds the macro so often."""

    link: Link
    kind: str
    space: str
    uses: int


@dataclass(frozen=True, slots=True)
class Places:
    """Where one macro stands. `hidden`: in so many documents that this member may not read. `back` is the report."""

    now: Standing
    row: Row
    held: tuple[Held, ...]
    total: int
    hidden: int
    back: str
    more_href: str


@router.get("")
def report(request: Request, asking: SignedIn, connection_id: Id, place: Annotated[Place, Query()]) -> Response:
    """Every macro of the connection, those that did not come out as they were first."""
    office = office_of(request)
    work = office.worker.state(connection_id)
    with reading(office.hub.engine) as db:
        now = standing(db, connection_of(db, connection_id), work, office.hub.clock())
        choice, spaces = _choice(db, connection_id, place.space)
        found = macros_found(db, choice, viewer=OPERATOR)
    return page(request, "macros.html", _report(now, place.space, spaces, found), asking=asking, part=Part("found"))


@router.get("/documents")
def places(request: Request, asking: SignedIn, connection_id: Id, one: Annotated[One, Query()]) -> Response:
    """The documents in which a macro came out one way."""
    office, reason = office_of(request), _reason(one.reason)
    work = office.worker.state(connection_id)
    with reading(office.hub.engine) as db:
        now = standing(db, connection_of(db, connection_id), work, office.hub.clock())
        choice, _ = _choice(db, connection_id, one.space)
        viewer = viewer_of(db, asking.member, rules_since=office.hub.rules_since)
        everywhere = count_documents_with(db, choice, one.name, reason, viewer=OPERATOR)
        total = count_documents_with(db, choice, one.name, reason, viewer=viewer)
        held = documents_with(db, choice, one.name, reason, viewer=viewer, limit=AT_ONCE, offset=one.offset)
    if not everywhere:
        raise HTTPException(404)
    row = _row(connection_id, one.space, Found(MacroUse(one.name, reason, 0), everywhere))
    reached = one.offset + len(held)
    found = Places(
        now,
        row=row,
        held=tuple(map(_held, held)),
        total=total,
        hidden=everywhere - total,
        back=_to(connection_id, "", space=one.space),
        more_href=f"{row.href}&offset={reached}" if reached < min(total, FURTHEST) else "",
    )
    return page(request, "macro_places.html", found, asking=asking)


def _choice(db: Connection, connection_id: int, key: str) -> tuple[Choice, tuple[tuple[str, str], ...]]:
    """What is asked for, and the spaces that can be picked. An unknown one is no such page."""
    spaces = {space.key: space for space in content.saved_spaces(db, connection_id)}
    if key and key not in spaces:
        raise HTTPException(404)
    picked = spaces[key].id if key else None
    return Choice(connection_id, picked), tuple((space.key, space.name) for space in spaces.values())


def _reason(said: str) -> Reason | None:
    try:
        return Reason(said) if said else None
    except ValueError:
        raise HTTPException(404) from None


def _report(now: Standing, space: str, spaces: tuple[tuple[str, str], ...], found: Sequence[Found]) -> Report:
    rows = [_row(now.id, space, each) for each in found]
    uses = {
        treatment: sum(each.use.uses for each in found if each.use.treatment is treatment) for treatment in Treatment
    }
    return Report(
        now,
        space=space,
        spaces=spaces,
        total=sum(uses.values()),
        amounts=(
            f"{uses[Treatment.RENDERED]:,} rendered",
            f"{uses[Treatment.SIMPLIFIED]:,} simplified",
            counted(uses[Treatment.PLACEHOLDER], "placeholder", "placeholders"),
        ),
        lost=tuple(row for row in rows if row.why),
        whole=tuple(row for row in rows if not row.why),
    )


def _row(connection_id: int, space: str, found: Found) -> Row:
    use = found.use
    return Row(
        name=use.name,
        badge=BADGES[use.treatment],
        why="" if use.reason is None else WHY[use.reason],
        documents=found.documents,
        uses=use.uses,
        href=_to(connection_id, "/documents", space=space, name=use.name, reason=use.reason or ""),
        setting=addresses.conversion(connection_id, use.name),
    )


def _held(where: Where) -> Held:
    link = Link(where.title or kind_of(where.kind), addresses.document(where.document_id))
    return Held(link, kind_of(where.kind), where.space_key, where.uses)


def _to(connection_id: int, place: str, **asked: str) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/connections/{connection_id}/macros{place}" + (f"?{query}" if query else "")
