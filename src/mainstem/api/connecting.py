"""Adding a connection, and saying what comes in by it, for admins' programs: what the wizard does on its pages."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from mainstem.accounts import connection_deeds
from mainstem.api.asking import Asking
from mainstem.api.connections import (
    Changes,
    Connection,
    ConnectionId,
    Content,
    Conversion,
    Sees,
    connection_of,
    saved,
    shown,
    worker_of,
)
from mainstem.api.problems import problem
from mainstem.confluence import opening
from mainstem.confluence.checks import CheckResult, State, passed, run_checks
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.errors import MainstemError
from mainstem.store import plans
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.sync.changing import bringing, difference
from mainstem.sync.connecting import Wanted
from mainstem.wiki.content import Deployment
from mainstem.wiring import keeping
from mainstem.wiring.checkups import checkup

router = APIRouter(tags=["connections"])

REFUSED = "Confluence, or what is connected already, does not let this be done; the detail says why, and what to do."
LEAVING = "{number:,} documents would leave with the next sync. Send `approve_deletions` if they may."

Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EmailAndToken(_Sent):
    """An account of Confluence Cloud."""

    kind: Literal["email-token"]
    email: str = Field(min_length=3, max_length=254)
    token: SecretStr = Field(min_length=1, max_length=2000, description="An API token.")

    def credential(self) -> Credential:
        """As the client takes it."""
        return EmailToken(self.email, self.token.get_secret_value())


class AccessToken(_Sent):
    """An account of Confluence Data Center."""

    kind: Literal["personal-token"]
    token: SecretStr = Field(min_length=1, max_length=2000, description="A personal access token.")

    def credential(self) -> Credential:
        """As the client takes it."""
        return PersonalToken(self.token.get_secret_value())


class NameAndPassword(_Sent):
    """An account of Confluence Data Center or Server."""

    kind: Literal["user-password"]
    username: str = Field(min_length=1, max_length=254)
    password: SecretStr = Field(min_length=1, max_length=2000)

    def credential(self) -> Credential:
        """As the client takes it."""
        return UserPassword(self.username, self.password.get_secret_value())


SentCredential = Annotated[EmailAndToken | AccessToken | NameAndPassword, Field(discriminator="kind")]
"""It is sealed before it is stored, and told to nobody again."""


class Site(_Sent):
    """A Confluence, and how to sign in to it."""

    url: Url = Field(description="Its address, or that of any space or page in it.")
    deployment: Deployment | None = Field(default=None, description="Null: whichever answers.")
    credential: SentCredential = Field(
        description="What somebody allows at Atlassian (OAuth 2.0) takes a browser, and is begun on the pages alone."
    )


class NewConnection(Site):
    """A connection that is to be."""

    name: str | None = Field(
        default=None, min_length=1, max_length=200, description="Null: what the site calls itself."
    )
    content: Content = Content()
    conversion: Conversion = Conversion()
    token_expires_on: date | None = Field(default=None, description="When its credential expires, where you know.")
    begin: bool = Field(default=True, description="False: it is saved and rests until it is resumed.")


class Check(BaseModel):
    """One thing that was tried. Behind one that failed the rest is skipped."""

    name: str
    state: State
    detail: str
    causes: list[str] = Field(description="What may be the reason, the likeliest first.")
    fixes: list[str] = Field(description="What to do, in the order to try it.")


class Checks(BaseModel):
    """A test of a connection. Nothing was written, here or in Confluence."""

    passed: bool
    checks: list[Check]


class NewContent(Content):
    """What is to come in from now on; what is not said is as at first: everything."""

    approve_deletions: bool = Field(default=False, description="Whether what would leave may leave.")


class Difference(BaseModel):
    """What another choice would change with the next sync. What would come in, only Confluence knows."""

    leaving: int = Field(description="Documents that would leave.")
    pages: int = Field(description="Pages and blog posts among them.")
    staying: int = Field(description="Pages and blog posts that stay.")
    spaces: list[str] = Field(description="The names of the spaces of which nothing would stay.")
    wider: bool = Field(description="Whether pages or posts may come in that were outside.")


@router.post("/connections/checks")
async def check(who: Changes, site: Site) -> Checks:
    """Test a connection before it is added: each named check, with what to do about those that fail."""
    return await checked(who, site.url, site.credential.credential(), deployment=site.deployment)


@router.post("/connections/{connection_id}/checks")
async def check_again(who: Changes, connection_id: ConnectionId) -> Checks:
    """Test a connection as it is, with the credential that is stored."""
    connection = await to_thread.run_sync(saved, who, connection_id)
    try:
        return _told(await checkup(worker_of(who).hub, connection))
    except MainstemError as trouble:
        raise HTTPException(409, str(trouble)) from None


@router.post("/connections", status_code=201, responses={409: problem(REFUSED)})
async def connect(who: Changes, sent: NewConnection) -> Connection:
    """Add a connection, once its credential is proved and its spaces are found, and begin its first sync."""
    wanted = Wanted(
        url=sent.url,
        credential=sent.credential.credential(),
        name=sent.name,
        spaces=tuple(sent.content.spaces or ()),
        kinds=sent.content.chosen_kinds,
        deployment=sent.deployment,
        token_expires_on=sent.token_expires_on,
        filter=sent.content.filter,
        conversion=sent.conversion.model_dump(),
    )
    try:
        new = (await worker_of(who).hub.connect(wanted, by=who.member)).connection
    except MainstemError as trouble:
        raise HTTPException(409, str(trouble)) from None
    await to_thread.run_sync(_begin if sent.begin else _rest, who, new.id)
    return await to_thread.run_sync(shown, who, new.id)


@router.post("/connections/{connection_id}/content/preview")
def preview(who: Sees, connection_id: ConnectionId, wanted: NewContent) -> Difference:
    """What another choice would take away with the next sync. Nothing is saved."""
    with reading(who.behind.reader.engine) as db:
        before = connection_of(db, connection_id)
        found = difference(db, before, chosen(before, wanted), who.behind.reader.clock())
    return Difference(
        leaving=found.leaving, pages=found.pages, staying=found.staying, spaces=list(found.spaces), wider=found.wider
    )


@router.put("/connections/{connection_id}/content", responses={409: problem(REFUSED)})
async def choose(who: Changes, connection_id: ConnectionId, wanted: NewContent) -> Connection:
    """Say what comes in from now on; the next sync makes it so, at once where the connection does not rest."""
    before = await to_thread.run_sync(saved, who, connection_id)
    if wanted.spaces is not None:
        wanted = wanted.model_copy(update={"spaces": await _seen(who, before, wanted.spaces)})
    return await to_thread.run_sync(_chosen, who, connection_id, wanted)


async def checked(
    who: Asking,
    address: str,
    credential: Credential,
    *,
    deployment: Deployment | None,
) -> Checks:
    """What a test told."""
    line = worker_of(who).hub.line
    return _told([each async for each in run_checks(address, credential, deployment=deployment, line=line)])


def _told(found: Sequence[CheckResult]) -> Checks:
    return Checks(passed=passed(found), checks=list(map(_check, found)))


def chosen(before: SavedConnection, wanted: Content) -> SavedConnection:
    """A connection by which something else comes in."""
    return bringing(before, spaces=wanted.spaces, kinds=wanted.chosen_kinds, narrowed=wanted.filter)


def _check(result: CheckResult) -> Check:
    return Check(
        name=result.name,
        state=result.state,
        detail=result.detail,
        causes=list(result.causes),
        fixes=list(result.fixes),
    )


async def _seen(who: Asking, connection: SavedConnection, keys: Collection[str]) -> list[str]:
    """The keys of these spaces as Confluence writes them; all must be there for the connection's account."""
    try:
        async with worker_of(who).hub.open_client(connection, opening.ignore) as confluence:
            return [space.key for space in await confluence.spaces(keys)]
    except MainstemError as trouble:
        raise HTTPException(409, str(trouble)) from None


def _begin(who: Asking, connection_id: int) -> None:
    worker_of(who).ask(connection_id)


def _rest(who: Asking, connection_id: int) -> None:
    with who.behind.reader.engine.begin() as db:
        plans.pause(db, connection_id, who.behind.reader.clock())


def _chosen(who: Asking, connection_id: int, wanted: NewContent) -> Connection:
    worker, now = worker_of(who), who.behind.reader.clock()
    with who.behind.reader.engine.begin() as db:
        before = connection_of(db, connection_id)
        after = chosen(before, wanted)
        leaving = difference(db, before, after, now).leaving
        if leaving and not wanted.approve_deletions:
            raise HTTPException(409, LEAVING.format(number=leaving))
        connection_deeds.change(db, who.member, before, after, now)
    keeping.catch_up(worker, connection_id)
    return shown(who, connection_id)
