"""What a restriction's two lists mean: inherits, these people, or nobody; and when they say nothing at all."""

from typing import Any

import pytest

from mainstem.confluence.errors import BulkRulesBroken, ItemBroken
from mainstem.confluence.paging import Source
from mainstem.confluence.restrictions import (
    cloud_group,
    datacenter_group,
    in_bulk,
    is_whole,
    own_clause,
    whole_restriction,
)
from mainstem.wiki.audience import NOBODY, Clause, Rules, group, user
from tests.confluence.wikis import http_to, in_turn, says

ADA = {"type": "known", "accountId": "712020:ada"}
DELETED_USER = {"type": "unknown", "displayName": "Former user"}
TEAM = {"type": "group", "name": "Team A", "id": "0a1b"}
DELETED_GROUP = {"type": "group", "name": "gone"}


def read(users: Any, groups: Any, **more: Any) -> dict[str, Any]:
    return {"restrictions": {"user": {"results": users, **more}, "group": {"results": groups, **more}}}


def test_two_empty_lists_mean_that_the_content_inherits() -> None:
    assert own_clause(read([], [], size=0), cloud_group, "page 1") is None


def test_named_people_and_groups_pass() -> None:
    assert own_clause(read([ADA], [TEAM]), cloud_group, "page 1") == Clause(
        frozenset({user("712020:ada"), group("0a1b")})
    )
    assert own_clause(read([], [TEAM]), datacenter_group, "page 1") == Clause(frozenset({group("team a")}))


@pytest.mark.parametrize(
    "told",
    [read([DELETED_USER], []), read([], [DELETED_GROUP]), read([], [], size=1), read([DELETED_USER], [DELETED_GROUP])],
)
def test_a_list_of_the_deleted_means_nobody(told: dict[str, Any]) -> None:
    assert own_clause(told, cloud_group, "page 1") == NOBODY


@pytest.mark.parametrize(
    "told",
    [{}, {"restrictions": None}, {"restrictions": {"user": {"results": []}}}, read([], None), read({}, [])],
)
def test_a_list_that_was_not_told_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ItemBroken):
        own_clause(told, cloud_group, "page 1")


def test_a_full_list_may_go_on() -> None:
    assert is_whole(read([ADA], [], limit=200))
    assert not is_whole(read([ADA], [], limit=1))
    assert not is_whole(read([ADA], [], _links={"next": "/rest/api/..."}))
    assert not is_whole({"_expandable": {"restrictions": ""}})
    assert not is_whole(None)


@pytest.mark.anyio
async def test_a_restriction_read_alone_that_tells_nothing_is_refused() -> None:
    told = await whole_restriction(http_to(in_turn(says({"operation": "read"}))), "1", "page 1")
    with pytest.raises(ItemBroken, match="was not told"):
        own_clause(told, cloud_group, "page 1")


def row(content_id: str, told: Any, labels: Any) -> dict[str, Any]:
    return {"id": content_id, "restrictions": {"read": told}, "metadata": {"labels": labels}}


async def one(content_id: str) -> Rules:
    if content_id == "hidden":
        raise ItemBroken(content_id, "HTTP 500")
    return Rules(content_id, ("read alone",))


@pytest.mark.anyio
async def test_what_does_not_come_whole_in_bulk_is_read_alone_or_left_out() -> None:
    few = {"results": [{"name": "red", "prefix": "global"}, {"name": "mine", "prefix": "my"}]}
    many = {"results": [], "_links": {"next": "/more"}}
    answer = says(
        {
            "results": [
                row("whole", read([], []), few),
                row("many labels", read([], []), many),
                row("as many labels as fit", read([], []), {**few, "limit": 2}),
                row("many members", read([ADA], [], limit=1), few),
                row("not told", None, few),
                row("hidden", None, None),
            ]
        }
    )
    [batch] = [batch async for batch in in_bulk(http_to(in_turn(answer)), Source("rules", "/x", {}), cloud_group, one)]
    assert [(rules.content_id, rules.labels) for rules in batch] == [
        ("whole", ("red",)),
        ("many labels", ("read alone",)),
        ("as many labels as fit", ("read alone",)),
        ("many members", ("read alone",)),
        ("not told", ("read alone",)),
    ]


@pytest.mark.anyio
async def test_a_batch_that_fails_as_a_whole_says_to_read_one_by_one() -> None:
    broken = says({"message": "No content with id <ContentId{id=1}> can be found"}, 404)
    source = Source("rules of space ENG", "/x", {})
    with pytest.raises(BulkRulesBroken, match="rules of space ENG"):
        [batch async for batch in in_bulk(http_to(in_turn(broken)), source, cloud_group, one)]
