"""Reading one item by itself, so that what only this item suffers from is told apart from an outage (Y5, P1).

A server error on one item, while the site answers otherwise, is that item's failure. The same error while the site is
down says nothing of the item: it ends the run, and what was read last stands.
"""

from collections.abc import Awaitable
from typing import TypeVar

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import ItemBroken, ServerBroken

Result = TypeVar("Result")


async def alone(confluence: Confluence, reading: Awaitable[Result]) -> Result:
    """What the reading gives. Raises SkipItem errors for the item, RetryLater and StopRun errors for the site."""
    try:
        return await reading
    except ServerBroken as broken:
        await confluence.current_person()
        raise ItemBroken(broken.place, f"HTTP {broken.status}") from None
