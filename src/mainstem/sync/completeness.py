"""Compares what was listed with Confluence's own count, where a listing may have been cut off (Y4, Y9).

A list that ends too early ends behind a full answer; so only those that do are counted.
"""

from collections.abc import Mapping, Sequence

from mainstem.confluence.client import Confluence
from mainstem.store.runs import Failure
from mainstem.wiki.content import Space

FULL = 25
"""Every server's full answer holds a multiple of this many pages."""

ESTIMATES_ERR = 0.03
"""The share by which Confluence's counts, which come from its search index, were seen to be wrong."""


async def cut_short(confluence: Confluence, spaces: Sequence[Space], held: Mapping[str, int]) -> dict[str, Failure]:
    """The spaces, by id, of which Confluence counts more than was listed; `held` are their pages and posts here."""
    short: dict[str, Failure] = {}
    for space in spaces:
        number = held.get(space.id, 0)
        if not number or number % FULL:
            continue
        counted = (await confluence.count(space, exact=False)).number
        if counted > number * (1 + ESTIMATES_ERR):
            cause = f"Confluence counts {counted:,} pages and posts, but listed {number:,}; sync again later"
            short[space.id] = Failure(f"count: {space.key}", f"The list of space {space.key}", space.url, cause)
    return short
