"""Which files were read, as of which version, and what came of it: text, nothing, or why not.

The text itself is a document's body and passages like any other's, and has the readers of what the file hangs on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, update

from mainstem.store import seen
from mainstem.store.content import save_bodies
from mainstem.store.runs import Failure, Run
from mainstem.store.seen import Aspect
from mainstem.store.tables import documents, file_texts, kept_files
from mainstem.store.upsert import chunks, upsert
from mainstem.store.visibility import readable, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import AttachmentFile, Content, Kind, Status
from mainstem.wiki.documents import Converted


class Outcome(StrEnum):
    """What came of reading a file. LEFT: its kind or size is not read, which is no failure."""

    READ = "read"
    FAILED = "failed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file whose text is not had. `digest` is the hash under which this version is kept, "" where it is not.

    `before` is what came of this version by another choice of the connection, None where it was never read;
    `choice` is that choice.
    """

    document_id: int
    content: Content
    digest: str
    before: Outcome | None = None
    choice: str = ""


@dataclass(frozen=True, slots=True)
class TextOfFile:
    """What came of one file. `made` is what was made of `body`, None where it was not read; `cause` says why not."""

    file: WantedFile
    outcome: Outcome
    body: str = ""
    made: Converted | None = None
    cause: str = ""


def wanted(db: Connection, run: Run, *, reading: int, choices: Collection[str], limit: int) -> list[WantedFile]:
    """Live files that no reader of version `reading` has seen in their present version, nor this run, by our id.

    Or that were seen by a choice of the connection that is not one of `choices`, which may come to the same.
    """
    columns = documents.c
    known = and_(
        file_texts.c.document_id == columns.id,
        file_texts.c.version == columns.version,
        file_texts.c.reading >= reading,
    )
    kept = and_(kept_files.c.document_id == columns.id, kept_files.c.version == columns.version)
    statement = (
        select(
            documents,
            func.coalesce(kept_files.c.digest, "").label("digest"),
            file_texts.c.outcome.label("before"),
            func.coalesce(file_texts.c.choice, "").label("choice"),
        )
        .select_from(documents.outerjoin(file_texts, known).outerjoin(kept_files, kept))
        .where(
            *_live(run.connection_id),
            or_(file_texts.c.document_id.is_(None), file_texts.c.choice.not_in(choices)),
            columns.source_id.not_in(seen.noted(run.id, Aspect.FILE)),
        )
        .order_by(columns.id)
        .limit(limit)
    )
    return [
        WantedFile(
            row["id"],
            Content(
                id=row["source_id"],
                kind=Kind.ATTACHMENT,
                space_id=row["space_id"],
                title=row["title"],
                version=row["version"],
                container_id=row["container_id"],
                url=row["url"],
                file=AttachmentFile(row["media_type"] or "", row["file_size"] or 0, None, row["download"] or ""),
            ),
            row["digest"],
            row["before"] and Outcome(row["before"]),
            row["choice"],
        )
        for row in db.execute(statement).mappings()
    ]


def save(db: Connection, found: Sequence[TextOfFile], *, reading: int, now: datetime, choice: str = "") -> None:
    """Save what came of files by a choice of their connection, of those that are still in the version that was read."""
    versions = {text.file.document_id: text.file.content.version for text in found}
    present = select(documents.c.id, documents.c.version).where(
        documents.c.id.in_(versions), documents.c.deleted_at.is_(None)
    )
    same = {id_ for id_, version in db.execute(present) if versions[id_] == version}
    texts = [text for text in found if text.file.document_id in same]
    _save_bodies(db, {text.file.document_id: (text.body, text.made) for text in texts if text.made})
    _drop_bodies(db, [text.file.document_id for text in texts if text.file.before is Outcome.READ and not text.made])
    rows = [
        {
            "document_id": text.file.document_id,
            "version": text.file.content.version,
            "reading": reading,
            "choice": choice,
            "outcome": text.outcome,
            "cause": text.cause,
            "read_at": now,
        }
        for text in texts
    ]
    upsert(db, file_texts, rows, key=("document_id",))


def stand(db: Connection, files: Sequence[WantedFile], *, choice: str) -> None:
    """Note that another choice changes nothing in what came of these files."""
    for some in chunks([each.document_id for each in files]):
        db.execute(update(file_texts).where(file_texts.c.document_id.in_(some)).values(choice=choice))


def _save_bodies(db: Connection, found: Mapping[int, tuple[str, Converted]]) -> None:
    """Save texts as the bodies of their files, by our id, in place of what was read before."""
    if not found:
        return
    save_bodies(db, found)
    one = update(documents).where(documents.c.id == bindparam("document"))
    db.execute(
        one.values(body_hash=bindparam("hash"), extraction=bindparam("made_by")),
        [
            {"document": id_, "hash": sha256(body.encode()).hexdigest(), "made_by": made.extraction}
            for id_, (body, made) in found.items()
        ],
    )


def _drop_bodies(db: Connection, document_ids: Sequence[int]) -> None:
    for some in chunks(document_ids):
        save_bodies(db, dict.fromkeys(some, (None, Converted((), (), ()))))
        db.execute(update(documents).where(documents.c.id.in_(some)).values(body_hash=None, extraction=None))


def tally(db: Connection, connection_id: int) -> dict[tuple[Outcome, str], int]:
    """How many files came to what, and why; files that no reader has seen yet are not among them."""
    present = and_(file_texts.c.document_id == documents.c.id, file_texts.c.version == documents.c.version)
    columns = file_texts.c.outcome, file_texts.c.cause
    statement = (
        select(*columns, func.count())
        .select_from(documents.join(file_texts, present))
        .where(*_live(connection_id))
        .group_by(*columns)
        .order_by(func.count().desc(), *columns)
    )
    return {(Outcome(outcome), cause): number for outcome, cause, number in db.execute(statement)}


def failures(db: Connection, connection_id: int) -> list[Failure]:
    """The files whose text could not be read in their present version."""
    present = and_(file_texts.c.document_id == documents.c.id, file_texts.c.version == documents.c.version)
    statement = (
        select(documents.c.source_id, documents.c.title, documents.c.url, file_texts.c.cause)
        .select_from(documents.join(file_texts, present))
        .where(*_live(connection_id), file_texts.c.outcome == Outcome.FAILED)
        .order_by(documents.c.id)
    )
    return [Failure(*row) for row in db.execute(statement)]


def outcome(db: Connection, document_id: int, *, viewer: Viewer) -> tuple[Outcome, str] | None:
    """What came of reading a file in its present version, and why it has no text, "" for a kind that is never read.

    None where it was not read yet, or is not there for this viewer.
    """
    present = and_(file_texts.c.document_id == documents.c.id, file_texts.c.version == documents.c.version)
    statement = select(file_texts.c.outcome, file_texts.c.cause).select_from(documents.join(file_texts, present))
    mine = statement.where(documents.c.id == document_id, readable(viewer))
    found = db.execute(mine, seen_by(viewer)).one_or_none()
    return None if found is None else (Outcome(found.outcome), found.cause)


def _live(connection_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        documents.c.connection_id == connection_id,
        documents.c.kind == Kind.ATTACHMENT,
        documents.c.status == Status.CURRENT,
        documents.c.deleted_at.is_(None),
        documents.c.in_scope,
    )
