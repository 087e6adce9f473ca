"""Single sign-on, for owners: the provider that people sign in at, and who may come in by it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, SecretStr

from mainstem.accounts import single_sign_on as provided
from mainstem.accounts.single_sign_on import Newcomers
from mainstem.errors import MainstemError
from mainstem.store import sign_on as store
from mainstem.store.database import reading
from mainstem.store.sign_on import SignOn
from mainstem.web.arriving import callback
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.office import office_of
from mainstem.web.pages import page
from mainstem.wiring import single_sign_on
from mainstem.wiring.single_sign_on import Wanted

PATH = "/system/single-sign-on"

router = APIRouter(prefix=PATH)

NEWCOMERS = (
    (Newcomers.NOBODY, "Members alone", "Each comes in by the email that they have here"),
    (Newcomers.DOMAINS, "These email domains too", "Who is new and has such an email becomes a reader"),
    (
        Newcomers.EVERYBODY,
        "Everybody with a verified email",
        "Right where the provider knows nobody but your people; who is new becomes a reader",
    ),
)
"""Who may come in, as a choice."""


class Entered(BaseModel):
    """What the form sends."""

    name: str = ""
    issuer: str = ""
    client_id: str = ""
    secret: SecretStr = SecretStr("")
    newcomers: Newcomers = Newcomers.NOBODY
    domains: str = ""


@dataclass(frozen=True, slots=True)
class SignOnPage:
    """The page, with what somebody entered or what holds. `on`: a provider is stored, since `saved_at`.

    `trouble` says why it was not saved; `done` that it was; `callback` is what the provider has to know.
    """

    name: str
    issuer: str
    client_id: str
    newcomers: Newcomers
    domains: str
    choices: tuple[tuple[Newcomers, str, str], ...]
    on: bool
    saved_at: datetime | None
    callback: str
    trouble: str
    done: bool


@router.get("")
def shown(request: Request, asking: SignedIn, saved: bool = False) -> Response:  # noqa: FBT001, FBT002  in the address
    """The provider, or a form to name one."""
    before = _before(request)
    entered = Entered() if before is None else _entered(before)
    return _page(request, asking, entered, before, done=saved and before is not None)


@router.post("")
async def save(request: Request, asking: SignedIn, sent: Annotated[Entered, Form()]) -> Response:
    """Let people sign in at a provider, once it has answered."""
    wanted = Wanted(
        sent.name, sent.issuer, sent.client_id, sent.secret.get_secret_value(), sent.newcomers, sent.domains
    )
    try:
        await single_sign_on.configure(office_of(request).hub, asking.member, wanted)
    except MainstemError as trouble:
        return _page(request, asking, sent, _before(request), trouble=str(trouble))
    return RedirectResponse(f"{PATH}?saved=true", 303)


@router.post("/end")
def end(request: Request, asking: SignedIn) -> Response:
    """Let nobody sign in at a provider any more."""
    hub = office_of(request).hub
    with hub.engine.begin() as db:
        provided.end(db, asking.member, hub.clock())
    return RedirectResponse(PATH, 303)


def _before(request: Request) -> SignOn | None:
    with reading(office_of(request).hub.engine) as db:
        return store.saved(db)


def _entered(before: SignOn) -> Entered:
    return Entered(
        name=before.name,
        issuer=before.issuer,
        client_id=before.client_id,
        newcomers=Newcomers(before.newcomers),
        domains=" ".join(before.domains),
    )


def _page(
    request: Request, asking: Asking, entered: Entered, before: SignOn | None, *, trouble: str = "", done: bool = False
) -> Response:
    content = SignOnPage(
        name=entered.name,
        issuer=entered.issuer,
        client_id=entered.client_id,
        newcomers=entered.newcomers,
        domains=entered.domains,
        choices=NEWCOMERS,
        on=before is not None,
        saved_at=before.saved_at if before else None,
        callback=callback(request),
        trouble=trouble,
        done=done,
    )
    return page(request, "sign_on.html", content, asking=asking, status=422 if trouble else 200)
