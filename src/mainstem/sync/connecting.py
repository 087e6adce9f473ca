"""Connecting a site: a credential is proved and the spaces are found before anything is saved (C1, C2, C3).

Which client, which seal and which clock are for the caller to say.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from mainstem.confluence.addresses import parse_address
from mainstem.confluence.client import Confluence
from mainstem.confluence.credentials import Credential, EmailToken, PersonalToken, UserPassword
from mainstem.store import connections
from mainstem.store.connections import NewConnection, SavedConnection
from mainstem.wiki.content import Deployment, Kind
from mainstem.wiki.secrets import SealedSecret


@dataclass(frozen=True, slots=True)
class Wanted:
    """A connection as a person asks for it. `spaces` empty: all; `deployment` None: whatever answers."""

    url: str
    credential: Credential
    name: str | None = None
    spaces: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset({Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT})
    deployment: Deployment | None = None


async def connect(
    wanted: Wanted,
    *,
    engine: Engine,
    client: AbstractAsyncContextManager[Confluence],
    seal: Callable[[dict[str, str]], SealedSecret],
    now: datetime,
) -> SavedConnection:
    """Sign in, find the spaces, and save the connection under its name, or the site's when it has none.

    Raises what signing in raises, UnknownSpace and NameTaken.
    """
    new = await _proved(wanted, client, seal)
    with engine.begin() as db:
        return connections.add(db, new, now)


async def connect_again(
    wanted: Wanted,
    *,
    engine: Engine,
    client: AbstractAsyncContextManager[Confluence],
    seal: Callable[[dict[str, str]], SealedSecret],
    now: datetime,
) -> SavedConnection:
    """The connection that the same account has to the same site already, with the credential that was given now.

    Where there is none, a new one as by `connect`.
    """
    new = await _proved(wanted, client, seal)
    with engine.begin() as db:
        for old in connections.every(db):
            if (old.url, old.account_id) == (new.url, new.account_id) and wanted.name in (None, old.name):
                return connections.change(db, old.id, replace(new, name=old.name))
        return connections.add(db, new, now)


async def _proved(
    wanted: Wanted,
    client: AbstractAsyncContextManager[Confluence],
    seal: Callable[[dict[str, str]], SealedSecret],
) -> NewConnection:
    async with client as confluence:
        person = confluence.account
        found = await confluence.spaces(wanted.spaces) if wanted.spaces else []
        title = (await confluence.server()).title
        kind, login, secret = stored_form(wanted.credential)
        return NewConnection(
            name=wanted.name or title or confluence.site_url,
            deployment=confluence.deployment,
            url=confluence.site_url,
            api_url=parse_address(wanted.url).endpoint.base,
            credential_kind=kind,
            secret=seal(secret),
            login=login,
            account_id=person.id,
            account_name=person.display_name,
            chosen_spaces=tuple(space.key for space in found) or None,
            kinds=wanted.kinds,
        )


def stored_form(credential: Credential) -> tuple[str, str | None, dict[str, str]]:
    """A credential as it is stored: its kind, the login that may be shown, and what must be sealed."""
    match credential:
        case EmailToken(email=email, token=token):
            return "email-token", email, {"token": token}
        case PersonalToken(token=token):
            return "personal-token", None, {"token": token}
        case UserPassword(username=username, password=password):
            return "user-password", username, {"password": password}


def credential_of(connection: SavedConnection, secret: dict[str, str]) -> Credential:
    """The credential of a stored connection, given its opened secret."""
    match connection.credential_kind:
        case "email-token":
            return EmailToken(connection.login or "", secret["token"])
        case "personal-token":
            return PersonalToken(secret["token"])
        case _:
            return UserPassword(connection.login or "", secret["password"])
