"""Where a page of Confluence is, for admins: here, left out by which setting, gone, or not to be seen."""

import asyncio
from datetime import datetime

from anyio import to_thread
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from mainstem.accounts.errors import UnknownMember
from mainstem.api.connections import Changes, ConnectionId, connection_of, worker_of
from mainstem.api.problems import problem
from mainstem.errors import MainstemError
from mainstem.reading.why import How
from mainstem.store.audiences import HolderKind
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.sight import Absent
from mainstem.sync.whereabouts import Place
from mainstem.wiki.audience import Viewer
from mainstem.wiring.judging import judged

router = APIRouter(tags=["connections"])

PATIENCE = 30.0
"""Seconds that a program waits for Confluence."""

NO_ANSWER = "Confluence gave no answer. Why is told; try again later."


class PageAsked(BaseModel):
    """A page of Confluence, by its address."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=4_000)
    member: int | None = Field(default=None, ge=1, le=2**62, description="Of whom to tell why they see it or do not.")


class Way(BaseModel):
    """By what somebody passes a rule."""

    model_config = ConfigDict(from_attributes=True)

    how: How
    name: str = Field(description="The person's or the group's.")


class RuleAbove(BaseModel):
    """One rule above a page."""

    model_config = ConfigDict(from_attributes=True)

    kind: HolderKind = Field(
        description="Whose rule: `nobody` is one that could not be read, and lets nobody in; `frozen` is of when the "
        "page left Confluence, from where it was restored."
    )
    name: str = Field(description="Empty for a page that you may not read; then no ways are told either.")
    itself: bool = Field(description="Whether it is the page's own.")
    lets_in: bool
    believed: bool = Field(description="Whether it was read recently enough to let anybody in.")
    read_at: datetime | None
    ways: list[Way]


class Verdict(BaseModel):
    """Why a member sees a page, or does not."""

    member: str
    tied: bool = Field(description="Whether they are anybody in this Confluence; else they read what is open to all.")
    sees: bool
    absent: list[Absent] = Field(description="Why nobody sees it, whatever the rules say.")
    without_permissions: bool = Field(description="The connection goes without permissions, so no rule is asked.")
    rules: list[RuleAbove] = Field(description="From the site down to the page.")


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
    restored: bool = Field(description="Whether it left, and was restored for those who could read it last.")
    document_id: int | None
    title: str
    verdict: Verdict | None = Field(default=None, description="Of the member who was named, where the page is stored.")


@router.post("/connections/{connection_id}/find", responses={409: problem(NO_ANSWER)})
async def find(who: Changes, connection_id: ConnectionId, asked: PageAsked) -> PageFound:
    """Ask Confluence, as the account of the connection, where a page is."""
    connection, viewer = await to_thread.run_sync(_stored, who, connection_id)
    try:
        async with asyncio.timeout(PATIENCE):
            found = await worker_of(who).hub.whereabouts(connection, asked.url, viewer=viewer)
    except (MainstemError, TimeoutError) as trouble:
        raise HTTPException(409, str(trouble) or NO_ANSWER) from None
    told = PageFound.model_validate(found)
    if asked.member is not None and found.source_id:
        told.verdict = await to_thread.run_sync(_verdict, who, viewer, (connection_id, found.source_id), asked.member)
    return told


def _verdict(who: Changes, asker: Viewer, content: tuple[int, str], member_id: int) -> Verdict | None:
    reader = who.behind.reader
    try:
        with reading(reader.engine) as db:
            found = judged(reader, db, content, member_id, asker=asker)
    except UnknownMember as unknown:
        raise HTTPException(409, str(unknown)) from None
    if found is None:
        return None
    verdict = found.verdict
    return Verdict(
        member=found.name,
        tied=found.tied,
        sees=verdict.sees,
        absent=list(verdict.absent),
        without_permissions=verdict.opening is not None,
        rules=[RuleAbove.model_validate(rule) for rule in verdict.rules],
    )


def _stored(who: Changes, connection_id: int) -> tuple[SavedConnection, Viewer]:
    with reading(who.behind.reader.engine) as db:
        return connection_of(db, connection_id), who.viewer(db)
