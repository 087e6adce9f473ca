"""Which files of documents are kept here, and under which hash.

A file is kept for one version of its document, so that a newer one is fetched again. Who may have a file is asked
where it is looked up, in `targets`.
"""

from datetime import datetime

from sqlalchemy import Connection, select

from mainstem.store.tables import documents, kept_files
from mainstem.store.upsert import upsert


def keep(db: Connection, document_id: int, *, version: int, digest: str, now: datetime) -> None:
    """Note that the file of a document, as of this version, is kept under this hash; of one that is gone, nothing."""
    if db.execute(select(documents.c.id).where(documents.c.id == document_id).with_for_update()).first() is None:
        return
    row = {"document_id": document_id, "version": version, "digest": digest, "kept_at": now}
    upsert(db, kept_files, [row], key=("document_id",))


def digest(db: Connection, document_id: int, *, version: int) -> str:
    """The hash under which this version of a document's file is kept, "" where it is not."""
    mine = kept_files.c.document_id == document_id, kept_files.c.version == version
    return db.execute(select(kept_files.c.digest).where(*mine)).scalar_one_or_none() or ""


def digests(db: Connection) -> set[str]:
    """The hashes of all files of documents that are still there."""
    return set(db.execute(select(kept_files.c.digest)).scalars())
