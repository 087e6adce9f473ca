"""The pages of connections: which there are, and how one stands and gets on.

Progress comes from the run's row alone, so it is the same after a reload and in every browser.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import Connection

from mainstem.accounts.roles import Act
from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connection_views import Overview, listed, overview
from mainstem.web.office import Office, office_of
from mainstem.web.pages import Pages, page

router = APIRouter(prefix="/connections")

WELCOMES = {
    "started": "The first sync has started: pages can be found while the rest still loads.",
    "saved": "Nothing is loaded yet, and nothing is planned: press “Sync now” when you are ready.",
}
"""What somebody is told who has added a connection just now."""

LOOK = 0.5
"""Seconds between looks at a run that is under way."""

Id = Annotated[int, Path(ge=1, le=2**62)]
MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]


@router.get("")
def every(request: Request, asking: SignedIn) -> Response:
    """All connections, the newest first."""
    office = office_of(request)
    with reading(office.hub.engine) as db:
        found = listed(db, office.worker.state, office.hub.clock())
    return page(request, "connections.html", found, asking=asking)


@router.get("/{connection_id}")
def one(request: Request, asking: SignedIn, connection_id: Id, connected: str = "") -> Response:
    """One connection: how it stands, what it holds, its history. `connected`: it was added just now."""
    found = replace(_overview(office_of(request), connection_id), welcome=WELCOMES.get(connected, ""))
    return page(request, "connection.html", found, asking=asking)


@router.get("/{connection_id}/events", response_class=EventSourceResponse)
async def events(request: Request, connection_id: Id) -> AsyncIterator[ServerSentEvent]:
    """The changing part of a connection's page, whenever it changed, until nothing is under way."""
    pages: Pages = request.app.state.pages
    office, before = office_of(request), ""
    while True:
        found = await asyncio.to_thread(_overview, office, connection_id)
        html = pages.block("connection.html", "update", page=found)
        if html != before:
            yield ServerSentEvent(raw_data=html)
            before = html
        if not found.now.live:
            return
        await asyncio.sleep(LOOK)


@router.post("/{connection_id}/sync")
def sync(request: Request, _: MayChange, connection_id: Id) -> Response:
    """Sync a connection soon."""
    office = office_of(request)
    with reading(office.hub.engine) as db:
        connection_of(db, connection_id)
    office.worker.ask(connection_id)
    return RedirectResponse(f"/connections/{connection_id}", 303)


def _overview(office: Office, connection_id: int) -> Overview:
    with reading(office.hub.engine) as db:
        return overview(db, connection_of(db, connection_id), office.worker.state(connection_id), office.hub.clock())


def connection_of(db: Connection, connection_id: int) -> SavedConnection:
    """One connection, or no such page."""
    try:
        return connections.connection(db, connection_id)
    except ConnectionGone:
        raise HTTPException(404) from None
