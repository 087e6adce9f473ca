"""Another credential for a connection: proved, and compared with what is stored, before it takes the old one's place.

The old one serves until then, and what was loaded stays (C4). An account that sees less is for a person to accept.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence, Count
from mainstem.confluence.credentials import Credential
from mainstem.confluence.pacing import together
from mainstem.store import connections, selection
from mainstem.store.connections import SavedConnection
from mainstem.store.content import saved_spaces
from mainstem.store.database import reading
from mainstem.sync.changing import takes
from mainstem.sync.connecting import serve, stored_form
from mainstem.wiki.content import Person, Space, Status
from mainstem.wiki.secrets import SealedSecret
from mainstem.wiki.selection import SELECTED

MOST_LISTED = 2000
"""Pages and posts: so many are compared one by one. Of more, the account's counts are compared with what is stored."""

NAMED = 5


@dataclass(frozen=True, slots=True)
class Change:
    """What another account sees otherwise of a space: pages and posts. `exact` False reads as "about"."""

    space: Space
    gained: int
    lost: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """A credential that signs in; of another account than before, with what that `changes`, by space."""

    credential: Credential
    account: Person
    api_url: str
    other_account: bool
    changes: tuple[Change, ...] = ()

    @property
    def says(self) -> tuple[str, ...]:
        """What another account sees differently, in sentences."""
        lost = [_pages(each.lost, each) for each in self.changes if each.lost]
        gained = [_pages(each.gained, each) for each in self.changes if each.gained]
        said = []
        if lost:
            said.append(f"No longer read: {_some(lost)}. What is stored of it stays until the syncs find it gone.")
        if gained:
            said.append(f"Read from now on: {_some(gained)}.")
        return tuple(said) or ("It sees the same pages and posts.",)


async def prove(
    connection: SavedConnection,
    credential: Credential,
    *,
    engine: Engine,
    client: AbstractAsyncContextManager[Confluence],
) -> Proof:
    """Sign in; where that is another account than before, compare what it sees with what is stored.

    Raises what signing in and reading raise.
    """
    async with client as confluence:
        account = confluence.account
        other = connection.account_id not in (None, account.id)
        proof = Proof(credential, account, confluence.api_url, other)
        if not other:
            return proof
        visible = await confluence.spaces()
        stored, held = await asyncio.to_thread(_stored, engine, connection)
        wanted = [space for space in visible if takes(connection, space)]
        counts = await together(confluence.count(space) for space in wanted)
        if max(sum(count.number for count in counts), sum(map(len, held.values()))) <= MOST_LISTED:
            seen = await _seen(confluence, connection, wanted)
            changes = [_listed(connection, space, held[space.id], seen[space.id]) for space in wanted]
        else:
            changes = [_counted(space, held[space.id], count) for space, count in zip(wanted, counts, strict=True)]
    among = {space.id for space in wanted}
    gone = [Change(space, 0, len(held[space.id]), exact=True) for space in stored if space.id not in among]
    return replace(proof, changes=tuple(each for each in (*gone, *changes) if each.lost or each.gained))


def _stored(engine: Engine, connection: SavedConnection) -> tuple[list[Space], Mapping[str, set[str]]]:
    """The spaces that are known, and Confluence's ids of the pages and posts that are held of each."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    with reading(engine) as db:
        for each in selection.kept(db, connection.id):
            if each.kind in SELECTED:
                held[each.space_id].add(each.source_id)
        return saved_spaces(db, connection.id), held


async def _seen(confluence: Confluence, connection: SavedConnection, spaces: Sequence[Space]) -> Mapping[str, set[str]]:
    """The ids of the pages and posts that the account sees, by space."""
    statuses = {Status.CURRENT, Status.ARCHIVED} if connection.filter.archived else {Status.CURRENT}
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for kind in sorted(SELECTED & connection.kinds) if spaces else ():
        async for batch in confluence.listing(spaces, kind, bodies=False):
            for content in batch.contents:
                if content.status in statuses:
                    seen[content.space_id].add(content.id)
    return seen


def _listed(connection: SavedConnection, space: Space, held: set[str], seen: set[str]) -> Change:
    # A filter may leave out some of what is new, which only its labels and dates would tell.
    return Change(space, len(seen - held), len(held - seen), exact=not connection.filter.narrows)


def _counted(space: Space, held: set[str], count: Count) -> Change:
    more = count.number - len(held)
    return Change(space, max(more, 0), max(-more, 0), exact=False)


def _pages(number: int, change: Change) -> str:
    about = "" if change.exact else "about "
    return f"{about}{number:,} {'page' if number == 1 else 'pages'} in {change.space.name}"


def _some(said: list[str]) -> str:
    more = f", and more in {len(said) - NAMED} other spaces" if len(said) > NAMED else ""
    return ", ".join(said[:NAMED]) + more


def renew(
    db: Connection,
    connection_id: int,
    proof: Proof,
    *,
    seal: Callable[[dict[str, str]], SealedSecret],
    expires: date | None,
) -> SavedConnection:
    """Save what was proved in the stead of what a connection signs in with; it as it is then. Raises ConnectionGone."""
    kind, login, secret = stored_form(proof.credential)
    before = connections.connection(db, connection_id)
    after = replace(
        before,
        api_url=proof.api_url,
        credential_kind=kind,
        login=login,
        secret=seal(secret),
        account_id=proof.account.id,
        account_name=proof.account.display_name,
        token_expires_on=expires,
    )
    serve(db, connection_id, proof.credential)
    return connections.change(db, connection_id, after)
