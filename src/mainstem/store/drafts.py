"""Drafts: connections that somebody began to fill in and may go on with later.

A secret comes and goes sealed. What the answers mean, and whether they are right, is for the face to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from mainstem.store.tables import drafts
from mainstem.wiki.secrets import SealedSecret


@dataclass(frozen=True, slots=True)
class Answers:
    """What was filled in so far. `way` is how to sign in; `choice` what should come in, `test` what a test told.

    `tested_at` None: nothing was tested since the site or the credential changed.
    """

    name: str = ""
    url: str = ""
    way: str = ""
    login: str = ""
    secret: SealedSecret | None = None
    token_expires_on: date | None = None
    choice: Mapping[str, Any] = field(default_factory=dict)
    test: Mapping[str, Any] = field(default_factory=dict)
    tested_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as stored. `connection_id`: it changes this connection, which is there already."""

    id: int
    answers: Answers
    created_at: datetime
    changed_at: datetime
    connection_id: int | None = None


def begin(db: Connection, answers: Answers, now: datetime, *, connection_id: int | None = None) -> int:
    """Keep a new draft; its id. `connection_id`: of a change, in the place of any other that was begun."""
    if connection_id is not None:
        db.execute(delete(drafts).where(drafts.c.connection_id == connection_id))
    values = _columns(answers) | {"created_at": now, "changed_at": now, "connection_id": connection_id}
    draft_id: int = db.execute(insert(drafts).values(values).returning(drafts.c.id)).scalar_one()
    return draft_id


def change(db: Connection, draft_id: int, answers: Answers, now: datetime) -> None:
    """Replace what was filled in; a draft that is gone stays gone."""
    db.execute(update(drafts).where(drafts.c.id == draft_id).values(_columns(answers) | {"changed_at": now}))


def tested(db: Connection, draft_id: int, test: Mapping[str, Any], now: datetime) -> None:
    """Note what a test told, and when."""
    values = {"test": dict(test), "tested_at": now, "changed_at": now}
    db.execute(update(drafts).where(drafts.c.id == draft_id).values(values))


def draft(db: Connection, draft_id: int) -> Draft | None:
    """One draft; None when there is none, or no more."""
    row = db.execute(select(drafts).where(drafts.c.id == draft_id)).mappings().one_or_none()
    return None if row is None else _draft(row)


def every(db: Connection) -> list[Draft]:
    """All drafts of connections that are still to be, the newest first."""
    new = select(drafts).where(drafts.c.connection_id.is_(None))
    return [_draft(row) for row in db.execute(new.order_by(drafts.c.id.desc())).mappings()]


def discard(db: Connection, draft_id: int) -> bool:
    """Throw a draft away with its secret; whether it was there."""
    gone = delete(drafts).where(drafts.c.id == draft_id).returning(drafts.c.id)
    return db.execute(gone).one_or_none() is not None


def _columns(answers: Answers) -> dict[str, Any]:
    return {
        "name": answers.name,
        "url": answers.url,
        "way": answers.way,
        "login": answers.login,
        "secret": None if answers.secret is None else answers.secret.token,
        "token_expires_on": answers.token_expires_on,
        "choice": dict(answers.choice),
        "test": dict(answers.test),
        "tested_at": answers.tested_at,
    }


def _draft(row: RowMapping) -> Draft:
    answers = Answers(
        name=row["name"],
        url=row["url"],
        way=row["way"],
        login=row["login"],
        secret=None if row["secret"] is None else SealedSecret(row["secret"]),
        token_expires_on=row["token_expires_on"],
        choice=row["choice"],
        test=row["test"],
        tested_at=row["tested_at"],
    )
    return Draft(row["id"], answers, row["created_at"], row["changed_at"], row["connection_id"])
