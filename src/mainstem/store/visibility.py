"""THE statement: which documents may this viewer read (P1, P2); and who a viewer is, as far as the store can prove.

Every query that reads content goes through `readable` or `readable_chains`, inside the query, before it counts, ranks
or pages. Why somebody may or may not see a page is explained elsewhere, from the same rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, false, or_, select, tuple_

from mainstem.store.audiences import HolderKind
from mainstem.store.tables import (
    chain_holders,
    chains,
    clause_principals,
    connections,
    documents,
    group_groups,
    group_members,
    holders,
    people,
    removals,
)
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, Principal, Viewer, group, user
from mainstem.wiki.content import Deployment, Status

VIEWABLE = (Status.CURRENT, Status.ARCHIVED)
"""Drafts belong to their author, trash to the space's admins: neither is for us to show."""

_REMEMBERED = 64
"""Viewers whose condition is kept; each request makes one."""

UNLICENSED_KINDS = frozenset({"app", "customer"})


def readable_chains(viewer: Viewer) -> Select[tuple[int]]:
    """Ids of the chains this viewer passes: each holder's clause contains one of the viewer's principals.

    A chain without holders is passed by nobody but the operator. Put as "no holder refuses", because most holders of
    most chains let a viewer pass: 5,000 chains take 6 ms, counting those who let pass takes 20.
    """
    if viewer.unrestricted:
        return select(chains.c.id)
    passed = select(clause_principals.c.clause_id).where(names(viewer))
    refusing = select(holders.c.id).where(or_(holders.c.clause_id.not_in(passed), _aged(viewer.rules_since)))
    closed = select(chain_holders.c.chain_id).where(chain_holders.c.holder_id.in_(refusing))
    held = exists().where(chain_holders.c.chain_id == chains.c.id)
    kept = chains.c.connection_id.not_in(select(removals.c.connection_id))
    return select(chains.c.id).where(held, kept, chains.c.id.not_in(closed))


def live() -> ColumnElement[bool]:
    """Documents that are there for whoever may read them: not deleted, in scope, current or archived.

    Nothing is there of a connection that was removed, also while that can be undone.
    """
    kept = documents.c.connection_id.not_in(select(removals.c.connection_id))
    return and_(documents.c.deleted_at.is_(None), documents.c.in_scope, documents.c.status.in_(VIEWABLE), kept)


@lru_cache(_REMEMBERED)
def readable(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a row of `documents` is there for this viewer.

    It is words, not an answer, so it may be remembered: a page asks by it a score of times, and to put it takes longer
    than most databases take to answer.
    """
    if viewer.unrestricted:
        return live()
    return and_(live(), documents.c.chain_id.in_(readable_chains(viewer)))


def anonymous(db: Connection, *, rules_since: datetime | None) -> Viewer:
    """Whoever has not signed in. `rules_since` as in Viewer: now minus 72 hours unless configured otherwise."""
    sites = db.execute(select(connections.c.id)).scalars()
    return Viewer("anonymous", frozenset((site, ANONYMOUS) for site in sites), rules_since=rules_since)


def viewer_for(db: Connection, who: str, *, rules_since: datetime | None) -> Viewer:
    """The viewer behind an account id, user name or email, which the caller has proved to be theirs.

    An id, else a user name, is an account of one connection, and names nobody where several have it (an id of Cloud is
    the same person on all sites); an email is looked for in each. There it is the one active account of that name, with
    all its groups; nothing where it is deactivated; anonymous where it is unknown, where two active accounts share the
    name, and where the account may not use the site: a space that names one of its groups is still closed to it.
    """
    return _viewer(db, who, _accounts(db, who), rules_since)


def viewer_with(
    db: Connection, name: str, proved: Collection[tuple[int, str]], *, rules_since: datetime | None
) -> Viewer:
    """The viewer behind accounts that the caller has proved to be theirs: pairs of connection and account id.

    Each counts on its own site alone, as in `viewer_for`, and at most one there; `name` is only what they are called.
    """
    pairs = tuple_(people.c.connection_id, people.c.source_id)
    rows = db.execute(select(people).where(pairs.in_(sorted(proved)))).all()
    return _viewer(db, name, _by_connection(rows), rules_since)


def goes_by(who: str) -> ColumnElement[bool]:
    """The condition under which a row of `people` has this id, user name or email."""
    name, folded = who.strip(), who.strip().casefold()
    return or_(people.c.source_id == name, people.c.username_key == folded, people.c.email_key == folded)


@dataclass(frozen=True, slots=True)
class _Account:
    id: str
    active: bool
    licensed: bool


def _viewer(db: Connection, name: str, by_site: Mapping[int, list[_Account]], rules_since: datetime | None) -> Viewer:
    principals: set[tuple[int, Principal]] = set()
    for site in db.execute(select(connections.c.id)).scalars():
        accounts = by_site.get(site, [])
        active = [account for account in accounts if account.active]
        if active or not accounts:
            principals.add((site, ANONYMOUS))
        if len(active) == 1:
            own = set(_principals_of(db, site, active[0]))
            if _may_use(db, site, own):
                principals |= {(site, principal) for principal in own}
    return Viewer(name, frozenset(principals), rules_since=rules_since)


def names(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a row of `clause_principals` names one of this viewer's principals."""
    by_site: defaultdict[int, list[Principal]] = defaultdict(list)
    for site, principal in viewer.principals:
        by_site[site].append(principal)
    table = clause_principals.c
    return or_(
        false(),
        *(and_(table.connection_id == site, table.principal.in_(sorted(own))) for site, own in sorted(by_site.items())),
    )


def _aged(since: datetime | None) -> ColumnElement[bool]:
    """Holders of sites and spaces whose rules were last read in full before an instant, or never."""
    if since is None:
        return false()
    of_many = holders.c.kind.in_((HolderKind.SITE, HolderKind.SPACE))
    return and_(of_many, or_(holders.c.read_at.is_(None), holders.c.read_at < since))


def _accounts(db: Connection, who: str) -> dict[int, list[_Account]]:
    """Per connection, the accounts that `who` names: an id or user name those of one connection, an email of all."""
    name = who.strip()
    folded = name.casefold()
    statement = select(people, connections.c.deployment).join_from(people, connections)
    rows = db.execute(statement.where(goes_by(name))).all()
    by_id = [row for row in rows if row.source_id == name]
    by_username = [row for row in rows if row.username_key == folded]
    direct = {row.connection_id for row in [*by_id, *by_username]}
    if not direct:
        return _by_connection(rows)
    # An account id of Cloud is the same person on every site; any other name may be somebody else's elsewhere.
    same = all(row.deployment == Deployment.CLOUD for row in by_id) and direct == {row.connection_id for row in by_id}
    if len(direct) > 1 and not same:
        return {}
    return _by_connection(by_username) | _by_connection(by_id)


def _by_connection(rows: Iterable[Row[Any]]) -> dict[int, list[_Account]]:
    found: defaultdict[int, list[_Account]] = defaultdict(list)
    for row in rows:
        licensed = not row.guest and row.kind not in UNLICENSED_KINDS
        found[row.connection_id].append(_Account(row.source_id, row.active, licensed))
    return found


def _may_use(db: Connection, site: int, own: Collection[Principal]) -> bool:
    """Whether the site's own rule names one of these principals; that it may also be anonymous is not enough."""
    statement = (
        select(holders.c.id)
        .join(clause_principals, clause_principals.c.clause_id == holders.c.clause_id)
        .where(
            holders.c.connection_id == site,
            holders.c.kind == HolderKind.SITE,
            clause_principals.c.principal.in_(sorted(own)),
        )
    )
    return db.execute(statement.limit(1)).first() is not None


def _principals_of(db: Connection, site: int, account: _Account) -> Iterable[Principal]:
    yield user(account.id)
    if account.licensed:
        yield ALL_LICENSED
    for group_id in _groups_of(db, site, account.id):
        yield group(group_id)


def _groups_of(db: Connection, site: int, person_id: str) -> list[str]:
    direct = select(group_members.c.group_id).where(
        group_members.c.connection_id == site, group_members.c.person_id == person_id
    )
    within = direct.cte("within", recursive=True)
    # UNION, not UNION ALL: groups may contain each other.
    around = select(group_groups.c.group_id).where(
        group_groups.c.connection_id == site, group_groups.c.member_id == within.c.group_id
    )
    return list(db.execute(select(within.union(around).c.group_id)).scalars())
