"""The second step: as whom Mainstem signs in. The secret is sealed before it is kept, and no page shows it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, SecretStr

from mainstem.store.drafts import Answers, Draft
from mainstem.web.asking import Asking, SignedIn
from mainstem.web.connecting.atlassian import Atlassian, atlassian
from mainstem.web.connecting.drafting import (
    BACK,
    CLOUD,
    OAUTH,
    PASSWORD,
    TOKEN,
    Frame,
    New,
    endpoint,
    frame_of,
    keep,
    onward,
)
from mainstem.web.connecting.guidance import Guide, Need, guide, needs
from mainstem.web.office import office_of
from mainstem.web.pages import page
from mainstem.wiring.hub import Hub

router = APIRouter(prefix="/{draft_id}/credentials")


class Sent(BaseModel):
    """What the form sends."""

    way: str = ""
    login: str = ""
    secret: SecretStr = SecretStr("")
    expires: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The page. `sealed`: a secret is kept, and stays unless another is typed; `granted`: Atlassian allowed it."""

    frame: Frame
    way: str
    login: str
    expires: str
    sealed: bool
    guides: Mapping[str, Guide]
    needs: tuple[Need, ...]
    granted: bool
    atlassian: Atlassian | None
    troubles: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def credentials(request: Request, asking: SignedIn, draft: New) -> Response:
    """The step as it was filled in, but for its secret."""
    return page(request, "connect_credentials.html", _shown(request, draft), asking=asking)


def refused(request: Request, asking: Asking, draft: Draft, trouble: str) -> Response:
    """The step, with what went wrong at Atlassian."""
    shown = replace(_shown(request, draft), troubles={"atlassian": trouble})
    return page(request, "connect_credentials.html", shown, asking=asking, status=422)


@router.post("")
def changed(request: Request, asking: SignedIn, draft: New, sent: Annotated[Sent, Form()]) -> Response:
    """Keep the step; to the test of it."""
    hub = office_of(request).hub
    troubles = {} if sent.act == BACK else _troubles(draft.answers, sent, hub.clock().date())
    if troubles:
        answers = replace(draft.answers, way=_way(draft.answers, sent), login=sent.login)
        shown = replace(_shown(request, replace(draft, answers=answers)), expires=sent.expires, troubles=troubles)
        return page(request, "connect_credentials.html", shown, asking=asking, status=422)
    keep(request, draft, _answers(draft.answers, sent, hub))
    return onward(draft, "credentials", sent.act)


def _shown(request: Request, draft: Draft) -> Credentials:
    answers = draft.answers
    site, today = endpoint(answers.url), office_of(request).hub.clock().date()
    cloud = answers.way in (CLOUD, OAUTH)
    ways = (CLOUD,) if cloud else (TOKEN, PASSWORD)
    return Credentials(
        frame=frame_of(draft, "credentials"),
        way=CLOUD if cloud else answers.way,
        login=answers.login,
        expires="" if answers.way == OAUTH else _day_sent(answers.token_expires_on),
        sealed=answers.secret is not None,
        guides={way: guide(way, site, answers.name, today) for way in ways},
        needs=needs(answers.way),
        granted=answers.way == OAUTH and answers.secret is not None,
        atlassian=atlassian(request) if cloud else None,
    )


def _troubles(before: Answers, sent: Sent, today: date) -> dict[str, str]:
    """What is lacking. The secret itself is judged by Confluence alone."""
    way, troubles = _way(before, sent), dict[str, str]()
    if way not in (TOKEN, OAUTH) and not sent.login.strip():
        troubles["login"] = "Give the email of the account." if way == CLOUD else "Give the user name of the account."
    if not sent.secret.get_secret_value().strip() and (before.secret is None or way != before.way):
        troubles["secret"] = "Enter the password." if way == PASSWORD else "Paste the token."
    if sent.expires:
        try:
            expires = date.fromisoformat(sent.expires)
        except ValueError:
            troubles["expires"] = "Give a day, or leave it empty where you do not know it."
        else:
            if expires < today:
                troubles["expires"] = "This day is past: make a new token, or correct the day."
    return troubles


def _answers(before: Answers, sent: Sent, hub: Hub) -> Answers:
    way, secret = _way(before, sent), sent.secret.get_secret_value().strip()
    sealed = hub.vault.seal({"secret": secret}) if secret else before.secret if way == before.way else None
    login = "" if way in (TOKEN, OAUTH) else sent.login.strip()
    day = before.token_expires_on if way == OAUTH else _day(sent.expires)
    after = replace(before, way=way, login=login, secret=sealed, token_expires_on=day)
    if (after.way, after.login, after.secret) == (before.way, before.login, before.secret):
        return after
    return replace(after, test={}, tested_at=None)


def _way(before: Answers, sent: Sent) -> str:
    """The way that was chosen, of those that the site's family has."""
    if before.way == OAUTH:
        return CLOUD if sent.secret.get_secret_value().strip() else OAUTH
    if before.way == CLOUD:
        return CLOUD
    return sent.way if sent.way in (TOKEN, PASSWORD) else before.way


def _day_sent(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
