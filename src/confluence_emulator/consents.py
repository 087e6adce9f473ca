"""Apps that people let act for them (OAuth 2.0, three-legged): consents, their codes, and tokens that rotate.

How these are asked for on the wire is the Cloud dialect's business. Tokens are made-up words, as all secrets here are.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from confluence_emulator.accounts import Accounts, CredentialKind
from confluence_emulator.state import User

LASTS = timedelta(hours=1)
"""How long an access token is good for."""
LEEWAY = timedelta(minutes=10)
"""How long a refresh token that was used may be used again, by somebody whom the answer did not reach."""
IDLE = timedelta(days=90)
"""After how long without a refresh a consent ends."""
ABSOLUTE = timedelta(days=365)
"""After how long a consent ends, however much it is used."""
OFFLINE = "offline_access"
"""The scope that brings a refresh token."""


@dataclass(frozen=True, slots=True)
class App:
    """An app that a developer registered. It may be sent back to any address."""

    client_id: str = "emulated-app"
    client_secret: str = "emulated-app-secret"  # noqa: S105  a word, made up


class Refused(Exception):
    """A token that is not given. `error` and `description` are what OAuth calls them."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.description = description


@dataclass(slots=True)
class Consent:
    """What one account allowed. `refresh` is the token that counts; `used` are its forerunners and when they ended."""

    number: int
    user: User
    scopes: frozenset[str]
    begun_at: datetime
    renewed_at: datetime
    refresh: str = ""
    used: dict[str, datetime] = field(default_factory=dict)
    access: list[str] = field(default_factory=list)
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """What the browser brings back to the app, good for one use. `challenge` "": the app sent none."""

    user: User
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an app is given. `refresh` "": it did not ask for one."""

    access: str
    refresh: str
    scopes: frozenset[str]


@dataclass
class Consents:
    """Every consent on one site, and the codes that were not redeemed yet."""

    accounts: Accounts
    app: App = field(default_factory=App)
    codes: dict[str, Code] = field(default_factory=dict)
    given: list[Consent] = field(default_factory=list)
    _made: int = 0

    def allow(self, code: Code) -> str:
        """An account allows what an app asks for; the code by which it gets its tokens."""
        name = self._name(code.user, "code")
        self.codes[name] = code
        return name

    def redeem(self, sent: Mapping[str, str]) -> Tokens:
        """The first tokens of a consent. Raises Refused; a code is good once, also where it is refused."""
        self._known(sent)
        code = self.codes.pop(sent.get("code", ""), None)
        if code is None or code.redirect_uri != sent.get("redirect_uri"):
            raise Refused(403, "invalid_grant", "Invalid authorization code")
        if code.challenge and code.challenge != challenge_of(sent.get("code_verifier", "")):
            raise Refused(403, "invalid_grant", "Failed to verify code verifier")
        now = self.accounts.site.now()
        consent = Consent(len(self.given) + 1, code.user, code.scopes, now, now)
        self.given.append(consent)
        return self._tokens(consent)

    def refresh(self, sent: Mapping[str, str]) -> Tokens:
        """The next tokens of a consent. A refresh token that is used again ends it, once its leeway is over.

        Raises Refused.
        """
        self._known(sent)
        token, now = sent.get("refresh_token", ""), self.accounts.site.now()
        consent = next((one for one in self.given if token and token in {one.refresh, *one.used}), None)
        if consent is None or consent.ended or not consent.user.active or _over(consent, now):
            raise Refused(403, "unauthorized_client", "refresh_token is invalid")
        if token != consent.refresh and now - consent.used[token] > LEEWAY:
            self.end(consent)
            raise Refused(403, "unauthorized_client", "refresh_token is invalid")
        return self._tokens(consent)

    def withdraw(self, user: User) -> None:
        """An account allows nothing any more."""
        for consent in self.given:
            if consent.user is user:
                self.end(consent)

    def end(self, consent: Consent) -> None:
        """No token of a consent is good any more."""
        consent.ended = True
        for secret in consent.access:
            self.accounts.revoke(secret)

    def _known(self, sent: Mapping[str, str]) -> None:
        if (sent.get("client_id"), sent.get("client_secret")) != (self.app.client_id, self.app.client_secret):
            raise Refused(401, "access_denied", "Unauthorized")

    def _tokens(self, consent: Consent) -> Tokens:
        now = self.accounts.site.now()
        access = self._name(consent.user, "access")
        self.accounts.issue(CredentialKind.OAUTH, consent.user, access, scopes=consent.scopes, expires_in=LASTS)
        consent.access.append(access)
        if OFFLINE in consent.scopes:
            if consent.refresh:
                consent.used.setdefault(consent.refresh, now)
            consent.refresh, consent.renewed_at = self._name(consent.user, "refresh"), now
        return Tokens(access, consent.refresh, consent.scopes)

    def _name(self, user: User, kind: str) -> str:
        self._made += 1
        return f"{user.username}-{kind}-{self._made}"


def challenge_of(verifier: str) -> str:
    """What proves that whoever redeems a code is who asked for it (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _over(consent: Consent, now: datetime) -> bool:
    return now - consent.renewed_at > IDLE or now - consent.begun_at > ABSOLUTE
