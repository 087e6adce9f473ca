"""What admins change of how a connection signs in: another credential, which is proved first, and the day it expires.

A secret goes in and never comes out again; the old one serves until the new one has signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, SecretStr

from mainstem.accounts.members import Member
from mainstem.confluence.addresses import parse_address
from mainstem.confluence.catalogue import BY_ERROR
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.confluence.grants import LIFE
from mainstem.errors import MainstemError, TellPerson
from mainstem.store import grants
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.sync.renewal import Proof
from mainstem.wiki.content import Deployment
from mainstem.wiring.hub import Hub

WARNED = 30
"""Days before a credential expires, from which on its connection says so."""

UPDATED = "Credentials updated and tested."
_NEAR = {0: "today", 1: "tomorrow"}


KINDS: Mapping[str, str] = {
    "email-token": "API token",
    "oauth": "Allowed at Atlassian (OAuth 2.0)",
    "personal-token": "Personal access token",
    "user-password": "User name and password",
}


class Unfinished(TellPerson):
    """A field that is needed is empty, or holds what it cannot."""


class SentCredential(BaseModel):
    """What the form sends. `grant`: what was allowed at Atlassian, by the id that it is kept by.

    `other`: the credential may belong to another account than before.
    """

    way: str = ""
    login: str = ""
    secret: SecretStr = SecretStr("")
    expires: str = ""
    grant: str = ""
    other: bool = False

    def credential(self, connection: SavedConnection) -> Credential | None:
        """What was filled in; None where no secret was, and the old one is to stay. Raises Unfinished."""
        secret = self.secret.get_secret_value().strip()
        if not secret:
            return None
        if connection.deployment is Deployment.DATA_CENTER and self.way == "token":
            return PersonalToken(secret)
        if not self.login.strip():
            raise Unfinished("Give the email or user name that the secret belongs to.")
        login = self.login.strip()
        return EmailToken(login, secret) if connection.deployment is Deployment.CLOUD else UserPassword(login, secret)

    def day(self) -> date | None:
        """When it expires; None where nobody knows. Raises Unfinished."""
        try:
            return date.fromisoformat(self.expires) if self.expires else None
        except ValueError:
            raise Unfinished("Give the day on which it expires, or leave it empty.") from None


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a credential expires, and in how many days; None where nobody told."""

    day: date | None
    days: int | None

    @property
    def soon(self) -> bool:
        """Whether it is time for a new one."""
        return self.days is not None and self.days <= WARNED

    @property
    def says(self) -> str:
        """The day in words."""
        if self.day is None or self.days is None:
            return "Nobody said when it expires"
        on = f"{self.day.day} {self.day:%B %Y}"
        if self.days < 0:
            return f"Expired on {on}"
        return f"Expires on {on}, {_NEAR.get(self.days, f'in {self.days:,} days')}"


@dataclass(frozen=True, slots=True)
class Renewal:
    """What came of a change. `said` where it was made, `trouble` with `steps` where not.

    `other`: the credential is of another account, and somebody must say that this is meant; it is `grant`, if any.
    `renewed`: the connection signs in with it now.
    """

    said: str = ""
    trouble: str = ""
    steps: tuple[str, ...] = ()
    other: bool = False
    grant: str = ""
    renewed: bool = False


def kind_of(connection: SavedConnection) -> str:
    """What a connection signs in with, in words. A token that needs the gateway is one with scopes."""
    said = KINDS[connection.credential_kind]
    if connection.credential_kind != "email-token":
        return said
    return f"{said} with scopes" if parse_address(connection.api_url).endpoint.gateway else f"{said} without scopes"


def expiry_of(connection: SavedConnection, today: date) -> Expiry:
    """When the credential of a connection expires."""
    day = connection.token_expires_on
    return Expiry(day, None if day is None else (day - today).days)


async def renewal(hub: Hub, connection: SavedConnection, sent: SentCredential, by: Member) -> Renewal:
    """Prove what was sent and save it; or the day alone, where no secret was sent."""
    try:
        credential, day = _granted(hub, connection, sent) if sent.grant else (sent.credential(connection), sent.day())
        if credential is None:
            hub.expect_expiry(connection, day, by=by)
            return Renewal("The day is noted." if day else "The day is forgotten.")
        proof = await hub.prove(connection, credential)
        if proof.other_account and not sent.other:
            return Renewal(trouble=_other(connection, proof), steps=proof.says, other=True, grant=sent.grant)
        hub.renew(connection, proof, day, by=by)
    except MainstemError as error:
        return refusal(error)
    return Renewal(UPDATED, renewed=True)


def refusal(error: MainstemError) -> Renewal:
    """Nothing was changed, for this reason."""
    entry = BY_ERROR.get(type(error))
    said = f"{str(error).rstrip('.')}. The old credential still serves."
    return Renewal(trouble=said, steps=entry.fixes if entry else ())


def lasts_until(hub: Hub) -> date:
    """When Atlassian ends what is allowed now."""
    return (hub.clock() + LIFE).date()


def _granted(hub: Hub, connection: SavedConnection, sent: SentCredential) -> tuple[Credential, date]:
    with reading(hub.engine) as db:
        if not grants.is_of(db, sent.grant, connection.id):
            raise Unfinished("What was allowed at Atlassian is no longer kept. Connect with Atlassian again.")
    return hub.grants.grant(sent.grant), lasts_until(hub)


def _other(connection: SavedConnection, proof: Proof) -> str:
    before, now = connection.account_name or "the account before", proof.account.display_name
    return f"This credential belongs to {now}, not to {before}. With {now}, this would change:"
