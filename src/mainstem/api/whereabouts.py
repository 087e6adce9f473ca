"""Where a page of Confluence is, for admins: here, left out by which setting, gone, or not to be seen."""

import asyncio

from anyio import to_thread
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from mainstem.api.connections import Changes, ConnectionId, connection_of, worker_of
from mainstem.api.problems import problem
from mainstem.errors import MainstemError
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.sync.whereabouts import Place
from mainstem.wiki.audience import Viewer

router = APIRouter(tags=["connections"])

PATIENCE = 30.0
"""Seconds that a program waits for Confluence."""

NO_ANSWER = "Confluence gave no answer. Why is told; try again later."


class PageAsked(BaseModel):
    """A page of Confluence, by its address."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=4_000)


class PageFound(BaseModel):
    """Where it is. Its title and our id are told to whom may read it."""

    model_config = ConfigDict(from_attributes=True)

    place: Place
    says: str
    next_step: str
    source_id: str = Field(description="Confluence's id of it, empty where that is not known.")
    space: str = Field(description="The key of its space, empty where that is not known.")
    here: int | None = Field(description="Its version here.")
    there: int | None = Field(description="Its version in Confluence.")
    document_id: int | None
    title: str


@router.post("/connections/{connection_id}/find", responses={409: problem(NO_ANSWER)})
async def find(who: Changes, connection_id: ConnectionId, asked: PageAsked) -> PageFound:
    """Ask Confluence, as the account of the connection, where a page is."""
    connection, viewer = await to_thread.run_sync(_stored, who, connection_id)
    try:
        async with asyncio.timeout(PATIENCE):
            found = await worker_of(who).hub.whereabouts(connection, asked.url, viewer=viewer)
    except (MainstemError, TimeoutError) as trouble:
        raise HTTPException(409, str(trouble) or NO_ANSWER) from None
    return PageFound.model_validate(found)


def _stored(who: Changes, connection_id: int) -> tuple[SavedConnection, Viewer]:
    with reading(who.behind.reader.engine) as db:
        return connection_of(db, connection_id), who.viewer(db)
