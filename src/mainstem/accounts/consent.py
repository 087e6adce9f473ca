"""Letting text go to a language model: who may say so, and that it is written down with what is said."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from mainstem.accounts import connection_deeds
from mainstem.accounts.deeds import Done
from mainstem.accounts.errors import RoleTooLow
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Act, may
from mainstem.store import consents
from mainstem.store.consents import ALL
from mainstem.store.content import saved_spaces


def allow(
    db: Connection, by: Member, connection_id: int, destination: str, spaces: Collection[str], now: datetime
) -> None:
    """Let passages of these spaces of a connection be sent somewhere, and of no others of it; ALL stands for all.

    Spaces that the connection does not know are passed over. Raises RoleTooLow, and the store's ConnectionGone.
    """
    if not may(by.role, Act.ALLOW_MODEL):
        raise RoleTooLow
    keys = {space.id: space.key for space in saved_spaces(db, connection_id)}
    chosen = frozenset({ALL}) if ALL in spaces else frozenset(spaces) & keys.keys()
    saved = consents.given(db, destination).get(connection_id)
    before = saved.spaces if saved else frozenset()
    if chosen == before:
        return

    def said(some: frozenset[str]) -> dict[str, object]:
        return {"spaces": "all" if ALL in some else sorted(keys.get(each, each) for each in some)}

    facts = {"destination": destination, "before": said(before), "after": said(chosen)}
    connection_deeds.done(db, by, Done.MODEL_ALLOWED, connection_id, now, **facts)
    consents.give(db, connection_id, destination, chosen, by.name, now)
