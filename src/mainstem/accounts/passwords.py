"""Passwords: what one must be like, and how one is kept. Argon2 does the work, with the parameters of its authors."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from mainstem.accounts.errors import WeakPassword

STANDARD = PasswordHasher()
"""How passwords are kept; tests hand in a cheaper one."""

SHORTEST = 12
LONGEST = 1_000


def check(password: str, *, email: str, name: str) -> None:
    """Refuse a password that is easily guessed, or that only costs time. Raises WeakPassword."""
    if len(_spelled(password)) < SHORTEST:
        raise WeakPassword(f"has fewer than {SHORTEST} characters")
    if len(password) > LONGEST:
        raise WeakPassword(f"has more than {LONGEST} characters")
    if password.strip().casefold() in {email.strip().casefold(), name.strip().casefold()}:
        raise WeakPassword("is the email or the name")


def kept(password: str, hasher: PasswordHasher) -> str:
    """What is stored of a password: it proves the password and does not tell it."""
    return hasher.hash(_bytes(password))


def proves(password: str, stored: str | None, hasher: PasswordHasher) -> bool:
    """Whether a password is the one that is stored. Where none is, it takes as long to say no."""
    if stored is None:
        hasher.hash(_bytes(password))
        return False
    try:
        return hasher.verify(stored, _bytes(password))
    except VerifyMismatchError:
        return False


def _bytes(password: str) -> bytes:
    return _spelled(password).encode("utf-8", "surrogatepass")


def _spelled(password: str) -> str:
    """One spelling of what looks the same: keyboards differ in how they write an umlaut. Of an absurd one, a part."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])
