"""The page of integration logs: every event of every connection, filtered by its address, followed live, exported.

Titles of documents show, and are found, as far as the member who asks may read them; ids are shown to every admin.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import Connection

from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.store import connections, events, plans, runs
from mainstem.store.database import reading
from mainstem.store.events import Line, Wanted
from mainstem.web.asking import Asking, SignedIn, allowed, still
from mainstem.web.exporting import FORMATS
from mainstem.web.log_exports import lines_of
from mainstem.web.log_views import SHOWN, Asked, Failing, Log, asked_of, log_of
from mainstem.web.office import Office, office_of
from mainstem.web.pages import Pages, Part, page
from mainstem.wiki.audience import Viewer

router = APIRouter(prefix="/system/logs")

LOOK = 1.0
"""Seconds between looks at the log while somebody follows it."""

AT_ONCE = 500
"""Lines of an export that are read in one transaction."""

MaySee = Annotated[Asking, Depends(allowed(Act.SEE_LOGS))]


@router.get("")
def logs(request: Request, asking: SignedIn) -> Response:
    """The newest lines that meet the filters, or those behind the last one shown."""
    asked = asked_of(request.query_params)
    found = _log(office_of(request), asking, asked)
    part = Part("rows", {"#more": "more"}) if asked.before else Part("found", {"#tools": "tools", "#export": "exports"})
    return page(request, "logs.html", found, asking=asking, part=part)


@router.get("/events", response_class=EventSourceResponse)
async def tail(request: Request, asking: MaySee) -> AsyncIterator[ServerSentEvent]:
    """The newest lines again whenever there is a new one, for as long as this member may see them."""
    pages: Pages = request.app.state.pages
    office, asked, before = office_of(request), asked_of(request.query_params), -1
    while await asyncio.to_thread(still, request, asking, Act.SEE_LOGS):
        newest = await asyncio.to_thread(_newest, office)
        if newest != before:
            before = newest
            found = await asyncio.to_thread(_log, office, asking, asked)
            yield ServerSentEvent(raw_data=pages.block("logs.html", "update", page=found))
        await asyncio.sleep(LOOK)


@router.get("/export.{kind}")
def export(request: Request, asking: MaySee, kind: str) -> Response:
    """All lines that meet the filters, the newest first, as a file."""
    if kind not in FORMATS:
        raise HTTPException(404)
    office, asked = office_of(request), asked_of(request.query_params)
    wanted = asked.wanted(office.hub.clock())
    name = f"mainstem-log-{office.hub.clock():%Y-%m-%d-%H%M%S}.{kind}"
    return StreamingResponse(
        lines_of(kind, _every(office, asking, wanted), office.hub.settings.public_url),
        media_type=FORMATS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _log(office: Office, asking: Asking, asked: Asked) -> Log:
    now = office.hub.clock()
    wanted = asked.wanted(now)
    with reading(office.hub.engine) as db:
        viewer = _viewer(db, office, asking)
        lines = events.lines(db, wanted, viewer=viewer, limit=SHOWN + 1, before=asked.before)
        counts = events.counts(db, wanted, viewer=viewer)
        named = [(each.id, each.name) for each in connections.every(db)]
        failing = _failing(db, asked, lines)
    return log_of(asked, lines, counts, named, failing=failing, days=office.hub.settings.log_days)


def _failing(db: Connection, asked: Asked, lines: Sequence[Line]) -> Failing:
    alone = runs.retryable(db, [(line.connection_id, line.source_id) for line in lines if line.source_id])
    of_run = lines[0].connection_id if asked.run_id and lines else None
    connection_id = asked.connection_id or of_run or 0
    rests = plans.plan(db, connection_id).paused_at is not None
    return Failing(alone, connection_id, 0 if rests else len(runs.standing_failures(db, connection_id)))


def _every(office: Office, asking: Asking, wanted: Wanted) -> Iterator[Line]:
    with reading(office.hub.engine) as db:
        before = events.newest(db) + 1
    more = True
    while more:
        with reading(office.hub.engine) as db:
            viewer = _viewer(db, office, asking)
            some = events.lines(db, wanted, viewer=viewer, limit=AT_ONCE, before=before)
        yield from some
        more = len(some) == AT_ONCE
        before = some[-1].id if some else before


def _newest(office: Office) -> int:
    with reading(office.hub.engine) as db:
        return events.newest(db)


def _viewer(db: Connection, office: Office, asking: Asking) -> Viewer:
    return viewer_of(db, asking.member, rules_since=office.hub.rules_since)
