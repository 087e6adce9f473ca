"""What is the matter with connections, and who is told of it, for admins."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Path, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from mainstem.accounts.roles import Act
from mainstem.api.asking import Asking, allowed
from mainstem.api.connections import worker_of
from mainstem.api.problems import problem
from mainstem.errors import MainstemError
from mainstem.store import alerts as rows
from mainstem.store.alerts import DeliveryState, NewChannel, Told, Way
from mainstem.store.database import reading
from mainstem.sync.alerts import Kind
from mainstem.wiring.alerts import mailbox, send_test, webhook

router = APIRouter(prefix="/alerts", tags=["alerts"])

Sees = Annotated[Asking, Depends(allowed(Act.CHANGE_ALERTS))]
Changes = Annotated[Asking, Depends(allowed(Act.CHANGE_ALERTS, changes=True))]
ChannelId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Kinds = Annotated[list[Kind], Field(min_length=1, max_length=len(Kind))]

CANNOT = "This cannot be done as things are; the detail says why, and what to do first."


class Matter(BaseModel):
    """Something that is the matter just now. `repair` is what to do about it, a step each."""

    kind: Kind
    connection_id: int
    connection: str
    text: str
    cause: str
    repair: list[str]
    since: datetime


class Channel(BaseModel):
    """Somebody who is told of some kinds of alerts."""

    id: int
    way: Way
    shown: str = Field(description="Where that is, as far as it is no secret.")
    kinds: list[Kind]
    last: DeliveryState | None = Field(description="What became of the last alert; null: there was none.")
    trouble: str = Field(description="Why it did not arrive.")


class Alerts(BaseModel):
    """What is the matter, and who is told."""

    matters: list[Matter]
    channels: list[Channel]


class NewWebhook(BaseModel):
    """A server that is told by HTTP."""

    model_config = ConfigDict(extra="forbid")

    url: SecretStr = Field(min_length=1, max_length=2000)
    secret: SecretStr = Field(max_length=200, description="Signs what is sent; at least 16 characters.")
    kinds: Kinds = list(Kind)


class NewMailbox(BaseModel):
    """Somebody who is told by mail."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(min_length=1, max_length=254)
    kinds: Kinds = list(Kind)


@router.get("")
def every(who: Sees) -> Alerts:
    """What is the matter, and who is told."""
    with reading(who.behind.reader.engine) as db:
        lasting, channels, told = rows.lasting(db), rows.every_channel(db), rows.last_told(db)
    return Alerts(
        matters=[_matter(alert) for alert in lasting],
        channels=[_channel(each, told.get(each.id)) for each in channels],
    )


@router.post("/webhooks", status_code=201, responses={409: problem(CANNOT)})
def add_webhook(who: Changes, sent: NewWebhook) -> Channel:
    """Tell a webhook from now on."""
    url, secret = sent.url.get_secret_value(), sent.secret.get_secret_value()
    return _added(who, lambda: webhook(worker_of(who).hub, url, secret, frozenset(sent.kinds)))


@router.post("/mailboxes", status_code=201, responses={409: problem(CANNOT)})
def add_mailbox(who: Changes, sent: NewMailbox) -> Channel:
    """Tell somebody by mail from now on."""
    return _added(who, lambda: mailbox(worker_of(who).hub, sent.address, frozenset(sent.kinds)))


@router.post("/channels/{channel_id}/test", status_code=204, response_class=Response, responses={409: problem(CANNOT)})
async def test(who: Changes, channel_id: ChannelId) -> None:
    """Tell a channel that alerts reach it, here and now."""
    channel = await to_thread.run_sync(_stored, who, channel_id)
    try:
        await send_test(worker_of(who).hub, channel)
    except MainstemError as trouble:
        raise HTTPException(409, str(trouble)) from None


@router.delete("/channels/{channel_id}", status_code=204, response_class=Response)
def remove(who: Changes, channel_id: ChannelId) -> None:
    """Tell a channel nothing more."""
    with who.behind.reader.engine.begin() as db:
        if not rows.remove_channel(db, channel_id):
            raise HTTPException(404)


def _added(who: Asking, make: Callable[[], NewChannel]) -> Channel:
    try:
        new = make()
    except MainstemError as trouble:
        raise HTTPException(409, str(trouble)) from None
    with who.behind.reader.engine.begin() as db:
        added = rows.add_channel(db, new, who.behind.reader.clock())
    return _channel(_stored(who, added), None)


def _stored(who: Asking, channel_id: int) -> rows.Channel:
    with reading(who.behind.reader.engine) as db:
        channel = rows.channel(db, channel_id)
    if channel is None:
        raise HTTPException(404)
    return channel


def _matter(alert: rows.Alert) -> Matter:
    return Matter(
        kind=Kind(alert.kind),
        connection_id=alert.connection_id,
        connection=alert.connection,
        text=alert.text,
        cause=alert.cause,
        repair=alert.repair.splitlines(),
        since=alert.opened_at,
    )


def _channel(channel: rows.Channel, told: Told | None) -> Channel:
    return Channel(
        id=channel.id,
        way=channel.way,
        shown=channel.shown,
        kinds=sorted(map(Kind, channel.kinds)),
        last=told.state if told else None,
        trouble=told.trouble if told else "",
    )
