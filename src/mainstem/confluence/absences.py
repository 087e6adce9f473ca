"""Contents asked for one by one, and when the silence about one of them may be believed.

No answer of Confluence says "this was deleted" for certain: a dropped sign-in, a revoked token and a purged page can
give the same 404. So an absence counts only once the sign-in was proved after the answer that tells it.
"""

from collections.abc import Awaitable, Callable, Sequence

from mainstem.confluence.errors import NotVisible
from mainstem.confluence.pacing import together
from mainstem.errors import SkipItem
from mainstem.wiki.content import Content

Read = Callable[[str], Awaitable[Content]]

AT_ONCE = 250
"""Answers that one proof of the sign-in stands behind."""


async def those_shown(ids: Sequence[str], read: Read, absent: type[SkipItem] = SkipItem) -> list[Content]:
    """What `read` gives for each id, without those that it raises an `absent` for."""

    async def shown(content_id: str) -> Content | None:
        try:
            return await read(content_id)
        except absent:
            return None

    found = await together(shown(content_id) for content_id in ids)
    return [content for content in found if content]


async def those_there(ids: Sequence[str], read: Read, prove: Callable[[], Awaitable[object]]) -> list[Content]:
    """What `read` gives for each id; those without are certainly not visible to this account.

    Each id costs one request, however many there are: there is no cheaper proof, for an answer about many may leave
    out any of them. At eight requests at a time 5,000 purged pages take some minutes, once in their life. `prove`
    raises SignInRejected; it is asked behind every 250 ids with a silent one among them. Any error of `read` but
    NotVisible is no silence and is raised.
    """
    found: list[Content] = []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        there = await those_shown(some, read, NotVisible)
        if len(there) < len(some):
            await prove()
        found += there
    return found
