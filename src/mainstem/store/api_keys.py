"""API keys: by which programs act as a member. Keys themselves never come in here, only digests of them.

How a key is made, and what one may do, is not decided here: `mainstem.accounts` does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, or_, select, update

from mainstem.store.tables import api_keys, members


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key about to be saved. `beginning` is what its member knows it by; `expires_at` None: it does not."""

    member_id: int
    digest: str
    beginning: str
    name: str
    read_only: bool
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedApiKey:
    """A key as stored. `used_at` is when it last let somebody in, None: it never did."""

    id: int
    member_id: int
    beginning: str
    name: str
    read_only: bool
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


_COLUMNS = tuple(api_keys.c[name] for name in SavedApiKey.__dataclass_fields__)


def add(db: Connection, new: NewApiKey) -> SavedApiKey:
    """Save a key."""
    columns = {name: getattr(new, name) for name in NewApiKey.__dataclass_fields__}
    return _saved(db.execute(insert(api_keys).values(columns).returning(*_COLUMNS)).mappings().one())


def usable(db: Connection, digest: str, now: datetime) -> SavedApiKey | None:
    """The key of an active member that is neither revoked nor expired."""
    chosen = select(*_COLUMNS).join_from(api_keys, members).where(api_keys.c.digest == digest, members.c.active)
    row = db.execute(chosen.where(_stands(now))).mappings().one_or_none()
    return None if row is None else _saved(row)


def of_member(db: Connection, member_id: int) -> list[SavedApiKey]:
    """All keys of a member, the newest first."""
    own = select(*_COLUMNS).where(api_keys.c.member_id == member_id).order_by(api_keys.c.id.desc())
    return [_saved(row) for row in db.execute(own).mappings()]


def standing(db: Connection, member_id: int, now: datetime) -> int:
    """How many keys of a member are neither revoked nor expired."""
    own = select(func.count()).where(api_keys.c.member_id == member_id, _stands(now))
    return db.execute(own).scalar_one()


def used(db: Connection, key_id: int, now: datetime) -> None:
    """Note that a key let somebody in."""
    db.execute(update(api_keys).where(api_keys.c.id == key_id).values(used_at=now))


def revoke(db: Connection, member_id: int, key_id: int, now: datetime) -> bool:
    """End a key for good; False when the member has none of this id that is not revoked yet."""
    own = api_keys.c.id == key_id, api_keys.c.member_id == member_id, api_keys.c.revoked_at.is_(None)
    return db.execute(update(api_keys).where(*own).values(revoked_at=now)).rowcount == 1


def _stands(now: datetime) -> ColumnElement[bool]:
    return and_(api_keys.c.revoked_at.is_(None), or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > now))


def _saved(row: RowMapping) -> SavedApiKey:
    return SavedApiKey(**row)
