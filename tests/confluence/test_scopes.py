"""A missing scope is named by the route that needs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from mainstem.confluence.scope_probes import PROBES
from mainstem.confluence.scopes import READ_SCOPES, scope_for

GATEWAY = "/ex/confluence/0a1b/wiki"


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/api/v2/spaces/1/pages", "read:page:confluence"),
        ("/api/v2/spaces/1/permissions", "read:space:confluence"),
        ("/api/v2/spaces/1/role-assignments", "read:space.permission:confluence"),
        ("/rest/api/content/search", "search:confluence"),
        ("/rest/api/content/7/restriction/byOperation/read", "read:confluence-content.all"),
        ("/rest/api/group/0a/membersByGroupId", "read:confluence-groups"),
        ("/rest/api/nothing-we-know", None),
    ],
)
def test_a_route_names_its_scope(path: str, scope: str | None) -> None:
    assert scope_for(GATEWAY + path) == scope


def test_each_scope_that_is_asked_for_is_probed() -> None:
    assert {scope_for(link) for links in PROBES.values() for link in links} == set(READ_SCOPES)


V2 = """/spaces /spaces/{id}/pages /spaces/{id}/blogposts /pages /blogposts/{id} /attachments /footer-comments
    /inline-comments/{comment-id} /folders/{id} /whiteboards/{id} /databases/{id} /embeds/{id} /spaces/{id}/permissions
    /spaces/{id}/role-assignments /space-roles /space-role-mode /pages/{id}/labels"""
V1 = """/search /content/search /content/{id}/restriction/byOperation/{operationKey} /user/current /group /group/by-id
    /group/picker /group/{groupId}/membersByGroupId /content/{id}/child/attachment/{attachmentId}/download"""


@pytest.mark.parametrize(
    ("document", "prefix", "shown", "routes"),
    [("cloud-v2-2026-07", "/api/v2", "", V2), ("cloud-v1-2026-07", "/rest/api", "/wiki/rest/api", V1)],
)
def test_the_scopes_are_those_of_the_published_interface(
    shared: Path, document: str, prefix: str, shown: str, routes: str
) -> None:
    paths = json.loads((shared / "confluence" / "openapi" / f"{document}.json").read_text())["paths"]
    for route in routes.split():
        assert scope_for(prefix + route) in scopes_of(paths[shown + route]["get"]), route


def scopes_of(operation: dict[str, Any]) -> set[str]:
    return {scope for wanted in operation["security"] for scopes in wanted.values() for scope in scopes}
