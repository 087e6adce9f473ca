"""Alerts as rows: who is told of what, what is the matter just now, and what is still to be told to whom.

What is worth an alert and how one is sent is not decided here. Secrets come and go sealed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from mainstem.store.tables import alerts, channels, connections, deliveries
from mainstem.wiki.secrets import SealedSecret


class Way(StrEnum):
    """How somebody is told."""

    WEBHOOK = "webhook"
    MAIL = "mail"


class DeliveryState(StrEnum):
    """How far an alert has come on its way."""

    WAITING = "waiting"
    ARRIVED = "arrived"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class NewChannel:
    """Somebody who is to be told of some kinds of alerts. `shown` is what people may see of where that is."""

    way: Way
    shown: str
    secret: SealedSecret
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(NewChannel):
    """A channel as stored."""

    id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is the matter with a connection. `detail` tells apart what is of one kind."""

    connection_id: int
    kind: str
    detail: str
    text: str
    cause: str = ""
    repair: str = ""

    @property
    def key(self) -> tuple[int, str, str]:
        """What makes it the same matter as another one, in whichever words."""
        return (self.connection_id, self.kind, self.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Condition):
    """A condition that was met. `connection` is the name of its connection; `over_at` None: it lasts."""

    id: int
    connection: str
    opened_at: datetime
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """An alert that a channel has not been told yet, after so many attempts."""

    alert: Alert
    channel: Channel
    attempts: int


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the last alert for a channel. `at` is when that was decided, None while it is on its way."""

    state: DeliveryState
    at: datetime | None
    trouble: str


def add_channel(db: Connection, new: NewChannel, now: datetime) -> int:
    """Save a channel, which is told of whatever begins from now on; its id."""
    row = {
        "way": new.way,
        "shown": new.shown,
        "secret": new.secret.token,
        "kinds": sorted(new.kinds),
        "created_at": now,
    }
    added: int = db.execute(insert(channels).values(row).returning(channels.c.id)).scalar_one()
    return added


def every_channel(db: Connection) -> list[Channel]:
    """All channels, the oldest first."""
    return [_channel(row) for row in db.execute(select(channels).order_by(channels.c.id)).mappings()]


def channel(db: Connection, channel_id: int) -> Channel | None:
    """One channel by id."""
    row = db.execute(select(channels).where(channels.c.id == channel_id)).mappings().one_or_none()
    return None if row is None else _channel(row)


def remove_channel(db: Connection, channel_id: int) -> bool:
    """Tell somebody nothing more; False when there is none of this id."""
    return db.execute(delete(channels).where(channels.c.id == channel_id)).rowcount == 1


def lasting(db: Connection) -> list[Alert]:
    """What is the matter, the newest first."""
    chosen = _alerts().where(alerts.c.over_at.is_(None)).order_by(alerts.c.id.desc())
    return [Alert(**row) for row in db.execute(chosen).mappings()]


def begin(db: Connection, conditions: Iterable[Condition], now: datetime) -> None:
    """Note what is the matter from now on, and let every channel be told that wants to know of it."""
    told = every_channel(db)
    for condition in conditions:
        columns = {name: getattr(condition, name) for name in Condition.__dataclass_fields__}
        adding = insert(alerts).values(**columns, opened_at=now).returning(alerts.c.id)
        alert_id = db.execute(adding).scalar_one()
        rows = [
            {
                "alert_id": alert_id,
                "channel_id": each.id,
                "state": DeliveryState.WAITING,
                "attempts": 0,
                "next_at": now,
                "trouble": "",
            }
            for each in told
            if condition.kind in each.kinds
        ]
        if rows:
            db.execute(insert(deliveries), rows)


def end(db: Connection, alert_ids: Collection[int], now: datetime) -> None:
    """Note that something is the matter no longer."""
    db.execute(update(alerts).where(alerts.c.id.in_(alert_ids)).values(over_at=now))


def due(db: Connection, now: datetime, limit: int) -> list[Due]:
    """What is to be told now, in the order of waiting."""
    waiting = deliveries.c.state == DeliveryState.WAITING, deliveries.c.next_at <= now
    chosen = select(deliveries).where(*waiting).order_by(deliveries.c.next_at, deliveries.c.alert_id).limit(limit)
    rows = db.execute(chosen).mappings().all()
    them = {each.id: each for each in every_channel(db)}
    about = _alerts().where(alerts.c.id.in_([row["alert_id"] for row in rows]))
    these = {row["id"]: Alert(**row) for row in db.execute(about).mappings()}
    return [Due(these[row["alert_id"]], them[row["channel_id"]], row["attempts"]) for row in rows]


def arrived(db: Connection, told: Due, now: datetime) -> None:
    """Note that a channel was told."""
    _settle(db, told, state=DeliveryState.ARRIVED, ended_at=now, next_at=None, trouble="")


def failed(db: Connection, told: Due, now: datetime, trouble: str, *, next_at: datetime | None) -> None:
    """Note why a channel could not be told; `next_at` is when it is tried again, None never."""
    state = DeliveryState.WAITING if next_at else DeliveryState.GIVEN_UP
    ended = None if next_at else now
    _settle(db, told, state=state, ended_at=ended, next_at=next_at, trouble=trouble)


def last_told(db: Connection) -> dict[int, Told]:
    """What became of the newest alert of each channel that had any."""
    newest = select(deliveries.c.channel_id, func.max(deliveries.c.alert_id).label("alert_id"))
    them = newest.group_by(deliveries.c.channel_id).subquery()
    same = (deliveries.c.channel_id == them.c.channel_id) & (deliveries.c.alert_id == them.c.alert_id)
    rows = db.execute(select(deliveries).join(them, same)).mappings()
    return {row["channel_id"]: Told(DeliveryState(row["state"]), row["ended_at"], row["trouble"]) for row in rows}


def prune(db: Connection, before: datetime) -> None:
    """Forget what has been over since before an instant."""
    db.execute(delete(alerts).where(alerts.c.over_at < before))


def _settle(db: Connection, told: Due, **columns: Any) -> None:
    this = deliveries.c.alert_id == told.alert.id, deliveries.c.channel_id == told.channel.id
    db.execute(update(deliveries).where(*this).values(attempts=told.attempts + 1, **columns))


def _alerts() -> Any:
    return select(alerts, connections.c.name.label("connection")).join_from(alerts, connections)


def _channel(row: RowMapping) -> Channel:
    columns = dict(row)
    columns |= {
        "way": Way(columns["way"]),
        "secret": SealedSecret(columns["secret"]),
        "kinds": frozenset(columns["kinds"]),
    }
    return Channel(**columns)
