"""Everything that matters in a home, in a form that two homes can be compared by.

Numbers that a database hands out and instants of our own are left out; what Confluence said, what was made of it, who
may see it, and what the index holds are in. Read by plain SQL, so that no code under test colours the picture.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, create_engine, text

from mainstem.index.local import LocalIndex
from mainstem.index.passage_index import PassageIndex
from mainstem.index.query import Query

Clauses = frozenset[tuple[str, str, frozenset[str]]]
"""Holders above a document: kind, Confluence's id, and the principals that pass."""


@dataclass(frozen=True, slots=True)
class DocumentState:
    """One document; `passages` and `links` are numbers of rows, `readers` its chain."""

    kind: str
    version: int
    title: str
    space_id: str
    parent_id: str | None
    container_id: str | None
    status: str
    body_hash: str | None
    has_body: bool
    rules_state: str
    in_scope: bool
    deleted: bool
    readers: Clauses
    labels: frozenset[str]
    passages: int
    links: int


@dataclass(frozen=True, slots=True)
class HomeState:
    """A home's content and permissions, by Confluence's ids."""

    documents: dict[str, DocumentState]
    duplicates: tuple[str, ...]
    members: dict[str, frozenset[str]]
    people: frozenset[str]
    failures: dict[str, str]

    @property
    def live(self) -> int:
        """How many documents are neither deleted nor kept for the tree alone."""
        return sum(one.in_scope and not one.deleted for one in self.documents.values())


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far an index has followed the journal, and what it does not hold as the store says."""

    position: int
    journal_end: int
    wrong: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return self.position == self.journal_end and not self.wrong


def home_state(folder: Path) -> HomeState:
    """The state of a home in a folder that nobody is writing."""
    with _opened(folder) as db:
        return dump(db)


def home_index(folder: Path) -> IndexState:
    """The state of the index of a home that nobody is writing."""
    with _opened(folder) as db:
        return index_state(db, LocalIndex(folder / "index"))


def dump(db: Connection) -> HomeState:
    """The state of the one connection that a database holds."""
    rows = db.execute(text(_DOCUMENTS)).mappings().all()
    readers = _readers(db)
    labels = _grouped(db, "SELECT document_id, label FROM labels")
    found = Counter(row["source_id"] for row in rows)
    return HomeState(
        documents={row["source_id"]: _document(row, readers, labels) for row in rows},
        duplicates=tuple(source_id for source_id, number in found.items() if number > 1),
        members=_grouped(db, "SELECT group_id, person_id FROM group_members"),
        people=frozenset(db.execute(text("SELECT source_id FROM people")).scalars()),
        failures=dict(db.execute(text("SELECT source_id, cause FROM run_failures")).all()),
    )


def index_state(db: Connection, index: PassageIndex) -> IndexState:
    """How an index stands to the store: its position, and per chain whether it holds as many documents."""
    expected: dict[int, int] = dict(db.execute(text(_INDEXED)).all())
    found = {chain: index.find(Query(), chains=[chain], facets=False).total for chain in expected}
    everything = index.find(Query(), chains=None, facets=False).total
    wrong = [
        f"chain {chain}: {found[chain]} of {number}" for chain, number in expected.items() if found[chain] != number
    ]
    if everything != sum(expected.values()):
        wrong.append(f"in all: {everything} of {sum(expected.values())}")
    journal_end = db.execute(text("SELECT coalesce(max(seq), 0) FROM journal")).scalar_one()
    return IndexState(index.position, journal_end, tuple(wrong))


def differences(expected: HomeState, found: HomeState) -> Iterator[str]:
    """Where two states differ, a line each, what was expected first; nothing when they are the same."""
    for part in fields(HomeState):
        want, have = getattr(expected, part.name), getattr(found, part.name)
        if want == have:
            continue
        if not isinstance(want, dict):
            yield f"{part.name}: {want!r} / {have!r}"
            continue
        for key in sorted(want.keys() | have.keys()):
            if want.get(key) != have.get(key):
                yield f"{part.name}[{key}]: {_unlike(want.get(key), have.get(key))}"


def _unlike(want: object, have: object) -> str:
    if not (isinstance(want, DocumentState) and isinstance(have, DocumentState)):
        return f"{want!r} / {have!r}"
    pairs = ((part.name, getattr(want, part.name), getattr(have, part.name)) for part in fields(DocumentState))
    return "; ".join(f"{name} {one!r} / {other!r}" for name, one, other in pairs if one != other)


_DOCUMENTS = """
SELECT documents.*,
  EXISTS (SELECT 1 FROM bodies WHERE bodies.document_id = documents.id) AS has_body,
  (SELECT count(*) FROM passages WHERE passages.document_id = documents.id) AS passages,
  (SELECT count(*) FROM links WHERE links.document_id = documents.id) AS links
FROM documents
"""

_INDEXED = """
SELECT chain_id, count(*) FROM documents
WHERE deleted_at IS NULL AND in_scope AND status IN ('current', 'archived') AND chain_id IS NOT NULL GROUP BY chain_id
"""

_CHAINS = """
SELECT chain_holders.chain_id, holders.kind, holders.source_id, clause_principals.principal
FROM chain_holders JOIN holders ON holders.id = chain_holders.holder_id
LEFT JOIN clause_principals ON clause_principals.clause_id = holders.clause_id
"""


@contextmanager
def _opened(folder: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{folder / 'mainstem.db'}")
    try:
        with engine.connect() as db:
            yield db
    finally:
        engine.dispose()


def _document(values: RowMapping, readers: dict[int, Clauses], labels: dict[int, frozenset[str]]) -> DocumentState:
    own = {part.name: values[part.name] for part in fields(DocumentState) if part.name in values}
    own |= {
        "has_body": bool(values["has_body"]),
        "in_scope": bool(values["in_scope"]),
        "deleted": values["deleted_at"] is not None,
        "readers": readers.get(values["chain_id"], frozenset()),
        "labels": labels.get(values["id"], frozenset()),
    }
    return DocumentState(**own)


def _readers(db: Connection) -> dict[int, Clauses]:
    named: defaultdict[int, defaultdict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for chain_id, kind, source_id, principal in db.execute(text(_CHAINS)):
        named[chain_id][kind, source_id] |= {principal} if principal else set()
    return {
        chain_id: frozenset((*holder, frozenset(principals)) for holder, principals in holders.items())
        for chain_id, holders in named.items()
    }


def _grouped(db: Connection, statement: str) -> dict[Any, frozenset[str]]:
    groups: defaultdict[Any, set[str]] = defaultdict(set)
    for key, value in db.execute(text(statement)):
        groups[key].add(value)
    return {key: frozenset(values) for key, values in groups.items()}
