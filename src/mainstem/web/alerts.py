"""The page of alerts: what is the matter just now, and who is told, by webhook or by mail.

The address of a webhook and what it is signed with go in and never come out again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, SecretStr

from mainstem.accounts.roles import Act
from mainstem.errors import MainstemError
from mainstem.store import alerts as rows
from mainstem.store.alerts import Alert, Channel, DeliveryState, NewChannel, Told, Way
from mainstem.store.database import reading
from mainstem.sync.alerts import Kind
from mainstem.web.asking import Asking, SignedIn, allowed
from mainstem.web.connection_views import Badge
from mainstem.web.office import Office, office_of
from mainstem.web.pages import page
from mainstem.wiring.alerts import mailbox, send_test, webhook
from mainstem.wiring.mail import can_mail

router = APIRouter(prefix="/system/alerts")

PATH = "/system/alerts"

MayChange = Annotated[Asking, Depends(allowed(Act.CHANGE_ALERTS))]
ChannelId = Annotated[int, Path(ge=1, le=2**62)]

KINDS = {
    Kind.FAILED: "A sync failed",
    Kind.ATTENTION: "A connection needs attention",
    Kind.BRAKE: "Deletions wait for approval",
    Kind.EXPIRY: "A token expires in 30, 7 or 1 days",
    Kind.OVERDUE: "A sync is overdue, and documents are about to hide",
}

STATES = {
    DeliveryState.ARRIVED: Badge("Last alert arrived", "check", "ok"),
    DeliveryState.WAITING: Badge("On its way", "clock", "accent"),
    DeliveryState.GIVEN_UP: Badge("Last alert was given up", "x", "bad"),
}


class SentWebhook(BaseModel):
    """What the form for a webhook sends."""

    url: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    kind: list[Kind] = []


class SentMailbox(BaseModel):
    """What the form for mail sends."""

    address: str = ""
    kind: list[Kind] = []


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is the matter."""

    text: str
    cause: str
    repair: tuple[str, ...]
    connection: str
    connection_href: str
    since: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who is told. `badge` None: nothing yet."""

    id: int
    shown: str
    icon: str
    way: str
    kinds: tuple[str, ...]
    badge: Badge | None
    at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class Alerts:
    """The page. `said` is how a test went, `trouble` what went wrong; each "" for nothing."""

    matters: tuple[Matter, ...]
    listeners: tuple[Listener, ...]
    kinds: tuple[tuple[str, str], ...]
    can_mail: bool
    said: str = ""
    trouble: str = ""


@router.get("")
def alerts(request: Request, asking: SignedIn) -> Response:
    """What is the matter, and who is told."""
    return page(request, "alerts.html", _content(office_of(request)), asking=asking)


@router.post("/webhook")
def add_webhook(request: Request, asking: MayChange, sent: Annotated[SentWebhook, Form()]) -> Response:
    """Tell a webhook from now on."""
    hub = office_of(request).hub
    url, secret = sent.url.get_secret_value(), sent.secret.get_secret_value()
    return _adding(request, asking, lambda: webhook(hub, url, secret, frozenset(sent.kind)))


@router.post("/mail")
def add_mailbox(request: Request, asking: MayChange, sent: Annotated[SentMailbox, Form()]) -> Response:
    """Tell somebody by mail from now on."""
    hub = office_of(request).hub
    return _adding(request, asking, lambda: mailbox(hub, sent.address, frozenset(sent.kind)))


@router.post("/{channel_id}/test")
async def test(request: Request, asking: MayChange, channel_id: ChannelId) -> Response:
    """Tell a channel that alerts reach it, here and now."""
    office = office_of(request)
    channel = _channel(office, channel_id)
    try:
        await send_test(office.hub, channel)
    except MainstemError as trouble:
        content = _content(office, trouble=f"{channel.shown}: {trouble}")
        return page(request, "alerts.html", content, asking=asking, status=422)
    content = _content(office, said=f"The test was sent to {channel.shown}, and taken.")
    return page(request, "alerts.html", content, asking=asking)


@router.post("/{channel_id}/remove")
def remove(request: Request, _: MayChange, channel_id: ChannelId) -> Response:
    """Tell a channel nothing more."""
    with office_of(request).hub.engine.begin() as db:
        if not rows.remove_channel(db, channel_id):
            raise HTTPException(404)
    return RedirectResponse(PATH, 303)


def _adding(request: Request, asking: Asking, make: Callable[[], NewChannel]) -> Response:
    office = office_of(request)
    try:
        new = make()
    except MainstemError as trouble:
        return page(request, "alerts.html", _content(office, trouble=str(trouble)), asking=asking, status=422)
    with office.hub.engine.begin() as db:
        rows.add_channel(db, new, office.hub.clock())
    return RedirectResponse(PATH, 303)


def _channel(office: Office, channel_id: int) -> Channel:
    with reading(office.hub.engine) as db:
        channel = rows.channel(db, channel_id)
    if channel is None:
        raise HTTPException(404)
    return channel


def _content(office: Office, *, said: str = "", trouble: str = "") -> Alerts:
    with reading(office.hub.engine) as db:
        lasting, channels, told = rows.lasting(db), rows.every_channel(db), rows.last_told(db)
    return Alerts(
        matters=tuple(_matter(alert) for alert in lasting),
        listeners=tuple(_listener(each, told.get(each.id)) for each in channels),
        kinds=tuple(KINDS.items()),
        can_mail=can_mail(office.hub.settings),
        said=said,
        trouble=trouble,
    )


def _matter(alert: Alert) -> Matter:
    return Matter(
        text=alert.text,
        cause=alert.cause,
        repair=tuple(alert.repair.splitlines()),
        connection=alert.connection,
        connection_href=f"/connections/{alert.connection_id}",
        since=alert.opened_at,
        label=KINDS[Kind(alert.kind)],
    )


def _listener(channel: Channel, told: Told | None) -> Listener:
    return Listener(
        id=channel.id,
        shown=channel.shown,
        icon="send" if channel.way is Way.MAIL else "plug",
        way="Mail" if channel.way is Way.MAIL else "Webhook",
        kinds=tuple(text for kind, text in KINDS.items() if kind in channel.kinds),
        badge=STATES[told.state] if told else None,
        at=told.at if told else None,
        trouble=told.trouble if told else "",
    )
