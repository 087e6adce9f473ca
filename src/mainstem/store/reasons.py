"""Why somebody may read a document: the rules above it, and which of the viewer's principals pass each.

From the same rows as `visibility`, and only for who can read the document: to all others there is nothing to explain.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select

from mainstem.store.audiences import HolderKind
from mainstem.store.openings import Opening, opening
from mainstem.store.tables import (
    chain_holders,
    clause_principals,
    connections,
    documents,
    holders,
    spaces,
)
from mainstem.store.visibility import names, readable, seen_by
from mainstem.wiki.audience import Principal, Viewer


@dataclass(frozen=True, slots=True)
class PassedRule:
    """One rule that stands above a document. `source_id` is Confluence's id of what has it, "" for the site.

    `name` is that of the connection or space, or a title. `principals` are the viewer's own among those that pass.
    `document_id` is ours, of a restricted content that the viewer can read.
    """

    kind: HolderKind
    source_id: str
    name: str
    document_id: int | None
    principals: tuple[Principal, ...]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A document, by its connection and Confluence's id, and the rules above it, site and space first.

    `opening` is set where none of them is asked: its connection goes without permissions, and the viewer is a member.
    `read_at` is when all of them were last read in full; None where nobody passes by rules of any age.
    """

    connection_id: int
    source_id: str
    rules: list[PassedRule]
    opening: Opening | None
    read_at: datetime | None


def rules_passed(db: Connection, document_id: int, *, viewer: Viewer) -> Guarded | None:
    """A document with the rules above it; None when this viewer cannot read it."""
    asked = seen_by(viewer)
    guarded = db.execute(_chain(readable(viewer)), asked | {"id": document_id}).one_or_none()
    if guarded is None:
        return None
    above = db.execute(_above(readable(viewer)), asked | {"chain_id": guarded.chain_id}).all()
    open_to_all = opening(db, guarded.connection_id) if viewer.member else None
    ages = [row.read_at for row in above if row.read_at is not None]
    rules = _rules([row[:-1] for row in above])
    return Guarded(guarded.connection_id, guarded.source_id, rules, open_to_all, min(ages, default=None))


@cache
def _chain(readable: ColumnElement[bool]) -> Select[int, int, str]:
    columns = documents.c.chain_id, documents.c.connection_id, documents.c.source_id
    return select(*columns).where(documents.c.id == bindparam("id"), readable)


@cache
def _above(readable: ColumnElement[bool]) -> Select[Any]:
    """The holders of a chain, each with what it is called and with each of the viewer's principals that passes it."""
    content = and_(
        holders.c.kind == HolderKind.CONTENT,
        documents.c.connection_id == holders.c.connection_id,
        documents.c.source_id == holders.c.source_id,
        readable,
    )
    space = and_(
        holders.c.kind == HolderKind.SPACE,
        spaces.c.connection_id == holders.c.connection_id,
        spaces.c.source_id == holders.c.source_id,
    )
    site = and_(holders.c.kind == HolderKind.SITE, connections.c.id == holders.c.connection_id)
    passing = and_(clause_principals.c.clause_id == holders.c.clause_id, names())
    above = select(chain_holders.c.holder_id).where(chain_holders.c.chain_id == bindparam("chain_id"))
    return (
        select(
            holders.c.kind,
            holders.c.source_id,
            func.coalesce(connections.c.name, func.nullif(spaces.c.name, ""), spaces.c.key, documents.c.title, ""),
            documents.c.id,
            clause_principals.c.principal,
            holders.c.read_at,
        )
        .select_from(
            holders.outerjoin(connections, site)
            .outerjoin(spaces, space)
            .outerjoin(documents, content)
            .outerjoin(clause_principals, passing)
        )
        .where(holders.c.id.in_(above))
        .order_by(holders.c.id, clause_principals.c.principal)
    )


def _rules(rows: Iterable[tuple[str, str, str, int | None, str | None]]) -> list[PassedRule]:
    """One rule per holder, whose principals come in rows of their own; site, then space, then contents."""
    rules: dict[tuple[str, str], PassedRule] = {}
    for kind, source_id, name, document_id, principal in rows:
        own = rules.get((kind, source_id)) or PassedRule(HolderKind(kind), source_id, name, document_id, ())
        passed = own.principals if principal is None else (*own.principals, Principal(principal))
        rules[kind, source_id] = replace(own, principals=passed)
    return sorted(rules.values(), key=lambda rule: list(HolderKind).index(rule.kind))
