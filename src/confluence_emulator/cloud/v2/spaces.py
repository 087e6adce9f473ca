"""Spaces of v2, who may do what in them in both of v2's forms, and people in bulk."""

from collections.abc import Callable

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, among, answer
from confluence_emulator.cloud.gate import Endpoint
from confluence_emulator.cloud.v2 import roles, shapes
from confluence_emulator.cloud.v2.contents import ids_of, space_of
from confluence_emulator.cloud.v2.paging import numbered, page_of, sort_of
from confluence_emulator.state import Grant, PrincipalKind, Space
from confluence_emulator.state.site import SortKey

DESCRIPTIONS = ("plain", "view")
SHOWN_PRINCIPALS = (PrincipalKind.USER, PrincipalKind.GROUP, PrincipalKind.ROLE)
MAX_PEOPLE = 250

_SORTS: dict[str, Callable[[Space], SortKey]] = {
    "id": lambda space: (space.number, space.number),
    "key": lambda space: (space.key.casefold(), space.number),
    "name": lambda space: (space.name.casefold(), space.number),
}


def _description(call: Call) -> str:
    given = call.one("description-format")
    wrong = among("description-format", [given] if given else [], DESCRIPTIONS)
    if wrong:
        raise refusals.v2(400, wrong)
    return given


def spaces(call: Call) -> Response:
    """The spaces the caller may view; keys may be given in any case, unknown ones are left out."""
    field, descending = sort_of(call, tuple(_SORTS), "id")
    description = _description(call)
    ids, keys = ids_of(call, "ids"), ids_of(call, "keys")
    folded = {key.casefold() for key in keys} if keys is not None else None
    kind, status = call.one("type"), call.one("status")
    rows = [
        space
        for space in call.visible_spaces()
        if (ids is None or space.id in ids)
        and (folded is None or space.key.casefold() in folded)
        and kind in ("", space.kind)
        and status in ("", space.status)
    ]
    return page_of(call, rows, lambda space: shapes.space(space, description), _SORTS[field], descending=descending)


def space(call: Call) -> Response:
    """One space."""
    return answer(shapes.single(call, shapes.space(space_of(call), _description(call))))


def permissions(call: Call) -> Response:
    """Who may do what in a space. Anonymous and unlicensed access cannot be said here and are left out."""
    grants = [grant for grant in space_of(call).grants.values() if grant.principal.kind in SHOWN_PRINCIPALS]
    return numbered(call, grants, _permission)


def _permission(grant: Grant) -> shapes.Json:
    return {
        "id": grant.id,
        "principal": {"type": grant.principal.kind, "id": grant.principal.id},
        "operation": {"key": grant.operation, "targetType": grant.target},
    }


def role_mode(call: Call) -> Response:
    """Whether spaces are granted by role."""
    return answer({"mode": call.site.role_mode})


def _check_roles(call: Call) -> None:
    if call.site.role_mode == "PRE_ROLES":
        raise refusals.v2(404, "Space roles are not enabled for this site")


def space_roles(call: Call) -> Response:
    """The roles there are."""
    _check_roles(call)
    return numbered(call, roles.ROLES, roles.shape)


def space_role(call: Call) -> Response:
    """One role."""
    _check_roles(call)
    found = next((role for role in roles.ROLES if role.id == call.part("id")), None)
    if found is None:
        raise refusals.v2(404, f"Cannot find a space role with id [{call.part('id')}]")
    return answer(roles.shape(found))


def role_assignments(call: Call) -> Response:
    """Which user, group or access class has which role in a space."""
    granted_in = space_of(call)
    _check_roles(call)
    wanted, kind = call.one("role-id"), call.one("principal-type")
    rows = [
        row
        for row in roles.assignments(granted_in)
        if wanted in ("", row["roleId"]) and kind in ("", row["principal"]["principalType"])
    ]
    return numbered(call, rows, lambda row: row)


def users_bulk(call: Call) -> Response:
    """People by account id; unknown ones are left out."""
    ids = call.body.get("accountIds") if isinstance(call.body, dict) else None
    if not isinstance(ids, list) or len(ids) > MAX_PEOPLE:
        raise refusals.v2(400, f"accountIds must be a list of at most {MAX_PEOPLE} account ids")
    found = [call.site.users[account_id] for account_id in dict.fromkeys(ids) if account_id in call.site.users]
    return answer({"results": [shapes.user(user) for user in found], "_links": {"base": call.site.base_url}})


_READ = ("read:space:confluence",)
_ROLES = ("read:space.permission:confluence",)
ENDPOINTS = (
    Endpoint("/api/v2/spaces", spaces, _READ),
    Endpoint("/api/v2/spaces/{id}", space, _READ),
    Endpoint("/api/v2/spaces/{id}/permissions", permissions, _READ),
    Endpoint("/api/v2/spaces/{id}/role-assignments", role_assignments, _ROLES),
    Endpoint("/api/v2/space-role-mode", role_mode, ("read:configuration:confluence",)),
    Endpoint("/api/v2/space-roles", space_roles, _ROLES),
    Endpoint("/api/v2/space-roles/{id}", space_role, _ROLES),
    Endpoint("/api/v2/users-bulk", users_bulk, ("read:user:confluence",), method="POST"),
)
