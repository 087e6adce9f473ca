"""Reads who may see what, above the level of single pages: the site's rule, each space's, and who is in which group.

A rule that the account may not read, or that Confluence fails on while it answers otherwise, becomes `NOBODY` and a
failure with its cause; trouble of the whole site is no answer, so it ends the run and the rules read last stand (P1).
"""

from collections.abc import Awaitable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import NotVisible
from mainstem.errors import SkipItem
from mainstem.store import audiences
from mainstem.store.runs import Failure
from mainstem.sync.alone import alone
from mainstem.sync.side_by_side import each, together
from mainstem.wiki.audience import ANONYMOUS, NOBODY, Clause
from mainstem.wiki.content import Group, Membership, Space


@dataclass(frozen=True, slots=True)
class Audience:
    """The view rules of a site and of its spaces, by space id, as they were read."""

    site: Clause
    spaces: dict[str, Clause]
    failures: tuple[Failure, ...]


async def read_audience(confluence: Confluence, spaces: Sequence[Space]) -> Audience:
    """Ask for the site's rule, for what anonymous callers see, and for the rule of each space."""
    failures: list[Failure] = []

    async def of_space(space: Space) -> Clause:
        named = Failure(f"space {space.key}", f"Who may view space {space.name}", space.url, "")
        return await _clause(alone(confluence, confluence.space_clause(space)), named, failures)

    async with together() as tasks:
        unnamed = Failure("site", "Who may use the site", "", "")
        of_site = tasks.create_task(_clause(confluence.site_clause(), unnamed, failures))
        open_spaces = tasks.create_task(confluence.anonymous_spaces())
        clauses = await each(of_space, spaces)
    site, anonymous = of_site.result(), open_spaces.result()
    by_id = {
        space.id: _with_anonymous(clause, proved=space.id in anonymous)
        for space, clause in zip(spaces, clauses, strict=True)
    }
    return Audience(_with_anonymous(site, proved=bool(anonymous)), by_id, tuple(failures))


def save_audience(db: Connection, connection_id: int, audience: Audience) -> None:
    """Replace the stored rules of the site and of these spaces."""
    audiences.save_site_clause(db, connection_id, audience.site)
    audiences.save_clauses(db, connection_id, audiences.HolderKind.SPACE, audience.spaces)


async def read_memberships(
    confluence: Confluence, group_ids: Collection[str], failures: list[Failure]
) -> list[Membership]:
    """Who is directly in each group; a group that is gone has no members, and one that cannot be read none for us."""

    async def of_group(group_id: str) -> Membership:
        try:
            return await alone(confluence, confluence.membership(group_id))
        except NotVisible:
            return Membership(Group(group_id, group_id))
        except SkipItem as error:
            failures.append(Failure(f"group {group_id}", f"Who is in group {group_id}", "", str(error)))
            return Membership(Group(group_id, group_id))

    return await each(of_group, sorted(group_ids))


async def _clause(reading: Awaitable[Clause], named: Failure, failures: list[Failure]) -> Clause:
    try:
        return await reading
    except SkipItem as error:
        failures.append(Failure(named.source_id, named.title, named.url, str(error)))
        return NOBODY


def _with_anonymous(clause: Clause, *, proved: bool) -> Clause:
    """Anonymous access counts only where the site itself showed it to a caller without credentials."""
    named = clause.principals - {ANONYMOUS}
    return Clause(named | {ANONYMOUS} if proved else named)
