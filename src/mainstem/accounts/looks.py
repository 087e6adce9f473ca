"""Reading as somebody else: an owner sees what a member sees, for an hour, and the hub remembers it (P5).

It gives reading alone: whoever looks can do nothing meanwhile, neither as themselves nor as the other one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mainstem.accounts import deeds
from mainstem.accounts.deeds import Done
from mainstem.accounts.errors import UnknownMember
from mainstem.accounts.members import Member, as_now
from mainstem.accounts.roles import Act, may
from mainstem.accounts.tokens import digest
from mainstem.store import looks as rows
from mainstem.store import members

LASTING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Look:
    """A look that lasts: `owner` reads as `viewed`, no longer than `until`."""

    owner: Member
    viewed: Member
    until: datetime


def begin(db: Connection, token: str, owner: Member, viewed_id: int, now: datetime) -> None:
    """Let an owner read as an active member in the session of this token. Raises UnknownMember, also for oneself."""
    viewed = members.member(db, viewed_id)
    if viewed is None or not viewed.active or viewed.id == owner.id:
        raise UnknownMember(viewed_id)
    rows.begin(db, digest(token), owner.id, viewed.id, now, until=now + LASTING)
    deeds.note(db, owner, Done.VIEW_BEGUN, deeds.called(viewed.name, viewed.email), now, member=viewed.id)


def current(db: Connection, token: str, owner: Member, now: datetime) -> Look | None:
    """The look that lasts in the session of this token, which is `owner`'s; none when they may not look any more."""
    if not may(owner.role, Act.VIEW_AS):
        return None
    found = rows.lasting(db, digest(token), now)
    viewed = None if found is None or found.member_id != owner.id else members.member(db, found.viewed_id)
    if found is None or viewed is None or not viewed.active:
        return None
    return Look(owner, as_now(db, viewed), found.until)


def end(db: Connection, token: str, now: datetime) -> None:
    """Let somebody read as themselves again."""
    found = rows.lasting(db, digest(token), now)
    owner = None if found is None else members.member(db, found.member_id)
    viewed = None if found is None else members.member(db, found.viewed_id)
    rows.end(db, digest(token), now)
    if owner is not None and viewed is not None:
        by = as_now(db, owner)
        deeds.note(db, by, Done.VIEW_ENDED, deeds.called(viewed.name, viewed.email), now, member=viewed.id)
