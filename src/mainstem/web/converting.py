"""The page on which admins choose how the pages of a connection are converted: what is changed, shown before it is.

Saving asks nothing of Confluence: what the choice affects is made anew from what is stored.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from mainstem.accounts import connection_deeds
from mainstem.accounts.members import viewer_of
from mainstem.accounts.roles import Act
from mainstem.errors import TellPerson
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.losses import Choice, macros_found
from mainstem.sync.reconversion import to_be_converted
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connection_views import Standing, standing
from mainstem.web.connections import Id, connection_of
from mainstem.web.conversion import ConversionFields, SentConversion, fields_of
from mainstem.web.office import Office, office_of
from mainstem.web.pages import Part, page
from mainstem.web.previewing import Shown, offering, shown
from mainstem.web.words import counted
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.conversion import ConversionOptions

router = APIRouter(prefix="/connections/{connection_id}/conversion")

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_CONNECTIONS))]


@dataclass(frozen=True, slots=True)
class Converting:
    """The page. `cost` says what saving does, or what is still to be done; `changed`: there is something to save.

    `asked` is the macro that somebody came for, `trouble` says why the choice makes no sense.
    """

    now: Standing
    fields: ConversionFields
    preview: Shown
    cost: str
    changed: bool
    asked: str = ""
    saved: bool = False
    trouble: str = ""


@router.get("")
def choose(request: Request, asking: SignedIn, connection_id: Id, macro: str = "", saved: str = "") -> Response:
    """The choice as it is; `macro` is one that somebody wants to change, `saved`: it was changed just now."""
    office = office_of(request)
    with reading(office.hub.engine) as db:
        connection = connection_of(db, connection_id)
        content = _content(db, office, asking, connection, connection.conversion, None, asked=macro)
    return page(request, "converting.html", replace(content, saved=bool(saved)), asking=asking)


@router.post("/preview")
def look(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[SentConversion, Form()]) -> Response:
    """What a choice would make of a page, and of how many it would; nothing is saved."""
    content = _sent(office_of(request), asking, connection_id, sent)
    part = Part("preview", also={"#macros": "macros"})
    return page(request, "converting.html", content, asking=asking, part=part, status=422 if content.trouble else 200)


@router.post("")
def save(request: Request, asking: MayChange, connection_id: Id, sent: Annotated[SentConversion, Form()]) -> Response:
    """Convert by this choice from now on, and soon anew what it affects."""
    office = office_of(request)
    try:
        with office.hub.engine.begin() as db:
            before = connection_of(db, connection_id)
            wanted = replace(before, conversion=sent.conversion(before.conversion))
            connection_deeds.change(db, asking.member, before, wanted, office.hub.clock())
    except TellPerson:
        content = _sent(office, asking, connection_id, sent)
        return page(request, "converting.html", content, asking=asking, status=422)
    office.worker.convert()
    return RedirectResponse(f"/connections/{connection_id}/conversion?saved=1", 303)


def _sent(office: Office, asking: Asking, connection_id: int, sent: SentConversion) -> Converting:
    """The page with what was sent; where that makes no sense, with what there was, and why."""
    with reading(office.hub.engine) as db:
        connection = connection_of(db, connection_id)
        try:
            chosen, trouble = sent.conversion(connection.conversion), ""
        except TellPerson as bad:
            chosen, trouble = connection.conversion, str(bad)
        return replace(_content(db, office, asking, connection, chosen, sent), trouble=trouble)


def _content(
    db: Connection,
    office: Office,
    asking: Asking,
    connection: SavedConnection,
    chosen: ConversionOptions,
    sent: SentConversion | None,
    *,
    asked: str = "",
) -> Converting:
    hub, id_ = office.hub, connection.id
    viewer = viewer_of(db, asking.member, rules_since=hub.rules_since)
    found = macros_found(db, Choice(id_), viewer=OPERATOR)
    before = connection.conversion
    if sent is None:
        preview = offering(db, id_, viewer=viewer)
    else:
        preview = shown(db, id_, (before, chosen), sent, viewer=viewer, now=hub.clock())
    return Converting(
        standing(db, connection, office.worker.state(id_), hub.clock()),
        fields=fields_of(chosen, found, asked=asked),
        preview=preview,
        cost=_cost(before, chosen, to_be_converted(db, id_, chosen)),
        changed=before != chosen,
        asked=asked,
    )


def _cost(before: ConversionOptions, chosen: ConversionOptions, number: int) -> str:
    """What saving would do, or what is still to be done since, where so many bodies are not as they are wanted."""
    documents = counted(number, "document", "documents")
    if before == chosen:
        return f"Still to be converted anew: {documents}." if number else ""
    pages = f"Saving converts {documents} anew, from what is stored here: Confluence is not asked."
    files = "Files follow with the next sync, which reads again only what this changes."
    said = [pages] * (before.digest != chosen.digest) + [files] * (before.files != chosen.files)
    return " ".join(said)
