"""Fetches a file and keeps it, noted, without making the loop wait for the place that it is kept in."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import ItemBroken
from mainstem.store import kept
from mainstem.store.objects import Objects
from mainstem.wiki.content import Content


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where files are kept and noted, the time, and how many bytes of a file are kept."""

    objects: Objects
    engine: Engine
    clock: Callable[[], datetime]
    largest: int

    async def fetch(self, confluence: Confluence, document_id: int, file: Content) -> Path:
        """The bytes of a document's file, fetched. Raises what downloading does, TooLarge, NotKept; then none stay."""
        with ExitStack() as stack:
            writing = stack.enter_context(self.objects.adding(most=self.largest))
            async for piece in confluence.download(file):
                writing.write(piece)
            # Noted before it is in place: see `store.objects`.
            await asyncio.to_thread(self._note, document_id, file.version, writing.digest)
            placing = stack.pop_all()
        await asyncio.to_thread(placing.close)
        path = await asyncio.to_thread(self.objects.path, writing.digest)
        if path is None:
            raise ItemBroken(f"attachment {file.id}", "it vanished while it was kept")
        return path

    def _note(self, document_id: int, version: int, digest: str) -> None:
        with self.engine.begin() as db:
            kept.keep(db, document_id, version=version, digest=digest, now=self.clock())
