"""Chains: which view rules stand above each document, kept as few shared rows that the index can filter by.

The chain of a document is its site, its space, every restricted ancestor and itself if restricted. Where anything above
it is unknown, unread, held or could not be read, its chain is the connection's nobody: hidden until the rule is had.
What was restored keeps the chain of frozen rules that it was given, and what hangs on it has that too; nothing stands
below it. What never had a chain gets none while a rule above it is still to be read, which hides it too, and spares the
index from taking it in twice.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from mainstem.store import journal
from mainstem.store.audiences import HolderKind, holder_ids
from mainstem.store.tables import chain_holders, chains, documents, holders, tombstones
from mainstem.store.upsert import insertion
from mainstem.store.visibility import VIEWABLE
from mainstem.wiki.content import Kind

_INHERITING = frozenset({Kind.COMMENT, Kind.ATTACHMENT})
"""Kinds without a view rule of their own: they have the readers of what they belong to."""


class RulesState(StrEnum):
    """What is known of a content's own view restriction; anything but OPEN and RESTRICTED hides it and all below it."""

    UNREAD = "unread"
    OPEN = "open"
    RESTRICTED = "restricted"
    FAILED = "failed"


_KNOWN = frozenset({RulesState.OPEN, RulesState.RESTRICTED})


def rebuild_chains(db: Connection, connection_id: int) -> int:
    """Give every document of a connection the chain of its present place; the number of documents whose chain changed.

    To be called in the transaction that changed places (parents, containers, spaces) or restriction states, so that
    nothing is ever committed under the rules of its old place. Only changed documents are written and journaled.
    """
    ids, heads = _read(db, connection_id)
    tree = _Tree(
        heads=heads,
        site=holder_ids(db, connection_id, HolderKind.SITE).get(""),
        spaces=holder_ids(db, connection_id, HolderKind.SPACE),
        contents=holder_ids(db, connection_id, HolderKind.CONTENT),
        restored=_restored(db, connection_id),
    )
    nobody = (holder_ids(db, connection_id, HolderKind.NOBODY)[""],)
    wanted = {source_id: tree.chain(source_id) or nobody for source_id in heads}
    chain_ids = _chain_ids(db, connection_id, set(wanted.values()))
    changes = [
        {"document": document_id, "chain": chain_ids[wanted[source_id]]}
        for source_id, (document_id, chain_id) in ids.items()
        if chain_id != chain_ids[wanted[source_id]]
        and not (chain_id is None and wanted[source_id] is nobody and tree.waits(source_id))
    ]
    if changes:
        where = documents.c.id == bindparam("document")
        db.execute(update(documents).where(where).values(chain_id=bindparam("chain")), changes)
        journal.append(db, [change["document"] for change in changes])
        prune(db, connection_id)
    return len(changes)


def freeze(db: Connection, connection_id: int, chain_ids: Collection[int]) -> dict[int, int]:
    """For each of these chains, by our ids, one that the same principals pass whatever becomes of the rules.

    None for those that tell of no reader, because a rule above them is not known.
    """
    clauses: defaultdict[int, set[int]] = defaultdict(set)
    above = select(chain_holders.c.chain_id, holders.c.clause_id).join(holders)
    known = chain_holders.c.chain_id.in_(chain_ids), holders.c.kind != HolderKind.NOBODY
    for chain_id, clause_id in db.execute(above.where(*known)):
        clauses[chain_id].add(clause_id)
    wanted = {str(id_): id_ for each in clauses.values() for id_ in each}
    fixed = {"connection_id": connection_id, "kind": HolderKind.FROZEN}
    if wanted:
        rows = [fixed | {"source_id": name, "clause_id": id_} for name, id_ in wanted.items()]
        db.execute(insertion(db, holders).on_conflict_do_nothing(), rows)
    ids = holder_ids(db, connection_id, HolderKind.FROZEN, list(wanted))
    frozen = {chain_id: tuple(sorted(ids[str(id_)] for id_ in each)) for chain_id, each in clauses.items()}
    made = _chain_ids(db, connection_id, set(frozen.values()))
    return {chain_id: made[above] for chain_id, above in frozen.items()}


class _Head(NamedTuple):
    kind: str
    space_id: str
    parent_id: str | None
    container_id: str | None
    rules_state: str
    status: str
    held: bool


Holders = tuple[int, ...]


@dataclass(slots=True)
class _Tree:
    """The stored contents of one connection, and the holders above each, found once and remembered."""

    heads: Mapping[str, _Head]
    site: int | None
    spaces: Mapping[str, int]
    contents: Mapping[str, int]
    restored: Mapping[str, Holders]
    _paths: dict[str, Holders | None] = field(default_factory=dict)

    def chain(self, source_id: str) -> Holders | None:
        """The holders of a content's chain; None when something above it is not known."""
        owner = self._owner(source_id)
        if owner is None:
            return None
        if owner in self.restored:
            return self.restored[owner]
        space = self.spaces.get(self.heads[owner].space_id)
        path = self._path(owner)
        if self.site is None or space is None or path is None:
            return None
        return (self.site, space, *path)

    def waits(self, source_id: str) -> bool:
        """Whether a rule above a content, or its own, is still to be read."""
        passed: set[str] = set()
        current = self._owner(source_id)
        while current is not None and current not in passed:
            head = self.heads.get(current)
            if head is None:
                return False
            if head.rules_state == RulesState.UNREAD:
                return True
            passed.add(current)
            current = head.parent_id
        return False

    def _owner(self, source_id: str) -> str | None:
        """What a comment or attachment belongs to in the end, if nothing on the way is held; else itself."""
        passed: set[str] = set()
        current: str | None = source_id
        while current is not None and current not in passed:
            head = self.heads.get(current)
            if head is None:
                return None
            if head.kind not in _INHERITING:
                return current
            if head.held:
                return None
            passed.add(current)
            current = head.container_id
        return None

    def _path(self, source_id: str) -> Holders | None:
        """The restrictions on the way from the top of the tree down to a content, its own included."""
        trail: list[str] = []
        above: Holders | None = ()
        current: str | None = source_id
        while current is not None:
            if current in self._paths:
                above = self._paths[current]
                break
            # Until the way up is known nobody passes; a parent that is its own descendant meets this and stays hidden.
            self._paths[current] = None
            trail.append(current)
            head = self.heads.get(current)
            current = None if head is None or head.kind == Kind.BLOGPOST else head.parent_id
        for below in reversed(trail):
            above = self._paths[below] = self._extended(above, below)
        return above

    def _extended(self, above: Holders | None, source_id: str) -> Holders | None:
        head = self.heads.get(source_id)
        if above is None or head is None or head.held or head.status not in VIEWABLE or source_id in self.restored:
            return None
        if head.rules_state not in _KNOWN:
            return None
        if head.rules_state == RulesState.OPEN:
            return above
        holder = self.contents.get(source_id)
        return None if holder is None else (*above, holder)


def _read(db: Connection, connection_id: int) -> tuple[dict[str, tuple[int, int | None]], dict[str, _Head]]:
    columns = documents.c
    statement = select(
        columns.id,
        columns.chain_id,
        columns.source_id,
        columns.kind,
        columns.space_id,
        columns.parent_id,
        columns.container_id,
        columns.rules_state,
        columns.status,
        columns.held,
    ).where(columns.connection_id == connection_id, or_(columns.deleted_at.is_(None), columns.restored_at.is_not(None)))
    ids: dict[str, tuple[int, int | None]] = {}
    heads: dict[str, _Head] = {}
    for document_id, chain_id, source_id, *head in db.execute(statement):
        ids[source_id] = (document_id, chain_id)
        heads[source_id] = _Head(*head)
    return ids, heads


def _restored(db: Connection, connection_id: int) -> dict[str, Holders]:
    """The holders above what was restored, by Confluence's id."""
    mine = documents.c.connection_id == connection_id, documents.c.restored_at.is_not(None)
    own = select(documents.c.source_id, chain_holders.c.holder_id).where(*mine)
    there = own.outerjoin(chain_holders, chain_holders.c.chain_id == documents.c.chain_id)
    found: defaultdict[str, Holders] = defaultdict(tuple)
    for source_id, holder_id in db.execute(there.order_by(chain_holders.c.holder_id)):
        found[source_id] += () if holder_id is None else (holder_id,)
    return dict(found)


def _chain_ids(db: Connection, connection_id: int, wanted: Collection[Holders]) -> dict[Holders, int]:
    """The ids of these chains, which are put up where they are new."""
    digests = {holders: _digest(holders) for holders in wanted}
    known = _known(db, connection_id)
    new = {digest: holders for holders, digest in digests.items() if digest not in known}
    if new:
        rows = [{"connection_id": connection_id, "digest": digest} for digest in new]
        db.execute(insert(chains), rows)
        known = _known(db, connection_id)
        members = [
            {"chain_id": known[digest], "holder_id": holder} for digest, holders in new.items() for holder in holders
        ]
        db.execute(insert(chain_holders), members)
    return {holders: known[digest] for holders, digest in digests.items()}


def _known(db: Connection, connection_id: int) -> dict[str, int]:
    statement = select(chains.c.digest, chains.c.id).where(chains.c.connection_id == connection_id)
    return dict(db.execute(statement).all())


def _digest(holders: Holders) -> str:
    return sha256(" ".join(map(str, sorted(holders))).encode()).hexdigest()


def prune(db: Connection, connection_id: int) -> None:
    """Forget the chains that stand above nothing any more."""
    used = select(documents.c.chain_id).where(
        documents.c.connection_id == connection_id, documents.c.chain_id.is_not(None)
    )
    last = select(tombstones.c.chain_id).where(tombstones.c.chain_id.is_not(None))
    unused = chains.c.id.not_in(used), chains.c.id.not_in(last)
    db.execute(delete(chains).where(chains.c.connection_id == connection_id, *unused))
    frozen = holders.c.connection_id == connection_id, holders.c.kind == HolderKind.FROZEN
    db.execute(delete(holders).where(*frozen, holders.c.id.not_in(select(chain_holders.c.holder_id))))
