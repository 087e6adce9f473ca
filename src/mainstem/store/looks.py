"""When members read as somebody else: who, as whom, from when until when. Rows are never changed after their end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from mainstem.store.tables import looks, members


@dataclass(frozen=True, slots=True)
class SavedLook:
    """One look, which lasts `until` then unless it is ended before; ids are those of members."""

    id: int
    member_id: int
    viewed_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class PastLook:
    """One look as it is told later, with the names that the members have now. It is over at `ended_at`."""

    member: str
    viewed: str
    began_at: datetime
    ended_at: datetime


def begin(db: Connection, digest: str, member_id: int, viewed_id: int, now: datetime, *, until: datetime) -> None:
    """Note that a look begins in a session; another one of that session ends."""
    end(db, digest, now)
    row = {"digest": digest, "member_id": member_id, "viewed_id": viewed_id, "began_at": now, "until": until}
    db.execute(insert(looks).values(row))


def lasting(db: Connection, digest: str, now: datetime) -> SavedLook | None:
    """The look of a session that is neither ended nor over."""
    columns = (looks.c.id, looks.c.member_id, looks.c.viewed_id, looks.c.until)
    row = db.execute(select(*columns).where(*_lasting(digest, now)).order_by(looks.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else SavedLook(*row)


def end(db: Connection, digest: str, now: datetime) -> None:
    """Note that the look of a session ends; nothing happens where there is none."""
    db.execute(update(looks).where(*_lasting(digest, now)).values(ended_at=now))


def newest(db: Connection, limit: int) -> tuple[PastLook, ...]:
    """The newest looks."""
    viewed = members.alias("viewed")
    columns = (members.c.name, viewed.c.name, looks.c.began_at, func.coalesce(looks.c.ended_at, looks.c.until))
    rows = (
        select(*columns)
        .select_from(
            looks.join(members, members.c.id == looks.c.member_id).join(viewed, viewed.c.id == looks.c.viewed_id)
        )
        .order_by(looks.c.began_at.desc(), looks.c.id.desc())
        .limit(limit)
    )
    return tuple(PastLook(*row) for row in db.execute(rows))


def _lasting(digest: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return looks.c.digest == digest, looks.c.ended_at.is_(None), looks.c.until > now
