"""View restrictions in the v1 shape, which both families still speak, as clauses.

The rule: two empty lists mean "inherits"; a list that names only accounts or groups that no longer resolve means
nobody; a list that was not read means nothing at all, and is refused.
"""

from collections.abc import Callable

from mainstem.confluence.errors import ItemBroken
from mainstem.confluence.fields import Row, at, optional_id, results, text
from mainstem.confluence.payloads_v1 import account_id
from mainstem.wiki.audience import Clause, Principal, group, user


def cloud_group(row: Row) -> str | None:
    """A group's UUID; None for one that is deleted."""
    return optional_id(row.get("id"))


def datacenter_group(row: Row) -> str | None:
    """A group's name in lower case."""
    return text(row, "name").lower() or None


GroupId = Callable[[Row], str | None]


def is_whole(read: Row) -> bool:
    """Whether the lists of a `read` operation hold all their members: a full list may go on behind its limit."""
    return all(_is_whole_list(at(read, "restrictions", name)) for name in ("user", "group"))


def own_clause(read: Row, group_id: GroupId, item: str) -> Clause | None:
    """The clause of a `read` operation's restriction, None when the content inherits. Raises ItemBroken."""
    users = at(read, "restrictions", "user")
    groups = at(read, "restrictions", "group")
    if not isinstance(at(users, "results"), list) or not isinstance(at(groups, "results"), list):
        raise ItemBroken(item, "its view restriction was not told")
    named = results(users) + results(groups)
    if not named and not _counts_some(users) and not _counts_some(groups):
        return None
    return Clause(principals(results(users), results(groups), group_id))


def principals(users: list[Row], groups: list[Row], group_id: GroupId) -> frozenset[Principal]:
    """Whoever can still be told apart among the named; the rest is nobody."""
    people = {user(found) for found in map(account_id, users) if found}
    return frozenset(people | {group(found) for found in map(group_id, groups) if found})


def _counts_some(listed: Row) -> bool:
    size = listed.get("size")
    return isinstance(size, int) and size > 0


def _is_whole_list(listed: Row | None) -> bool:
    if not listed or not isinstance(listed.get("results"), list):
        return False
    if at(listed, "_links", "next"):
        return False
    limit = listed.get("limit")
    return not isinstance(limit, int) or limit <= 0 or len(listed["results"]) < limit
