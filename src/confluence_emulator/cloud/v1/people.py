"""People and groups of v1. Groups inside groups do not show on Cloud: their people are members."""

from typing import Any

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, answer
from confluence_emulator.cloud.gate import Endpoint, Family
from confluence_emulator.cloud.v1 import shapes
from confluence_emulator.cloud.v1.paging import page
from confluence_emulator.state import Group

MAX_ROWS = 200
ACCESS_TYPES = ("user", "admin", "site-admin")

ANONYMOUS = {
    "type": "anonymous",
    "profilePicture": {
        "path": "/wiki/images/icons/profilepics/anonymous.svg",
        "width": 48,
        "height": 48,
        "isDefault": True,
    },
    "displayName": "Anonymous",
    "_expandable": {"operations": ""},
    "_links": {},
}


def current(call: Call) -> Response:
    """Whoever asks: `known` only with credentials that were accepted."""
    return answer(shapes.user(call, call.user) if call.user is not None else ANONYMOUS)


def anonymous(_: Call) -> Response:
    """What an anonymous visitor is called."""
    return answer(ANONYMOUS)


def user(call: Call) -> Response:
    """One person by account id."""
    account_id = call.one("accountId")
    if account_id not in call.site.users:
        raise refusals.v1_no_content(f"No user found with accountId : {account_id}")
    return answer(shapes.user(call, call.site.users[account_id]))


def bulk(call: Call) -> Response:
    """People by account id; unknown ones come as `unknown`."""
    ids = call.many("accountId")[:MAX_ROWS]
    return page(call, ids, lambda account_id: _looked_up(call, account_id), limit=MAX_ROWS, cap=MAX_ROWS)


def _looked_up(call: Call, account_id: str) -> shapes.Json:
    if account_id in call.site.users:
        return shapes.user(call, call.site.users[account_id])
    picture = ANONYMOUS["profilePicture"]
    nothing = {"accountType": "", "email": "", "publicName": "", "profilePicture": picture}
    return {**nothing, **shapes.person(call, account_id), "_expandable": {}, "_links": {}}


def member_of(call: Call) -> Response:
    """The groups of a person."""
    account_id = call.one("accountId")
    if account_id not in call.site.users:
        raise refusals.v1_no_content(f"No user found with accountId : {account_id}")
    found = [group for group in _live(call) if group.id in call.site.groups_of(account_id)]
    return page(call, found, lambda group: shapes.group(call, group), limit=MAX_ROWS, cap=MAX_ROWS)


def _live(call: Call) -> list[Group]:
    return sorted((group for group in call.site.groups.values() if not group.deleted), key=lambda group: group.name)


def groups(call: Call) -> Response:
    """All groups, or with `accessType` those whose members may use, or administer, Confluence."""
    access = call.one("accessType")
    if access and access not in ACCESS_TYPES:
        raise refusals.v1_bad_request(f"Invalid accessType: {access}")
    found = [group for group in _live(call) if access in ("", group.access)]
    return page(call, found, lambda group: shapes.group(call, group), limit=MAX_ROWS, cap=MAX_ROWS)


def picked_groups(call: Call) -> Response:
    """The groups whose names hold `query`."""
    wanted = call.one("query").casefold()
    if not wanted:
        raise refusals.v1_bad_request("query must be given")
    found = [group for group in _live(call) if wanted in group.name.casefold()]
    return page(
        call, found, lambda group: shapes.group(call, group), limit=MAX_ROWS, cap=MAX_ROWS, extra=_total(call, found)
    )


def _total(call: Call, found: list[Any]) -> dict[str, Any] | None:
    return {"totalSize": len(found)} if call.one("shouldReturnTotalSize") == "true" else None


def _group(call: Call, group_id: str) -> Group:
    group = call.site.groups.get(group_id)
    if group is None or group.deleted:
        raise refusals.v1_no_content(f"No group found with id : {group_id}")
    return group


def group_by_id(call: Call) -> Response:
    """One group."""
    return answer(shapes.group(call, _group(call, call.one("id"))))


def members(call: Call) -> Response:
    """The active people of a group, apps included."""
    group = _group(call, call.part("group_id"))
    found = [person for person in call.site.users.values() if person.active and _is_in(call, person.account_id, group)]
    extra = _total(call, found)
    return page(call, found, lambda person: shapes.user(call, person), limit=MAX_ROWS, cap=MAX_ROWS, extra=extra)


def _is_in(call: Call, account_id: str, group: Group) -> bool:
    return group.id in call.site.groups_of(account_id)


def removed(_: Call) -> Response:
    """The member lists by group name, which were removed."""
    raise refusals.gone()


_PEOPLE = ("read:confluence-user",)
_GROUPS = ("read:confluence-groups",)
ENDPOINTS = (
    Endpoint("/rest/api/user/current", current, _PEOPLE, Family.V1),
    Endpoint("/rest/api/user/anonymous", anonymous, _PEOPLE, Family.V1),
    Endpoint("/rest/api/user/bulk", bulk, _PEOPLE, Family.V1),
    Endpoint("/rest/api/user/memberof", member_of, _PEOPLE, Family.V1),
    Endpoint("/rest/api/user", user, _PEOPLE, Family.V1),
    Endpoint("/rest/api/group", groups, _GROUPS, Family.V1),
    Endpoint("/rest/api/group/by-id", group_by_id, _GROUPS, Family.V1),
    Endpoint("/rest/api/group/picker", picked_groups, _GROUPS, Family.V1),
    Endpoint("/rest/api/group/member", removed, _GROUPS, Family.V1),
    Endpoint("/rest/api/group/{group_id}/membersByGroupId", members, _GROUPS, Family.V1),
    Endpoint("/rest/api/group/{name}/member", removed, _GROUPS, Family.V1),
)
