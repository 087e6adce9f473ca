"""Single sign-on: the provider that members sign in at, and who of them is who there.

The secret comes and goes sealed. Whom a provider proves, and who may come in, is not decided here: `mainstem.accounts`
does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, select, update

from mainstem.store.tables import sign_on, subjects
from mainstem.store.upsert import insertion, upsert
from mainstem.wiki.secrets import SealedSecret


@dataclass(frozen=True, slots=True)
class SignOn:
    """A provider as stored. `issuer` is its name for itself; `name` is what people here call it.

    `newcomers` says who may come in that is no member yet, those with an email of `domains` among them.
    """

    name: str
    issuer: str
    authorization_endpoint: str
    client_id: str
    secret: SealedSecret
    newcomers: str
    domains: tuple[str, ...]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a member is at a provider. `email` is as it was last verified there, "" where it was not."""

    issuer: str
    subject: str
    member_id: int
    email: str
    joined_at: datetime


def saved(db: Connection) -> SignOn | None:
    """The provider; None where there is none."""
    row = db.execute(select(sign_on)).mappings().one_or_none()
    if row is None:
        return None
    facts = {name: row[name] for name in SignOn.__dataclass_fields__}
    return SignOn(**facts | {"secret": SealedSecret(row["secret"]), "domains": tuple(row["domains"])})


def save(db: Connection, wanted: SignOn) -> None:
    """Let this be the provider, in the place of any other."""
    row = {name: getattr(wanted, name) for name in SignOn.__dataclass_fields__}
    kept = {"id": 1, "secret": wanted.secret.token, "domains": list(wanted.domains)}
    upsert(db, sign_on, [row | kept], key=("id",))


def forget(db: Connection) -> None:
    """Let there be no provider. Who members are at it stays known, for the day it comes back."""
    db.execute(delete(sign_on))


def member_behind(db: Connection, issuer: str, subject: str) -> int | None:
    """The member whom a provider calls this; None where it is nobody."""
    own = subjects.c.issuer == issuer, subjects.c.subject == subject
    return db.execute(select(subjects.c.member_id).where(*own)).scalar_one_or_none()


def of_member(db: Connection, member_id: int) -> list[Subject]:
    """Who a member is at each provider."""
    own = select(subjects).where(subjects.c.member_id == member_id).order_by(subjects.c.issuer)
    return [Subject(**row) for row in db.execute(own).mappings()]


def join(db: Connection, new: Subject) -> bool:
    """Let a member be this subject; False where one of the two is somebody else's already."""
    row = {name: getattr(new, name) for name in Subject.__dataclass_fields__}
    joining = insertion(db, subjects).values(row).on_conflict_do_nothing().returning(subjects.c.member_id)
    return db.execute(joining).one_or_none() is not None


def heard(db: Connection, issuer: str, subject: str, email: str) -> None:
    """Note the email that a provider verifies of a subject now, "" for none."""
    own = and_(subjects.c.issuer == issuer, subjects.c.subject == subject)
    db.execute(update(subjects).where(own).values(email=email))


def part(db: Connection, member_id: int) -> None:
    """Let a member be nobody at any provider."""
    db.execute(delete(subjects).where(subjects.c.member_id == member_id))
