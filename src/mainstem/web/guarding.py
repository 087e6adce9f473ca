"""The page about the permissions of a connection: their age, when they are read alone, and going without them."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.runs import Aim
from mainstem.sync.guarding import Guarding, guarding
from mainstem.sync.schedule import BadSchedule
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connection_overview import Lacking, lacking
from mainstem.web.connection_views import Standing, standing
from mainstem.web.connections import Id, connection_of
from mainstem.web.office import office_of
from mainstem.web.pages import page
from mainstem.web.scheduling import ScheduleFields, SentSchedule, coming
from mainstem.wiring import keeping

router = APIRouter(prefix="/connections/{connection_id}/permissions")

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]
MayOpen = Annotated[Asking, Depends(allowed(Act.GO_WITHOUT_PERMISSIONS))]

SHOWN_NAMES = 20
SHOWN_TROUBLES = 50


@dataclass(frozen=True, slots=True)
class Permissions:
    """The page. `names` are of some who have an account here, `more_names` how many more there are.

    `may_open`: who looks may let them all see everything. `trouble` is by the card that it belongs to.
    """

    now: Standing
    known: Guarding
    names: tuple[str, ...]
    more_names: int
    troubles: tuple[Lacking, ...]
    fields: ScheduleFields
    may_open: bool
    trouble: tuple[str, str] = ("", "")


@router.get("")
def permissions(request: Request, asking: SignedIn, connection_id: Id) -> Response:
    """How old they are, and when they are read."""
    return page(request, "permissions.html", _shown(request, asking, connection_id), asking=asking)


@router.post("/sync")
def sync(request: Request, asking: MayChange, connection_id: Id) -> Response:
    """Read them soon, and nothing else, where they hold."""
    if _shown(request, asking, connection_id).known.opening is None:
        keeping.catch_up(office_of(request).worker, connection_id, Aim.PERMISSIONS)
    return _back(connection_id)


@router.post("/schedule")
def schedule(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[SentSchedule, Form()]) -> Response:
    """Read them alone by another schedule from now on."""
    try:
        office_of(request).worker.schedule(connection_id, sent.schedule(), asking.member, Aim.PERMISSIONS)
    except BadSchedule as trouble:
        content = replace(_shown(request, asking, connection_id), trouble=("schedule", str(trouble)))
        return page(request, "permissions.html", content, asking=asking, status=422)
    except ConnectionGone:
        raise HTTPException(404) from None
    return _back(connection_id)


@router.post("/off")
def go_without(request: Request, asking: MayOpen, connection_id: Id, name: Annotated[str, Form()] = "") -> Response:
    """Let everybody with an account here see all of it, when its name was typed."""
    content = _shown(request, asking, connection_id)
    if name.strip() != content.now.name:
        content = replace(content, trouble=("switch", f"Type the name as it stands there: {content.now.name}"))
        return page(request, "permissions.html", content, asking=asking, status=422)
    keeping.switch_permissions(office_of(request).worker, connection_id, asking.member, kept=False)
    return _back(connection_id)


@router.post("/on")
def hold_again(request: Request, asking: MayChange, connection_id: Id) -> Response:
    """Let them hold again: nobody sees anything until they are read, which begins at once."""
    try:
        keeping.switch_permissions(office_of(request).worker, connection_id, asking.member, kept=True)
    except ConnectionGone:
        raise HTTPException(404) from None
    return _back(connection_id)


def _back(connection_id: int) -> Response:
    return RedirectResponse(f"/connections/{connection_id}/permissions", 303)


def _shown(request: Request, asking: Asking, connection_id: int) -> Permissions:
    office = office_of(request)
    hub, work = office.hub, office.worker.state(connection_id)
    with reading(hub.engine) as db:
        connection = connection_of(db, connection_id)
        now = standing(db, connection, work, hub.clock())
        known = guarding(db, connection_id, hub.clock(), since=hub.rules_since)
        viewer = viewer_of(db, asking.member, rules_since=hub.rules_since)
        troubles = tuple(lacking(db, connection, each, viewer) for each in known.troubles[:SHOWN_TROUBLES])
    times = coming(known.schedule, known.coming, hub.settings.permissions_max_age) if known.coming else None
    return Permissions(
        now,
        known,
        names=known.people[:SHOWN_NAMES],
        more_names=len(known.people[SHOWN_NAMES:]),
        troubles=troubles,
        fields=ScheduleFields(known.schedule, times, alone=True),
        may_open=asking.may(Act.GO_WITHOUT_PERMISSIONS),
    )
