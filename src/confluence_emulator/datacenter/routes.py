"""Which paths an installation answers, by the version in which each one came."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from starlette.routing import BaseRoute, Mount, Route

from confluence_emulator.datacenter import (
    contents,
    people,
    permissions,
    restrictions,
    scanning,
    searching,
    server,
    spaces,
)
from confluence_emulator.datacenter.callers import TOKENS_SINCE, Handler, endpoint
from confluence_emulator.datacenter.installation import Installation


@dataclass(frozen=True, slots=True)
class Resource:
    """One path below the context path that is read with GET, and the first version that has it."""

    path: str
    handler: Handler
    since: tuple[int, ...] = ()


CONTENT = (
    Resource("/content", contents.contents),
    Resource("/content/scan", scanning.scan, (7, 18)),
    Resource("/content/search", searching.search_contents),
    Resource("/content/{id}", contents.one_content),
    Resource("/content/{id}/history", contents.history),
    Resource("/content/{id}/label", contents.labels),
    Resource("/content/{id}/child", contents.children),
    Resource("/content/{id}/child/comment", contents.comments),
    Resource("/content/{id}/child/attachment/{attachment}/extractedtext", server.extracted_text, (10, 0)),
    Resource("/content/{id}/child/{type}", contents.children_of_type),
    Resource("/content/{id}/descendant/{type}", contents.descendants),
    Resource("/content/{id}/restriction/byOperation", restrictions.by_operation),
    Resource("/content/{id}/restriction/byOperation/{operation}", restrictions.of_one_operation),
    Resource("/content/{id}/restriction/relevantViewRestrictions", restrictions.relevant_view_restrictions, (9, 3)),
    Resource("/search", searching.search),
)
SPACES = (
    Resource("/space", spaces.spaces),
    Resource("/space/{key}", spaces.one_space),
    Resource("/space/{key}/content", spaces.contents_of_space),
    Resource("/space/{key}/content/{type}", spaces.contents_of_type),
    Resource("/space/{key}/trash", scanning.trash, (9, 3)),
    Resource("/space/{key}/permissions", permissions.space_permissions, (9, 1)),
    Resource("/space/{key}/permissions/anonymous", permissions.anonymous_permissions, (9, 1)),
    Resource("/space/{key}/permissions/group/{name:path}", permissions.group_permissions, (9, 1)),
    Resource("/space/{key}/permissions/user/{user}", permissions.user_permissions, (9, 1)),
    Resource("/permissions", permissions.global_permissions, (9, 1)),
    Resource("/permissions/anonymous", permissions.anonymous_global_permissions, (9, 1)),
    Resource("/permissions/unlicensed", permissions.unlicensed_global_permissions, (9, 1)),
    Resource("/permissions/group/{name:path}", permissions.group_global_permissions, (9, 1)),
)
PEOPLE = (
    Resource("/group", people.groups),
    Resource("/group/{name:path}/member", people.group_members),
    Resource("/group/{name:path}/groupmember", people.child_groups),
    Resource("/group/{name:path}/groupparent", people.parent_groups, (10, 0)),
    Resource("/group/{name:path}/groupancestor", people.ancestor_groups, (10, 0)),
    Resource("/group/{name:path}", people.one_group),
    Resource("/user", people.one_user),
    Resource("/user/current", people.current_user),
    Resource("/user/anonymous", people.anonymous_user),
    Resource("/user/memberof", people.groups_of_user),
    Resource("/user/list", people.users, (8, 0)),
    Resource("/admin/users/list/active", people.active_users, (9, 3)),
    Resource("/server-information", server.server_information, (8, 0)),
)
OUTSIDE_REST = (
    Resource("/login.action", server.login_page),
    Resource("/rest/pat/latest/tokens", people.own_tokens, TOKENS_SINCE),
    Resource("/download/attachments/{id}/{name:path}", server.download),
)
REMOTE = "/rpc/json-rpc/confluenceservice-v2"


def datacenter_routes(installation: Installation) -> Iterator[BaseRoute]:
    """Everything the installation's version answers, under its context path."""
    inside = [
        Route(f"/rest/api{each.path}", endpoint(installation, each.handler))
        for each in _there(installation, (*CONTENT, *SPACES, *PEOPLE))
    ]
    outside = [Route(each.path, endpoint(installation, each.handler)) for each in _there(installation, OUTSIDE_REST)]
    remote = permissions.remote_permission_sets(installation)
    calls = [Route(path, remote, methods=["POST"]) for path in (REMOTE, f"{REMOTE}/{{method}}")]
    yield Mount(installation.context, routes=[*inside, *outside, *calls])


def _there(installation: Installation, resources: Iterable[Resource]) -> Iterator[Resource]:
    for resource in resources:
        if installation.release >= resource.since:
            yield resource
