"""Compares what was listed with Confluence's own count, where a listing may have been cut off (Y4, Y9).

A list that ends too early ends behind a full answer; so only those that do are counted.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mainstem.confluence.client import Confluence
from mainstem.errors import SkipItem
from mainstem.store.runs import Failure
from mainstem.sync.alone import alone
from mainstem.wiki.content import Content, Space, Status

FULL = 25
"""Every server's full answer holds a multiple of this many pages."""

ESTIMATES_ERR = 0.03
"""The share by which Confluence's counts, which come from its search index, were seen to be wrong."""


@dataclass(slots=True)
class Listed:
    """What one listing named so far: contents in all, current ones of each space, and those that were put off."""

    number: int = 0
    put_off: int = 0
    current: Counter[str] = field(default_factory=Counter)

    def add(self, number: int, current: Mapping[str, int], put_off: int) -> None:
        """One more batch."""
        self.number += number
        self.put_off += put_off
        self.current.update(current)

    @property
    def ends_full(self) -> bool:
        """Whether it ended where a server that cuts lists short would end it."""
        return self.number > 0 and self.number % FULL == 0


def current_in_spaces(contents: Collection[Content], spaces: Sequence[Space]) -> dict[str, int]:
    """How many current ones of each space a batch holds: these are what Confluence counts."""
    only = spaces[0].id if len(spaces) == 1 else ""
    return dict(Counter(only or content.space_id for content in contents if content.status is Status.CURRENT))


async def cut_short(confluence: Confluence, doubtful: Sequence[Space], listed: Mapping[str, int]) -> dict[str, Failure]:
    """The spaces, by id, of which Confluence counts more than was listed: current pages and posts."""
    short: dict[str, Failure] = {}
    for space in doubtful:
        number = listed.get(space.id, 0)
        try:
            counted = (await alone(confluence, confluence.count(space, exact=False))).number
        except SkipItem as error:
            cause = f"Confluence cannot count them: {error}"
        else:
            if counted <= number * (1 + ESTIMATES_ERR):
                continue
            cause = f"Confluence counts {counted:,} pages and posts, but listed {number:,}; sync again later"
        short[space.id] = Failure(f"count: {space.key}", f"The list of space {space.key}", space.url, cause)
    return short
