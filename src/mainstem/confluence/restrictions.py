"""View restrictions in the v1 shape, which both families still speak, as clauses.

The rule: two empty lists mean "inherits"; a list that names only accounts or groups that no longer resolve means
nobody; a list that was not read means nothing at all, and is refused.
"""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence

from mainstem.confluence import payloads_v1
from mainstem.confluence.errors import BulkRulesBroken, ItemBroken, ServerBroken
from mainstem.confluence.fields import Row, at, identity, optional_id, results, text
from mainstem.confluence.http import Http, Params
from mainstem.confluence.pacing import together
from mainstem.confluence.paging import Source, pages
from mainstem.confluence.payloads_v1 import account_id
from mainstem.errors import MainstemError, SkipItem
from mainstem.wiki.audience import Clause, Principal, Rules, group, user
from mainstem.wiki.content import Space

MOST_MEMBERS = 200
MOST_IDS = 250
"""More of them in one query could make its address too long for a proxy."""

SEARCH = "/rest/api/content/search"

RULES_EXPANSION = "metadata.labels,restrictions.read.restrictions.user,restrictions.read.restrictions.group"
"""What content must expand so that its labels and own view restriction come with it."""


def cloud_group(row: Row) -> str | None:
    """A group's UUID; None for one that is deleted."""
    return optional_id(row.get("id"))


def datacenter_group(row: Row) -> str | None:
    """A group's name in lower case."""
    return text(row, "name").lower() or None


GroupId = Callable[[Row], str | None]
ReadOne = Callable[[str], Awaitable[Rules]]


def is_whole(read: Row | None) -> bool:
    """Whether the lists of a `read` operation hold all their members: a full list may go on behind its limit."""
    return all(is_whole_list(at(read, "restrictions", name)) for name in ("user", "group"))


def is_whole_list(listed: Row | None) -> bool:
    """Whether an expanded list holds all its rows; a list that is not there, or is full, is not known to."""
    found, limit = at(listed, "results"), at(listed, "limit")
    if not isinstance(found, list) or at(listed, "_links", "next"):
        return False
    return not isinstance(limit, int) or limit <= 0 or len(found) < limit


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


async def in_bulk(http: Http, source: Source, group_id: GroupId, one: ReadOne) -> AsyncIterator[list[Rules]]:
    """The rules in a list of content, batch by batch; what does not come whole is read by `one`, or left out.

    Raises BulkRulesBroken: one broken page of a batch can make the whole answer a 404 (CONFCLOUD-77618).
    """
    try:
        async for page in pages(http, source):
            read = await together(_rules(row, group_id, one) for row in page.rows)
            yield [rules for rules in read if rules]
    except SkipItem as error:
        raise BulkRulesBroken(source.name, type(error).__name__) from error


async def by_groups(
    groups: Iterable[Sequence[Space]], read: Callable[[Sequence[Space]], AsyncIterator[list[Rules]]]
) -> AsyncIterator[list[Rules]]:
    """The rules in groups of spaces; a group that fails as a whole is read space by space, so that it costs one alone.

    Raises the last failure of a single space, when all others were read.
    """
    waiting = deque(groups)
    broken: MainstemError | None = None
    while waiting:
        group_ = waiting.popleft()
        try:
            async for batch in read(group_):
                yield batch
        except (BulkRulesBroken, ServerBroken) as error:
            if isinstance(error, ServerBroken) and error.passing:
                raise
            broken = error if len(group_) == 1 else broken
            waiting.extend([space] for space in group_ if len(group_) > 1)
    if broken:
        raise broken


async def among(http: Http, ids: Sequence[str], group_id: GroupId, one: ReadOne) -> list[Rules]:
    """The rules of these contents, as far as the search index knows them. Raises BulkRulesBroken."""

    async def some(wanted: Sequence[str]) -> list[Rules]:
        params: Params = {"cql": f"id in ({','.join(wanted)})", "expand": RULES_EXPANSION, "limit": MOST_IDS}
        source = Source(f"rules of {len(wanted)} pages", SEARCH, params, sticky=("expand", "limit"))
        return [rules async for batch in in_bulk(http, source, group_id, one) for rules in batch]

    parts = [ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS)]
    return [rules for part in await together(some(part) for part in parts) for rules in part]


async def whole_restriction(http: Http, content_id: str, item: str) -> Row:
    """The `read` operation's restriction of one content with all members, however many; for `own_clause`."""
    path = f"/rest/api/content/{content_id}/restriction/byOperation/read"
    expand = "restrictions.user,restrictions.group"
    users: list[Row] = []
    groups: list[Row] = []
    start = 0
    while True:
        read = await http.get(path, {"expand": expand, "start": start, "limit": MOST_MEMBERS}, item=item)
        more_users = _fresh(results(read, "restrictions", "user"), users)
        more_groups = _fresh(results(read, "restrictions", "group"), groups)
        users += more_users
        groups += more_groups
        longest = max(len(more_users), len(more_groups))
        if is_whole(read) or not longest:
            return _with_members(read, users, groups)
        start += longest


def _fresh(found: list[Row], known: list[Row]) -> list[Row]:
    return [row for row in found if row not in known]


def _with_members(read: Row, users: list[Row], groups: list[Row]) -> Row:
    told = read.get("restrictions")
    if not isinstance(told, dict) or "user" not in told or "group" not in told:
        return read
    return {"restrictions": {"user": {**told["user"], "results": users}, "group": {**told["group"], "results": groups}}}


async def _rules(row: Row, group_id: GroupId, one: ReadOne) -> Rules | None:
    content_id = identity(row)
    read = at(row, "restrictions", "read")
    labels = at(row, "metadata", "labels")
    try:
        if is_whole(read) and is_whole_list(labels):
            return Rules(content_id, payloads_v1.labels(labels), own_clause(read, group_id, f"content {content_id}"))
        return await one(content_id)
    except SkipItem:
        return None
