"""On the page of a connection: where the page of Confluence is whose address somebody pastes."""

import asyncio
from dataclasses import replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.errors import MainstemError
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.sync.whereabouts import Place, Whereabouts
from mainstem.web.asking import Asking, allowed
from mainstem.web.connection_overview import Sought
from mainstem.web.connections import Id, connection_of, shown
from mainstem.web.office import Office, office_of
from mainstem.web.pages import Part, page
from mainstem.wiki.audience import Viewer

router = APIRouter(prefix="/connections/{connection_id}")

PATIENCE = 20.0
"""Seconds that somebody waits for Confluence."""

KINDS = {
    Place.HERE: ("good", "circle-check"),
    Place.OLDER: ("", "clock"),
    Place.COMING: ("", "clock"),
    Place.ELSEWHERE: ("", "info"),
    Place.NO_PAGE: ("", "info"),
    Place.FAILED: ("bad", "circle-alert"),
}
"""The colour and icon of an answer; of what is not here by intention or by lack of rights, a warning."""


@router.post("/find")
async def find(
    request: Request,
    asking: Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))],
    connection_id: Id,
    url: Annotated[str, Form(max_length=4_000)] = "",
) -> Response:
    """Ask Confluence, as the account of the connection, and say where the page is."""
    office = office_of(request)
    connection, viewer = await to_thread.run_sync(_stored, office, asking, connection_id)
    try:
        async with asyncio.timeout(PATIENCE):
            sought = _told(url, await office.hub.whereabouts(connection, url, viewer=viewer))
    except (MainstemError, TimeoutError) as trouble:
        said = str(trouble) or "Confluence did not answer in time: try again later"
        sought = Sought(url, said, "", "warn", "triangle-alert")
    content = await to_thread.run_sync(shown, office, asking, connection_id)
    return page(request, "connection.html", replace(content, sought=sought), asking=asking, part=Part("sought"))


def _told(url: str, found: Whereabouts) -> Sought:
    kind, icon = KINDS.get(found.place, ("warn", "triangle-alert"))
    href = "" if found.document_id is None else f"/documents/{found.document_id}"
    return Sought(url, found.says, found.next_step, kind, icon, found.title, href)


def _stored(office: Office, asking: Asking, connection_id: int) -> tuple[SavedConnection, Viewer]:
    with reading(office.hub.engine) as db:
        viewer = viewer_of(db, asking.member, rules_since=office.hub.rules_since)
        return connection_of(db, connection_id), viewer
