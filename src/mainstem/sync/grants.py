"""Signs in by what somebody lets an app read: gives the token of the hour, and renews it where that is over.

A refresh token is good once. So whoever renews takes the right to it in the store first, and keeps what comes before
anybody uses it; others, in this process or any, wait for that and read it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Engine

from mainstem.confluence.credentials import Grant
from mainstem.confluence.errors import AppRejected, GrantEnded
from mainstem.confluence.grants import App, Tokens, renew
from mainstem.confluence.opening import Line
from mainstem.store import grants
from mainstem.store.database import reading
from mainstem.store.grants import KeptGrant
from mainstem.wiki.secrets import SealedSecret

TURN = timedelta(minutes=3)
"""How long the right to renew is one's own: longer than a request and its repetitions take. Who died frees it so."""
MARGIN = timedelta(minutes=1)
"""How long before its end a token is not used any more."""
YOUNG = timedelta(minutes=1)
"""A token that is refused though it is no older than this is refused for another reason than its age."""
LOOK = 0.3
"""Seconds between looks at what another makes of its turn."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where grants are kept. `app` None: the settings name none, and nothing can be renewed."""

    engine: Engine
    seal: Callable[[dict[str, str]], SealedSecret]
    open: Callable[[SealedSecret], dict[str, str]]
    app: App | None
    line: Line
    clock: Callable[[], datetime]

    def grant(self, grant_id: str) -> Grant:
        """The credential that a kept grant is. Its tokens raise GrantEnded, AppRejected and RetryLater errors."""
        return Grant(grant_id, _Held(self, grant_id).token)

    def keep(
        self, db: Connection, tokens: Tokens, *, draft_id: int | None = None, connection_id: int | None = None
    ) -> Grant:
        """Keep the first tokens of a grant, meant for a draft or a connection; the credential that it is."""
        grant_id = uuid4().hex
        secret = self.seal(_facts(tokens))
        grants.add(db, grant_id, secret, self.clock(), draft_id=draft_id, connection_id=connection_id)
        return self.grant(grant_id)


@dataclass(slots=True)
class _Held:
    """A grant as one client uses it, which remembers the token that it was given last."""

    keeper: Keeper
    grant_id: str
    tokens: Tokens | None = None
    renewal: asyncio.Task[Tokens] | None = None
    at_it: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def token(self, refused: str) -> str:
        async with self.at_it:
            if self.tokens is None or not _good(self.tokens, refused, self.keeper.clock()):
                # It goes on to its end whatever becomes of who waits here: what came and was not kept would be lost.
                self.renewal = asyncio.create_task(self._given(refused))  # noqa: TID251 - outlives a group of tasks
                self.tokens = await asyncio.shield(self.renewal)
            return self.tokens.access

    async def _given(self, refused: str) -> Tokens:
        while True:
            now = self.keeper.clock()
            found = await asyncio.to_thread(self._stored, refused, now)
            if found is not None:
                return found
            if await asyncio.to_thread(self._claimed, now):
                return await self._renewed(refused, now + TURN)
            await asyncio.sleep(LOOK)

    def _stored(self, refused: str, now: datetime) -> Tokens | None:
        """The tokens that are kept, where they are of use."""
        kept, tokens = self._kept()
        young = now - kept.renewed_at < YOUNG and tokens.access == refused
        return tokens if young or _good(tokens, refused, now) else None

    def _claimed(self, now: datetime) -> bool:
        with self.keeper.engine.begin() as db:
            return grants.claim(db, self.grant_id, now, now + TURN)

    async def _renewed(self, refused: str, until: datetime) -> Tokens:
        try:
            # Somebody may have renewed it between the look and the claim.
            tokens = await asyncio.to_thread(self._stored, refused, self.keeper.clock())
            if tokens is None:
                if self.keeper.app is None:
                    raise AppRejected(401, "the settings name none")
                _, used = await asyncio.to_thread(self._kept)
                tokens = await renew(self.keeper.app, self.keeper.line, used.refresh, self.keeper.clock())
                await asyncio.to_thread(self._keep, tokens, until)
        finally:
            await asyncio.to_thread(self._release, until)
        return tokens

    def _kept(self) -> tuple[KeptGrant, Tokens]:
        with reading(self.keeper.engine) as db:
            kept = grants.grant(db, self.grant_id)
        if kept is None:
            raise GrantEnded(403, "its tokens are gone")
        return kept, _tokens(self.keeper.open(kept.secret))

    def _keep(self, tokens: Tokens, until: datetime) -> None:
        with self.keeper.engine.begin() as db:
            grants.renewed(db, self.grant_id, self.keeper.seal(_facts(tokens)), self.keeper.clock(), until)

    def _release(self, until: datetime) -> None:
        with self.keeper.engine.begin() as db:
            grants.release(db, self.grant_id, until)


def _good(tokens: Tokens, refused: str, now: datetime) -> bool:
    return tokens.access != refused and now < tokens.expires_at - MARGIN


def _facts(tokens: Tokens) -> dict[str, str]:
    return {"access": tokens.access, "refresh": tokens.refresh, "expires_at": tokens.expires_at.isoformat()}


def _tokens(facts: dict[str, str]) -> Tokens:
    return Tokens(facts["access"], facts["refresh"], datetime.fromisoformat(facts["expires_at"]))
