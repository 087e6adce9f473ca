"""Checkups: what the last test of each connection told, and when. What its checks mean is the client's business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from mainstem.store.tables import checkups
from mainstem.store.upsert import upsert

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checkup:
    """The last test of a connection: when it ended, whether it passed, and its checks in plain words."""

    tested_at: datetime
    passed: bool
    checks: tuple[Facts, ...]


def save(db: Connection, connection_id: int, checks: Sequence[Facts], now: datetime, *, passed: bool) -> None:
    """Keep what a test told, in the stead of the one before. The connection must be there."""
    row = {"connection_id": connection_id, "tested_at": now, "passed": passed, "checks": list(checks)}
    upsert(db, checkups, [row], key=("connection_id",))


def last(db: Connection, connection_id: int) -> Checkup | None:
    """The last test of a connection; None where there was none."""
    columns = (checkups.c.tested_at, checkups.c.passed, checkups.c.checks)
    row = db.execute(select(*columns).where(checkups.c.connection_id == connection_id)).one_or_none()
    return None if row is None else Checkup(row.tested_at, row.passed, tuple(row.checks))
