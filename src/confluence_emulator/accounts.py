"""Credentials of every kind, and who signs in with what.

Knows which account a header proves, and how far; what a refusal looks like on the wire is each dialect's business.
Secrets are made-up words for an emulator: nothing here protects anything.
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from confluence_emulator.state import Site, User

CAPTCHA_AFTER = 3
"""Failed sign-ins by password after which Data Center asks for a CAPTCHA."""

_GRANULAR = (
    "space page attachment comment label folder whiteboard database embed custom-content hierarchical-content "
    "content.metadata space.permission user task configuration"
)

READ_SCOPES = frozenset(
    {
        *(f"read:{noun}:confluence" for noun in _GRANULAR.split()),
        "search:confluence",
        "read:confluence-content.all",
        "read:confluence-content.summary",
        "read:confluence-content.permission",
        "read:confluence-user",
        "read:confluence-groups",
        "read:confluence-space.summary",
        "readonly:content.attachment:confluence",
    }
)
"""What a read-only connector asks for: granular scopes for v2, classic ones for v1."""


class CredentialKind(StrEnum):
    """The kinds of credential. API tokens and OAuth belong to Cloud, the others to Data Center."""

    API_TOKEN = "api-token"  # noqa: S105  (a kind, not a secret)
    SCOPED_TOKEN = "scoped-token"  # noqa: S105
    OAUTH = "oauth"
    PERSONAL_ACCESS_TOKEN = "personal-access-token"  # noqa: S105
    PASSWORD = "password"  # noqa: S105


@dataclass(slots=True)
class Credential:
    """One secret of one account. `scopes` count for scoped tokens and OAuth; `expires_at` None: never."""

    kind: CredentialKind
    account_id: str
    secret: str
    scopes: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    revoked: bool = False


class Proof(StrEnum):
    """What an Authorization header came to."""

    KNOWN = "known"
    ABSENT = "absent"
    MALFORMED = "malformed"
    REJECTED = "rejected"
    CAPTCHA = "captcha"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome of one header: `user` and `credential` only where `proof` is KNOWN."""

    proof: Proof
    user: User | None = None
    credential: Credential | None = None


def _basic(parameter: str) -> tuple[str, str] | None:
    try:
        name, colon, secret = base64.b64decode(parameter, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, secret) if colon else None


@dataclass
class Accounts:
    """The credentials of one site. `failures` counts wrong passwords by lower-cased user name."""

    site: Site
    credentials: list[Credential] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)

    def issue(
        self,
        kind: CredentialKind,
        user: User,
        secret: str,
        *,
        scopes: frozenset[str] = READ_SCOPES,
        expires_in: timedelta | None = None,
    ) -> Credential:
        """Give an account a credential; a negative `expires_in` makes one that has expired."""
        expires_at = self.site.now() + expires_in if expires_in is not None else None
        credential = Credential(kind, user.account_id, secret, scopes, expires_at)
        self.credentials.append(credential)
        return credential

    def issue_all(self, user: User) -> dict[CredentialKind, Credential]:
        """Give an account one credential of each kind, with a secret that says what it is: `ada-api-token`."""
        return {kind: self.issue(kind, user, f"{user.username}-{kind}") for kind in CredentialKind}

    def revoke(self, secret: str) -> None:
        """Withdraw every credential of this secret."""
        for credential in self.credentials:
            credential.revoked = credential.revoked or credential.secret == secret

    def cloud(self, authorization: str | None) -> SignIn:
        """Who signs in on Cloud: Basic with e-mail and API token (scoped or not), or an OAuth bearer token.

        The scheme of a bearer token is case-sensitive and ends in exactly one blank.
        """
        if authorization is None:
            return SignIn(Proof.ABSENT)
        scheme, _, parameter = authorization.partition(" ")
        if scheme == "Bearer":
            return self._accept(parameter, CredentialKind.OAUTH)
        if scheme.lower() != "basic":
            return SignIn(Proof.REJECTED)
        pair = _basic(parameter)
        if pair is None:
            return SignIn(Proof.MALFORMED)
        found = self._accept(pair[1], CredentialKind.API_TOKEN, CredentialKind.SCOPED_TOKEN)
        if found.user is not None and found.user.email.casefold() != pair[0].casefold():
            return SignIn(Proof.REJECTED)
        return found

    def datacenter(self, authorization: str | None) -> SignIn:
        """Who signs in on Data Center: a personal access token as bearer, or Basic with user name and password.

        After `CAPTCHA_AFTER` wrong passwords even the right one answers CAPTCHA, until `forgive` is called.
        """
        if authorization is None:
            return SignIn(Proof.ABSENT)
        scheme, _, parameter = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return self._accept(parameter.strip(), CredentialKind.PERSONAL_ACCESS_TOKEN)
        pair = _basic(parameter) if scheme.lower() == "basic" else None
        if pair is None:
            return SignIn(Proof.MALFORMED)
        return self._password(*pair)

    def forgive(self, username: str) -> None:
        """Forget an account's wrong passwords, as solving the CAPTCHA does."""
        self.failures.pop(username.casefold(), None)

    def _password(self, username: str, password: str) -> SignIn:
        name = username.casefold()
        if self.failures.get(name, 0) >= CAPTCHA_AFTER:
            return SignIn(Proof.CAPTCHA)
        found = self._accept(password, CredentialKind.PASSWORD)
        if found.user is None or found.user.username.casefold() != name:
            self.failures[name] = self.failures.get(name, 0) + 1
            return SignIn(Proof.REJECTED)
        self.forgive(name)
        return found

    def _accept(self, secret: str, *kinds: CredentialKind) -> SignIn:
        now = self.site.now()
        for credential in self.credentials:
            if credential.secret != secret or credential.kind not in kinds or credential.revoked:
                continue
            user = self.site.users.get(credential.account_id)
            expired = credential.expires_at is not None and credential.expires_at <= now
            if user is not None and user.active and not expired:
                return SignIn(Proof.KNOWN, user, credential)
        return SignIn(Proof.REJECTED)
