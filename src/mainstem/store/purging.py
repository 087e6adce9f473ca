"""Purging: nothing is left of what left Confluence, wherever a text of it stands.

Whatever refers to a document goes with its row. What Confluence has still, and a filter or its archive keeps away,
stays as a place in the tree, with its rules and labels alone: these decide what others see. The index follows the
journal, and the objects of files go with the next sweep.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from mainstem.store import journal, runs
from mainstem.store.chains import prune
from mainstem.store.tables import answer_sources, answers, documents, labels, metadata, tombstones
from mainstem.store.tombstones import State, parts_of
from mainstem.store.upsert import chunks

_OF_DOCUMENTS = tuple(
    table
    for table in metadata.sorted_tables
    if table is not labels and any(key.column is documents.c.id for key in table.foreign_keys)
)
"""What is made of documents, in tables of its own, but for what the filter goes by."""

_BARE = dict.fromkeys(
    ("author_id", "editor_id", "download", "file_comment", "inline_selection", "body_hash", "extraction")
) | {"title": "", "url": ""}


def purge(db: Connection, connection_id: int, document_ids: Collection[int]) -> int:
    """Let documents that left, restored ones too, go for good with their comments and files; how many were named.

    What has not left, or waits for an answer, stays.
    """
    gone: list[int] = []
    for some in chunks(sorted(document_ids)):
        mine = documents.c.connection_id == connection_id, documents.c.id.in_(some), tombstones.c.state == State.LEFT
        gone += db.execute(select(documents.c.id).select_from(tombstones.join(documents)).where(*mine)).scalars()
    named = frozenset(gone)
    whole = sorted({*gone, *parts_of(db, connection_id, gone)})
    for some in chunks(whole):
        _unquote(db, some)
        rows = db.execute(
            select(documents.c.source_id, documents.c.id, documents.c.deleted_at).where(documents.c.id.in_(some))
        ).all()
        runs.clear_failures(db, connection_id, [row.source_id for row in rows])
        journal.append(db, some)
        kept = {row.id for row in rows if row.deleted_at is None and row.id in named}
        _strip(db, kept)
        db.execute(delete(documents).where(documents.c.id.in_({row.id for row in rows} - kept)))
    prune(db, connection_id)
    return len(gone)


def all_of(db: Connection, connection_id: int) -> list[int]:
    """Our ids of all that left by a connection and was not restored."""
    mine = (
        documents.c.connection_id == connection_id,
        tombstones.c.state == State.LEFT,
        documents.c.restored_at.is_(None),
    )
    return list(db.execute(select(documents.c.id).select_from(tombstones.join(documents)).where(*mine)).scalars())


def overdue(db: Connection, before: datetime) -> dict[int, list[int]]:
    """Our ids of what left before an instant and was not restored, by connection."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    late = select(documents.c.connection_id, documents.c.id).select_from(tombstones.join(documents))
    over = tombstones.c.left_at <= before, tombstones.c.state == State.LEFT, documents.c.restored_at.is_(None)
    for connection_id, document_id in db.execute(late.where(*over).order_by(documents.c.id)):
        found[connection_id].append(document_id)
    return dict(found)


def _unquote(db: Connection, document_ids: Collection[int]) -> None:
    """Take out of kept answers what they say from documents, and what does not tell from where it is."""
    numbers: defaultdict[int, set[int]] = defaultdict(set)
    quoted = select(answer_sources.c.answer_id, answer_sources.c.number)
    for answer_id, number in db.execute(quoted.where(answer_sources.c.document_id.in_(document_ids))):
        numbers[answer_id].add(number)
    for answer_id, gone in numbers.items():
        claims = db.execute(select(answers.c.claims).where(answers.c.id == answer_id)).scalar_one()
        left = [claim for claim in claims if claim["cites"] and not gone & set(claim["cites"])]
        db.execute(update(answers).where(answers.c.id == answer_id).values(claims=left))


def _strip(db: Connection, document_ids: Collection[int]) -> None:
    for table in _OF_DOCUMENTS:
        db.execute(delete(table).where(table.c.document_id.in_(document_ids)))
    db.execute(update(documents).where(documents.c.id.in_(document_ids)).values(_BARE))
