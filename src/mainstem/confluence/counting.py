"""How much there is of something, by Confluence's search index: it lags and may miss, so what it counts is "about"."""

from collections.abc import Collection, Sequence
from typing import Any

from mainstem.confluence import cql
from mainstem.confluence.client import Count
from mainstem.confluence.fields import at, instant, number
from mainstem.confluence.http import Http, Params
from mainstem.confluence.pacing import together
from mainstem.wiki.content import Kind, Space
from mainstem.wiki.selection import Selection

AT_ONCE = 100
"""Keys of spaces in one question: an address holds about 8,000 characters."""

FEW = 25
"""Rows that every server gives in one answer."""


async def of_space(http: Http, space: Space) -> Count:
    """Pages and blog posts of one space, and when one of them was changed last."""
    query = f"space = {cql.quoted(space.key)} and type in (page, blogpost) order by lastmodified desc"
    answer = await http.get("/rest/api/search", {"cql": query, "limit": 1}, item=f"space {space.key}")
    rows = at(answer, "results")
    latest = at(rows[0], "lastModified") if isinstance(rows, list) and rows else None
    return Count(_number(answer), exact=False, changed_at=instant(latest))


async def matching(http: Http, chosen: Selection, kinds: Collection[Kind], keys: Sequence[str] | None) -> Count:
    """See `Confluence.matching`."""
    parts = [None] if keys is None else [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
    numbers = await together(_counted(http, _params(chosen, kinds, part), "the search index") for part in parts)
    return Count(sum(numbers), exact=False)


def _params(chosen: Selection, kinds: Collection[Kind], keys: Sequence[str] | None) -> Params:
    params: Params = {"cql": cql.matching(chosen, kinds, keys), "limit": FEW, "excerpt": "none"}
    # What is archived comes in where it is named, and only there.
    return params if keys is None else {**params, "includeArchivedSpaces": "true"}


async def _counted(http: Http, params: Params, item: str) -> int:
    return _number(await http.get("/rest/api/search", params, item=item))


def _number(answer: Any) -> int:
    """What an answer says it found; few are counted as they stand there, for the index estimates."""
    shown, more = at(answer, "results"), at(answer, "_links", "next")
    if isinstance(shown, list) and not more:
        return len(shown)
    return number(at(answer, "totalSize")) or 0
