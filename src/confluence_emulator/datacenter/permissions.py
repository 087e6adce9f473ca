"""Who may do what in a space and on the site: the REST family of 9.1, and getSpacePermissionSets of JSON-RPC.

Grants to everyone with a licence are shown as grants to the groups that give one: that is how Data Center is set up.
Grants to Cloud's pseudo-principals have no counterpart and are left out.
"""

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from confluence_emulator.datacenter.callers import Caller, Endpoint, Json, name_caller, sign_in
from confluence_emulator.datacenter.installation import ADMIN_ACCESS, Installation
from confluence_emulator.datacenter.people import group_of_path
from confluence_emulator.datacenter.refusals import Refused, no_user, not_admin, websudo
from confluence_emulator.state import Group, Principal, PrincipalKind, Space, User

LICENSED = frozenset({"all-licensed-users", "authenticated-users"})
REMOTE_NAMES = {
    ("read", "space"): "VIEWSPACE",
    ("create", "page"): "EDITSPACE",
    ("delete", "page"): "REMOVEPAGE",
    ("create", "blogpost"): "EDITBLOG",
    ("delete", "blogpost"): "REMOVEBLOG",
    ("create", "attachment"): "CREATEATTACHMENT",
    ("delete", "attachment"): "REMOVEATTACHMENT",
    ("create", "comment"): "COMMENT",
    ("delete", "comment"): "REMOVECOMMENT",
    ("restrict_content", "space"): "SETPAGEPERMISSIONS",
    ("export", "space"): "EXPORTSPACE",
    ("administer", "space"): "SETSPACEPERMISSIONS",
    ("archive", "page"): "ARCHIVEPAGE",
}
Subject = User | Group | None
Held = tuple[Subject, str, str]


def held_in(space: Space, caller: Caller) -> list[Held]:
    """Every permission in a space: who (None: anonymous), operation, target."""
    return [
        (subject, grant.operation, grant.target)
        for grant in space.grants.values()
        for subject in _subjects(grant.principal, caller)
    ]


def space_permissions(request: Request, caller: Caller) -> list[Json]:
    """GET space/{key}/permissions: all of them, flat, for the space's administrators; for others the server breaks."""
    return _space_rows(request, caller, lambda _: True)


def anonymous_permissions(request: Request, caller: Caller) -> list[Json]:
    """GET space/{key}/permissions/anonymous."""
    if caller.installation.quirks.anonymous_grants_fail:
        raise Refused(500, "Internal server error")
    return _space_rows(request, caller, lambda subject: subject is None)


def group_permissions(request: Request, caller: Caller) -> list[Json]:
    """GET space/{key}/permissions/group/{group}."""
    wanted = group_of_path(request, caller)
    return _space_rows(request, caller, lambda subject: isinstance(subject, Group) and subject.id == wanted.id)


def user_permissions(request: Request, caller: Caller) -> list[Json]:
    """GET space/{key}/permissions/user/{userKey}."""
    wanted = _user_of_path(request, caller)
    return _space_rows(
        request, caller, lambda subject: isinstance(subject, User) and subject.account_id == wanted.account_id
    )


def global_permissions(_: Request, caller: Caller) -> list[Json]:
    """GET permissions: what groups and anonymous visitors may do on the site, for administrators."""
    return _global_rows(caller, lambda _: True)


def anonymous_global_permissions(_: Request, caller: Caller) -> list[Json]:
    """GET permissions/anonymous: empty where anonymous access is off."""
    return _global_rows(caller, lambda subject: subject is None)


def unlicensed_global_permissions(_: Request, caller: Caller) -> list[Json]:
    """GET permissions/unlicensed: nothing is given to accounts without a licence."""
    return _global_rows(caller, lambda _: False)


def group_global_permissions(request: Request, caller: Caller) -> list[Json]:
    """GET permissions/group/{group}."""
    wanted = group_of_path(request, caller)
    return _global_rows(caller, lambda subject: isinstance(subject, Group) and subject.id == wanted.id)


def remote_permission_sets(installation: Installation) -> Endpoint:
    """POST rpc/json-rpc/confluenceservice-v2, and the form with the method in the path: getSpacePermissionSets.

    403 where remote access is off; the login page with status 200 where an administrator's password is asked again.
    """

    async def answer(request: Request) -> Response:
        if not installation.quirks.remote_api:
            return Refused(403, "The remote API is disabled").response()
        try:
            caller = sign_in(installation, request)
        except Refused as refused:
            return refused.response()
        asked_again = caller.admin and installation.quirks.websudo
        response = websudo() if asked_again else _remote_answer(request, caller, json.loads(await request.body()))
        name_caller(installation, response, caller.user)
        return response

    return answer


def _remote_answer(request: Request, caller: Caller, call: object) -> Response:
    named = request.path_params.get("method")
    envelope: dict[str, Any] = call if isinstance(call, dict) else {"method": named, "params": call}
    key = next(iter(envelope.get("params") or [""]))
    space = caller.site.space_by_key(str(key))
    if envelope.get("method") != "getSpacePermissionSets":
        problem = f"Method '{envelope.get('method')}' not found"
    elif space is None or not _administers(space, caller):
        problem = f"com.atlassian.confluence.rpc.NotPermittedException: You're not allowed to administer space '{key}'"
    else:
        sets = _permission_sets(space, caller)
        return JSONResponse(sets if named else {"jsonrpc": "2.0", "result": sets, "id": envelope.get("id")})
    error = {"code": 500, "message": problem, "data": None}
    return JSONResponse({"error": error} if named else {"jsonrpc": "2.0", "error": error, "id": envelope.get("id")})


def _permission_sets(space: Space, caller: Caller) -> list[Json]:
    sets: dict[str, list[Json]] = {name: [] for name in REMOTE_NAMES.values()}
    for subject, operation, target in held_in(space, caller):
        name = REMOTE_NAMES.get((operation, target))
        if name is not None:
            user = subject.username if isinstance(subject, User) else None
            group = subject.name if isinstance(subject, Group) else None
            sets[name].append({"type": name, "userName": user, "groupName": group})
    return [{"type": name, "spacePermissions": held} for name, held in sets.items()]


def _subjects(principal: Principal, caller: Caller) -> list[Subject]:
    site = caller.site
    if principal.kind is PrincipalKind.USER:
        return [site.users[principal.id]] if principal.id in site.users else []
    if principal.kind is PrincipalKind.GROUP:
        return [site.groups[principal.id]] if principal.id in site.groups else []
    if principal.kind is PrincipalKind.ANONYMOUS:
        return [None]
    if principal.kind is PrincipalKind.ACCESS_CLASS:
        live = [group for group in site.groups.values() if group.access and not group.deleted]
        return [group for group in live if principal.id in LICENSED or group.access in ADMIN_ACCESS]
    return []


def _administers(space: Space, caller: Caller) -> bool:
    return caller.sight.bypass or caller.sight.may("administer", space)


def _space_rows(request: Request, caller: Caller, wanted: Callable[[Subject], bool]) -> list[Json]:
    space = caller.space(request.path_params["key"])
    if caller.user is None:
        raise Refused(401, "The calling user is not authenticated")
    if not _administers(space, caller):
        raise Refused(500, "Internal server error")
    return [
        {**_row(subject, operation, target), "spaceKey": space.key, "spaceId": space.number}
        for subject, operation, target in held_in(space, caller)
        if wanted(subject)
    ]


def _global_rows(caller: Caller, wanted: Callable[[Subject], bool]) -> list[Json]:
    if not caller.admin:
        raise not_admin()
    held: list[Held] = [(None, "use", "application")] if caller.site.anonymous_access else []
    for group in caller.site.groups.values():
        if group.access and not group.deleted:
            operations = ("use", "administer") if group.access in ADMIN_ACCESS else ("use",)
            held.extend((group, operation, "application") for operation in operations)
    return [_row(*each) for each in held if wanted(each[0])]


def _row(subject: Subject, operation: str, target: str) -> Json:
    shown: Json = {"type": "anonymous", "displayName": "Anonymous"}
    if isinstance(subject, User):
        shown = {"type": "user", "displayName": subject.display_name, "userKey": subject.user_key}
    elif subject is not None:
        shown = {"type": "group", "displayName": subject.name, "name": subject.name}
    return {"operation": {"targetType": target, "operationKey": operation}, "subject": shown}


def _user_of_path(request: Request, caller: Caller) -> User:
    user = caller.site.user_by_username(request.path_params["user"])
    if user is None:
        raise no_user(request.path_params["user"])
    return user
