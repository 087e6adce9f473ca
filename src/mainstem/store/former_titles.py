"""What pages were called before, and in which space, so that links by title follow them through renames and moves.

A title that another page bears by now means that page.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row

from mainstem.store.tables import former_titles
from mainstem.store.upsert import upsert
from mainstem.wiki.content import Kind

TITLED: Final = frozenset({Kind.PAGE, Kind.BLOGPOST})
"""The kinds that links name by title."""


def remember(db: Connection, before: Iterable[Row[Any]], now: Mapping[int, tuple[str, str]]) -> None:
    """Note what documents were called: rows with id, kind, title and space id; `now`, by our id: (title, space id)."""
    rows = [
        {"document_id": old.id, "space_id": old.space_id, "title": old.title}
        for old in before
        if old.kind in TITLED and old.id in now and now[old.id] != (old.title, old.space_id)
    ]
    upsert(db, former_titles, rows, key=("document_id", "space_id", "title"))
