"""Connecting a site: a credential is proved and the spaces are found before anything is saved (C1, C2, C3).

Which client, which seal and which clock are for the caller to say.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.confluence.credentials import Credential, EmailToken, Grant, PersonalToken, UserPassword
from mainstem.errors import TellPerson
from mainstem.store import connections, grants, plans
from mainstem.store.connections import NewConnection, SavedConnection
from mainstem.sync.changing import Difference, bringing, difference
from mainstem.sync.foreseeing import leaves
from mainstem.wiki import conversion
from mainstem.wiki.content import Deployment, Kind
from mainstem.wiki.secrets import SealedSecret
from mainstem.wiki.selection import EVERYTHING, Filter

Noted = Callable[[Connection, SavedConnection | None, SavedConnection], None]
"""Writes down, in the transaction that saves a connection, what it was before, if it was there, and what it is now."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A connection as a person asks for it. `spaces` empty: all; `deployment` None: whatever answers.

    `conversion` is what they said of it in plain words; of a connection that is there, the rest stays as it was.
    """

    url: str
    credential: Credential
    name: str | None = None
    spaces: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset({Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT})
    deployment: Deployment | None = None
    token_expires_on: date | None = None
    filter: Filter = EVERYTHING
    conversion: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that was saved, and the number of requests that it took to prove it."""

    connection: SavedConnection
    requests: int


class WouldLeave(TellPerson):
    """Another choice was given for a connection, by which documents would leave it. `change` says which."""

    def __init__(self, name: str, change: Difference) -> None:
        super().__init__(name, change)
        self.name = name
        self.change = change

    def __str__(self) -> str:
        said = " ".join(leaves(self.change)[:-1])
        return (
            f"By this choice {self.name} would lose documents. {said} Choose what comes in as before, or allow it with "
            "--approve-deletions."
        )


async def connect(
    wanted: Wanted,
    *,
    engine: Engine,
    client: AbstractAsyncContextManager[Confluence],
    seal: Callable[[dict[str, str]], SealedSecret],
    now: datetime,
    noted: Noted,
) -> Connected:
    """Sign in, find the spaces, and save the connection under its name, or the site's when it has none.

    Raises what signing in raises, UnknownSpace and NameTaken.
    """
    new, requests = await _proved(wanted, client, seal)
    with engine.begin() as db:
        return Connected(_added(db, new, wanted.credential, now, noted), requests)


async def connect_again(
    wanted: Wanted,
    *,
    engine: Engine,
    client: AbstractAsyncContextManager[Confluence],
    seal: Callable[[dict[str, str]], SealedSecret],
    now: datetime,
    noted: Noted,
    approve_deletions: bool = False,
) -> Connected:
    """The connection that the same account has to the same site already, with what was given now.

    Where there is none, a new one as by `connect`. Raises WouldLeave where documents would go unasked.
    """
    new, requests = await _proved(wanted, client, seal)
    with engine.begin() as db:
        for old in connections.every(db):
            if (old.url, old.account_id) == (new.url, new.account_id) and wanted.name in (None, old.name):
                own = conversion.changed(old.conversion, wanted.conversion)
                choice = bringing(old, spaces=new.chosen_spaces, kinds=new.kinds, narrowed=new.filter)
                if choice != old and not approve_deletions:
                    _refuse_leaving(db, old, choice, now)
                plans.relieve(db, old.id, now)
                changed = connections.change(db, old.id, replace(new, name=old.name, conversion=own))
                serve(db, old.id, wanted.credential)
                noted(db, old, changed)
                return Connected(changed, requests)
        return Connected(_added(db, new, wanted.credential, now, noted), requests)


def serve(db: Connection, connection_id: int, credential: Credential) -> None:
    """A connection signs in with this from now on: a grant is its own then, and any that it had before goes."""
    grants.serve(db, connection_id, credential.id if isinstance(credential, Grant) else None)


def _added(db: Connection, new: NewConnection, credential: Credential, now: datetime, noted: Noted) -> SavedConnection:
    connection = connections.add(db, new, now)
    serve(db, connection.id, credential)
    noted(db, None, connection)
    return connection


def _refuse_leaving(db: Connection, old: SavedConnection, choice: SavedConnection, now: datetime) -> None:
    change = difference(db, old, choice, now)
    if change.leaving:
        raise WouldLeave(old.name, change)


async def _proved(
    wanted: Wanted,
    client: AbstractAsyncContextManager[Confluence],
    seal: Callable[[dict[str, str]], SealedSecret],
) -> tuple[NewConnection, int]:
    async with client as confluence:
        person = confluence.account
        found = await confluence.spaces(wanted.spaces) if wanted.spaces else []
        title = (await confluence.server()).title
        kind, login, secret = stored_form(wanted.credential)
        new = NewConnection(
            name=wanted.name or title or confluence.site_url,
            deployment=confluence.deployment,
            url=confluence.site_url,
            api_url=confluence.api_url,
            credential_kind=kind,
            secret=seal(secret),
            login=login,
            account_id=person.id,
            account_name=person.display_name,
            chosen_spaces=tuple(space.key for space in found) or None,
            kinds=wanted.kinds,
            token_expires_on=wanted.token_expires_on,
            filter=wanted.filter,
            conversion=conversion.options_of(wanted.conversion),
        )
        return new, confluence.traffic.requests


def stored_form(credential: Credential) -> tuple[str, str | None, dict[str, str]]:
    """A credential as it is stored: its kind, the login that may be shown, and what must be sealed."""
    match credential:
        case EmailToken(email=email, token=token):
            return "email-token", email, {"token": token}
        case PersonalToken(token=token):
            return "personal-token", None, {"token": token}
        case UserPassword(username=username, password=password):
            return "user-password", username, {"password": password}
        case Grant(id=grant_id):
            return "oauth", None, {"grant": grant_id}


def credential_of(connection: SavedConnection, secret: dict[str, str], grant: Callable[[str], Grant]) -> Credential:
    """The credential of a stored connection, given its opened secret, and what gives a kept grant."""
    match connection.credential_kind:
        case "oauth":
            return grant(secret["grant"])
        case "email-token":
            return EmailToken(connection.login or "", secret["token"])
        case "personal-token":
            return PersonalToken(secret["token"])
        case _:
            return UserPassword(connection.login or "", secret["password"])
