"""Members to sign in, with passwords that are cheap to check."""

from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import Connection

from mainstem.accounts import members, sessions
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.accounts.sessions import Session
from tests.store.site import NOW

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"


def found(db: Connection) -> Member:
    """A hub with one owner, Olive."""
    return members.found(
        db, workspace="Acme", name="Olive", email="Olive@example.com", password=PASSWORD, now=NOW, hasher=CHEAP
    )


def add(db: Connection, name: str, role: Role = Role.READER) -> Member:
    """A member, whose email begins with their name."""
    email = f"{name.lower()}@example.com"
    return members.add(db, name=name, email=email, password=PASSWORD, role=role, now=NOW, hasher=CHEAP)


def sign_in(
    db: Connection,
    email: str = "olive@example.com",
    password: str = PASSWORD,
    *,
    address: str = "192.0.2.1",
    now: datetime = NOW,
    hasher: PasswordHasher = CHEAP,
) -> Session:
    """Try to sign in."""
    return sessions.sign_in(
        db, email=email, password=password, address=address, agent="Browser", now=now, hasher=hasher
    )
