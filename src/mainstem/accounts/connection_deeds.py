"""What is done with connections, as the audit log has it: each in the transaction that does it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from mainstem.accounts.deeds import COMMAND_LINE, Done, note
from mainstem.accounts.members import Member
from mainstem.store import connections, members, met_spaces, openings
from mainstem.store.connections import SavedConnection
from mainstem.sync.meeting import decided
from mainstem.wiki import selection
from mainstem.wiki.files import file_facts_of


def done(db: Connection, by: Member | None, what: Done, connection_id: int, now: datetime, **facts: Any) -> None:
    """Write down what somebody did with a connection that is there. Raises the store's ConnectionGone."""
    named = connections.connection(db, connection_id).name
    note(db, by, what, named, now, connection=connection_id, **facts)


def added(db: Connection, by: Member | None, connection: SavedConnection, now: datetime) -> None:
    """Write down that somebody connected a site."""
    facts = {"connection": connection.id, "site": connection.url, "account": connection.account_name}
    note(db, by, Done.CONNECTION_ADDED, connection.name, now, **facts | _content(connection))


def change(
    db: Connection, by: Member | None, before: SavedConnection, wanted: SavedConnection, now: datetime
) -> SavedConnection:
    """Let a connection become what is wanted, and write it down; it as it is then. Raises what the store raises."""
    after = connections.change(db, before.id, wanted)
    changed(db, by, before, after, now)
    return after


def place(
    db: Connection, by: Member | None, before: SavedConnection, space_id: str, *, inside: bool, now: datetime
) -> SavedConnection:
    """Say whether a space that stays outside so far comes in from now on, and write it down.

    Raises KeyError where the connection never met it, ComesIn, and what the store raises.
    """
    wanted, space = decided(before, met_spaces.met(db, before.id)[space_id], inside=inside)
    met_spaces.save(db, before.id, [space])
    return change(db, by, before, wanted, now)


def switch_permissions(db: Connection, by: Member | None, connection_id: int, now: datetime, *, kept: bool) -> bool:
    """Let the permissions of a connection hold, or open it to all who have an account here; whether that is a change.

    Raises the store's ConnectionGone.
    """
    connections.connection(db, connection_id)
    if kept:
        changes = openings.close(db, connection_id)
        what, facts = Done.PERMISSIONS_ON, {}
    else:
        changes = openings.open_to_members(db, connection_id, by.name if by else COMMAND_LINE, now)
        names = [member.name for member in members.every(db) if member.active]
        what, facts = Done.PERMISSIONS_OFF, {"people": _so_many(len(names)), "names": names}
    if changes:
        done(db, by, what, connection_id, now, **facts)
    return changes


def _so_many(people: int) -> str:
    return "1 person" if people == 1 else f"{people:,} people"


def changed(
    db: Connection,
    by: Member | None,
    before: SavedConnection,
    after: SavedConnection,
    now: datetime,
    *,
    credential: bool = False,
) -> None:
    """Write down what somebody changed of a connection: each thing that is another now. `credential`: that is."""

    def write(what: Done, **facts: Any) -> None:
        note(db, by, what, after.name, now, connection=after.id, **facts)

    if before.name != after.name:
        write(Done.CONNECTION_RENAMED, before=before.name)
    if _content(before) != _content(after):
        write(Done.CONTENT_CHANGED, before=_content(before), after=_content(after))
    if before.conversion != after.conversion:
        write(Done.CONVERSION_CHANGED, before=_conversion(before), after=_conversion(after))
    if before.rules != after.rules:
        write(Done.RULES_CHANGED, before=_rules(before), after=_rules(after))
    if before.token_expires_on != after.token_expires_on:
        write(Done.EXPIRY_CHANGED, before=_expiry(before), after=_expiry(after))
    if credential:
        write(Done.CREDENTIAL_CHANGED, before=_account(before), after=_account(after))


def _content(connection: SavedConnection) -> dict[str, Any]:
    """What comes in by a connection, as JSON."""
    spaces = connection.chosen_spaces
    return {
        "spaces": "all" if spaces is None else sorted(spaces),
        "kinds": sorted(connection.kinds),
        "filter": selection.facts_of(connection.filter),
    }


def _conversion(connection: SavedConnection) -> dict[str, Any]:
    """How it is converted, as JSON."""
    chosen = connection.conversion
    files = file_facts_of(chosen.files)
    return {"macros": dict(chosen.macros), "tables": chosen.tables, "images": chosen.images, "files": files}


def _rules(connection: SavedConnection) -> dict[str, Any]:
    """By what its documents are filed, as JSON: a sentence for each rule."""
    return {"rules": [f"{rule.condition}: {rule.outcome}" for rule in connection.rules]}


def _expiry(connection: SavedConnection) -> dict[str, Any]:
    """When its credential expires, as JSON."""
    day = connection.token_expires_on
    return {"day": None if day is None else day.isoformat()}


def _account(connection: SavedConnection) -> dict[str, Any]:
    """How a connection signs in, but for the secret."""
    return {"kind": connection.credential_kind, "login": connection.login, "account": connection.account_name}
