"""The spaces that the account of a connection was ever shown: since when, under which names, and how they stand.

Whether one comes in is for the connection itself to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from mainstem.store.tables import met_spaces
from mainstem.store.upsert import upsert
from mainstem.wiki.content import Space, Status


class Standing(StrEnum):
    """Why a space is where it is.

    KNOWN: it was there when the choice was made, or somebody decided about it since. The others were created later:
    ADDED by the rule, WAITS for a person, CLOSED until nobody needs to sign in to it, IGNORED by the rule.
    """

    KNOWN = "known"
    ADDED = "added"
    WAITS = "waits"
    CLOSED = "closed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class MetSpace:
    """One space as it was last shown. `id` is Confluence's. `gone_at`: since then it is shown no more.

    `former_key` and `former_name` are what it was called before it was renamed last, at `renamed_at`.
    """

    id: str
    key: str
    name: str
    kind: str
    status: Status
    url: str
    standing: Standing
    met_at: datetime
    former_key: str | None = None
    former_name: str | None = None
    renamed_at: datetime | None = None
    gone_at: datetime | None = None

    @property
    def space(self) -> Space:
        """The space itself."""
        return Space(self.id, self.key, self.name, self.kind, self.status, url=self.url)


_COLUMNS = [field.name for field in fields(MetSpace) if field.name != "id"]


def met(db: Connection, connection_id: int) -> dict[str, MetSpace]:
    """All of a connection, by Confluence's id."""
    rows = db.execute(select(met_spaces).where(met_spaces.c.connection_id == connection_id)).mappings()
    return {
        row["source_id"]: MetSpace(
            id=row["source_id"],
            **{name: row[name] for name in _COLUMNS}
            | {"status": Status(row["status"]), "standing": Standing(row["standing"])},
        )
        for row in rows
    }


def save(db: Connection, connection_id: int, spaces: Iterable[MetSpace]) -> None:
    """Save spaces as they stand now."""
    rows = [
        {"connection_id": connection_id, "source_id": space.id} | {name: getattr(space, name) for name in _COLUMNS}
        for space in spaces
    ]
    upsert(db, met_spaces, rows, key=("connection_id", "source_id"))
