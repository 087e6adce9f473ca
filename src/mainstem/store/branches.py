"""Trees of pages as a viewer sees them: they go on below what the viewer can read, and end where they cannot."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, literal, select

from mainstem.store.tables import documents
from mainstem.store.tree import IN_THE_TREE
from mainstem.store.visibility import readable, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind, Status

MOST = 3_000
"""Pages that are read for one reader at once; what is higher up comes first."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What stands below a page, by Confluence's id, so many levels down."""

    source_id: str
    depth: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a tree. `source_id` and `parent_id` are Confluence's."""

    document_id: int
    source_id: str
    parent_id: str
    kind: Kind
    title: str
    position: int | None
    created_at: datetime | None
    modified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Grown:
    """The pages of a branch, in no order. `whole`: there are no more."""

    leaves: tuple[Leaf, ...] = ()
    whole: bool = True


def branches(db: Connection, connection_id: int, wanted: Sequence[Branch], *, viewer: Viewer) -> dict[Branch, Grown]:
    """What stands below pages of one connection and this viewer can read; one statement for all."""
    if not wanted:
        return {}
    levels: dict[str, int] = {}
    for each in wanted:
        levels[each.source_id] = max(each.depth, levels.get(each.source_id, 0))
    shown = and_(
        documents.c.connection_id == connection_id,
        documents.c.kind.in_(IN_THE_TREE),
        documents.c.status == Status.CURRENT,
        readable(viewer),
    )
    first = select(
        documents.c.id,
        documents.c.source_id,
        documents.c.parent_id.label("root"),
        literal(1).label("level"),
        case(levels, value=documents.c.parent_id).label("depth"),
    ).where(documents.c.parent_id.in_(levels), shown)
    tree = first.cte("tree", recursive=True)
    further = select(documents.c.id, documents.c.source_id, tree.c.root, tree.c.level + 1, tree.c.depth).where(
        documents.c.parent_id == tree.c.source_id, tree.c.level < tree.c.depth, shown
    )
    tree = tree.union_all(further)
    found = select(tree.c.root, tree.c.level, documents).join(documents, documents.c.id == tree.c.id).limit(MOST + 1)
    rows = db.execute(found, seen_by(viewer)).all()
    whole = len(rows) <= MOST
    # A page may be its own descendant: what was met once is not met again.
    met: defaultdict[str, dict[str, tuple[int, Leaf]]] = defaultdict(dict)
    for row in rows[:MOST]:
        leaf = Leaf(
            row.id,
            row.source_id,
            row.parent_id,
            Kind(row.kind),
            row.title,
            row.position,
            row.created_at,
            row.modified_at,
        )
        if leaf.source_id != row.root:
            met[row.root].setdefault(leaf.source_id, (row.level, leaf))
    return {
        each: Grown(tuple(leaf for level, leaf in met[each.source_id].values() if level <= each.depth), whole)
        for each in wanted
    }
