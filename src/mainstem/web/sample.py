"""The sample site, for whoever has no Confluence at hand: one click connects it, and it can be read at once."""

import asyncio

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from mainstem.accounts import deeds, members
from mainstem.accounts.deeds import Done
from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.office import Office, office_of

router = APIRouter(prefix="/sample-site")


@router.post("")
async def connect(request: Request, asking: SignedIn) -> Response:
    """Serve the sample site, connect it, and begin its first sync.

    Whoever asks for it first reads it as the account that it is connected with: all of these people are made up, so
    nobody's identity is claimed.
    """
    office = office_of(request)
    if office.sample is None:
        raise HTTPException(404)
    wanted = await asyncio.to_thread(office.sample)
    known = await asyncio.to_thread(_known, office)
    connection = (await office.hub.connect_again(wanted, by=asking.member)).connection
    await asyncio.to_thread(_begin, office, asking, connection, first=connection.id not in known)
    return RedirectResponse(f"/connections/{connection.id}", 303)


def _known(office: Office) -> set[int]:
    with reading(office.hub.engine) as db:
        return {each.id for each in connections.every(db)}


def _begin(office: Office, asking: Asking, connection: SavedConnection, *, first: bool) -> None:
    if first and connection.account_id is not None:
        with office.hub.engine.begin() as db:
            now = office.hub.clock()
            members.tie(db, asking.member.id, connection.id, connection.account_id, now)
            oneself = deeds.called(asking.member.name, asking.member.email)
            facts = {"account": connection.account_name or connection.account_id, "connection": connection.name}
            deeds.note(db, asking.member, Done.TIED, oneself, now, **facts)
    office.worker.ask(connection.id)
