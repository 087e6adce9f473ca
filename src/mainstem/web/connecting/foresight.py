"""What a draft brings in, and what it changes of a connection that is there: said before anything is saved (S2, S3)."""

from anyio import to_thread

from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.drafts import Draft
from mainstem.sync.changing import Difference, bringing, difference
from mainstem.sync.foreseeing import Foreseen, found_by, pages
from mainstem.sync.foreseeing import foreseen as foreseen_by
from mainstem.web.connecting.choice import Choice, choice_of
from mainstem.web.connecting.drafting import credential
from mainstem.wiki.selection import SELECTED
from mainstem.wiring.hub import Hub


async def narrowed(hub: Hub, draft: Draft) -> str:
    """How many pages and posts come in by a choice of kinds, labels and dates; "" where it takes all of them."""
    choice = choice_of(draft.answers.choice)
    if not choice.filter.narrows and choice.kinds >= SELECTED:
        return ""
    client = hub.visitor(draft.answers.url, credential(draft, hub))
    asked = [(choice.whole_filter, choice.kinds & SELECTED)]
    [number] = await found_by(client, choice.spaces, asked, hub.clock())
    if number is None:
        return "Confluence did not say how many pages and posts that is."
    archived = " Archived ones, which it does not know, come besides." if choice.filter.archived else ""
    return f"That is about {pages(number)}, by Confluence's own search.{archived}"


async def foreseen(hub: Hub, draft: Draft) -> Foreseen:
    """What a draft would change of its connection. Raises ConnectionGone."""
    before, after, change = await to_thread.run_sync(_difference, hub, draft)
    client = hub.visitor(draft.answers.url, credential(draft, hub))
    return await foreseen_by(before, after, change, client, hub.clock())


def changed(connection: SavedConnection, choice: Choice) -> SavedConnection:
    """A connection by which something else comes in."""
    return bringing(connection, spaces=choice.spaces, kinds=choice.kinds, narrowed=choice.whole_filter)


def _difference(hub: Hub, draft: Draft) -> tuple[SavedConnection, SavedConnection, Difference]:
    assert draft.connection_id is not None
    with reading(hub.engine) as db:
        before = connections.connection(db, draft.connection_id)
        after = changed(before, choice_of(draft.answers.choice))
        return before, after, difference(db, before, after, hub.clock())
