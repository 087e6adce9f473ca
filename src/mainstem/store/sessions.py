"""Sessions: who is signed in, and how often somebody failed to. How long either counts is not for the store to say.

Neither tokens nor what was tried come in here, only digests of them: whoever reads the table can sign in as nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, delete, insert, or_, select, update

from mainstem.store.tables import failed_sign_ins, members, sessions
from mainstem.store.upsert import insertion


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A session as stored. It ends at `expires_at`, however often it is used."""

    digest: str
    member_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str


@dataclass(frozen=True, slots=True)
class Failures:
    """How often one key failed since counting began."""

    count: int
    since: datetime


def begin(db: Connection, session: SavedSession) -> None:
    """Save a session."""
    columns = {name: getattr(session, name) for name in SavedSession.__dataclass_fields__}
    db.execute(insert(sessions).values(columns))


def session(db: Connection, digest: str, now: datetime, *, idle_since: datetime) -> SavedSession | None:
    """A session of an active member that has not ended, and was last seen after `idle_since`."""
    asked = {"own": digest, "now": now, "idle_since": idle_since}
    row = db.execute(_lasting(), asked).mappings().one_or_none()
    return None if row is None else SavedSession(**row)


@cache
def _lasting() -> Select[Any]:
    ends = sessions.c.expires_at > bindparam("now"), sessions.c.seen_at > bindparam("idle_since")
    found = select(sessions).join_from(sessions, members)
    return found.where(members.c.active, sessions.c.digest == bindparam("own"), *ends)


def seen(db: Connection, digest: str, now: datetime) -> None:
    """Note that a session was used."""
    db.execute(update(sessions).where(sessions.c.digest == digest).values(seen_at=now))


def end(db: Connection, digest: str) -> None:
    """End a session; nothing happens when there is none."""
    _end(db, sessions.c.digest == digest)


def end_all(db: Connection, member_id: int, *, but: str = "") -> None:
    """End every session of a member, except the one with the digest `but`."""
    _end(db, and_(sessions.c.member_id == member_id, sessions.c.digest != but))


def of_member(db: Connection, member_id: int, now: datetime, *, idle_since: datetime) -> list[SavedSession]:
    """The sessions of a member that have not ended, and were last seen after `idle_since`; the last seen first."""
    lasting = sessions.c.member_id == member_id, sessions.c.expires_at > now, sessions.c.seen_at > idle_since
    found = select(sessions).where(*lasting).order_by(sessions.c.seen_at.desc(), sessions.c.created_at.desc())
    return [SavedSession(**row) for row in db.execute(found).mappings()]


def sweep(db: Connection, now: datetime, *, idle_since: datetime, failed_before: datetime) -> None:
    """Drop sessions that ended and failures that no longer count, but for those that somebody else works on."""
    ended = select(sessions.c.digest).where(or_(sessions.c.expires_at <= now, sessions.c.seen_at <= idle_since))
    _end(db, sessions.c.digest.in_(ended.with_for_update(skip_locked=True)))
    key = failed_sign_ins.c.key
    old = select(key).where(failed_sign_ins.c.since <= failed_before).with_for_update(skip_locked=True)
    db.execute(delete(failed_sign_ins).where(key.in_(old)))


def failures(db: Connection, key: str, now: datetime, *, before: datetime) -> Failures:
    """How often a key failed, counting anew where counting began at or before an instant.

    Until the transaction ends nobody else is told of this key: tries that come together are counted one by one.
    """
    table = failed_sign_ins.c
    old = table.since <= before
    asking = insertion(db, failed_sign_ins).values(key=key, count=0, since=now)
    anew = {"count": case((old, 0), else_=table.count), "since": case((old, now), else_=table.since)}
    row = db.execute(
        asking.on_conflict_do_update(index_elements=("key",), set_=anew).returning(table.count, table.since)
    ).one()
    return Failures(*row)


def failed(db: Connection, keys: Collection[str]) -> None:
    """Count one more failure of keys that were asked for in this transaction."""
    counting = update(failed_sign_ins).where(failed_sign_ins.c.key.in_(keys))
    db.execute(counting.values(count=failed_sign_ins.c.count + 1))


def forgive(db: Connection, key: str) -> None:
    """Forget the failures of a key."""
    db.execute(delete(failed_sign_ins).where(failed_sign_ins.c.key == key))


def _end(db: Connection, condition: ColumnElement[bool]) -> None:
    db.execute(delete(sessions).where(condition))
