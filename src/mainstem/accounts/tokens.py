"""Tokens: what proves who somebody is without a password, and the form in which it may be stored."""

import hashlib
import secrets


def fresh_token() -> str:
    """A token that nobody can guess: 32 random bytes as 43 letters."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is stored of a token, or of anything else that is only to be recognised."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
