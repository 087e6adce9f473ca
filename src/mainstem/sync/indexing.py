"""Follows the store's journal into a passage index, so that what was stored is found within a second.

The index keeps its own position, committed with the passages: after a kill it goes on from there, and a lost index is
rebuilt from the store. Batches follow each other as long as there is something to follow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from mainstem.index.passage_index import Entry, PassageIndex, Size
from mainstem.store import documents, journal
from mainstem.store.database import reading
from mainstem.store.indexable import Indexable, due_in_index, passages_for_index
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.documents import Passage
from mainstem.wiki.filing import with_defaults

BATCH = 2_000
AHEAD = 50_000
"""Journal entries looked at together: whoever saves a page, its rules and its place writes one for each."""

PAUSE = 0.1
"""Seconds between looks at the journal while nothing happens."""


@dataclass(frozen=True, slots=True)
class Step:
    """Documents to read again; up to `position` in the journal nothing changed but these and those of earlier steps."""

    document_ids: Sequence[int]
    position: int


_TITLE_ONLY = Passage(ordinal=0, heading_path=(), anchor="", text="")


def catch_up(engine: Engine, index: PassageIndex) -> int:
    """Bring the index to the end of the journal; the number of documents it looked at."""
    looked_at = 0
    while True:
        with reading(engine) as db:
            entries = journal.since(db, index.position, AHEAD)
        if not entries:
            return looked_at
        for step in steps(entries):
            with reading(engine) as db:
                passages = passages_for_index(db, step.document_ids)
                index.apply(step.position, remove=step.document_ids, add=_entries(passages))
            looked_at += len(step.document_ids)


def steps(entries: Sequence[journal.Entry], size: int = BATCH) -> Iterator[Step]:
    """The documents of these entries, each once however often it changed, as many at a time.

    What is read of a document now is newer than all of these entries.
    """
    first: dict[int, int] = {}
    for entry in entries:
        first.setdefault(entry.document_id, entry.seq)
    ids = list(first)
    for end in range(size, len(ids) + size, size):
        whole = end >= len(ids)
        yield Step(ids[end - size : end], entries[-1].seq if whole else first[ids[end]] - 1)


def behind(engine: Engine, index: PassageIndex) -> int:
    """How many journal entries the index has not followed yet."""
    with reading(engine) as db:
        return journal.last(db) - index.position


@dataclass(frozen=True, slots=True)
class Standing:
    """An index beside the store: how many entries of the journal it is behind it, what it holds, and what is due."""

    behind: int
    size: Size
    due: int


def standing(db: Connection, index: PassageIndex) -> Standing:
    """How an index stands beside one state of the store."""
    return Standing(journal.last(db) - index.position, index.count(), due_in_index(db))


def rebuild(engine: Engine, index: PassageIndex) -> int:
    """Make the index anew from the store as it is now; the number of documents in it.

    The position moves last: an index that was left half made follows the journal from its beginning.
    """
    index.clear()
    with reading(engine) as db:
        ids = documents.document_ids(db, viewer=OPERATOR)
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            index.apply(0, remove=some, add=_entries(passages_for_index(db, some)))
        index.apply(journal.last(db))
    return len(ids)


def _entries(documents: Iterator[Indexable]) -> Iterator[Entry]:
    for document in documents:
        passages: Sequence[Passage] = document.passages or (_TITLE_ONLY,)
        filed = with_defaults(document.filed, labels=document.labels, space=document.space_name)
        tags = tuple(each.name for each in filed.tags)
        collections = tuple(each.name for each in filed.collections)
        for passage in passages:
            yield Entry(
                document_id=document.document_id,
                ordinal=passage.ordinal,
                chain_id=document.chain_id,
                title=document.title,
                heading_path=passage.heading_path,
                anchor=passage.anchor,
                text=passage.text,
                space_key=document.space_key,
                kind=document.kind,
                tags=tags,
                author=document.author or "",
                updated_at=document.modified_at,
                connection=document.connection_name,
                properties=document.properties,
                category=filed.category.name if filed.category else "",
                collections=collections,
                owner=filed.owner.name if filed.owner else "",
            )
