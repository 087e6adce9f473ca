"""Keeping a connection, for admins' programs: its name, credential, rest, failures, removal and return."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from mainstem.accounts import connection_deeds
from mainstem.accounts.members import name_of
from mainstem.accounts.roles import Act
from mainstem.api.asking import Asking, allowed
from mainstem.api.connecting import SentCredential
from mainstem.api.connections import (
    Changes,
    Connection,
    ConnectionId,
    Sees,
    connection_of,
    saved,
    shown,
    worker_of,
)
from mainstem.api.problems import problem
from mainstem.errors import MainstemError, TellPerson
from mainstem.store import runs
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.wiring import keeping

router = APIRouter(prefix="/connections/{connection_id}", tags=["connections"])

Renews = Annotated[Asking, Depends(allowed(Act.CHANGE_CREDENTIALS, changes=True))]
SourceId = Annotated[str, Path(min_length=1, max_length=255, description="Confluence's id of it.")]

CANNOT = "This cannot be done as things are; the detail says why, and what to do first."
OTHER = "This credential belongs to {now}, not to {before}. {changes} Send `other_account` if it is meant."
UNSAID = "Confluence did not answer in time: try again later."


class Change(BaseModel):
    """What is to be different; what is not named stays."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", min_length=1, max_length=200)
    token_expires_on: date | None = Field(default=None, description="When its credential expires; null: unknown.")


class NewCredential(BaseModel):
    """Another credential. It is proved first; the old one serves until then."""

    model_config = ConfigDict(extra="forbid")

    credential: SentCredential
    token_expires_on: date | None = Field(default=None, description="When it expires, where you know.")
    other_account: bool = Field(default=False, description="Whether it may belong to another account than before.")


class Failure(BaseModel):
    """A content that could not be had, and still cannot. Its title is in the logs, for those who may read it."""

    source_id: str = Field(description="Confluence's id of it.")
    kind: str | None = Field(description="With a kind it can be tried again alone.")
    cause: str
    url: str = Field(description="Its address in Confluence.")


class Failures(BaseModel):
    """All of them, by id."""

    failures: list[Failure]


class Retried(BaseModel):
    """What came of trying one content again."""

    comes: bool = Field(description="Whether it can be had now; then a sync follows that brings it in.")


@router.patch("", responses={409: problem(CANNOT)})
def change(who: Changes, connection_id: ConnectionId, sent: Change) -> Connection:
    """Give a connection another name, or say when its credential expires."""
    said = sent.model_dump(exclude_unset=True)
    try:
        if "name" in said:
            said["name"] = name_of(sent.name)
        with who.behind.reader.engine.begin() as db:
            before = connection_of(db, connection_id)
            connection_deeds.change(db, who.member, before, replace(before, **said), who.behind.reader.clock())
    except TellPerson as trouble:
        raise HTTPException(409, str(trouble)) from None
    return shown(who, connection_id)


@router.put("/credential", responses={409: problem(CANNOT)})
async def renew(who: Renews, connection_id: ConnectionId, sent: NewCredential) -> Connection:
    """Sign in with another credential from now on, once Confluence has accepted it. Nothing is indexed again."""
    hub = worker_of(who).hub
    connection = await to_thread.run_sync(saved, who, connection_id)
    try:
        proof = await hub.prove(connection, sent.credential.credential())
        if proof.other_account and not sent.other_account:
            before, now = connection.account_name or "the account before", proof.account.display_name
            raise HTTPException(409, OTHER.format(now=now, before=before, changes=" ".join(proof.says)))
        hub.renew(connection, proof, sent.token_expires_on, by=who.member)
    except MainstemError as trouble:
        raise HTTPException(409, f"{str(trouble).rstrip('.')}. The old credential still serves.") from None
    await keeping.renewed(worker_of(who), connection_id, who.member)
    return await to_thread.run_sync(shown, who, connection_id)


@router.post("/pause")
def pause(who: Changes, connection_id: ConnectionId) -> Connection:
    """Let it rest until it is resumed: its schedule, and its sync if one is under way."""
    saved(who, connection_id)
    worker_of(who).pause(connection_id, who.member)
    return shown(who, connection_id)


@router.post("/resume")
def resume(who: Changes, connection_id: ConnectionId) -> Connection:
    """Go on with it, at once where it is behind."""
    saved(who, connection_id)
    worker_of(who).resume(connection_id, who.member)
    return shown(who, connection_id)


@router.post("/cancel")
def cancel(who: Changes, connection_id: ConnectionId) -> Connection:
    """End the sync that is under way or waits for its turn; what it has stored is kept, and its schedule goes on."""
    saved(who, connection_id)
    worker_of(who).cancel(connection_id)
    return shown(who, connection_id)


@router.get("/failures")
def failures(who: Sees, connection_id: ConnectionId) -> Failures:
    """What could not be had, each with its cause."""
    with reading(who.behind.reader.engine) as db:
        connection_of(db, connection_id)
        found = runs.standing_failures(db, connection_id)
    return Failures(
        failures=[Failure(source_id=each.source_id, kind=each.kind, cause=each.cause, url=each.url) for each in found]
    )


@router.post("/failures/{source_id}/retry", responses={409: problem(CANNOT)})
async def retry(who: Changes, connection_id: ConnectionId, source_id: SourceId) -> Retried:
    """Try one content alone that could not be had."""
    connection = await to_thread.run_sync(saved, who, connection_id)
    try:
        return Retried(comes=await keeping.retry(worker_of(who), connection, source_id))
    except (MainstemError, TimeoutError) as trouble:
        raise HTTPException(409, str(trouble) or UNSAID) from None


@router.delete("", status_code=204, response_class=Response)
def remove(who: Changes, connection_id: ConnectionId) -> None:
    """Hide it, and all that came by it, from everybody. For a week it can be brought back, then it goes for good."""
    saved(who, connection_id)
    worker_of(who).remove(connection_id, who.member)


@router.post("/restore")
def restore(who: Changes, connection_id: ConnectionId) -> Connection:
    """Bring a removed one back, with all that came by it."""
    try:
        worker_of(who).restore(connection_id, who.member)
    except ConnectionGone:
        raise HTTPException(404) from None
    return shown(who, connection_id)
