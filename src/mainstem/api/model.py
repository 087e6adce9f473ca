"""What may go to the language model, space by space, for admins: nothing does until somebody says so."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection as Database

from mainstem.accounts import consent
from mainstem.accounts.roles import Act
from mainstem.api.asking import Asking, allowed
from mainstem.api.connections import ConnectionId, Key, connection_of
from mainstem.api.problems import problem
from mainstem.assist.language_model import EVERYWHERE, LanguageModel
from mainstem.store import connections, consents
from mainstem.store.connections import SavedConnection
from mainstem.store.consents import ALL, NO_CONSENT, Consent
from mainstem.store.content import saved_spaces
from mainstem.store.database import reading

router = APIRouter(prefix="/model", tags=["model"])

Allows = Annotated[Asking, Depends(allowed(Act.ALLOW_MODEL))]
Changes = Annotated[Asking, Depends(allowed(Act.ALLOW_MODEL, changes=True))]

NO_MODEL = "No language model is set. Name one in `MAINSTEM_MODEL` when the server is started."
UNKNOWN = "This connection has no space {keys}. Name spaces by their keys, as `GET /api/v1/model` lists them."


class Space(BaseModel):
    """One space of a connection."""

    key: str
    name: str
    allowed: bool = Field(description="Whether passages of it may be sent.")
    by_settings: bool = Field(description="Whether the server's settings say so, whatever is said here.")


class Allowed(BaseModel):
    """What of one connection may be sent."""

    connection_id: int
    connection: str
    scope: Literal["none", "some", "all"] = Field(description="All means later spaces too.")
    spaces: list[Space]
    by: str = Field(description="Who said so last; empty for nobody.")
    at: datetime | None


class Model(BaseModel):
    """The language model, and what may be sent to it. Without one, passages are quoted."""

    name: str = Field(description="Empty where none is set.")
    destination: str = Field(description="Where passages go.")
    everything: bool = Field(description="Whether the server's settings let all go.")
    connections: list[Allowed]


class Choice(BaseModel):
    """What may be sent from now on, and nothing else of this connection."""

    model_config = ConfigDict(extra="forbid")

    spaces: Literal["all"] | Annotated[list[Key], Field(max_length=10_000)] = Field(
        description='Keys of spaces; [] for none, "all" for all, also those that come later.'
    )


@router.get("")
def shown(who: Allows) -> Model:
    """Which model is set, and what may be sent to it."""
    model = who.behind.model
    if model is None:
        return Model(name="", destination="", everything=False, connections=[])
    with reading(who.behind.reader.engine) as db:
        given = consents.given(db, model.destination)
        sites = [_allowed(db, each, given.get(each.id, NO_CONSENT), model) for each in connections.every(db)]
    everything = EVERYWHERE in model.spaces
    return Model(name=model.name, destination=model.destination, everything=everything, connections=sites)


@router.put("/connections/{connection_id}", responses={409: problem(NO_MODEL)})
def allow(who: Changes, connection_id: ConnectionId, sent: Choice) -> Allowed:
    """Let these spaces of a connection go to the model that is set, and no others of it."""
    model, reader = who.behind.model, who.behind.reader
    if model is None:
        raise HTTPException(409, NO_MODEL)
    with reader.engine.begin() as db:
        connection = connection_of(db, connection_id)
        wanted = [ALL] if sent.spaces == "all" else _ids(db, connection_id, sent.spaces)
        consent.allow(db, who.member, connection_id, model.destination, wanted, reader.clock())
        given = consents.given(db, model.destination).get(connection_id, NO_CONSENT)
        return _allowed(db, connection, given, model)


def _ids(db: Database, connection_id: int, keys: list[str]) -> list[str]:
    ids = {space.key.casefold(): space.id for space in saved_spaces(db, connection_id)}
    unknown = [key for key in keys if key.casefold() not in ids]
    if unknown:
        raise HTTPException(409, UNKNOWN.format(keys=", ".join(unknown)))
    return [ids[key.casefold()] for key in keys]


def _allowed(db: Database, connection: SavedConnection, given: Consent, model: LanguageModel) -> Allowed:
    return Allowed(
        connection_id=connection.id,
        connection=connection.name,
        scope=given.scope,
        spaces=[
            Space(
                key=each.key,
                name=each.name,
                allowed=fixed or not given.spaces.isdisjoint((ALL, each.id)),
                by_settings=fixed,
            )
            for each in saved_spaces(db, connection.id)
            for fixed in [model.may_have(connection.name, each.key)]
        ],
        by=given.member,
        at=given.at,
    )
