"""THE statement: which documents may this viewer read (P1, P2); and who a viewer is, as far as the store can prove.

Every query that reads content goes through `readable` or one of its kin, inside the query, before it counts, ranks or
pages. Why somebody may or may not see a page is explained elsewhere, from the same rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
    tuple_,
)

from mainstem.store.audiences import HolderKind
from mainstem.store.columns import Instant
from mainstem.store.tables import (
    chain_holders,
    chains,
    clause_principals,
    connections,
    documents,
    group_groups,
    group_members,
    holders,
    openings,
    people,
    removals,
)
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, Principal, Viewer, group, user
from mainstem.wiki.content import Deployment, Status

VIEWABLE = (Status.CURRENT, Status.ARCHIVED)
"""Drafts belong to their author, trash to the space's admins: neither is for us to show."""

_PRINCIPALS, _SITES, _NAMES = "viewer_principals", "viewer_sites", "viewer_names"
_RULES_SINCE = "viewer_rules_since"
_MEMBER = "viewer_is_member"

UNLICENSED_KINDS = frozenset({"app", "customer"})


def seen_by(viewer: Viewer) -> dict[str, Any]:
    """The parameters that each statement needs in which `readable`, one of its kin, or `names` stands."""
    principals = sorted(viewer.principals)
    sites, own = sorted({site for site, _ in principals}), sorted({principal for _, principal in principals})
    named = {_PRINCIPALS: principals, _SITES: sites, _NAMES: own}
    return named | {_RULES_SINCE: viewer.rules_since, _MEMBER: viewer.member}


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a row of `documents` is there for this viewer, whom `seen_by` names beside it.

    It asks of each row, so it suits what looks at few. It is always the same object, and so may be the statements that
    it stands in: to put one anew takes longer than most databases take to answer it.
    """
    return live() if viewer.unrestricted else _readable()


def readable_among_all(viewer: Viewer) -> ColumnElement[bool]:
    """The same condition, for what looks at most documents: it asks once, of all chains."""
    return live() if viewer.unrestricted else _readable_among_all()


def readable_chains(viewer: Viewer) -> Select[int]:
    """Ids of the chains this viewer passes: each holder's clause contains one of the viewer's principals.

    A chain without holders is passed by nobody but the operator. Where a connection goes without permissions, a member
    passes each.
    """
    return select(chains.c.id) if viewer.unrestricted else _readable_chains()


def names() -> ColumnElement[bool]:
    """The condition under which a row of `clause_principals` names one of the viewer's principals."""
    site, principal = clause_principals.c.connection_id, clause_principals.c.principal
    pairs = tuple_(site, principal).in_(bindparam(_PRINCIPALS, expanding=True))
    # The pairs say it all, but databases find rows by one column at a time.
    apart = site.in_(bindparam(_SITES, expanding=True)), principal.in_(bindparam(_NAMES, expanding=True))
    return and_(*apart, pairs)


@cache
def live() -> ColumnElement[bool]:
    """Documents that are there for whoever may read them: not deleted, in scope, current or archived; or restored.

    Nothing is there of a connection that was removed, also while that can be undone.
    """
    kept = documents.c.connection_id.not_in(select(removals.c.connection_id))
    mirrored = and_(documents.c.deleted_at.is_(None), documents.c.in_scope, documents.c.status.in_(VIEWABLE))
    return and_(or_(mirrored, documents.c.restored_at.is_not(None)), kept)


@cache
def _readable() -> ColumnElement[bool]:
    own = chain_holders.c.chain_id == documents.c.chain_id
    let_in = exists().where(clause_principals.c.clause_id == holders.c.clause_id, names()).correlate(holders)
    refusing = exists().where(own, holders.c.id == chain_holders.c.holder_id, or_(~let_in, _aged()))
    passed = and_(exists().where(own).correlate(documents), ~refusing.correlate(documents))
    return and_(live(), or_(passed, _open(documents.c.connection_id)))


@cache
def _readable_among_all() -> ColumnElement[bool]:
    passed = documents.c.chain_id.in_(_readable_chains())
    return and_(live(), or_(passed, _open(documents.c.connection_id)))


def _open(connection_id: ColumnElement[int]) -> ColumnElement[bool]:
    """What is of a connection that goes without permissions is there for members, whatever rules stand above it."""
    member = bindparam(_MEMBER, type_=Boolean())
    return and_(member, connection_id.in_(select(openings.c.connection_id)))


@cache
def _readable_chains() -> Select[int]:
    """Put as "no holder refuses", because most holders of most chains let a viewer pass.

    5,000 chains take 6 ms; counting those who let pass takes 20.
    """
    passed = select(clause_principals.c.clause_id).where(names())
    refusing = select(holders.c.id).where(or_(holders.c.clause_id.not_in(passed), _aged()))
    closed = select(chain_holders.c.chain_id).where(chain_holders.c.holder_id.in_(refusing))
    held = exists().where(chain_holders.c.chain_id == chains.c.id)
    kept = chains.c.connection_id.not_in(select(removals.c.connection_id))
    let_in = and_(held, chains.c.id.not_in(closed))
    return select(chains.c.id).where(kept, or_(let_in, _open(chains.c.connection_id)))


def _aged() -> ColumnElement[bool]:
    """Holders of sites and spaces whose rules were last read in full before the viewer's instant, or never."""
    since: BindParameter[datetime | None] = bindparam(_RULES_SINCE, type_=Instant())
    of_many = holders.c.kind.in_((HolderKind.SITE, HolderKind.SPACE))
    return and_(of_many, since.is_not(None), or_(holders.c.read_at.is_(None), holders.c.read_at < since))


def anonymous(db: Connection, *, rules_since: datetime | None) -> Viewer:
    """Whoever has not signed in. `rules_since` as in Viewer: now minus 72 hours unless configured otherwise."""
    sites = db.execute(_sites()).scalars()
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
    rows = db.execute(_these_people(), {"pairs": sorted(proved)}).all()
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
    for site in db.execute(_sites()).scalars():
        accounts = by_site.get(site, [])
        active = [account for account in accounts if account.active]
        if active or not accounts:
            principals.add((site, ANONYMOUS))
        if len(active) == 1:
            own = set(_principals_of(db, site, active[0]))
            if _may_use(db, site, own):
                principals |= {(site, principal) for principal in own}
    return Viewer(name, frozenset(principals), rules_since=rules_since)


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
    return db.execute(_letting_use(), {"site": site, "own": sorted(own)}).first() is not None


@cache
def _letting_use() -> Select[int]:
    return (
        select(holders.c.id)
        .join(clause_principals, clause_principals.c.clause_id == holders.c.clause_id)
        .where(
            holders.c.connection_id == bindparam("site"),
            holders.c.kind == HolderKind.SITE,
            clause_principals.c.principal.in_(bindparam("own", expanding=True)),
        )
        .limit(1)
    )


def _principals_of(db: Connection, site: int, account: _Account) -> Iterable[Principal]:
    yield user(account.id)
    if account.licensed:
        yield ALL_LICENSED
    for group_id in _groups_of(db, site, account.id):
        yield group(group_id)


def _groups_of(db: Connection, site: int, person_id: str) -> list[str]:
    return list(db.execute(_groups(), {"site": site, "person_id": person_id}).scalars())


@cache
def _groups() -> Select[str]:
    direct = select(group_members.c.group_id).where(
        group_members.c.connection_id == bindparam("site"), group_members.c.person_id == bindparam("person_id")
    )
    within = direct.cte("within", recursive=True)
    # UNION, not UNION ALL: groups may contain each other.
    around = select(group_groups.c.group_id).where(
        group_groups.c.connection_id == bindparam("site"), group_groups.c.member_id == within.c.group_id
    )
    return select(within.union(around).c.group_id)


@cache
def _sites() -> Select[int]:
    return select(connections.c.id)


@cache
def _these_people() -> Select[Any]:
    pairs = tuple_(people.c.connection_id, people.c.source_id)
    return select(people).where(pairs.in_(bindparam("pairs", expanding=True)))
