"""What a run's listing named: the scratch list from which absences are told once the listing proved complete.

Whether it did, and whether absence may delete anything, is for sync to decide.
"""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from mainstem.store.tables import documents, runs, seen
from mainstem.store.upsert import insertion
from mainstem.wiki.content import Kind


def note(db: Connection, run_id: int, source_ids: Collection[str]) -> None:
    """Note contents that the listing named; naming one twice does no harm."""
    if source_ids:
        rows = [{"run_id": run_id, "source_id": source_id} for source_id in source_ids]
        db.execute(insertion(db, seen).on_conflict_do_nothing(), rows)


def absent(db: Connection, run_id: int, *, space_id: str | None, kinds: Collection[Kind]) -> list[int]:
    """Ids of the connection's live documents of these kinds (in one space, or all) that the listing never named."""
    connection_id = select(runs.c.connection_id).where(runs.c.id == run_id).scalar_subquery()
    named = select(seen.c.source_id).where(seen.c.run_id == run_id)
    statement = select(documents.c.id).where(
        documents.c.connection_id == connection_id,
        documents.c.kind.in_(kinds),
        documents.c.deleted_at.is_(None),
        documents.c.source_id.not_in(named),
    )
    if space_id is not None:
        statement = statement.where(documents.c.space_id == space_id)
    return list(db.execute(statement.order_by(documents.c.id)).scalars())


def forget(db: Connection, run_id: int) -> None:
    """Drop a run's scratch list."""
    db.execute(delete(seen).where(seen.c.run_id == run_id))
