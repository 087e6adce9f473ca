"""Which files of documents are kept, and under which hash; and which objects a sweep may drop.

A file is kept for one version of its document, so that a newer one is fetched again. Who may have a file is asked
where it is looked up, in `targets`.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, select

from mainstem.store.tables import documents, kept_files, kept_objects
from mainstem.store.upsert import chunks, insertion, upsert


def keep(db: Connection, document_id: int, *, version: int, digest: str, now: datetime) -> None:
    """Note that the file of a document, as of this version, is kept under this hash; of one that is gone, nothing."""
    if db.execute(select(documents.c.id).where(documents.c.id == document_id).with_for_update()).first() is None:
        return
    row = {"document_id": document_id, "version": version, "digest": digest, "kept_at": now}
    upsert(db, kept_files, [row], key=("document_id",))
    noted = insertion(db, kept_objects).values(digest=digest)
    # Writing what stands there already makes a sweep that is about to forget it wait.
    db.execute(noted.on_conflict_do_update(index_elements=["digest"], set_={"digest": noted.excluded.digest}))


def let_go(db: Connection, document_ids: Collection[int]) -> None:
    """Note that the files of these documents are not to be kept any more."""
    for some in chunks(sorted(document_ids)):
        db.execute(delete(kept_files).where(kept_files.c.document_id.in_(some)))


def digest(db: Connection, document_id: int, *, version: int) -> str:
    """The hash under which this version of a document's file is kept, "" where it is not."""
    mine = kept_files.c.document_id == document_id, kept_files.c.version == version
    return db.execute(select(kept_files.c.digest).where(*mine)).scalar_one_or_none() or ""


def unwanted(db: Connection, *, limit: int) -> list[str]:
    """The hashes of objects that were kept once, and that no document has any more."""
    return list(db.execute(select(kept_objects.c.digest).where(_nobodys()).limit(limit)).scalars())


def forget(db: Connection, digests: Collection[str]) -> list[str]:
    """Note that these objects are gone, but for those that somebody kept again meanwhile; which are."""
    gone: list[str] = []
    for some in chunks(sorted(digests)):
        mine = kept_objects.c.digest.in_(some)
        # First wait for who is just keeping one of them, then look whose they are: PostgreSQL looks once a statement.
        db.execute(select(kept_objects.c.digest).where(mine).order_by(kept_objects.c.digest).with_for_update())
        forgotten = delete(kept_objects).where(mine, _nobodys()).returning(kept_objects.c.digest)
        gone += db.execute(forgotten).scalars()
    return gone


def _nobodys() -> ColumnElement[bool]:
    return ~exists().where(kept_files.c.digest == kept_objects.c.digest)
