"""Grants: the tokens of what somebody lets an app of Atlassian's read, and who is about to renew them.

A refresh token is good once, so a grant is renewed by one process at a time, and what it is given is kept before it is
used. Tokens come and go sealed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from mainstem.store.tables import grants
from mainstem.wiki.secrets import SealedSecret


@dataclass(frozen=True, slots=True)
class KeptGrant:
    """A grant as stored. `renewing_until`: somebody may be renewing it until then."""

    id: str
    secret: SealedSecret
    renewed_at: datetime
    renewing_until: datetime | None


def add(
    db: Connection,
    grant_id: str,
    secret: SealedSecret,
    now: datetime,
    *,
    draft_id: int | None = None,
    connection_id: int | None = None,
) -> None:
    """Keep what was granted, for as long as the draft or the connection lasts that it is meant for."""
    values = {"id": grant_id, "secret": secret.token, "renewed_at": now}
    db.execute(insert(grants).values(draft_id=draft_id, connection_id=connection_id, **values))


def grant(db: Connection, grant_id: str) -> KeptGrant | None:
    """One grant; None when there is none, or no more."""
    kept = select(grants.c.secret, grants.c.renewed_at, grants.c.renewing_until).where(grants.c.id == grant_id)
    row = db.execute(kept).one_or_none()
    return None if row is None else KeptGrant(grant_id, SealedSecret(row.secret), row.renewed_at, row.renewing_until)


def is_of(db: Connection, grant_id: str, connection_id: int) -> bool:
    """Whether a grant was meant for this connection."""
    found = select(grants.c.id).where(grants.c.id == grant_id, grants.c.connection_id == connection_id)
    return db.execute(found).one_or_none() is not None


def claim(db: Connection, grant_id: str, now: datetime, until: datetime) -> bool:
    """Take the right to renew a grant until then, unless somebody else has it; whether it was taken."""
    free = or_(grants.c.renewing_until.is_(None), grants.c.renewing_until <= now)
    taken = update(grants).where(grants.c.id == grant_id, free).values(renewing_until=until)
    return db.execute(taken).rowcount == 1


def renewed(db: Connection, grant_id: str, secret: SealedSecret, now: datetime, until: datetime) -> None:
    """Keep the new tokens, and give the right back that was taken until then; one that was lost keeps nothing."""
    held = (grants.c.id == grant_id, grants.c.renewing_until == until)
    db.execute(update(grants).where(*held).values(secret=secret.token, renewed_at=now, renewing_until=None))


def release(db: Connection, grant_id: str, until: datetime) -> None:
    """Give the right back that was taken until then, without new tokens."""
    held = (grants.c.id == grant_id, grants.c.renewing_until == until)
    db.execute(update(grants).where(*held).values(renewing_until=None))


def serve(db: Connection, connection_id: int, grant_id: str | None) -> None:
    """From now on a connection signs in by this grant, None by none of its own; its others go."""
    if grant_id is not None:
        serving = update(grants).where(grants.c.id == grant_id)
        db.execute(serving.values(connection_id=connection_id, draft_id=None))
    db.execute(delete(grants).where(grants.c.connection_id == connection_id, grants.c.id.is_distinct_from(grant_id)))
