"""Another credential for a connection: proved, and compared with what is stored, before it takes the old one's place.

The old one serves until then, and what was loaded stays (C4). An account that sees less is for a person to accept.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.confluence.credentials import Credential
from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.content import saved_spaces
from mainstem.store.database import reading
from mainstem.store.heads import documents_of_spaces
from mainstem.sync.connecting import serve, stored_form
from mainstem.wiki.content import Person, Space, Status
from mainstem.wiki.secrets import SealedSecret


@dataclass(frozen=True, slots=True)
class Proof:
    """A credential that signs in. `lost` are spaces of which something is stored and that its account does not see.

    `gained` are those that it sees and of which nothing is stored, where the connection reads whatever there is.
    """

    credential: Credential
    account: Person
    api_url: str
    other_account: bool
    lost: tuple[Space, ...] = ()
    gained: tuple[Space, ...] = ()


async def prove(
    connection: SavedConnection,
    credential: Credential,
    *,
    engine: Engine,
    client: AbstractAsyncContextManager[Confluence],
) -> Proof:
    """Sign in; where that is another account than before, list what it sees. Raises what signing in raises."""
    async with client as confluence:
        account = confluence.account
        other = connection.account_id not in (None, account.id)
        proof = Proof(credential, account, confluence.api_url, other)
        if not other:
            return proof
        visible = await confluence.spaces()
    with reading(engine) as db:
        held = documents_of_spaces(db, connection.id)
        stored = [space for space in saved_spaces(db, connection.id) if space.id in held]
    seen = {space.id for space in visible}
    current = [space for space in visible if space.status is Status.CURRENT] if connection.chosen_spaces is None else []
    gained = [space for space in current if space.id not in held]
    return replace(proof, lost=tuple(space for space in stored if space.id not in seen), gained=tuple(gained))


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
