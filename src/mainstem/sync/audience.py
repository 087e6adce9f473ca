"""Reads who may see what, above the level of single pages: the site's rule, each space's, and who passes any rule.

A rule that the account may not read, or that Confluence fails on while it answers otherwise, becomes `NOBODY` and a
failure with its cause; trouble of the whole site is no answer, so it ends the run and the rules read last stand (P1).
"""

import asyncio
from collections.abc import Awaitable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import NotVisible, RightMissing
from mainstem.errors import SkipItem
from mainstem.store import audiences, gaps
from mainstem.store.runs import Failure, Run
from mainstem.sync.alone import alone
from mainstem.sync.side_by_side import each, together
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, NOBODY, Clause
from mainstem.wiki.content import Group, Membership, Person, Space

AT_ONCE = 8


@dataclass(slots=True)
class Audience:
    """Rules, and whoever passed them right after they were read: they are only true together.

    `clauses` are the view rules of spaces by id, `site` that of the site; None where no rule was to be read.
    `accounts` are people as they are now, None where Confluence tells of nobody; of `asked` but not told, it knows
    nothing any more.
    """

    site: Clause | None = None
    clauses: dict[str, Clause] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    asked: Collection[str] = ()
    accounts: Sequence[Person] | None = None
    failures: list[Failure] = field(default_factory=list)


async def read_audience(confluence: Confluence, spaces: Sequence[Space], known: gaps.Passing) -> Audience:
    """Read the rules of the site and of these spaces, if there are any, and then everybody that passes any rule.

    In this order: whoever left a group before a rule began to name it is not let in by it. `known` is what the store
    has of those, and what of it this run has read already.
    """
    found = Audience()
    if spaces:
        await _read_rules(confluence, spaces, found)
    rules = [*found.clauses.values(), *([found.site] if found.site else [])]
    async with together() as tasks:
        _Members(confluence, tasks, found, known).of(known.groups.union(*(rule.groups for rule in rules)))
    named = known.users.union(*(rule.users for rule in rules))
    if known.all_licensed or any(ALL_LICENSED in rule.principals for rule in rules):
        named |= known.people
    found.asked = sorted(named - known.people_read - {each.id for one in found.memberships for each in one.people})
    found.accounts = await read_accounts(confluence, found.asked)
    return found


async def read_accounts(confluence: Confluence, ids: Sequence[str]) -> Sequence[Person] | None:
    """These accounts, as far as they exist; None where Confluence tells this account of nobody."""
    try:
        return await confluence.people(ids) if ids else []
    except RightMissing:
        return None


def save_audience(db: Connection, run: Run, audience: Audience, now: datetime) -> None:
    """Replace the stored rules by those that were read, and who passes them.

    Whoever was in a group that this run has not read is in none: a rule that names it later finds it empty.
    """
    at = max(now, run.started_at)  # within the run, whatever the clock does: by it the run knows what it has read
    if audience.site is not None:
        audiences.save_site_clause(db, run.connection_id, audience.site)
        audiences.save_clauses(db, run.connection_id, audiences.HolderKind.SPACE, audience.clauses)
    audiences.save_memberships(db, run.connection_id, audience.memberships, at)
    audiences.forget_members(db, run.connection_id, before=run.started_at)
    if audience.accounts is not None:
        audiences.save_people(db, run.connection_id, audience.accounts, at)
        unknown = set(audience.asked) - {person.id for person in audience.accounts}
        audiences.save_unknown(db, run.connection_id, unknown, at)


async def _read_rules(confluence: Confluence, spaces: Sequence[Space], found: Audience) -> None:
    async def clause(reading: Awaitable[Clause], named: Failure) -> Clause:
        try:
            return await reading
        except SkipItem as error:
            found.failures.append(Failure(named.source_id, named.title, named.url, str(error)))
            return NOBODY

    async def of_space(space: Space) -> Clause:
        named = Failure(f"space {space.key}", f"Who may view space {space.name}", space.url, "")
        return await clause(alone(confluence, confluence.space_clause(space)), named)

    async with together() as tasks:
        of_site = tasks.create_task(clause(confluence.site_clause(), Failure("site", "Who may use the site", "", "")))
        open_spaces = tasks.create_task(confluence.anonymous_spaces())
        clauses = await each(of_space, spaces, at_once=AT_ONCE)
    anonymous = open_spaces.result()
    found.site = _with_anonymous(of_site.result(), proved=bool(anonymous))
    for space, read in zip(spaces, clauses, strict=True):
        found.clauses[space.id] = _with_anonymous(read, proved=space.id in anonymous)


class _Members:
    """Reads who is directly in each group, once.

    A group that is gone has no members, and one that cannot be read none for us.
    """

    def __init__(self, confluence: Confluence, tasks: asyncio.TaskGroup, found: Audience, known: gaps.Passing) -> None:
        """What is `known` to be read need not be read."""
        self._confluence = confluence
        self._tasks = tasks
        self._found = found
        self._taken = set(known.groups_read)
        self._turn = asyncio.Semaphore(AT_ONCE)

    def of(self, groups: Iterable[str]) -> None:
        """Read the members of these groups too, and of those within them."""
        for group_id in sorted(set(groups) - self._taken):
            self._taken.add(group_id)
            self._tasks.create_task(self._read(group_id))

    async def _read(self, group_id: str) -> None:
        membership = Membership(Group(group_id, group_id))
        try:
            async with self._turn:
                membership = await alone(self._confluence, self._confluence.membership(group_id))
        except NotVisible:
            pass
        except SkipItem as error:
            self._found.failures.append(Failure(f"group {group_id}", f"Who is in group {group_id}", "", str(error)))
        self._found.memberships.append(membership)
        self.of(inner.id for inner in membership.groups)


def _with_anonymous(clause: Clause, *, proved: bool) -> Clause:
    """Anonymous access counts only where the site itself showed it to a caller without credentials."""
    named = clause.principals - {ANONYMOUS}
    return Clause(named | {ANONYMOUS} if proved else named)
