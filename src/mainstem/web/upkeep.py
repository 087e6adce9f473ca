"""The settings of a connection, as admins change them: when it is synced.

What is changed here is a row; the worker acts on it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts.roles import Act
from mainstem.errors import MainstemError
from mainstem.store import plans, runs
from mainstem.store.database import reading
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connection_views import Standing, schedule_of, standing, upcoming
from mainstem.web.connections import Id, connection_of
from mainstem.web.office import Office, office_of
from mainstem.web.pages import page
from mainstem.web.scheduling import ScheduleFields, SentSchedule

router = APIRouter(prefix="/connections/{connection_id}")

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]

SHOWN_TIMES = 3


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The settings of one connection. View rules are believed for `believed_hours`; `trouble` says what went wrong."""

    now: Standing
    fields: ScheduleFields
    next_runs: tuple[datetime, ...]
    believed_hours: float
    trouble: str = ""


@router.get("/settings")
def settings(request: Request, asking: SignedIn, connection_id: Id) -> Response:
    """When it is synced."""
    return page(request, "connection_settings.html", _upkeep(office_of(request), connection_id), asking=asking)


@router.post("/schedule")
def schedule(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[SentSchedule, Form()]) -> Response:
    """Sync it by another schedule from now on."""
    office = office_of(request)
    try:
        chosen = sent.schedule()
    except MainstemError as trouble:
        content = _upkeep(office, connection_id, str(trouble))
        return page(request, "connection_settings.html", content, asking=asking, status=422)
    with office.hub.engine.begin() as db:
        connection_of(db, connection_id)
        plans.schedule(db, connection_id, str(chosen), office.hub.clock())
    return RedirectResponse(f"/connections/{connection_id}/settings", 303)


def _upkeep(office: Office, connection_id: int, trouble: str = "") -> Upkeep:
    now = office.hub.clock()
    with reading(office.hub.engine) as db:
        connection = connection_of(db, connection_id)
        plan, run = plans.plan(db, connection_id), runs.latest(db, connection_id)
        shown = standing(db, connection, office.worker.state(connection_id), now)
    times = upcoming(plan, run, now, number=SHOWN_TIMES)
    believed = office.hub.settings.permissions_max_age
    return Upkeep(shown, ScheduleFields(schedule_of(plan)), tuple(times), believed, trouble)
