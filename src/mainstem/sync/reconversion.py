"""Makes anew what another converter made of stored bodies, or this one by other options: both reach every page.

Nothing is asked of Confluence. Places, rules and labels stay as they are, and search is told only what differs.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from mainstem.store import connections
from mainstem.store.database import reading
from mainstem.store.extracts import Outdated, outdated, outdated_number, save_anew
from mainstem.sync.conversion import Conversion
from mainstem.sync.names import Names
from mainstem.sync.version import extraction_version
from mainstem.wiki.conversion import ConversionOptions
from mainstem.wiki.documents import Converted

BATCH = 200
"""Bodies that are read, converted and saved together: a transaction of a tenth of a second or so."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Anew:
    """How many bodies were read again, and how many of them came out differently; `last` is the id of the last."""

    read: int = 0
    changed: int = 0
    last: int = 0


async def reconvert(engine: Engine, place: Conversion) -> Anew:
    """Read every body again that another converter read, or this one by other options."""
    total = Anew()
    while (batch := await reconvert_some(engine, place, after=total.last)).read:
        total = Anew(total.read + batch.read, total.changed + batch.changed, batch.last)
    return total


async def reconvert_some(engine: Engine, place: Conversion, *, after: int = 0) -> Anew:
    """Read the next bodies again, by the ids of their documents, that another converter read; none: all are done."""
    options = await asyncio.to_thread(_options, engine)
    versions = {id_: extraction_version(chosen) for id_, chosen in options.items()}
    found = await asyncio.to_thread(_outdated, engine, versions, after)
    if not found:
        return Anew()
    made: dict[int, Converted] = {}
    for connection_id, some in _by_connection(found).items():
        names = await asyncio.to_thread(_names, engine, connection_id)
        read = await place.convert([each.body for each in some], names, options[connection_id])
        for each, extract in zip(some, read, strict=True):
            if isinstance(extract, Converted):
                made[each.document_id] = extract
            else:
                log.warning("Document %s keeps what an older converter made of it: %s", each.document_id, extract)
    changed = await asyncio.to_thread(_save, engine, versions, found, made)
    return Anew(len(found), changed, found[-1].document_id)


def to_be_converted(db: Connection, connection_id: int, options: ConversionOptions) -> int:
    """How many bodies of a connection would have to be read anew, were these its options."""
    return outdated_number(db, {connection_id: extraction_version(options)})


def _by_connection(found: Sequence[Outdated]) -> dict[int, list[Outdated]]:
    grouped: defaultdict[int, list[Outdated]] = defaultdict(list)
    for each in found:
        grouped[each.connection_id].append(each)
    return grouped


def _options(engine: Engine) -> dict[int, ConversionOptions]:
    with reading(engine) as db:
        return {each.id: each.conversion for each in connections.every(db)}


def _outdated(engine: Engine, versions: Mapping[int, int], after: int) -> list[Outdated]:
    with reading(engine) as db:
        return outdated(db, versions, after=after, limit=BATCH)


def _names(engine: Engine, connection_id: int) -> Names:
    with reading(engine) as db:
        return Names.stored(db, connection_id)


def _save(engine: Engine, versions: Mapping[int, int], found: Sequence[Outdated], made: dict[int, Converted]) -> int:
    with engine.begin() as db:
        return save_anew(db, versions, found, made)
