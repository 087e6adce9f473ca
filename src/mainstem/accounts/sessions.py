"""Signing in, staying signed in, and signing out.

A session is known by a random token, which only the person's browser keeps. It ends after 14 days without use, and
after 90 days in any case. Whoever fails too often must wait, by email and by address.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from argon2 import PasswordHasher
from sqlalchemy import Connection

from mainstem.accounts import passwords
from mainstem.accounts.errors import TooManyTries, WrongSignIn
from mainstem.accounts.members import Member, as_now, is_email
from mainstem.accounts.passwords import STANDARD
from mainstem.accounts.tokens import digest, fresh_token
from mainstem.store import members
from mainstem.store import sessions as rows
from mainstem.store.database import may_write

IDLE = timedelta(days=14)
LASTING = timedelta(days=90)
NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was last used."""

WINDOW = timedelta(minutes=15)
TRIES_PER_EMAIL = 5
TRIES_PER_ADDRESS = 20

_LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has just begun. `token` is told this once; it is void after `expires_at`, or sooner if unused."""

    token: str = field(repr=False)
    member: Member
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """Who comes. `due`: that they came should be noted, by `visit` in a transaction that may write."""

    member: Member
    due: bool


def sign_in(
    db: Connection,
    *,
    email: str,
    password: str,
    address: str,
    agent: str,
    now: datetime,
    hasher: PasswordHasher = STANDARD,
) -> Session:
    """Begin a session of whoever knows the password. `address` is where the request came from, `agent` its browser.

    Raises WrongSignIn, and TooManyTries without looking at the password; neither tells whether there is such a member.
    A transaction of its own is needed: where the password is wrong it is committed here, before WrongSignIn is raised,
    or the failure would be forgotten with the caller's rollback, and nobody would ever be made to wait.
    """
    by_email, by_address = digest(f"email {members.email_key(email.strip())}"), _by_address(address)
    _refuse_too_many(db, {by_email: TRIES_PER_EMAIL, by_address: TRIES_PER_ADDRESS}, now)
    member = _proved(db, email.strip(), password, hasher)
    if member is None:
        rows.failed(db, (by_email, by_address))
        db.commit()
        raise WrongSignIn
    rows.forgive(db, by_email)
    rows.sweep(db, now, idle_since=now - IDLE, failed_before=now - WINDOW)
    return begin(db, member, agent=agent, now=now)


def begin(
    db: Connection, member: Member, *, agent: str, now: datetime, new_token: Callable[[], str] = fresh_token
) -> Session:
    """Begin a session of somebody whom the caller knows to be this member."""
    token = new_token()
    shown = "".join(filter(str.isprintable, agent))[:_LONGEST_AGENT]
    rows.begin(db, rows.SavedSession(digest(token), member.id, now, now, now + LASTING, shown))
    members.seen(db, member.id, now)
    return Session(token, member, now + LASTING)


def refuse_too_many(db: Connection, address: str, now: datetime) -> None:
    """Raise TooManyTries where too many failed to sign in from an address, by whatever way."""
    _refuse_too_many(db, {_by_address(address): TRIES_PER_ADDRESS}, now)


def failed(db: Connection, address: str, now: datetime) -> None:
    """Count a failure to sign in, by another way than a password, from an address."""
    rows.failures(db, _by_address(address), now, before=now - WINDOW)
    rows.failed(db, (_by_address(address),))


def member_of(db: Connection, token: str, now: datetime) -> Member | None:
    """Whose session this is; None where it ended, where there is none, and where its member is shut out."""
    found = visit(db, token, now)
    return None if found is None else found.member


def visit(db: Connection, token: str, now: datetime) -> Visit | None:
    """Whoever comes with this token; None where nobody is its `member_of`.

    A transaction that may write notes it, at most every five minutes; one that only reads does not, and says that it is
    due. A session whose visits nobody notes ends as an unused one.
    """
    found = rows.session(db, digest(token), now, idle_since=now - IDLE)
    saved = None if found is None else members.member(db, found.member_id)
    if found is None or saved is None:
        return None
    member = as_now(db, saved)
    due = now - found.seen_at >= NOTED_EVERY
    if due and may_write(db):
        rows.seen(db, found.digest, now)
        members.seen(db, member.id, now)
        due = False
    return Visit(member, due)


def sign_out(db: Connection, token: str) -> None:
    """End a session; nothing happens when there is none."""
    rows.end(db, digest(token))


def sign_out_everywhere(db: Connection, member_id: int) -> None:
    """End every session of a member."""
    rows.end_all(db, member_id)


def sign_out_elsewhere(db: Connection, member_id: int, token: str) -> None:
    """End every session of a member but the one of this token."""
    rows.end_all(db, member_id, but=digest(token))


def of_member(db: Connection, member_id: int, now: datetime) -> list[rows.SavedSession]:
    """The sessions of a member that have not ended, the last used first."""
    return rows.of_member(db, member_id, now, idle_since=now - IDLE)


def _refuse_too_many(db: Connection, limits: dict[str, int], now: datetime) -> None:
    # Always in this order, email first: two who wait for each other would wait for ever.
    found = {key: rows.failures(db, key, now, before=now - WINDOW) for key in limits}
    waits = [each.since + WINDOW - now for key, each in found.items() if each.count >= limits[key]]
    if waits:
        raise TooManyTries(max(1, math.ceil(max(waits).total_seconds())))


def _proved(db: Connection, email: str, password: str, hasher: PasswordHasher) -> Member | None:
    """The active member whose email and password these are; it takes as long to find none."""
    saved = members.with_email(db, email) if is_email(email) else None
    if not passwords.proves(password, None if saved is None else saved.password_hash, hasher):
        return None
    if saved is None or not saved.active:
        return None
    if hasher.check_needs_rehash(saved.password_hash):
        members.set_password_hash(db, saved.id, passwords.kept(password, hasher))
    return as_now(db, saved)


def _by_address(address: str) -> str:
    return digest(f"address {_network(address)}")


def _network(address: str) -> str:
    """What one attacker is likely to have at will: an address, or a /64 of the newer kind."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Network((int(known), 64), strict=False))
