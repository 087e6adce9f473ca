"""Searches that members keep under names of their own. They are asked anew each time, so nothing found is kept."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Select, bindparam, delete, func, select

from mainstem.store.tables import saved_searches
from mainstem.store.upsert import upsert

MOST = 50
"""As many as a member may keep."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search of one member. `query` is what stands behind the question mark of its address."""

    id: int
    name: str
    query: str


def save(db: Connection, member_id: int, name: str, query: str, now: datetime) -> bool:
    """Keep a search; one of the same name is replaced. False where the member keeps too many already."""
    mine = saved_searches.c.member_id == member_id
    others = select(func.count()).select_from(saved_searches).where(mine, saved_searches.c.name != name)
    if db.execute(others).scalar_one() >= MOST:
        return False
    row = {"member_id": member_id, "name": name, "query": query, "saved_at": now}
    upsert(db, saved_searches, [row], key=("member_id", "name"))
    return True


def of_member(db: Connection, member_id: int) -> tuple[SavedSearch, ...]:
    """A member's searches, by name."""
    return tuple(SavedSearch(*row) for row in db.execute(_by_name(), {"member_id": member_id}))


@cache
def _by_name() -> Select[int, str, str]:
    columns = (saved_searches.c.id, saved_searches.c.name, saved_searches.c.query)
    mine = select(*columns).where(saved_searches.c.member_id == bindparam("member_id"))
    return mine.order_by(func.lower(saved_searches.c.name))


def forget(db: Connection, member_id: int, search_id: int) -> None:
    """Drop a search of a member; nothing happens where it is none of theirs."""
    theirs = saved_searches.c.id == search_id, saved_searches.c.member_id == member_id
    db.execute(delete(saved_searches).where(*theirs))
