"""What Data Center answers, held against the schemas of its published interface description."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from confluence_emulator.state import Content, changes
from tests.emulator.datacenter_wiki import BASE, Wiki, build_wiki

PAGE_EXPAND = "body.storage,version,space,history.lastUpdated,ancestors,metadata.labels,container,children.comment"
CALLS = (
    ("/rest/api/content", f"spaceKey=ENG&expand={PAGE_EXPAND}"),
    ("/rest/api/content/scan", "limit=1"),
    ("/rest/api/content/search", "cql=type=page&limit=1"),
    ("/rest/api/content/{id}", f"expand={PAGE_EXPAND}"),
    ("/rest/api/content/{id}/history", ""),
    ("/rest/api/content/{id}/label", ""),
    ("/rest/api/content/{id}/child", "expand=comment"),
    ("/rest/api/content/{id}/child/comment", "expand=body.storage,version"),
    ("/rest/api/content/{id}/descendant/{type}", ""),
    ("/rest/api/content/{id}/restriction/byOperation", ""),
    ("/rest/api/content/{id}/restriction/byOperation/{operationKey}", ""),
    ("/rest/api/search", "cql=text~leaf&expand=content.version"),
    ("/rest/api/space", "expand=description.plain,homepage"),
    ("/rest/api/space/{spaceKey}", ""),
    ("/rest/api/space/{spaceKey}/content", ""),
    ("/rest/api/space/{spaceKey}/content/{type}", ""),
    ("/rest/api/space/{spaceKey}/trash", ""),
    ("/rest/api/space/{spaceKey}/permissions", ""),
    ("/rest/api/space/{spaceKey}/permissions/anonymous", ""),
    ("/rest/api/permissions", ""),
    ("/rest/api/permissions/anonymous", ""),
    ("/rest/api/group", ""),
    ("/rest/api/group/{groupName}", ""),
    ("/rest/api/group/{groupName}/member", ""),
    ("/rest/api/group/{groupName}/groupmember", ""),
    ("/rest/api/user", "username=bob"),
    ("/rest/api/user/current", ""),
    ("/rest/api/user/memberof", "username=bob"),
    ("/rest/api/user/list", ""),
    ("/rest/api/admin/users/list/active", ""),
    ("/rest/api/server-information", ""),
)


@pytest.fixture(scope="module")
def description(shared: Path) -> dict[str, Any]:
    path = shared / "confluence" / "openapi" / "datacenter-10.0.3.json"
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def validator(description: dict[str, Any], path: str, status: str) -> Validator:
    """The schema of an answer; references resolve against the whole description."""
    schema = description["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"]
    registry: Registry[Any] = Registry().with_resource("description", DRAFT202012.create_resource(description))
    anchored = json.loads(json.dumps(schema).replace('"#/', '"description#/'))
    return Draft202012Validator(anchored, registry=registry)


def furnished(wiki: Wiki) -> Content:
    top = wiki.page("Top")
    page = wiki.page("Leaf", "<p>leaf</p>", parent=top)
    bob = wiki.people["bob"].account_id
    changes.label(wiki.site, page, "howto")
    changes.comment(wiki.site, page, bob, "<p>first</p>")
    changes.attach(wiki.site, page, bob, "a.txt", changes.new_file(wiki.site, "text/plain", b"bytes"))
    changes.restrict(wiki.site, page, users=(bob, "someone-deleted"))
    changes.trash(wiki.site, wiki.page("Gone", parent=top))
    return page


async def ask(wiki: Wiki, who: str | None, path: str, query: str, page: Content) -> httpx.Response:
    names = {"spaceKey": "ENG", "groupName": "engineering", "operationKey": "read", "type": "page"}
    installation = wiki.installation("10.0.3")
    async with wiki.client(who, installation=installation) as client:
        return await client.get(f"{BASE}{path.format(id=page.id, **names)}?{query}")


@pytest.mark.anyio
@pytest.mark.parametrize(("path", "query"), CALLS)
async def test_answers_have_the_published_shape(description: dict[str, Any], path: str, query: str) -> None:
    wiki = build_wiki()
    answer = await ask(wiki, "root", path, query, furnished(wiki))
    assert answer.status_code == 200, answer.text
    validator(description, path, "200").validate(answer.json())


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/rest/api/content/{id}", "version=99", "404"),
        ("/rest/api/search", "cql=colour=red", "400"),
        ("/rest/api/space/{spaceKey}/trash", "", "404"),
        ("/rest/api/permissions", "", "403"),
        ("/rest/api/server-information", "", "401"),
        ("/rest/api/content/scan", "cursor=nonsense", "400"),
    ],
)
async def test_refusals_have_the_published_shape(
    description: dict[str, Any], path: str, query: str, status: str
) -> None:
    wiki = build_wiki()
    answer = await ask(wiki, None, path, query, furnished(wiki))
    assert str(answer.status_code) == status, answer.text
    told = answer.json()
    # The description calls the errors an object; every answer that was ever recorded has a list.
    assert told["data"].pop("errors") == []
    validator(description, path, status).validate(told)
