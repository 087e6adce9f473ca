"""Deeds: who did what that others must be able to look up later. Rows are written once and never changed.

What is a deed, and what it is called, is not decided here: `mainstem.accounts` does.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, cast, insert, or_, select
from sqlalchemy import String as Text

from mainstem.store.tables import deeds


@dataclass(frozen=True, slots=True)
class NewDeed:
    """A deed about to be written. `member` did it, by the name they have now; `subject` is whom or what it is about.

    `member_id` None: nobody who has an account. `facts` are JSON values.
    """

    at: datetime
    member_id: int | None
    member: str
    act: str
    subject: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed(NewDeed):
    """A deed as stored."""

    id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deeds: all that meet every condition; "" and () ask nothing. `since` and `until` are instants."""

    text: str = ""
    acts: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def note(db: Connection, deed: NewDeed) -> None:
    """Write a deed down."""
    row = {name: getattr(deed, name) for name in NewDeed.__dataclass_fields__}
    db.execute(insert(deeds).values(row | {"facts": dict(deed.facts)}))


def newest(db: Connection, wanted: Wanted, *, limit: int, before: int | None = None) -> list[Deed]:
    """The newest deeds, or those before the deed `before`."""
    chosen = _chosen(wanted)
    if before is not None:
        chosen = chosen.where(deeds.c.id < before)
    return [Deed(**row) for row in db.execute(chosen.order_by(deeds.c.id.desc()).limit(limit)).mappings()]


def _chosen(wanted: Wanted) -> Select[Any]:
    chosen = select(deeds)
    if wanted.acts:
        chosen = chosen.where(deeds.c.act.in_(wanted.acts))
    if wanted.since is not None:
        chosen = chosen.where(deeds.c.at >= wanted.since)
    if wanted.until is not None:
        chosen = chosen.where(deeds.c.at < wanted.until)
    facts = cast(deeds.c.facts, Text)
    for word in wanted.text.split():
        plain = [column.icontains(word, autoescape=True) for column in (deeds.c.member, deeds.c.act, deeds.c.subject)]
        within = [facts.icontains(written, autoescape=True) for written in _as_json(word)]
        chosen = chosen.where(or_(*plain, *within))
    return chosen


def _as_json(word: str) -> set[str]:
    """How a word may stand in JSON, where letters beyond ASCII are numbers, and so others in capitals."""
    return {json.dumps(spelled)[1:-1] for spelled in (word, word.lower(), word.upper(), word.title())}
