"""GET group, user and what belongs to them.

Groups have names and no ids, and may lie in groups; who is in one is told to administrators alone.
"""

from urllib.parse import unquote

from starlette.requests import Request

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.datacenter.callers import Answer, Caller, Json
from confluence_emulator.datacenter.expansion import Expand, parse_expand
from confluence_emulator.datacenter.paging import offset_page
from confluence_emulator.datacenter.refusals import Refused, no_user, not_admin
from confluence_emulator.datacenter.shapes import ANONYMOUS, group_json, user_json
from confluence_emulator.state import Group, User

GROUP_CAP = 200
USER_CAP = 100


def group_of_path(request: Request, caller: Caller) -> Group:
    """The group named in the path. Its name is one segment: a slash in it must come percent-encoded."""
    raw = request.scope.get("raw_path", request.url.path.encode()).decode("ascii").partition("?")[0]
    segments = [unquote(segment) for segment in raw.split("/")]
    name = request.path_params["name"]
    group = caller.site.group_by_name(name)
    if group is None or name not in segments:
        raise Refused(404, f"No group with name {name} found")
    return group


def groups(request: Request, caller: Caller) -> Json:
    """GET group: all live groups."""
    _require_sign_in(caller)
    live = [group for group in caller.site.groups.values() if not group.deleted]
    return _group_page(request, caller, live)


def one_group(request: Request, caller: Caller) -> Json:
    """GET group/{name}."""
    _require_sign_in(caller)
    return group_json(group_of_path(request, caller), caller)


def group_members(request: Request, caller: Caller) -> Json:
    """GET group/{name}/member: the accounts directly in a group, for administrators."""
    if not caller.admin:
        raise not_admin()
    return _member_page(request, caller, group_of_path(request, caller))


def child_groups(request: Request, caller: Caller) -> Json:
    """GET group/{name}/groupmember: the groups directly in a group, for administrators."""
    if not caller.admin:
        raise not_admin()
    children = (caller.site.groups[child] for child in group_of_path(request, caller).children)
    return _group_page(request, caller, [child for child in children if not child.deleted])


def parent_groups(request: Request, caller: Caller) -> Json:
    """GET group/{name}/groupparent: the groups that a group lies in directly."""
    if not caller.admin:
        raise not_admin()
    return _group_page(request, caller, _parents(group_of_path(request, caller), caller))


def ancestor_groups(request: Request, caller: Caller) -> Json:
    """GET group/{name}/groupancestor: the groups that a group lies in at any distance."""
    if not caller.admin:
        raise not_admin()
    found: dict[str, Group] = {}
    waiting = _parents(group_of_path(request, caller), caller)
    while waiting:
        group = waiting.pop(0)
        if group.id not in found:
            found[group.id] = group
            waiting += _parents(group, caller)
    return _group_page(request, caller, list(found.values()))


def current_user(request: Request, caller: Caller) -> Json:
    """GET user/current: the anonymous person, with status 200, where no credential came."""
    return dict(ANONYMOUS) if caller.user is None else user_json(caller.user, caller, _expand(request))


def anonymous_user(_: Request, caller: Caller) -> Json:  # noqa: ARG001 - every handler takes both
    """GET user/anonymous."""
    return dict(ANONYMOUS)


def one_user(request: Request, caller: Caller) -> Json:
    """GET user, by `key` or `username`."""
    return user_json(_named_user(request, caller), caller, _expand(request))


def groups_of_user(request: Request, caller: Caller) -> Json:
    """GET user/memberof: all groups, also those joined through groups in groups."""
    user = _named_user(request, caller)
    return _group_page(
        request, caller, [caller.site.groups[each] for each in sorted(caller.site.groups_of(user.account_id))]
    )


def users(request: Request, caller: Caller) -> Json:
    """GET user/list: every account, deactivated ones too, for administrators; 100 at a time."""
    if not caller.admin:
        raise not_admin()
    return _user_page(request, caller, list(caller.site.users.values()))


def active_users(request: Request, caller: Caller) -> Json:
    """GET admin/users/list/active: accounts that are active and licensed, for administrators."""
    if not caller.admin:
        raise not_admin()
    return _user_page(request, caller, [user for user in caller.site.users.values() if caller.site.is_licensed(user)])


def _require_sign_in(caller: Caller) -> None:
    if caller.user is None:
        raise Refused(403, "Not permitted to view groups")


def _named_user(request: Request, caller: Caller) -> User:
    _require_sign_in(caller)
    name = request.query_params.get("key") or request.query_params.get("username") or ""
    user = caller.site.user_by_username(name)
    if user is None:
        raise no_user(name)
    return user


def _parents(group: Group, caller: Caller) -> list[Group]:
    return [each for each in caller.site.groups.values() if group.id in each.children and not each.deleted]


def _member_page(request: Request, caller: Caller, group: Group) -> Json:
    members = [caller.site.users[each] for each in group.members if each in caller.site.users]
    expand = _expand(request)
    return offset_page(
        request, caller, members, lambda user: user_json(user, caller, expand), default=GROUP_CAP, cap=GROUP_CAP
    )


def _group_page(request: Request, caller: Caller, rows: list[Group]) -> Json:
    return offset_page(request, caller, rows, lambda group: group_json(group, caller), default=GROUP_CAP, cap=GROUP_CAP)


def _user_page(request: Request, caller: Caller, rows: list[User]) -> Json:
    expand = _expand(request)
    return offset_page(
        request, caller, rows, lambda user: user_json(user, caller, expand), default=USER_CAP, cap=USER_CAP
    )


def _expand(request: Request) -> Expand:
    return parse_expand(request.query_params.getlist("expand"))


def own_tokens(_: Request, caller: Caller) -> Answer:
    """The caller's own personal access tokens, without their secrets; 401 for a visitor."""
    if caller.user is None:
        raise Refused(401, "Client must be authenticated to access this resource.")
    held = [
        token
        for token in caller.installation.accounts.credentials
        if token.account_id == caller.user.account_id
        and token.kind is CredentialKind.PERSONAL_ACCESS_TOKEN
        and not token.revoked
    ]
    return [
        {
            "id": number,
            "name": f"token {number}",
            "expiringAt": caller.when(token.expires_at) if token.expires_at else None,
        }
        for number, token in enumerate(held, 1)
    ]
