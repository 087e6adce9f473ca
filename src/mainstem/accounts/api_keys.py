"""API keys: how programs act as a member, with that member's rights of the moment and never more.

A key is told once, when it is made; only a digest is kept, which is enough because nobody guesses 32 random bytes. It
ends when it is revoked, on its last day, or with its member.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mainstem.accounts import deeds
from mainstem.accounts.deeds import Done
from mainstem.accounts.errors import TooManyKeys
from mainstem.accounts.members import Member, as_now, name_of
from mainstem.accounts.tokens import digest, fresh_token
from mainstem.store import api_keys as rows
from mainstem.store import members
from mainstem.store.api_keys import SavedApiKey
from mainstem.store.database import may_write

PREFIX = "mst_"
"""How every key begins, so that one which got into a text is recognised there."""

SHOWN = len(PREFIX) + 4
MOST = 50
NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is known when a key was last used."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that has just been made. `token` is told this once."""

    token: str = field(repr=False)
    key: SavedApiKey


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a key stands for."""

    member: Member
    key: SavedApiKey


def make(
    db: Connection,
    member: Member,
    *,
    name: str,
    read_only: bool,
    days: int | None,
    now: datetime,
    new_token: Callable[[], str] = fresh_token,
) -> NewKey:
    """Make a key for a member, who calls it by this name. It lasts so many days; None: until it is revoked.

    Raises NameMissing and TooManyKeys.
    """
    called = name_of(name)
    if rows.standing(db, member.id, now) >= MOST:
        raise TooManyKeys(MOST)
    token = PREFIX + new_token()
    expires_at = None if days is None else now + timedelta(days=days)
    new = rows.NewApiKey(member.id, digest(token), token[:SHOWN], called, read_only, now, expires_at)
    may = "only read" if read_only else "change things"
    deeds.note(db, member, Done.KEY_MADE, f"{called} ({token[:SHOWN]}…)", now, may=may, days=days)
    return NewKey(token, rows.add(db, new))


def revoke(db: Connection, member: Member, key_id: int, now: datetime) -> bool:
    """End a key of a member for good; False when they have none of this id that is not revoked yet."""
    ended = next((each for each in rows.of_member(db, member.id) if each.id == key_id), None)
    if ended is None or not rows.revoke(db, member.id, key_id, now):
        return False
    deeds.note(db, member, Done.KEY_REVOKED, f"{ended.name} ({ended.beginning}…)", now)
    return True


def holder_of(db: Connection, token: str, now: datetime) -> Holder | None:
    """Whom a key stands for; None where there is no such key, where it ended, and where its member is shut out.

    A transaction that may write notes the use, at most every five minutes; one that only reads does not, and may ask
    `use_due` whether to come again with one that writes.
    """
    key = rows.usable(db, digest(token), now)
    saved = None if key is None else members.member(db, key.member_id)
    if key is None or saved is None:
        return None
    if may_write(db) and use_due(key, now):
        rows.used(db, key.id, now)
        members.seen(db, key.member_id, now)
    return Holder(as_now(db, saved), key)


def use_due(key: SavedApiKey, now: datetime) -> bool:
    """Whether a use should be noted, by `holder_of` in a transaction that may write."""
    return key.used_at is None or now - key.used_at >= NOTED_EVERY
