"""What a run has dealt with: the scratch list by which absences are told, and by which nothing is asked for twice.

Whether an absence may delete anything is for sync to decide.
"""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import Connection, Select, delete, select

from mainstem.store.tables import documents, runs, seen
from mainstem.store.upsert import chunks, insertion
from mainstem.wiki.content import Kind


class Aspect(StrEnum):
    """In which way a run has dealt with a content: its listing named it, its rules were read, it was asked for.

    The CHANGED ones are listed as new or changed and still to be fetched. FILE: its text was read, or tried to be.
    """

    LISTED = "listed"
    RULES = "rules"
    ASKED = "asked"
    CHANGED_PAGE = "changed page"
    CHANGED_BLOGPOST = "changed blogpost"
    CHANGED_COMMENT = "changed comment"
    CHANGED_ATTACHMENT = "changed attachment"
    FILE = "file"


def note(db: Connection, run_id: int, source_ids: Collection[str], aspect: Aspect = Aspect.LISTED) -> set[str]:
    """Note contents; those that were not noted before. Noting one twice does no harm."""
    if not source_ids:
        return set()
    rows = [{"run_id": run_id, "aspect": aspect, "source_id": source_id} for source_id in source_ids]
    noting = insertion(db, seen).on_conflict_do_nothing().returning(seen.c.source_id)
    return set(db.execute(noting, rows).scalars())


def some(db: Connection, run_id: int, aspect: Aspect, limit: int) -> list[str]:
    """Some of the ids noted so far, in a stable order."""
    found = noted(run_id, aspect).order_by(seen.c.source_id).limit(limit)
    return [row.source_id for row in db.execute(found)]


def every(db: Connection, run_id: int, aspect: Aspect) -> list[str]:
    """All ids noted so far."""
    return [row.source_id for row in db.execute(noted(run_id, aspect))]


def among(db: Connection, run_id: int, source_ids: Collection[str], aspects: Collection[Aspect]) -> set[str]:
    """Those of these ids that are noted in one of these ways."""
    found: set[str] = set()
    for some in chunks(sorted(source_ids)):
        chosen = seen.c.run_id == run_id, seen.c.aspect.in_(aspects), seen.c.source_id.in_(some)
        found.update(db.execute(select(seen.c.source_id).where(*chosen)).scalars())
    return found


def strike(db: Connection, run_id: int, source_ids: Collection[str], aspect: Aspect) -> None:
    """Take notes back."""
    noted_so = seen.c.run_id == run_id, seen.c.aspect == aspect
    for some in chunks(sorted(source_ids)):
        db.execute(delete(seen).where(*noted_so, seen.c.source_id.in_(some)))


def noted(run_id: int, aspect: Aspect) -> Select[tuple[str]]:
    """The ids noted so far, for use inside of another statement."""
    return select(seen.c.source_id).where(seen.c.run_id == run_id, seen.c.aspect == aspect)


def absent(db: Connection, run_id: int, kinds: Collection[Kind]) -> list[str]:
    """Confluence's ids of live documents of these kinds that no listing of the run named."""
    return list(db.execute(_unlisted(run_id).where(documents.c.kind.in_(kinds))).scalars())


def unconfirmed(db: Connection, run_id: int) -> list[str]:
    """Confluence's ids of live documents that the run has not met: neither listed nor found when it asked for them."""
    return list(
        db.execute(_unlisted(run_id).where(documents.c.source_id.not_in(noted(run_id, Aspect.ASKED)))).scalars()
    )


def _unlisted(run_id: int) -> Select[str]:
    connection_id = select(runs.c.connection_id).where(runs.c.id == run_id).scalar_subquery()
    return (
        select(documents.c.source_id)
        .where(
            documents.c.connection_id == connection_id,
            documents.c.deleted_at.is_(None),
            documents.c.in_scope,
            documents.c.source_id.not_in(noted(run_id, Aspect.LISTED)),
        )
        .order_by(documents.c.id)
    )


def forget(db: Connection, run_id: int) -> None:
    """Drop a run's scratch list."""
    db.execute(delete(seen).where(seen.c.run_id == run_id))
