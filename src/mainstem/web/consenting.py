"""What may go to the language model: an admin says it here, for each space of each connection, and it holds at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from mainstem.accounts import consent
from mainstem.accounts.roles import Act
from mainstem.assist.choosing import PASSAGES
from mainstem.assist.language_model import EVERYWHERE, LanguageModel
from mainstem.store import connections, consents
from mainstem.store.connections import SavedConnection
from mainstem.store.consents import ALL, NO_CONSENT, Consent
from mainstem.store.content import saved_spaces
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.web.asking import SignedIn, allowed
from mainstem.web.face import face_of
from mainstem.web.pages import page

PATH = "/system/model"

router = APIRouter(prefix=PATH, dependencies=[Depends(allowed(Act.ALLOW_MODEL))])

ConnectionId = Annotated[int, Path(ge=1, le=2**62)]


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """One space. `given`: an admin lets it go; `fixed`: the settings of the server do, whatever is said here."""

    id: str
    key: str
    name: str
    given: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class SiteCard:
    """One connection. `scope` is `none`, `all` or `some` of it; `by` and `at` tell who let the newest of it go."""

    id: int
    name: str
    scope: str
    spaces: tuple[SpaceRow, ...]
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ModelPage:
    """The page. `model` is "" where none is set; `everything`: the settings let all go; `saved` is the card in use."""

    model: str
    destination: str
    everything: bool
    passages: int
    sites: tuple[SiteCard, ...]
    saved: int


@router.get("")
def shown(request: Request, asking: SignedIn, saved: int = 0) -> Response:
    """Which model is set, what it is sent with a question, and of which spaces."""
    face = face_of(request)
    if face.model is None:
        return page(request, "model.html", ModelPage("", "", False, PASSAGES, (), 0), asking=asking)
    with reading(face.reader.engine) as db:
        given = consents.given(db, face.model.destination)
        sites = tuple(_site(db, each, given.get(each.id, NO_CONSENT), face.model) for each in connections.every(db))
    content = ModelPage(
        face.model.name,
        face.model.destination,
        everything=EVERYWHERE in face.model.spaces,
        passages=PASSAGES,
        sites=sites,
        saved=saved,
    )
    return page(request, "model.html", content, asking=asking)


@router.post("/{connection_id}")
def allow(
    request: Request,
    asking: SignedIn,
    connection_id: ConnectionId,
    scope: Annotated[str, Form()] = "none",
    space: Annotated[list[str], Form()] = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Let these spaces of a connection go to the model, and no others of it."""
    face = face_of(request)
    if face.model is None:
        raise HTTPException(404)
    chosen = {"all": [ALL], "some": [each for each in space if each]}.get(scope, [])
    try:
        with face.reader.engine.begin() as db:
            consent.allow(db, asking.member, connection_id, face.model.destination, chosen, face.reader.clock())
    except ConnectionGone:
        raise HTTPException(404) from None
    return RedirectResponse(f"{PATH}?saved={connection_id}#site-{connection_id}", 303)


def _site(db: Connection, connection: SavedConnection, given: Consent, model: LanguageModel) -> SiteCard:
    spaces = tuple(
        SpaceRow(each.id, each.key, each.name, each.id in given.spaces, model.may_have(connection.name, each.key))
        for each in saved_spaces(db, connection.id)
    )
    return SiteCard(connection.id, connection.name, given.scope, spaces, given.member, given.at)
