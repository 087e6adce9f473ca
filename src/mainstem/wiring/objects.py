"""Where a hub keeps the bytes of files: the folder of its home, or the bucket that the settings name; and sweeps."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Engine

from mainstem.errors import TellPerson
from mainstem.settings import Settings
from mainstem.store import kept
from mainstem.store.database import reading
from mainstem.store.errors import NotKept
from mainstem.store.objects import Folder, Objects

log = logging.getLogger(__name__)

SWEPT_AT_ONCE = 1_000
"""Objects that are dropped while others wait to come into place."""

SWEPT_TOGETHER = 100
"""The same where other processes wait for it too."""

_SCHEMES: Final = frozenset({"s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "file"})


class NoObjectStore(TellPerson):
    """The place for files that the settings name is none. Its address is not repeated, for it may hold a key."""


def objects_of(settings: Settings, folder: Path) -> Objects:
    """The place for files of the hub that owns this folder. Raises NoObjectStore."""
    here = Folder(folder)
    if settings.database_url is None:
        # Else workers may share the folder, and what another has just begun is not to be dropped.
        here.tidy()
    if settings.objects_url is None:
        return here
    try:
        from obstore.exceptions import BaseError  # noqa: PLC0415  an extra, which most hubs do without
        from obstore.store import LocalStore, from_url  # noqa: PLC0415

        from mainstem.store.bucket import Bucket  # noqa: PLC0415
    except ImportError:
        raise NoObjectStore("Files cannot be kept in a bucket as it is: install `mainstem[objects]`.") from None
    url = settings.objects_url.get_secret_value()
    try:
        if urlsplit(url).scheme not in _SCHEMES or "@" in urlsplit(url).netloc:
            raise ValueError
        if url.startswith("file:"):
            return Bucket(LocalStore.from_url(url), here)
        # Somebody may be waiting: a bucket that is there answers one of three tries.
        store = from_url(
            url,
            client_options={"connect_timeout": "10s"},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=30)},
        )
        return Bucket(store, here)
    except (BaseError, ValueError, OSError):
        raise NoObjectStore(
            "The address of the place for files cannot be read: give MAINSTEM_OBJECTS_URL as s3://bucket/path, "
            "gs://bucket/path or az://container/path, and the keys beside it, as your cloud's own tools take them."
        ) from None


def sweep(engine: Engine, objects: Objects) -> None:
    """Drop the files that no document has any more: those of older versions, and of connections that are gone.

    What a page had that was deleted in Confluence stays with it: it may be restored there. What cannot be dropped just
    now is next time.
    """
    dropped = SWEPT_AT_ONCE

    @contextmanager
    def unwanted() -> Iterator[list[str]]:
        nonlocal dropped
        with reading(engine) as db:
            found = kept.unwanted(db, limit=SWEPT_AT_ONCE)
        yield found
        if found:
            with engine.begin() as db:
                kept.forget(db, found)
        dropped = len(found)

    @contextmanager
    def unwanted_by_all() -> Iterator[list[str]]:
        # Other processes keep files too: who keeps one of these again waits for this transaction, and brings it anew.
        nonlocal dropped
        with engine.begin() as db:
            found = kept.forget(db, kept.unwanted(db, limit=SWEPT_TOGETHER))
            yield found
        dropped = SWEPT_AT_ONCE if len(found) == SWEPT_TOGETHER else 0

    shared = engine.dialect.name == "postgresql"
    while dropped == SWEPT_AT_ONCE:
        try:
            objects.sweep(unwanted_by_all() if shared else unwanted())
        except NotKept as refusal:
            log.warning("Files that nobody needs any more could not be dropped: %s", refusal)
            return
