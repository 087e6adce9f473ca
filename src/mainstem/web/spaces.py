"""The spaces of a connection's site: which are new, renamed or gone, which come in, the rule for later ones (C3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts import connection_deeds
from mainstem.accounts.roles import Act
from mainstem.store import met_spaces
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.met_spaces import MetSpace, Standing
from mainstem.sync.meeting import ComesIn, Whether, whether
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connecting.choice import LATER_SPACES
from mainstem.web.connection_views import Badge, standing
from mainstem.web.connection_views import Standing as Now
from mainstem.web.connections import Id, connection_of
from mainstem.web.office import Office, office_of
from mainstem.web.pages import page
from mainstem.wiki.content import Status
from mainstem.wiki.selection import Later
from mainstem.wiring import keeping

router = APIRouter(prefix="/connections/{connection_id}/spaces")

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]
SpaceId = Annotated[str, Path(min_length=1, max_length=255)]

SHOWN = 500

BADGES: Mapping[Whether, Badge] = {
    Whether.WAITS: Badge("Waits for you", "clock", "warn"),
    Whether.IN: Badge("Comes in", "check", "ok"),
    Whether.OUT: Badge("Outside", "x", ""),
    Whether.GONE: Badge("Gone", "triangle-alert", "bad"),
}
"""How a space stands. In this order they are listed."""

WHY: Mapping[Standing, str] = {
    Standing.KNOWN: "",
    Standing.ADDED: "Came in by the rule for later spaces.",
    Standing.WAITS: "",
    Standing.CLOSED: "Comes in once nobody needs to sign in to it.",
    Standing.IGNORED: "Left outside by the rule for later spaces.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One space. `why` says why it stands as it does, `new_at` since when it is there, where it came later.

    `formerly` is what it was called before it was renamed at `renamed_at`.
    """

    id: str
    key: str
    name: str
    url: str
    stands: Whether
    why: str
    new_at: datetime | None
    formerly: str
    renamed_at: datetime | None
    gone_at: datetime | None
    archived: bool

    @property
    def badge(self) -> Badge:
        """How it stands."""
        return BADGES[self.stands]


@dataclass(frozen=True, slots=True)
class Spaces:
    """The tab. `more` rows are not shown; `trouble` says why what somebody decided was not done."""

    now: Now
    later: Later
    rows: tuple[Row, ...]
    more: int
    rules: tuple[tuple[Later, str], ...] = tuple((later, says) for later, (says, _) in LATER_SPACES.items())
    trouble: str = ""

    @property
    def waiting(self) -> int:
        """How many wait for a person."""
        return sum(row.stands is Whether.WAITS for row in self.rows)


@router.get("")
def spaces(request: Request, asking: SignedIn, connection_id: Id) -> Response:
    """The spaces as the last sync met them, those first that somebody is asked about."""
    return page(request, "connection_spaces.html", _shown(office_of(request), connection_id), asking=asking)


@router.post("/later")
def rule(request: Request, asking: MayChange, connection_id: Id, later: Annotated[Later, Form()]) -> Response:
    """Let another rule hold for spaces that are created from now on."""
    office = office_of(request)
    with office.hub.engine.begin() as db:
        before = connection_of(db, connection_id)
        wanted = replace(before, filter=replace(before.filter, later=later))
        connection_deeds.change(db, asking.member, before, wanted, office.hub.clock())
    return RedirectResponse(f"/connections/{connection_id}/spaces", 303)


@router.post("/{space_id}")
def place(
    request: Request, asking: MayChange, connection_id: Id, space_id: SpaceId, inside: Annotated[bool, Form()]
) -> Response:
    """Say whether a space comes in that stays outside so far; the next sync makes it so."""
    office = office_of(request)
    try:
        with office.hub.engine.begin() as db:
            before = connection_of(db, connection_id)
            connection_deeds.place(db, asking.member, before, space_id, inside=inside, now=office.hub.clock())
    except KeyError:
        raise HTTPException(404) from None
    except ComesIn as trouble:
        content = replace(_shown(office, connection_id), trouble=str(trouble))
        return page(request, "connection_spaces.html", content, asking=asking, status=422)
    if inside:
        keeping.catch_up(office.worker, connection_id)
    return RedirectResponse(f"/connections/{connection_id}/spaces", 303)


def _shown(office: Office, connection_id: int) -> Spaces:
    with reading(office.hub.engine) as db:
        connection = connection_of(db, connection_id)
        now = standing(db, connection, office.worker.state(connection_id), office.hub.clock())
        rows = _rows(connection, met_spaces.met(db, connection_id).values())
    return Spaces(now, connection.later, tuple(rows[:SHOWN]), len(rows[SHOWN:]))


def _rows(connection: SavedConnection, found: Iterable[MetSpace]) -> list[Row]:
    rows = [_row(each, whether(connection, each)) for each in found]
    order = list(BADGES)
    # What was created, renamed or deleted is what somebody comes to see.
    return sorted(
        rows,
        key=lambda row: (
            row.stands is not Whether.WAITS,
            not (row.new_at or row.renamed_at or row.gone_at),
            order.index(row.stands),
            row.name.casefold(),
        ),
    )


def _row(space: MetSpace, stands: Whether) -> Row:
    former = (space.former_name, space.former_key)
    renamed = space.renamed_at is not None
    formerly = former[0] if former[0] != space.name else former[1]
    came_later = space.standing is not Standing.KNOWN
    return Row(
        id=space.id,
        key=space.key,
        name=space.name,
        url=space.url,
        stands=stands,
        why="Deleted, or closed to the account." if stands is Whether.GONE else WHY[space.standing],
        new_at=space.met_at if came_later else None,
        formerly=(formerly or "") if renamed else "",
        renamed_at=space.renamed_at,
        gone_at=space.gone_at,
        archived=space.status is Status.ARCHIVED,
    )
