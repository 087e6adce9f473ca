"""The permissions of a connection, for admins: whether they hold, how old they are, and reading them alone."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from mainstem.accounts.roles import Act
from mainstem.api.asking import Asking, allowed
from mainstem.api.connections import RESTS, Asked, Changes, ConnectionId, Sees, asked, connection_of, saved, worker_of
from mainstem.api.problems import problem
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.store.runs import Aim
from mainstem.sync.guarding import guarding
from mainstem.sync.schedule import BadSchedule, Schedule
from mainstem.wiring import keeping

router = APIRouter(prefix="/connections/{connection_id}/permissions", tags=["connections"])

Opens = Annotated[Asking, Depends(allowed(Act.GO_WITHOUT_PERMISSIONS, changes=True))]

OPEN = "This connection goes without permissions: there is nothing to read until they hold again."
MEANT = "To let everybody with an account here see all of it, send the name of the connection as `confirm`: {name}"


class SpaceRules(BaseModel):
    """A space of which something is here."""

    key: str
    name: str
    read_at: datetime | None = Field(description="When all rules above its pages were last read; null: never.")
    believed: bool = Field(description="Where they are not, for they are too old, nobody sees anything of it.")


class Permissions(BaseModel):
    """How well the permissions of a connection are known."""

    hold: bool = Field(description="Whether they hold. Else everybody with an account in this hub sees all of it.")
    opened_at: datetime | None = Field(description="Since when they do not.")
    opened_by: str | None = Field(description="By whose word.")
    people: int = Field(ge=0, description="How many have an account here, and see all of it where they do not hold.")
    read_at: datetime | None = Field(description="When they were last read in full; null: of some space never.")
    schedule: str = Field(description="When they are read alone, beside the syncs, which read them too.")
    says: str = Field(description="The same in words.")
    next_reads: list[datetime]
    spaces: list[SpaceRules]
    troubles: int = Field(ge=0, description="How many of them could not be read; the failures name them.")


class Wanted(BaseModel):
    """When they are read alone."""

    model_config = ConfigDict(extra="forbid")

    schedule: str = Field(max_length=200, description="As that of a connection; `manual`: with each sync alone.")


class Without(BaseModel):
    """Going without them, meant."""

    model_config = ConfigDict(extra="forbid")

    confirm: str = Field(max_length=200, description="The name of the connection.")


@router.get("")
def permissions(who: Sees, connection_id: ConnectionId) -> Permissions:
    """Whether they hold, how old they are, and when they are read alone."""
    reader = who.behind.reader
    with reading(reader.engine) as db:
        connection_of(db, connection_id)
        found = guarding(db, connection_id, reader.clock(), since=reader.rules_since)
    opening = found.opening
    return Permissions(
        hold=opening is None,
        opened_at=None if opening is None else opening.opened_at,
        opened_by=None if opening is None else opening.opened_by,
        people=len(found.people),
        read_at=found.read_at,
        schedule=str(found.schedule),
        says=found.schedule.words,
        next_reads=list(found.coming),
        spaces=[
            SpaceRules(key=each.key, name=each.name, read_at=each.read_at, believed=each.believed)
            for each in found.spaces
        ],
        troubles=len(found.troubles),
    )


@router.put("/schedule", responses={409: problem("This is no schedule that can be kept.")})
def schedule_permissions(who: Changes, connection_id: ConnectionId, wanted: Wanted) -> Permissions:
    """Read them alone by another schedule from now on."""
    try:
        worker_of(who).schedule(connection_id, Schedule.parse(wanted.schedule), who.member, Aim.PERMISSIONS)
    except BadSchedule as bad:
        raise HTTPException(409, str(bad)) from None
    except ConnectionGone:
        raise HTTPException(404) from None
    return permissions(who, connection_id)


@router.post("/sync", status_code=202, responses={409: problem(RESTS)})
def sync_permissions(who: Changes, connection_id: ConnectionId) -> Asked:
    """Read them soon, and nothing else: no text is read, nothing is indexed anew."""
    if not permissions(who, connection_id).hold:
        raise HTTPException(409, OPEN)
    if not keeping.catch_up(worker_of(who), connection_id, Aim.PERMISSIONS):
        raise HTTPException(409, RESTS)
    return asked(who, connection_id)


@router.post("/off", responses={409: problem("The name is not that of the connection.")})
def go_without(who: Opens, connection_id: ConnectionId, sent: Without) -> Permissions:
    """Let everybody with an account in this hub see all of it, for owners."""
    name = saved(who, connection_id).name
    if sent.confirm != name:
        raise HTTPException(409, MEANT.format(name=name))
    keeping.switch_permissions(worker_of(who), connection_id, who.member, kept=False)
    return permissions(who, connection_id)


@router.post("/on")
def hold_again(who: Changes, connection_id: ConnectionId) -> Permissions:
    """Let them hold again: nobody sees anything until they are read, which begins at once."""
    saved(who, connection_id)
    keeping.switch_permissions(worker_of(who), connection_id, who.member, kept=True)
    return permissions(who, connection_id)
