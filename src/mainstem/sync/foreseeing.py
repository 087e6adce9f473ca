"""What another choice changes of a connection, in sentences for whoever is about to make it (S2, S3).

What leaves is counted in what is stored. What comes in Confluence is asked for, and where it cannot tell just now,
nobody can before the sync.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from mainstem.confluence.client import Confluence
from mainstem.errors import MainstemError
from mainstem.store.connections import SavedConnection
from mainstem.sync.changing import Difference
from mainstem.wiki.content import Kind
from mainstem.wiki.selection import SELECTED, Filter, Selection

PATIENCE = 10.0
"""Seconds that somebody is kept waiting for an estimate."""

NAMES: Mapping[Kind, str] = {Kind.COMMENT: "comments", Kind.ATTACHMENT: "attachments"}
"""What comes in beside pages and posts."""

NAMED = 8
"""So many spaces are named one by one."""

Question = tuple[Filter, frozenset[Kind]]
"""How much of these kinds does this filter let in?"""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What saving would change, in sentences; `removes` is how many documents leave.

    `nothing`: it is as it was before.
    """

    adds: tuple[str, ...]
    leaves: tuple[str, ...]
    removes: int
    nothing: bool


async def foreseen(
    before: SavedConnection,
    after: SavedConnection,
    change: Difference,
    client: AbstractAsyncContextManager[Confluence],
    now: datetime,
) -> Foreseen:
    """What a change means. `client` is signed in as the account of the connection, and opened only to count."""
    nothing = before == after
    adds = () if nothing else await _adds(after, change, client, now)
    return Foreseen(adds, leaves(change), change.leaving, nothing)


async def found_by(
    client: AbstractAsyncContextManager[Confluence],
    keys: Sequence[str] | None,
    asked: Sequence[Question],
    now: datetime,
) -> list[int | None]:
    """How much Confluence finds by each of these, in the spaces with these keys; None where it does not say in time."""
    if not asked:
        return []
    try:
        async with asyncio.timeout(PATIENCE), client as confluence:
            counts = [await confluence.matching(Selection(chosen, now), kinds, keys) for chosen, kinds in asked]
    except (MainstemError, TimeoutError):
        return [None] * len(asked)
    return [count.number for count in counts]


def leaves(change: Difference) -> tuple[str, ...]:
    """What leaves, in sentences; none where nothing does."""
    if not change.leaving:
        return ()
    others = f"{change.others:,} {'comment or file' if change.others == 1 else 'comments and files'}"
    parts = [pages(change.pages)] * bool(change.pages) + [others] * bool(change.others)
    said = [f"Exactly {' and '.join(parts)} of what is stored now."]
    if change.spaces:
        more = f" and {len(change.spaces) - NAMED} more" if len(change.spaces) > NAMED else ""
        said.append(f"With them all of {', '.join(change.spaces[:NAMED])}{more}.")
    return (*said, "Confluence keeps them: chosen again, they come back.")


def pages(number: int) -> str:
    """So many pages and posts."""
    return f"{number:,} {'page or post' if number == 1 else 'pages and posts'}"


async def _adds(
    after: SavedConnection, change: Difference, client: AbstractAsyncContextManager[Confluence], now: datetime
) -> tuple[str, ...]:
    # A comment has neither the labels nor the dates of the page that it belongs to.
    countable = [] if after.filter.narrows else sorted(change.kinds)
    of_all = Filter(without_spaces=after.filter.without_spaces)
    asked: list[Question] = [(after.filter, after.kinds & SELECTED)] if change.wider else []
    asked += [(of_all, frozenset({kind})) for kind in countable]
    numbers = await found_by(client, after.chosen_spaces, asked, now)
    said = [_more(numbers.pop(0), change.staying, after)] if change.wider else []
    known = dict(zip(countable, numbers, strict=True))
    return (*said, *(_of_kind(kind, known.get(kind)) for kind in sorted(change.kinds)))


def _more(number: int | None, staying: int, after: SavedConnection) -> str:
    """Pages and posts that come in, where Confluence finds so many in all, of which so many are here and stay."""
    if number is None:
        return "Pages and posts: Confluence did not say how many, so only the sync can tell."
    if number <= staying:
        return "Hardly any pages or posts: Confluence's search finds no more than are here."
    beside = [name for kind, name in NAMES.items() if kind in after.kinds]
    return f"About {pages(number - staying)}{', with their ' * bool(beside)}{' and '.join(beside)}."


def _of_kind(kind: Kind, number: int | None) -> str:
    name = NAMES[kind]
    return f"{name.capitalize()}: how many, only the sync can tell." if number is None else f"About {number:,} {name}."
