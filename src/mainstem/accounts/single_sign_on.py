"""Single sign-on: who of those whom a provider proves may come in, and whom that makes them in Confluence (P4).

A member is met by issuer and subject, which never change hands; the first time by an email that the provider says it
has verified. An address that it does not answer for is as good as none. In doubt nobody comes in, and is told why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from sqlalchemy import Connection

from mainstem.accounts import deeds, members, membership
from mainstem.accounts.deeds import Done
from mainstem.accounts.errors import BadSignOn, NotAdmitted
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.accounts.tokens import fresh_token
from mainstem.store import connections
from mainstem.store import members as rows
from mainstem.store import sign_on as store
from mainstem.store.members import SavedMember
from mainstem.store.sign_on import SignOn, Subject


class Newcomers(StrEnum):
    """Who may come in that is no member yet, each with a verified email."""

    NOBODY = "nobody"
    DOMAINS = "domains"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a provider proves of somebody. `verified`: it answers for the email; `name` may be ""."""

    issuer: str
    subject: str
    email: str
    name: str
    verified: bool

    @property
    def address(self) -> str:
        """The email that is proved to be theirs; "" for none."""
        return self.email.strip() if self.verified and members.is_email(self.email.strip()) else ""


@dataclass(frozen=True, slots=True)
class Enter:
    """A member comes back."""

    member_id: int


@dataclass(frozen=True, slots=True)
class Join:
    """A member comes for the first time by this provider."""

    member_id: int


@dataclass(frozen=True, slots=True)
class Add:
    """Somebody comes who is to be a member."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody who is proved: the member they are, and else the one with their email.

    `taken`: that one is somebody else at this provider.
    """

    by_subject: SavedMember | None = None
    by_email: SavedMember | None = None
    taken: bool = False


UNVERIFIED = (
    "The provider does not say that it has verified your email, so it does not show who you are here. "
    "Ask whoever runs it to verify your email, then sign in again."
)
OUT = "Your account here is shut out. Ask an admin of this workspace to let you in again."
TAKEN = (
    "The member with your email signs in as somebody else there. Ask an admin of this workspace to part them, "
    "under Members."
)
STRANGER = "Nobody here goes by {email}, and who is new does not come in with it. Ask an admin of this workspace."


def arrival(proof: Proof, known: Known, setting: SignOn) -> Enter | Join | Add:
    """How somebody comes in. Raises NotAdmitted."""
    if known.by_subject is not None:
        if not known.by_subject.active:
            raise NotAdmitted(OUT)
        return Enter(known.by_subject.id)
    if not proof.address:
        raise NotAdmitted(UNVERIFIED)
    if known.by_email is not None:
        if not known.by_email.active:
            raise NotAdmitted(OUT)
        if known.taken:
            raise NotAdmitted(TAKEN)
        return Join(known.by_email.id)
    domain = proof.address.rpartition("@")[2].lower()
    welcome = {Newcomers.EVERYBODY: True, Newcomers.DOMAINS: domain in setting.domains}
    if not welcome.get(Newcomers(setting.newcomers), False):
        raise NotAdmitted(STRANGER.format(email=proof.address))
    return Add(proof.address, proof.name.strip() or proof.address)


def admit(db: Connection, proof: Proof, setting: SignOn, now: datetime, hasher: PasswordHasher) -> Member:
    """Let in whom a provider proves, as the member that they are or become: a reader (P4). Raises NotAdmitted."""
    come = arrival(proof, _known(db, proof), setting)
    member_id = _added(db, come, setting, now, hasher) if isinstance(come, Add) else come.member_id
    saved = rows.member(db, member_id)
    assert saved is not None
    member = members.as_now(db, saved)
    if isinstance(come, Enter):
        store.heard(db, proof.issuer, proof.subject, proof.address)
    else:
        if not store.join(db, Subject(proof.issuer, proof.subject, member.id, proof.address, now)):
            raise NotAdmitted(TAKEN)
        deeds.note(db, member, Done.SIGN_IN_JOINED, "", now, provider=setting.name, issuer=proof.issuer)
    if proof.address:
        _prove_identities(db, member, proof.address, now)
    return member


def domains_of(said: str) -> tuple[str, ...]:
    """The domains of emails that somebody enters, parted by blanks or commas. Raises BadSignOn."""
    domains = tuple(dict.fromkeys(each.lstrip("@").lower() for each in said.replace(",", " ").split()))
    for each in domains:
        if not members.is_email(f"somebody@{each}") or "*" in each:
            raise BadSignOn(f"{each} is no domain of an email. Enter one such as example.com.")
    return domains


def save(db: Connection, by: Member | None, wanted: SignOn, now: datetime) -> None:
    """Let people sign in at this provider from now on, and write that down. `by` None: the command line."""
    before = store.saved(db)
    store.save(db, wanted)
    renewed = before is not None and before.secret != wanted.secret
    facts = {"before": _facts(before), "after": _facts(wanted), "secret": "another one" if renewed else "as before"}
    deeds.note(db, by, Done.SIGN_ON_CHANGED, wanted.name, now, **facts)


def end(db: Connection, by: Member | None, now: datetime) -> bool:
    """Let nobody sign in at a provider any more; False where nobody could. Sessions that have begun last."""
    before = store.saved(db)
    if before is None:
        return False
    store.forget(db)
    deeds.note(db, by, Done.SIGN_ON_ENDED, before.name, now, issuer=before.issuer)
    return True


def _known(db: Connection, proof: Proof) -> Known:
    member_id = store.member_behind(db, proof.issuer, proof.subject)
    if member_id is not None:
        return Known(by_subject=rows.member(db, member_id))
    same = rows.with_email(db, proof.address) if proof.address else None
    there = [] if same is None else store.of_member(db, same.id)
    return Known(by_email=same, taken=any(each.issuer == proof.issuer for each in there))


def _added(db: Connection, new: Add, setting: SignOn, now: datetime, hasher: PasswordHasher) -> int:
    # Nobody knows this password, so it lets nobody in.
    password = fresh_token()
    named = {"name": new.name, "email": new.email, "password": password, "role": Role.READER}
    member = members.add(db, now=now, hasher=hasher, **named)  # type: ignore[arg-type]  # by name
    deeds.note(
        db, member, Done.CAME_IN, deeds.called(member.name, member.email), now, provider=setting.name, role=Role.READER
    )
    return member.id


def _prove_identities(db: Connection, member: Member, email: str, now: datetime) -> None:
    """Let a member be, in each connection where they are nobody, the one active account that has their email."""
    tied = {connection_id for connection_id, _ in rows.ties(db, member.id)}
    for connection in connections.every(db):
        found = [] if connection.id in tied else rows.accounts_with_email(db, connection.id, email)
        if len(found) == 1 and rows.tie(db, member.id, connection.id, found[0], now):
            named = membership.account_called(db, member.id, connection.id)
            facts = {"account": named, "account_id": found[0], "connection": connection.name}
            deeds.note(db, member, Done.PROVED, deeds.called(member.name, member.email), now, **facts)


def _facts(setting: SignOn | None) -> Mapping[str, object]:
    """What the audit log tells of a provider."""
    if setting is None:
        return {}
    return {
        "provider": setting.issuer,
        "name": setting.name,
        "client": setting.client_id,
        "newcomers": setting.newcomers,
        "domains": list(setting.domains),
    }
