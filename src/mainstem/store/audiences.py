"""Who may see what, as read from Confluence: the clauses of site, spaces and contents, people, and groups.

A holder exists, with a clause that nobody passes, before its rule is first read; so whatever was not read hides.
Changing a clause, a person or a group touches no document. Which holders stand above a document: see `chains`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from mainstem.store import journal
from mainstem.store.tables import (
    clause_principals,
    clauses,
    connections,
    documents,
    filings,
    group_groups,
    group_members,
    groups,
    holders,
    people,
)
from mainstem.store.upsert import chunks, insertion, upsert
from mainstem.wiki.audience import NOBODY, Clause
from mainstem.wiki.content import Group, Membership, Person
from mainstem.wiki.filing import Drawer

NOT_FILED = -1
"""Stands in `filed_by` of documents that are to be filed anew: no list of rules has this number."""


class HolderKind(StrEnum):
    """What has a view rule of its own. NOBODY's is never passed: it stands for rules that could not be had.

    FROZEN is a clause that a rule had once, by our id of it, for what is shown by the rules of then.
    """

    SITE = "site"
    SPACE = "space"
    CONTENT = "content"
    NOBODY = "nobody"
    FROZEN = "frozen"


def clause_digest(clause: Clause) -> str:
    """A short name of a clause's principals, equal when they are."""
    return sha256("\n".join(sorted(clause.principals)).encode()).hexdigest()[:32]


def prepare(db: Connection, connection_id: int) -> None:
    """Put up a new connection's site holder and its nobody."""
    add_holders(db, connection_id, HolderKind.SITE, [""])
    add_holders(db, connection_id, HolderKind.NOBODY, [""])


def add_holders(db: Connection, connection_id: int, kind: HolderKind, source_ids: Collection[str]) -> None:
    """Put up holders that nobody passes until their clause is saved; those already there stay as they are."""
    if source_ids:
        nobody = _clause_ids(db, connection_id, [NOBODY])[NOBODY]
        unread = {"connection_id": connection_id, "kind": kind, "clause_id": nobody, "read_at": None}
        rows = [unread | {"source_id": source_id} for source_id in source_ids]
        db.execute(insertion(db, holders).on_conflict_do_nothing(), rows)


def save_site_clause(db: Connection, connection_id: int, clause: Clause) -> None:
    """Who may use the site at all."""
    save_clauses(db, connection_id, HolderKind.SITE, {"": clause})


def save_clauses(db: Connection, connection_id: int, kind: HolderKind, found: Mapping[str, Clause]) -> None:
    """Replace the clauses of many holders of one kind, by their Confluence id ("" for the site).

    How fresh they count as is for `rules_read` to say, once all below them was read too.
    """
    ids = _clause_ids(db, connection_id, set(found.values()))
    rows = [
        {
            "connection_id": connection_id,
            "kind": kind,
            "source_id": source_id,
            "clause_id": ids[rule],
        }
        for source_id, rule in found.items()
    ]
    upsert(db, holders, rows, key=("connection_id", "kind", "source_id"))
    _prune(db, connection_id)


def forget_rules(db: Connection, connection_id: int) -> None:
    """Let nobody use the site or view a space until their rules are read again, from whatever is stored of them.

    They count as old as the connection where they were never read, so that no space opens by a run that breaks off in
    it. Restrictions of contents stay: they only ever take away.
    """
    nobody = _clause_ids(db, connection_id, [NOBODY])[NOBODY]
    born = select(connections.c.created_at).where(connections.c.id == connection_id).scalar_subquery()
    of_many = holders.c.kind.in_((HolderKind.SITE, HolderKind.SPACE))
    closed = {"clause_id": nobody, "read_at": func.coalesce(holders.c.read_at, born)}
    db.execute(update(holders).where(holders.c.connection_id == connection_id, of_many).values(**closed))
    _prune(db, connection_id)


def restriction_digests(db: Connection, connection_id: int, source_ids: Sequence[str]) -> dict[str, str]:
    """The digests of the restrictions that these contents have, or had last."""
    found: dict[str, str] = {}
    columns = select(holders.c.source_id, clauses.c.digest).join_from(holders, clauses)
    own = columns.where(holders.c.connection_id == connection_id, holders.c.kind == HolderKind.CONTENT)
    for some in chunks(source_ids):
        found.update(db.execute(own.where(holders.c.source_id.in_(some))).all())
    return found


def admitted(db: Connection, connection_id: int) -> frozenset[tuple[str, str]]:
    """Who passes what, in the smallest steps: (rule, principal), (group, member), ("", account that is active).

    One that is no guest may pass what all with a licence do, by its kind: ("kind ...", account).
    Where these are a part of what they were before, nobody was let in anywhere.
    """
    passing = (
        select(holders.c.kind + " " + holders.c.source_id, clause_principals.c.principal)
        .join_from(holders, clause_principals, clause_principals.c.clause_id == holders.c.clause_id)
        .where(holders.c.connection_id == connection_id)
    )
    active = and_(people.c.connection_id == connection_id, people.c.active)
    steps = [
        passing,
        select(literal(""), people.c.source_id).where(active),
        select(literal("kind ") + people.c.kind, people.c.source_id).where(active, ~people.c.guest),
    ]
    for table, member in ((group_members, "person_id"), (group_groups, "member_id")):
        steps.append(select(table.c.group_id, table.c[member]).where(table.c.connection_id == connection_id))
    return frozenset((where, who) for step in steps for where, who in db.execute(step))


def rules_read(
    db: Connection, connection_id: int, space_ids: Collection[str], read_at: datetime, *, first: bool = False
) -> None:
    """Note when the rules of the site were read, and those of these spaces with all that they hold.

    Rules older than a viewer allows pass nobody. `first`: only where they never were, so that what loads shows at once.
    """
    noted = update(holders).where(holders.c.connection_id == connection_id).values(read_at=read_at)
    if first:
        noted = noted.where(holders.c.read_at.is_(None))
    db.execute(noted.where(holders.c.kind == HolderKind.SITE))
    for some in chunks(sorted(space_ids)):
        db.execute(noted.where(holders.c.kind == HolderKind.SPACE, holders.c.source_id.in_(some)))


def when_read(db: Connection, connection_id: int) -> dict[str, datetime | None]:
    """When the view rules above the contents of each space were last read in full, by its id; None: never.

    The rule of the site stands above them all, so no space is newer than that.
    """
    of_many = holders.c.kind.in_((HolderKind.SITE, HolderKind.SPACE))
    asked = select(holders.c.kind, holders.c.source_id, holders.c.read_at)
    rows = db.execute(asked.where(holders.c.connection_id == connection_id, of_many)).all()
    site = next((row.read_at for row in rows if row.kind == HolderKind.SITE), None)
    spaces = {row.source_id: row.read_at for row in rows if row.kind == HolderKind.SPACE}
    return {id_: min(site, read) if site and read else None for id_, read in spaces.items()}


def holder_ids(
    db: Connection, connection_id: int, kind: HolderKind, source_ids: Sequence[str] | None = None
) -> dict[str, int]:
    """Our ids of holders by Confluence's, of all of a kind when none are named."""
    chosen = and_(holders.c.connection_id == connection_id, holders.c.kind == kind)
    columns = select(holders.c.source_id, holders.c.id).where(chosen)
    if source_ids is None:
        return dict(db.execute(columns).all())
    found: dict[str, int] = {}
    for some in chunks(source_ids):
        found.update(db.execute(columns.where(holders.c.source_id.in_(some))).all())
    return found


def save_people(db: Connection, connection_id: int, accounts: Sequence[Person], now: datetime) -> None:
    """Save accounts as they are now; documents of an author whose name changed or became known are indexed anew."""
    latest = {person.id: person for person in accounts}
    renamed = _renamed(db, connection_id, latest)
    rows = [
        {
            "connection_id": connection_id,
            "source_id": person.id,
            "display_name": person.display_name,
            "email": person.email,
            "email_key": None if person.email is None else person.email.casefold(),
            "username": person.username,
            "username_key": None if person.username is None else person.username.casefold(),
            "active": person.active,
            "kind": person.kind,
            "guest": person.guest,
            "read_at": now,
        }
        for person in latest.values()
    ]
    upsert(db, people, rows, key=("connection_id", "source_id"))
    for some in chunks(renamed):
        journal.append_where(db, and_(documents.c.connection_id == connection_id, documents.c.author_id.in_(some)))
        owned = select(filings.c.document_id).where(filings.c.account.in_(some))
        journal.append_where(db, and_(documents.c.connection_id == connection_id, documents.c.id.in_(owned)))
    _let_owners_be_found(db, connection_id, [latest[id_] for id_ in renamed])


def _let_owners_be_found(db: Connection, connection_id: int, known: Collection[Person]) -> None:
    """Have the documents filed anew whose owner was a mere name, which may be that of somebody who is known now."""
    told = ((person.id, person.email, person.username, person.display_name) for person in known)
    named = sorted({each.casefold() for some in told for each in some if each})
    for some in chunks(named):
        mere = filings.c.drawer == Drawer.OWNER, filings.c.account.is_(None), func.lower(filings.c.name).in_(some)
        owned = documents.c.id.in_(select(filings.c.document_id).where(*mere))
        filed = update(documents).where(documents.c.connection_id == connection_id, owned)
        db.execute(filed.values(filed_by=NOT_FILED))


def save_unknown(db: Connection, connection_id: int, ids: Collection[str], now: datetime) -> None:
    """Note that Confluence knows these accounts no longer: whoever they were is not active."""
    nobody = {"connection_id": connection_id, "display_name": "", "kind": "user", "guest": False}
    rows = [nobody | {"source_id": id_, "active": False, "read_at": now} for id_ in ids]
    upsert(db, people, rows, key=("connection_id", "source_id"), keep=("display_name", "kind", "guest"))


def save_memberships(db: Connection, connection_id: int, found: Sequence[Membership], now: datetime) -> None:
    """Replace who is directly in these groups: people, who are saved too, and other groups."""
    save_people(db, connection_id, [person for each in found for person in each.people], now)
    save_groups(db, connection_id, [inner for each in found for inner in each.groups])
    read = {"connection_id": connection_id, "read_at": now}
    rows = [read | {"source_id": each.group.id, "name": each.group.name} for each in found]
    upsert(db, groups, rows, key=("connection_id", "source_id"))
    for table, column, pairs in (
        (group_members, "person_id", {(each.group.id, person.id) for each in found for person in each.people}),
        (group_groups, "member_id", {(each.group.id, inner.id) for each in found for inner in each.groups}),
    ):
        for some in chunks([each.group.id for each in found]):
            db.execute(delete(table).where(table.c.connection_id == connection_id, table.c.group_id.in_(some)))
        if pairs:
            fixed = {"connection_id": connection_id}
            db.execute(insert(table), [fixed | {"group_id": group, column: one} for group, one in sorted(pairs)])


def last_read(db: Connection, connection_id: int) -> datetime | None:
    """When a group or an account of a connection was last read."""
    newest = [
        db.execute(select(func.max(table.c.read_at)).where(table.c.connection_id == connection_id)).scalar_one()
        for table in (groups, people)
    ]
    return max((one for one in newest if one is not None), default=None)


def forget_members(db: Connection, connection_id: int, *, before: datetime) -> None:
    """Take everybody out of the groups that were last read before an instant."""
    old = and_(groups.c.connection_id == connection_id, groups.c.read_at < before)
    ids = select(groups.c.source_id).where(old)
    for table in (group_members, group_groups):
        db.execute(delete(table).where(table.c.connection_id == connection_id, table.c.group_id.in_(ids)))
    db.execute(update(groups).where(old).values(read_at=None))


def save_groups(db: Connection, connection_id: int, known: Sequence[Group]) -> None:
    """Save names of groups whose members may be read later or never."""
    rows = [{"connection_id": connection_id, "source_id": each.id, "name": each.name} for each in known]
    upsert(db, groups, rows, key=("connection_id", "source_id"))


def display_names(db: Connection, connection_id: int) -> dict[str, str]:
    """The display names of all known accounts, by id and by user name."""
    statement = select(people.c.source_id, people.c.username, people.c.display_name)
    names: dict[str, str] = {}
    for source_id, username, name in db.execute(statement.where(people.c.connection_id == connection_id)):
        if name:
            names[source_id] = name
        if username is not None:
            names.setdefault(username, name)
    return names


def person_names(db: Connection, connection_id: int, who: Collection[str]) -> dict[str, str]:
    """The display names of some accounts by the id or user name they were asked for, as far as these are known."""
    found: dict[str, str] = {}
    for some in chunks(sorted(who)):
        asked = {"connection_id": connection_id, "some": some, "keys": [one.casefold() for one in some]}
        for source_id, username, name in db.execute(_named_people(), asked):
            found[source_id] = name
            if username is not None:
                found.setdefault(username, name)
    return {one: name for one, name in found.items() if one in who}


def group_names(db: Connection, connection_id: int, ids: Collection[str]) -> dict[str, str]:
    """The names of some groups by Confluence's ids, as far as they are known."""
    found: dict[str, str] = {}
    for some in chunks(sorted(ids)):
        found.update(db.execute(_named_groups(), {"connection_id": connection_id, "some": some}).all())
    return found


@cache
def _named_people() -> Select[Any]:
    called = people.c.source_id.in_(_SOME), people.c.username_key.in_(bindparam("keys", expanding=True))
    columns = people.c.source_id, people.c.username, people.c.display_name
    own = people.c.connection_id == bindparam("connection_id"), people.c.display_name != ""
    return select(*columns).where(*own, or_(*called))


@cache
def _named_groups() -> Select[Any]:
    own = groups.c.connection_id == bindparam("connection_id"), groups.c.source_id.in_(_SOME)
    return select(groups.c.source_id, groups.c.name).where(*own)


_SOME: BindParameter[str] = bindparam("some", expanding=True)


def _clause_ids(db: Connection, connection_id: int, wanted: Collection[Clause]) -> dict[Clause, int]:
    """Our ids of these clauses, which are saved where they are new."""
    digests = {clause_digest(rule): rule for rule in wanted}
    known = _known(db, connection_id, list(digests))
    new = [digest for digest in digests if digest not in known]
    if new:
        db.execute(insert(clauses), [{"connection_id": connection_id, "digest": digest} for digest in new])
        known |= _known(db, connection_id, new)
    members = [
        {"clause_id": known[digest], "principal": principal, "connection_id": connection_id}
        for digest in new
        for principal in sorted(digests[digest].principals)
    ]
    if members:
        db.execute(insert(clause_principals), members)
    return {rule: known[digest] for digest, rule in digests.items()}


def _known(db: Connection, connection_id: int, digests: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(digests):
        statement = select(clauses.c.digest, clauses.c.id).where(
            clauses.c.connection_id == connection_id, clauses.c.digest.in_(some)
        )
        found.update(db.execute(statement).all())
    return found


def _prune(db: Connection, connection_id: int) -> None:
    """Forget the clauses that no holder has any more."""
    used = select(holders.c.clause_id).where(holders.c.connection_id == connection_id)
    db.execute(delete(clauses).where(clauses.c.connection_id == connection_id, clauses.c.id.not_in(used)))


def _renamed(db: Connection, connection_id: int, latest: Mapping[str, Person]) -> list[str]:
    before: dict[str, str] = {}
    for some in chunks(list(latest)):
        statement = select(people.c.source_id, people.c.display_name).where(
            people.c.connection_id == connection_id, people.c.source_id.in_(some)
        )
        before.update(db.execute(statement).all())
    return [id_ for id_, person in latest.items() if person.display_name != before.get(id_, "")]
