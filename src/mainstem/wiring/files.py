"""The files of documents: those that are kept in the home, and the others as Confluence has them.

A file is fetched when somebody first asks for it, with the credential of its connection, and kept. Who may have it was
decided before it is asked for here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from weakref import WeakValueDictionary

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import TOO_LONG, Unreachable
from mainstem.confluence.opening import ignore
from mainstem.reading.files import Download
from mainstem.store import connections, kept
from mainstem.store.database import reading
from mainstem.store.errors import TooLarge
from mainstem.store.objects import Objects
from mainstem.sync.keeping import Keeping
from mainstem.wiki.content import AttachmentFile, Content, Kind
from mainstem.wiki.files import MOST_MB
from mainstem.wiring.hub import Hub

LARGEST = MOST_MB * 1_000_000
"""Bytes of a file that is fetched; a larger one stays in Confluence."""

AT_ONCE = 4
PATIENCE = 120.0
"""Seconds that somebody waits for a file."""


class Shelf:
    """The files of a hub, which must stay open. Without a `hub` that may sign in, those that are kept already."""

    def __init__(self, objects: Objects, hub: Hub | None = None) -> None:
        self._objects = objects
        self._fetching = None if hub is None else _Fetching(hub, objects)

    async def kept(self, file: Download) -> Path | None:
        """Where the bytes of a file are; None where they are not kept. Raises NotKept."""
        return await asyncio.to_thread(self._objects.path, file.digest)

    def may_fetch(self, file: Download) -> bool:
        """Whether it can be had from Confluence by this process."""
        return self._fetching is not None and bool(file.reference)

    async def fetch(self, file: Download) -> Path:
        """The bytes of a file that `may_fetch`. Raises what the client raises, WrongKey, TooLarge and NotKept."""
        assert self._fetching is not None
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._fetching.one(file)
        except TimeoutError:
            raise Unreachable(file.filename, TOO_LONG) from None


class _Fetching:
    """Fetches a few files at a time, each once however many ask for it."""

    def __init__(self, hub: Hub, objects: Objects) -> None:
        self._hub = hub
        self._keeping = Keeping(objects, hub.engine, hub.clock, LARGEST)
        self._clients = _Clients(hub)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._same: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def one(self, file: Download) -> Path:
        if file.size > LARGEST:
            raise TooLarge(LARGEST)
        same = self._same.setdefault(file.document_id, asyncio.Lock())
        async with same, self._places:
            return await asyncio.to_thread(self._known, file) or await self._fetched(file)

    async def _fetched(self, file: Download) -> Path:
        content = Content(
            id=file.source_id,
            kind=Kind.ATTACHMENT,
            space_id="",
            title=file.filename,
            version=file.version,
            file=AttachmentFile(file.media_type, file.size, None, file.reference),
        )
        async with self._clients.of(file.connection_id) as client:
            return await self._keeping.fetch(client, file.document_id, content)

    def _known(self, file: Download) -> Path | None:
        """Where it is, if somebody else fetched it meanwhile."""
        with reading(self._hub.engine) as db:
            digest = kept.digest(db, file.document_id, version=file.version)
        return self._keeping.objects.path(digest)


class _Clients:
    """A client for each connection, for as long as somebody uses it: to sign in costs more than a picture."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._open: dict[int, tuple[Confluence, AsyncExitStack]] = {}
        self._users: dict[int, int] = {}
        self._changing = asyncio.Lock()

    @asynccontextmanager
    async def of(self, connection_id: int) -> AsyncIterator[Confluence]:
        client = await self._enter(connection_id)
        try:
            yield client
        finally:
            await self._leave(connection_id)

    async def _enter(self, connection_id: int) -> Confluence:
        async with self._changing:
            if connection_id not in self._open:
                stack = AsyncExitStack()
                saved = await asyncio.to_thread(self._saved, connection_id)
                client = await stack.enter_async_context(self._hub.open_client(saved, ignore))
                self._open[connection_id] = client, stack
            self._users[connection_id] = self._users.get(connection_id, 0) + 1
            return self._open[connection_id][0]

    async def _leave(self, connection_id: int) -> None:
        self._users[connection_id] -= 1
        if not self._users[connection_id]:
            _, stack = self._open.pop(connection_id)
            await stack.aclose()

    def _saved(self, connection_id: int) -> connections.SavedConnection:
        with reading(self._hub.engine) as db:
            return connections.connection(db, connection_id)
