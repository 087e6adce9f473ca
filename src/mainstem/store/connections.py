"""Connections: which Confluence, under what name, signed in as whom, and when it was last in step.

Secrets come and go sealed; this module cannot open one. Whether a credential works is for the client to say.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from mainstem.store import audiences, journal
from mainstem.store.errors import ConnectionGone, NameTaken
from mainstem.store.tables import chains, connections, documents, drafts, holders, removals
from mainstem.wiki import conversion, filing
from mainstem.wiki.content import Deployment, Kind
from mainstem.wiki.conversion import AS_IT_STANDS, ConversionOptions
from mainstem.wiki.filing import FilingRule
from mainstem.wiki.secrets import SealedSecret
from mainstem.wiki.selection import EVERYTHING, Filter, Later, facts_of, filter_of, later_of


@dataclass(frozen=True, slots=True)
class NewConnection:
    """A connection about to be saved.

    `url` is the site's human base, `api_url` where requests go. `login` is an email (Cloud) or user name; None where
    the credential needs none. `credential_kind` is the client's word. `chosen_spaces` are space keys, None for all.
    """

    name: str
    deployment: Deployment
    url: str
    api_url: str
    credential_kind: str
    secret: SealedSecret
    login: str | None = None
    account_id: str | None = None
    account_name: str | None = None
    token_expires_on: date | None = None
    chosen_spaces: tuple[str, ...] | None = None
    kinds: frozenset[Kind] = frozenset({Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT})
    filter: Filter = EVERYTHING
    conversion: ConversionOptions = AS_IT_STANDS
    rules: tuple[FilingRule, ...] = ()

    @property
    def later(self) -> Later:
        """What becomes of spaces that are created later."""
        return later_of(self.chosen_spaces, self.filter)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedConnection(NewConnection):
    """A connection as stored."""

    id: int
    created_at: datetime
    last_sync_at: datetime | None


_KEPT = select(connections).where(connections.c.id.not_in(select(removals.c.connection_id)))


def add(db: Connection, new: NewConnection, now: datetime) -> SavedConnection:
    """Save a connection; nobody can read anything of it until its view rules are read. Raises NameTaken."""
    _refuse_taken(db, new.name, but=None)
    adding = insert(connections).values(created_at=now, **_columns(new)).returning(connections.c.id)
    connection_id: int = db.execute(adding).scalar_one()
    audiences.prepare(db, connection_id)
    return connection(db, connection_id)


def change(db: Connection, connection_id: int, new: NewConnection) -> SavedConnection:
    """Replace everything a person can set. Raises NameTaken and ConnectionGone."""
    _refuse_taken(db, new.name, but=connection_id)
    before = connection(db, connection_id)
    db.execute(update(connections).where(connections.c.id == connection_id).values(**_columns(new)))
    if before.name != new.name:
        journal.append_where(db, documents.c.connection_id == connection_id)
    return connection(db, connection_id)


def connection(db: Connection, connection_id: int) -> SavedConnection:
    """One connection by id. Raises ConnectionGone, also for one that was removed and can still be brought back."""
    row = db.execute(_KEPT.where(connections.c.id == connection_id)).mappings().one_or_none()
    if row is None:
        raise ConnectionGone(connection_id)
    return _saved(row)


def named(db: Connection, name: str) -> SavedConnection | None:
    """One connection by its exact name."""
    row = db.execute(_KEPT.where(connections.c.name == name)).mappings().one_or_none()
    return None if row is None else _saved(row)


def every(db: Connection) -> list[SavedConnection]:
    """All connections but those that were removed (see `removals`), the newest first."""
    return [_saved(row) for row in db.execute(_KEPT.order_by(connections.c.id.desc())).mappings()]


def synced(db: Connection, connection_id: int, now: datetime) -> None:
    """Note that a sync ended well."""
    db.execute(update(connections).where(connections.c.id == connection_id).values(last_sync_at=now))


def remove(db: Connection, connection_id: int) -> None:
    """Delete a connection with all its documents, rules, people and runs; the index is told."""
    journal.append_where(db, documents.c.connection_id == connection_id)
    # What holds on to something goes before it: a cascade knows no such order.
    for table in (documents, chains, holders):
        db.execute(delete(table).where(table.c.connection_id == connection_id))
    db.execute(delete(drafts).where(drafts.c.connection_id == connection_id))
    db.execute(delete(connections).where(connections.c.id == connection_id))


def _refuse_taken(db: Connection, name: str, *, but: int | None) -> None:
    taken = db.execute(select(connections.c.id).where(connections.c.name == name)).scalar_one_or_none()
    if taken is not None and taken != but:
        raise NameTaken(name)


def _columns(new: NewConnection) -> dict[str, Any]:
    return {
        "name": new.name,
        "deployment": new.deployment,
        "url": new.url,
        "api_url": new.api_url,
        "credential_kind": new.credential_kind,
        "secret": new.secret.token,
        "login": new.login,
        "account_id": new.account_id,
        "account_name": new.account_name,
        "token_expires_on": new.token_expires_on,
        "chosen_spaces": None if new.chosen_spaces is None else list(new.chosen_spaces),
        "kinds": sorted(new.kinds),
        "filter": facts_of(new.filter),
        "conversion": conversion.facts_of(new.conversion),
        "rules": filing.facts_of(new.rules),
    }


def _saved(row: RowMapping) -> SavedConnection:
    columns = dict(row)
    chosen = columns["chosen_spaces"]
    columns |= {
        "deployment": Deployment(columns["deployment"]),
        "secret": SealedSecret(columns["secret"]),
        "chosen_spaces": None if chosen is None else tuple(chosen),
        "kinds": frozenset(Kind(kind) for kind in columns["kinds"]),
        "filter": filter_of(columns["filter"] or {}),
        "conversion": conversion.options_of(columns["conversion"] or {}),
        "rules": filing.rules_of(columns["rules"] or ()),
    }
    return SavedConnection(**columns)
