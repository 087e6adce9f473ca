"""The pages of connections: which there are, and how one stands and gets on.

Progress comes from the run's row alone, so it is the same after a reload and in every browser.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from sqlalchemy import Connection

from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.errors import MainstemError
from mainstem.store import connections, members, plans, runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.web.asking import Asking, SignedIn, allowed, own_path, still
from mainstem.web.connection_overview import Identity, Overview, overview
from mainstem.web.connection_views import Held, listed
from mainstem.web.office import Office, office_of
from mainstem.web.pages import Pages, page
from mainstem.wiring import keeping

router = APIRouter(prefix="/connections")

WELCOMES = {
    "started": ("Connected", "The first sync has started: pages can be found while the rest still loads."),
    "saved": (
        "Connected",
        "Nothing is loaded yet, and it is paused: press “Resume” when you are ready, and its schedule begins.",
    ),
    "tied": ("Saved", "From now on you find here what your account may read in Confluence."),
    "changed": ("Changed", "The next sync brings in what was added, and hides what was left out."),
}
"""What somebody is told who has added or changed a connection just now: what was done, and what follows."""

LOOK = 0.5
"""Seconds between looks at a run that is under way."""

COUNTING = 10
"""Looks, of which one counts what is held."""

Id = Annotated[int, Path(ge=1, le=2**62)]
MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]


class Deed(BaseModel):
    """What a button sends: the page to come `back` to."""

    back: str = ""


class Again(Deed):
    """The same of the button that tries one content again: Confluence's id of it."""

    item: str = ""


@router.get("")
def every(request: Request, asking: SignedIn) -> Response:
    """All connections, the newest first."""
    office = office_of(request)
    states = office.worker.states()
    with reading(office.hub.engine) as db:
        found = listed(db, states, office.hub.clock())
    return page(request, "connections.html", found, asking=asking)


@router.get("/{connection_id}")
def one(request: Request, asking: SignedIn, connection_id: Id, connected: str = "") -> Response:
    """One connection: how it stands, what it holds, its history. `connected`: it was added or changed just now."""
    found = shown(office_of(request), asking, connection_id)
    done, follows = WELCOMES.get(connected, ("", ""))
    found = replace(found, done=done, welcome=follows)
    return page(request, "connection.html", found, asking=asking)


@router.get("/{connection_id}/events", response_class=EventSourceResponse)
async def events(request: Request, asking: SignedIn, connection_id: Id) -> AsyncIterator[ServerSentEvent]:
    """The changing part of a connection's page, whenever it changed, until nothing is under way or it was removed.

    What is held is counted seldom while a sync is under way, and once more at its end: of much, that takes a while.
    """
    pages: Pages = request.app.state.pages
    watch, before = _Watch(office_of(request), asking, connection_id), ""
    while await asyncio.to_thread(still, request, asking, Act.SEE_CONNECTIONS):
        try:
            found = await asyncio.to_thread(watch.look)
        except HTTPException:
            return
        if found is not None:
            html = pages.block("connection.html", "update", page=found)
            if html != before:
                yield ServerSentEvent(raw_data=html)
                before = html
            if not found.now.live:
                return
        await asyncio.sleep(LOOK)


@router.post("/{connection_id}/sync")
def sync(request: Request, _: MayChange, connection_id: Id, sent: Annotated[Deed, Form()]) -> Response:
    """Sync a connection soon, unless it rests."""
    office = office_of(request)
    if not _stored(office, connection_id)[1]:
        office.worker.ask(connection_id)
    return _back(connection_id, sent)


@router.post("/{connection_id}/cancel")
def cancel(request: Request, _: MayChange, connection_id: Id, sent: Annotated[Deed, Form()]) -> Response:
    """End the sync that is under way or waits for its turn; what it has stored is kept."""
    _known(request, connection_id).worker.cancel(connection_id)
    return _back(connection_id, sent)


@router.post("/{connection_id}/pause")
def pause(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[Deed, Form()]) -> Response:
    """Let it rest: its schedule, and the sync that is under way."""
    _known(request, connection_id).worker.pause(connection_id, asking.member)
    return _back(connection_id, sent)


@router.post("/{connection_id}/resume")
def resume(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[Deed, Form()]) -> Response:
    """Go on with it, at once where it is behind."""
    _known(request, connection_id).worker.resume(connection_id, asking.member)
    return _back(connection_id, sent)


@router.post("/{connection_id}/retry")
async def retry(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[Again, Form()]) -> Response:
    """Try one content alone that could not be had; where it can be now, a sync follows that brings it in."""
    office = office_of(request)
    connection, _ = await to_thread.run_sync(_stored, office, connection_id)
    try:
        await keeping.retry(office.worker, connection, sent.item)
    except (MainstemError, TimeoutError) as trouble:
        said = str(trouble) or "Confluence did not answer in time: try again later"
        found = await to_thread.run_sync(shown, office, asking, connection_id)
        found = replace(found, trouble=f"It could not be tried again. {said.rstrip('.')}.")
        return page(request, "connection.html", found, asking=asking, status=422)
    return _back(connection_id, sent)


def _stored(office: Office, connection_id: int) -> tuple[SavedConnection, bool]:
    """A connection, and whether it rests."""
    with reading(office.hub.engine) as db:
        return connection_of(db, connection_id), plans.plan(db, connection_id).paused_at is not None


def shown(office: Office, asking: Asking, connection_id: int) -> Overview:
    """What the page of a connection shows."""
    work = office.worker.state(connection_id)
    with reading(office.hub.engine) as db:
        return _overview(db, office, asking, connection_id, work)


def _known(request: Request, connection_id: int) -> Office:
    office = office_of(request)
    with reading(office.hub.engine) as db:
        connection_of(db, connection_id)
    return office


def _back(connection_id: int, sent: Deed) -> Response:
    return RedirectResponse(own_path(sent.back) if sent.back else f"/connections/{connection_id}", 303)


class _Watch:
    """Looks at one connection again and again, and reads no more of it than may have changed."""

    def __init__(self, office: Office, asking: Asking, connection_id: int) -> None:
        self._office = office
        self._asking = asking
        self._id = connection_id
        self._before: tuple[object, ...] = ()
        self._held: Held | None = None
        self._looks = self._counted = 0

    def look(self) -> Overview | None:
        """The connection as it stands; None when nothing has happened since the last look."""
        office = self._office
        work, self._looks = office.worker.state(self._id), self._looks + 1
        with reading(office.hub.engine) as db:
            run = runs.latest(db, self._id)
            now = (work, plans.plan(db, self._id), run)
            if now == self._before:
                return None
            self._before = now
            if work is None or self._looks - self._counted >= COUNTING:
                self._held, self._counted = None, self._looks
            found = _overview(db, office, self._asking, self._id, work, held=self._held)
        self._held = found.now.held
        return found


def _overview(
    db: Connection, office: Office, asking: Asking, connection_id: int, work: str | None, *, held: Held | None = None
) -> Overview:
    connection = connection_of(db, connection_id)
    viewer = viewer_of(db, asking.member, rules_since=office.hub.rules_since)
    found = overview(db, connection, work, office.hub.clock(), viewer=viewer, held=held)
    return replace(found, asked=_identity(db, asking, connection))


def _identity(db: Connection, asking: Asking, connection: SavedConnection) -> Identity | None:
    """Whoever gave a connection its credential can sign in as its account: often that is who looks at it first."""
    if not asking.may(Act.CHANGE_OWNERS) or connection.account_id is None:
        return None
    tied = [each for each in members.accounts(db) if each.connection_id == connection.id]
    if any(each.member_id == asking.member.id or each.source_id == connection.account_id for each in tied):
        return None
    if members.accounts_called(db, connection.id, connection.account_id) != [connection.account_id]:
        return None
    return Identity(asking.member.id, connection.account_id, connection.account_name or connection.account_id)


def connection_of(db: Connection, connection_id: int) -> SavedConnection:
    """One connection, or no such page."""
    try:
        return connections.connection(db, connection_id)
    except ConnectionGone:
        raise HTTPException(404) from None
