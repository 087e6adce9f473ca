"""The spaces of a connection's site, for admins' programs: which are new, renamed or gone, and which come in."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field

from mainstem.accounts import connection_deeds
from mainstem.api.connections import Changes, ConnectionId, Sees, connection_of, worker_of
from mainstem.api.problems import problem
from mainstem.store import met_spaces
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.met_spaces import MetSpace, Standing
from mainstem.sync.meeting import ComesIn, Whether, whether
from mainstem.wiki.selection import Later
from mainstem.wiring import keeping

router = APIRouter(tags=["connections"])

SpaceId = Annotated[str, Path(min_length=1, max_length=255)]
IS_IN = "It comes in already: choose what comes in to leave it out, where what leaves is said first."


class SiteSpace(BaseModel):
    """One space that the account of a connection was ever shown."""

    id: str = Field(description="Confluence's.")
    key: str
    name: str
    url: str
    stands: Whether = Field(description="Whether it comes in, waits for a person, stays outside, or is shown no more.")
    why: Standing = Field(description="Known: there from the start, or decided by a person; else what the rule said.")
    met_at: datetime = Field(description="Since when it is shown to the account.")
    former_key: str | None
    former_name: str | None
    renamed_at: datetime | None
    gone_at: datetime | None


class SiteSpaces(BaseModel):
    """All spaces of a site, and what becomes of those that are created later."""

    later: Later
    spaces: list[SiteSpace]


class Placing(BaseModel):
    """Where a space belongs that stays outside so far."""

    model_config = ConfigDict(extra="forbid")

    inside: bool


@router.get("/connections/{connection_id}/spaces")
def spaces(who: Sees, connection_id: ConnectionId) -> SiteSpaces:
    """The spaces as the last sync met them."""
    with reading(who.behind.reader.engine) as db:
        connection = connection_of(db, connection_id)
        found = met_spaces.met(db, connection_id).values()
    told = [_told(connection, each) for each in sorted(found, key=lambda each: each.key)]
    return SiteSpaces(later=connection.later, spaces=told)


@router.put("/connections/{connection_id}/spaces/{space_id}", responses={409: problem(IS_IN)})
def place(who: Changes, connection_id: ConnectionId, space_id: SpaceId, wanted: Placing) -> SiteSpace:
    """Say whether a space comes in that stays outside so far; the next sync makes it so."""
    now = who.behind.reader.clock()
    with who.behind.reader.engine.begin() as db:
        before = connection_of(db, connection_id)
        try:
            after = connection_deeds.place(db, who.member, before, space_id, inside=wanted.inside, now=now)
        except KeyError:
            raise HTTPException(404) from None
        except ComesIn as trouble:
            raise HTTPException(409, str(trouble)) from None
        told = _told(after, met_spaces.met(db, connection_id)[space_id])
    keeping.catch_up(worker_of(who), connection_id)
    return told


def _told(connection: SavedConnection, space: MetSpace) -> SiteSpace:
    return SiteSpace(
        id=space.id,
        key=space.key,
        name=space.name,
        url=space.url,
        stands=whether(connection, space),
        why=space.standing,
        met_at=space.met_at,
        former_key=space.former_key,
        former_name=space.former_name,
        renamed_at=space.renamed_at,
        gone_at=space.gone_at,
    )
