"""The files of documents: those that are kept in the home, and the others as Confluence has them.

A file is fetched when somebody first asks for it, with the credential of its connection, and kept. Who may have it was
decided before it is asked for here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
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
from mainstem.wiki.content import AttachmentFile, Content, Kind
from mainstem.wiring.hub import Hub

LARGEST = 100_000_000
"""Bytes of a file that is fetched; a larger one stays in Confluence."""

AT_ONCE = 4
PATIENCE = 120.0
"""Seconds that somebody waits for a file."""

SWEPT_EVERY = timedelta(days=1)


class Shelf:
    """The files of a hub, which must stay open. Without a `hub` that may sign in, those that are kept already."""

    def __init__(self, objects: Objects, hub: Hub | None = None) -> None:
        self._objects = objects
        self._fetching = None if hub is None else _Fetching(hub, objects)

    def kept(self, file: Download) -> Path | None:
        """Where the bytes of a file are; None where they are not here."""
        return self._objects.path(file.digest)

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
        self._objects = objects
        self._clients = _Clients(hub)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._same: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._gate = asyncio.Lock()
        self._under_way = 0
        self._swept_at: datetime | None = None

    async def one(self, file: Download) -> Path:
        if file.size > LARGEST:
            raise TooLarge(LARGEST)
        same = self._same.setdefault(file.document_id, asyncio.Lock())
        async with same, self._places:
            await self._enter()
            try:
                return await asyncio.to_thread(self._known, file) or await self._fetched(file)
            finally:
                self._under_way -= 1

    async def _enter(self) -> None:
        """Sweep when that is due and nothing is coming in; nothing comes in meanwhile."""
        async with self._gate:
            now = self._hub.clock()
            due = self._swept_at is None or now - self._swept_at >= SWEPT_EVERY
            if due and not self._under_way:
                await asyncio.to_thread(self._sweep)
                self._swept_at = now
            self._under_way += 1

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
            with self._objects.adding(most=LARGEST) as writing:
                async for chunk in client.download(content):
                    writing.write(chunk)
                # Noted before it is there: a sweep drops what nobody has noted.
                await asyncio.to_thread(self._note, file, writing.digest)
        path = self._objects.path(writing.digest)
        assert path is not None
        return path

    def _known(self, file: Download) -> Path | None:
        """Where it is, if somebody else fetched it meanwhile."""
        with reading(self._hub.engine) as db:
            digest = kept.digest(db, file.document_id, version=file.version)
        return self._objects.path(digest)

    def _note(self, file: Download, digest: str) -> None:
        with self._hub.engine.begin() as db:
            kept.keep(db, file.document_id, version=file.version, digest=digest, now=self._hub.clock())

    def _sweep(self) -> None:
        with reading(self._hub.engine) as db:
            wanted = kept.digests(db)
        self._objects.sweep(wanted)


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
