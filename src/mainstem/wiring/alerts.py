"""Tells people what is the matter: by a signed webhook or by mail, again and again until it arrives or is given up.

What each channel is to be told stands in rows, so a server that is stopped goes on where it was. A row is struck when
its alert arrived; should the process die in between, it is sent again under the same id.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from mainstem.errors import MainstemError, RetryLater, TellPerson
from mainstem.outgoing.client import AddressRefused, guarded_client
from mainstem.store import alerts, events
from mainstem.store.alerts import Alert, Channel, Due, NewChannel, Way
from mainstem.store.database import alone
from mainstem.store.events import Event, Level
from mainstem.sync.alerts import look
from mainstem.wiring import mail
from mainstem.wiring.hub import Hub
from mainstem.wiring.mail import Letter

LOOK = 15.0
"""Seconds between looks at what is the matter."""

AT_ONCE = 20
PATIENCE = 10.0
"""Seconds that a webhook may take."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
"""Before an alert that did not arrive is tried again; then it is given up."""

SHORTEST_SECRET = 16

BROKE = "Mainstem itself failed to send it; its own log tells more"

log = logging.getLogger(__name__)


class BadChannel(TellPerson):
    """What somebody entered is no way to tell anybody."""


class NotTaken(RetryLater):
    """A webhook's server could not be reached, or did not take an alert."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"It did not arrive ({cause}); check the address, and that it answers with a status of 200")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told: an alert, or a test. `id` stays the same when it is sent again.

    `link` is where more is to be seen; "" where the settings name no public URL.
    """

    id: str
    kind: str
    connection: str
    text: str
    cause: str
    repair: str
    at: datetime
    link: str


def webhook(hub: Hub, url: str, secret: str, kinds: frozenset[str]) -> NewChannel:
    """A webhook as it is stored: all of its address is secret, for some hold the right to post. Raises BadChannel."""
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise BadChannel("This is no address of a webhook: enter one that begins with https://.")
    if len(secret) < SHORTEST_SECRET:
        raise BadChannel(f"The secret is too short: enter at least {SHORTEST_SECRET} characters, best made by chance.")
    return _channel(hub, Way.WEBHOOK, parts.hostname, {"url": url.strip(), "secret": secret}, kinds)


def mailbox(hub: Hub, address: str, kinds: frozenset[str]) -> NewChannel:
    """A mailbox as it is stored. Raises BadChannel and MailNotSet."""
    name, at, domain = address.strip().rpartition("@")
    if not (name and at and domain) or any(character.isspace() or character in ",;<>" for character in address.strip()):
        raise BadChannel("This is no address for mail: enter one, such as team@acme.example.")
    if not mail.can_mail(hub.settings):
        raise mail.MailNotSet
    return _channel(hub, Way.MAIL, address.strip(), {}, kinds)


def _channel(hub: Hub, way: Way, shown: str, secret: dict[str, str], kinds: frozenset[str]) -> NewChannel:
    if not kinds:
        raise BadChannel("Nothing is ticked: choose at least one thing to tell.")
    return NewChannel(way, shown, hub.vault.seal(secret), kinds)


async def send_test(hub: Hub, channel: Channel) -> None:
    """Tell a channel that alerts reach it. Raises NotTaken, MailRefused, MailNotSet and WrongKey."""
    told = Notice(
        id=f"test-{secrets.token_hex(8)}",
        kind="test",
        connection="",
        text="This is a test: alerts of Mainstem arrive here.",
        cause="",
        repair="",
        at=hub.clock(),
        link=_link(hub, "/system/alerts"),
    )
    await _tell(hub, channel, told)


class Watch:
    """Looks what is the matter and tells whoever wants to know, behind the pages."""

    def __init__(self, hub: Hub) -> None:
        """`work` must run for anything to happen."""
        self._hub = hub

    async def work(self) -> None:
        """Look and tell until cancelled."""
        while True:
            try:
                await self.once()
            except Exception:
                # The border of one look: a defect in it must not end all later ones.
                log.exception("Alerts could not be looked after")
            await asyncio.sleep(LOOK)

    async def once(self) -> None:
        """Look once, and tell what is due; where several servers share a database, the one that is at it tells."""
        with ExitStack() as stack:
            if not await asyncio.to_thread(stack.enter_context, alone(self._hub.engine, "alerts")):
                return
            for due in await asyncio.to_thread(self._look):
                trouble = await self._try(due)
                await asyncio.to_thread(self._note, due, trouble)

    def _look(self) -> list[Due]:
        hub, now = self._hub, self._hub.clock()
        with hub.engine.begin() as db:
            look(db, now, hub.permissions_max_age)
            kept = now - timedelta(days=hub.settings.log_days)
            alerts.prune(db, kept)
            events.prune(db, kept)
            return alerts.due(db, now, AT_ONCE)

    async def _try(self, due: Due) -> str:
        """Why an alert did not arrive; "" when it did."""
        try:
            await _tell(self._hub, due.channel, _notice(self._hub, due.alert))
        except MainstemError as trouble:
            return str(trouble)
        except Exception:
            # The border of one channel: it would keep all that wait behind it from being told, at each look again.
            log.exception("An alert could not be sent")
            return BROKE
        return ""

    def _note(self, due: Due, trouble: str) -> None:
        now = self._hub.clock()
        with self._hub.engine.begin() as db:
            if not trouble:
                alerts.arrived(db, due, now)
                return
            pause = PAUSES[due.attempts] if due.attempts < len(PAUSES) else None
            alerts.failed(db, due, now, trouble, next_at=now + pause if pause else None)
            if pause is None:
                line = f"An alert to {due.channel.shown} was given up: {due.alert.text}"
                events.log(db, [Event(due.alert.connection_id, None, now, Level.WARNING, line, trouble)])


def _notice(hub: Hub, alert: Alert) -> Notice:
    return Notice(
        id=f"alert-{alert.id}",
        kind=alert.kind,
        connection=alert.connection,
        text=alert.text,
        cause=alert.cause,
        repair=alert.repair,
        at=alert.opened_at,
        link=_link(hub, f"/connections/{alert.connection_id}"),
    )


def _link(hub: Hub, path: str) -> str:
    base = hub.settings.public_url
    return base + path if base else ""


async def _tell(hub: Hub, channel: Channel, told: Notice) -> None:
    if channel.way is Way.MAIL:
        paragraphs = (told.text, told.cause, told.repair, told.link, "Mainstem, on its own")
        letter = Letter(channel.shown, f"Mainstem: {told.text}", "\n\n".join(filter(None, paragraphs)))
        await asyncio.to_thread(mail.send, hub.settings, letter)
        return
    secret = hub.vault.open(channel.secret)
    await _post(hub, secret["url"], secret["secret"], told)


async def _post(hub: Hub, url: str, secret: str, told: Notice) -> None:
    facts = {
        "id": told.id,
        "kind": told.kind,
        "connection": told.connection,
        "text": told.text,
        "cause": told.cause,
        "repair": told.repair.splitlines(),
        "at": told.at.isoformat(),
        "link": told.link,
    }
    body, sent = json.dumps(facts).encode(), str(int(hub.clock().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "mainstem",
        "X-Mainstem-Id": told.id,
        "X-Mainstem-Timestamp": sent,
        "X-Mainstem-Signature": signature(secret, sent, body),
    }
    try:
        async with guarded_client(private=hub.line.private, timeout=PATIENCE) as client:
            answer = await client.post(url, content=body, headers=headers)
    except AddressRefused as refused:
        raise NotTaken(f"it is in {refused.place}, where Mainstem does not connect") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        # Its text may hold the address.
        raise NotTaken("no connection" if isinstance(error, httpx.ConnectError) else type(error).__name__) from None
    if not answer.is_success:
        raise NotTaken(f"HTTP {answer.status_code}")


def signature(secret: str, sent: str, body: bytes) -> str:
    """How a webhook proves that it comes from here, and when it was sent: HMAC-SHA256 over both, in hexadecimals."""
    return "sha256=" + hmac.new(secret.encode(), f"{sent}.".encode() + body, hashlib.sha256).hexdigest()
