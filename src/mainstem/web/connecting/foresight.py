"""What a choice brings in, and what it changes of a connection that is there: said before anything is saved (S2, S3).

What leaves is counted in what is stored. What comes in Confluence is asked for, and where it cannot tell just now,
nobody can before the sync.
"""

import asyncio
from dataclasses import dataclass

from anyio import to_thread

from mainstem.errors import MainstemError
from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.drafts import Draft
from mainstem.sync.changing import Difference, bringing, difference
from mainstem.web.connecting.choice import SAYS, Choice, choice_of
from mainstem.web.connecting.drafting import credential
from mainstem.web.words import counted
from mainstem.wiki.content import Kind
from mainstem.wiki.selection import SELECTED, Filter, Selection
from mainstem.wiring.hub import Hub

PATIENCE = 10.0
"""Seconds that somebody is kept waiting for an estimate."""

CONTAINED = (Kind.COMMENT, Kind.ATTACHMENT)
NAMED = 8
"""So many spaces are named one by one."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What saving would change, in sentences; `removes` is how many documents leave.

    `nothing`: it is as it was before.
    """

    adds: tuple[str, ...]
    leaves: tuple[str, ...]
    removes: int
    nothing: bool


async def narrowed(hub: Hub, draft: Draft) -> str:
    """How many pages and posts come in by a choice of kinds, labels and dates; "" where it takes all of them."""
    choice = choice_of(draft.answers.choice)
    if not choice.filter.narrows and choice.kinds >= SELECTED:
        return ""
    [number] = await _counted(hub, draft, [(choice.whole_filter, choice.kinds & SELECTED)])
    if number is None:
        return "Confluence did not say how many pages and posts that is."
    archived = " Archived ones, which it does not know, come besides." if choice.filter.archived else ""
    return f"That is about {_pages(number)}, by Confluence's own search.{archived}"


async def foreseen(hub: Hub, draft: Draft) -> Foreseen:
    """What a draft would change of its connection. Raises ConnectionGone."""
    before, after, change = await to_thread.run_sync(_difference, hub, draft)
    nothing = before == after
    return Foreseen(
        adds=() if nothing else await _adds(hub, draft, after, change),
        leaves=_leaves(change),
        removes=change.leaving,
        nothing=nothing,
    )


def changed(connection: SavedConnection, choice: Choice) -> SavedConnection:
    """A connection by which something else comes in."""
    return bringing(connection, spaces=choice.spaces, kinds=choice.kinds, narrowed=choice.whole_filter)


def _difference(hub: Hub, draft: Draft) -> tuple[SavedConnection, SavedConnection, Difference]:
    assert draft.connection_id is not None
    with reading(hub.engine) as db:
        before = connections.connection(db, draft.connection_id)
        after = changed(before, choice_of(draft.answers.choice))
        return before, after, difference(db, before, after, hub.clock())


async def _adds(hub: Hub, draft: Draft, after: SavedConnection, change: Difference) -> tuple[str, ...]:
    # A comment has neither the labels nor the dates of the page that it belongs to.
    countable = [] if after.filter.narrows else sorted(change.kinds)
    of_all = Filter(without_spaces=after.filter.without_spaces)
    asked = [(after.filter, after.kinds & SELECTED)] if change.wider else []
    asked += [(of_all, frozenset({kind})) for kind in countable]
    numbers = await _counted(hub, draft, asked)
    said = [_more(numbers.pop(0), change.staying, after)] if change.wider else []
    known = dict(zip(countable, numbers, strict=True))
    return (*said, *(_of_kind(kind, known.get(kind)) for kind in sorted(change.kinds)))


def _more(number: int | None, staying: int, after: SavedConnection) -> str:
    """Pages and posts that come in, where Confluence finds so many in all, of which so many are here and stay."""
    if number is None:
        return "Pages and posts: Confluence did not say how many, so only the sync can tell."
    if number <= staying:
        return "Hardly any pages or posts: Confluence's search finds no more than are here."
    beside = [SAYS[kind][0].lower() for kind in CONTAINED if kind in after.kinds]
    return f"About {_pages(number - staying)}{', with their ' * bool(beside)}{' and '.join(beside)}."


def _of_kind(kind: Kind, number: int | None) -> str:
    name = SAYS[kind][0]
    return f"{name}: how many, only the sync can tell." if number is None else f"About {number:,} {name.lower()}."


def _leaves(change: Difference) -> tuple[str, ...]:
    if not change.leaving:
        return ()
    others = counted(change.others, "comment or file", "comments and files")
    parts = [_pages(change.pages)] * bool(change.pages) + [others] * bool(change.others)
    said = [f"Exactly {' and '.join(parts)} of what is stored now."]
    if change.spaces:
        more = f" and {len(change.spaces) - NAMED} more" if len(change.spaces) > NAMED else ""
        said.append(f"With them all of {', '.join(change.spaces[:NAMED])}{more}.")
    return (*said, "Confluence keeps them: chosen again, they come back.")


def _pages(number: int) -> str:
    return counted(number, "page or post", "pages and posts")


async def _counted(hub: Hub, draft: Draft, asked: list[tuple[Filter, frozenset[Kind]]]) -> list[int | None]:
    """How much Confluence finds by each of these filters, of these kinds; None where it does not say in time."""
    keys, now = choice_of(draft.answers.choice).spaces, hub.clock()
    if not asked:
        return []
    try:
        async with asyncio.timeout(PATIENCE), hub.visitor(draft.answers.url, credential(draft, hub)) as confluence:
            counts = [await confluence.matching(Selection(chosen, now), kinds, keys) for chosen, kinds in asked]
    except (MainstemError, TimeoutError):
        return [None] * len(asked)
    return [count.number for count in counts]
