"""The first step: what the connection is called, which Confluence it leads to, and at what address.

Any address of the site will do. What is kept of a secret goes when the address leads to another site: a token is never
sent anywhere but where it was given for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from mainstem.confluence.addresses import parse_address
from mainstem.confluence.errors import WrongAddress
from mainstem.store import connections, drafts
from mainstem.store.database import reading
from mainstem.store.drafts import Answers, Draft
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.connecting.drafting import (
    BACK,
    CLOUD,
    OAUTH,
    PASSWORD,
    PREFIX,
    TOKEN,
    Frame,
    New,
    address,
    endpoint,
    frame_of,
    keep,
)
from mainstem.web.office import office_of
from mainstem.web.pages import page

start = APIRouter()
router = APIRouter(prefix="/{draft_id}/where")


class Sent(BaseModel):
    """What the form sends."""

    name: str = ""
    family: str = CLOUD
    url: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """The page. `family` is "cloud" or "datacenter"; `troubles` are by field."""

    frame: Frame
    name: str = ""
    family: str = CLOUD
    url: str = ""
    secret_goes: bool = False
    troubles: Mapping[str, str] = field(default_factory=dict)


@start.get("")
def begin(request: Request, asking: SignedIn) -> Response:
    """The empty step: nothing is kept until it is sent."""
    return page(request, "connect_where.html", Where(frame_of(None, "where")), asking=asking)


@start.post("")
def begun(request: Request, asking: SignedIn, sent: Annotated[Sent, Form()]) -> Response:
    """Begin a draft."""
    hub = office_of(request).hub
    troubles = _troubles(request, sent)
    if troubles:
        return _again(request, asking, None, sent, troubles)
    with hub.engine.begin() as db:
        draft_id = drafts.begin(db, _answers(Answers(), sent), hub.clock())
    return RedirectResponse(f"{PREFIX}/{draft_id}/credentials", 303)


@router.get("")
def where(request: Request, asking: SignedIn, draft: New) -> Response:
    """The step as it was filled in."""
    answers = draft.answers
    shown = Where(
        frame_of(draft, "where"),
        answers.name,
        _family(answers.way),
        answers.url,
        secret_goes=answers.secret is not None,
    )
    return page(request, "connect_where.html", shown, asking=asking)


@router.post("")
def changed(request: Request, asking: SignedIn, draft: New, sent: Annotated[Sent, Form()]) -> Response:
    """Keep the step; to the next one."""
    troubles = {} if sent.act == BACK else _troubles(request, sent)
    if troubles:
        return _again(request, asking, draft, sent, troubles)
    keep(request, draft, _answers(draft.answers, sent))
    return RedirectResponse("/connections" if sent.act == BACK else address(draft, "credentials"), 303)


def _again(request: Request, asking: Asking, draft: Draft | None, sent: Sent, troubles: Mapping[str, str]) -> Response:
    shown = Where(frame_of(draft, "where"), sent.name, sent.family, sent.url, troubles=troubles)
    return page(request, "connect_where.html", shown, asking=asking, status=422)


def _troubles(request: Request, sent: Sent) -> dict[str, str]:
    """What is wrong with the fields, by name; all of it at once."""
    troubles: dict[str, str] = {}
    if not sent.name.strip():
        troubles["name"] = "Give it a name."
    else:
        with reading(office_of(request).hub.engine) as db:
            if _taken(db, sent.name.strip()):
                troubles["name"] = f"There is a connection named “{sent.name.strip()}” already. Choose another name."
    if not sent.url.strip():
        troubles["url"] = "Say where Confluence is."
        return troubles
    try:
        cloud = parse_address(sent.url).cloud
    except WrongAddress as error:
        troubles["url"] = str(error)
    else:
        if cloud and sent.family != CLOUD:
            troubles["family"] = "This address is one of Confluence Cloud."
    return troubles


def _taken(db: Connection, name: str) -> bool:
    return connections.named(db, name) is not None


def _answers(before: Answers, sent: Sent) -> Answers:
    way = _way(before.way, sent.family)
    changed = replace(before, name=sent.name.strip(), url=sent.url.strip(), way=way)
    old = endpoint(before.url)
    if old is not None and old == endpoint(sent.url) and _family(before.way) == _family(way):
        return changed
    choice = {name: value for name, value in before.choice.items() if name != "spaces"}
    return replace(changed, way=_token_way(way), secret=None, test={}, tested_at=None, choice=choice)


def _family(way: str) -> str:
    return "datacenter" if way in (TOKEN, PASSWORD) else CLOUD


def _way(before: str, family: str) -> str:
    """How to sign in to this family: as before where that still fits."""
    if _family(before) == family:
        return before or CLOUD
    return CLOUD if family == CLOUD else TOKEN


def _token_way(way: str) -> str:
    """How to sign in where nothing was allowed yet."""
    return CLOUD if way == OAUTH else way
