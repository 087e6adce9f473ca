"""Single sign-on, for owners: the provider that people sign in at, and who may come in by it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from mainstem.accounts import single_sign_on as provided
from mainstem.accounts.roles import Act
from mainstem.accounts.single_sign_on import Newcomers
from mainstem.api.asking import Asking, allowed
from mainstem.api.connections import worker_of
from mainstem.api.problems import problem
from mainstem.errors import MainstemError
from mainstem.store import sign_on as store
from mainstem.store.database import reading
from mainstem.store.sign_on import SignOn
from mainstem.wiring import single_sign_on
from mainstem.wiring.single_sign_on import Wanted

router = APIRouter(prefix="/single-sign-on", tags=["members"])

Sees = Annotated[Asking, Depends(allowed(Act.CHANGE_SIGN_ON))]
Changes = Annotated[Asking, Depends(allowed(Act.CHANGE_SIGN_ON, changes=True))]

CANNOT = "The provider does not answer as one should, or something is missing; the detail says what to do."


class SingleSignOn(BaseModel):
    """Where people sign in. Of the client secret nothing is told."""

    on: bool
    redirect_uri: str = Field(description="What the provider has to know; a path where no public URL is set.")
    name: str = Field(default="", description="What people call the provider.")
    issuer: str = Field(default="", description="What the provider calls itself.")
    client_id: str = ""
    newcomers: Newcomers = Newcomers.NOBODY
    domains: list[str] = []
    saved_at: datetime | None = None


class Provider(BaseModel):
    """A provider that speaks OpenID Connect."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    issuer: str = Field(min_length=1, max_length=2000)
    client_id: str = Field(min_length=1, max_length=1000)
    client_secret: SecretStr = Field(
        default=SecretStr(""), max_length=4000, description="Empty keeps the one that is stored for this issuer."
    )
    newcomers: Newcomers = Field(
        default=Newcomers.NOBODY,
        description="Who may come in that is no member, by a verified email: nobody, `domains`, or everybody.",
    )
    domains: list[Annotated[str, Field(max_length=253)]] = Field(default=[], max_length=100)


@router.get("")
def shown(who: Sees) -> SingleSignOn:
    """Where people sign in."""
    with reading(who.behind.reader.engine) as db:
        return _shown(who, store.saved(db))


@router.put("", responses={409: problem(CANNOT)})
async def save(who: Changes, sent: Provider) -> SingleSignOn:
    """Let people sign in at a provider, once it has answered."""
    secret, domains = sent.client_secret.get_secret_value(), " ".join(sent.domains)
    wanted = Wanted(sent.name, sent.issuer, sent.client_id, secret, sent.newcomers, domains)
    try:
        return _shown(who, await single_sign_on.configure(worker_of(who).hub, who.member, wanted))
    except MainstemError as trouble:
        raise HTTPException(409, str(trouble)) from None


@router.delete("", status_code=204, response_class=Response)
def end(who: Changes) -> None:
    """Let nobody sign in at a provider any more."""
    reader = who.behind.reader
    with reader.engine.begin() as db:
        provided.end(db, who.member, reader.clock())


def _shown(who: Asking, setting: SignOn | None) -> SingleSignOn:
    return SingleSignOn.model_validate(single_sign_on.facts(setting, worker_of(who).hub.settings.public_url))
