"""The shapes of Cloud's answers against Atlassian's own OpenAPI documents, where those are at hand."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from confluence_emulator.state import Content, Kind, Remark, changes
from tests.emulator.cloud_wiki import Wiki, build

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="session")
def documents(shared: Path) -> dict[str, Any]:
    found = {}
    for api in ("v1", "v2"):
        text = (shared / "confluence" / "openapi" / f"cloud-{api}-2026-07.json").read_text()
        found[api] = _as_json_schema(json.loads(text))
    return found


def _as_json_schema(part: Any) -> Any:
    """OpenAPI 3.0 has no null type, and Confluence gives null in many places whose schema does not say so."""
    if isinstance(part, list):
        return [_as_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    told = {name: _as_json_schema(value) for name, value in part.items() if name != "nullable"}
    if isinstance(told.get("type"), str):
        told["type"] = [told["type"], "null"]
    if isinstance(told.get("enum"), list):
        told["enum"] = [*told["enum"], None]
    return told


def full_wiki() -> Wiki:
    wiki = build()
    page = wiki.pages["Plans"]
    for kind in (Kind.FOLDER, Kind.WHITEBOARD, Kind.DATABASE, Kind.EMBED):
        wiki.folder(f"A {kind}", "Plans", kind)
    wiki.page("Inside", "A folder")
    post = changes.create(wiki.site, Kind.BLOGPOST, wiki.spaces["ENG"], None, changes.Draft("News"))
    changes.label(wiki.site, page, "howto")
    changes.restrict(wiki.site, page, users=(wiki.users["alice"].account_id,), groups=(wiki.members.id,))
    file = changes.attach(wiki.site, page, None, "a.txt", changes.new_file(wiki.site, "text/plain", b"x"))
    for on in (page, post, file):
        first = changes.comment(wiki.site, on, wiki.users["bob"].account_id, "<p>x</p>")
        changes.comment(wiki.site, on, None, "<p>y</p>", parent=first)
    inline = changes.comment(
        wiki.site, page, None, "<p>z</p>", remark=Remark(inline=True, marker_ref="m", selection="s")
    )
    changes.resolve(wiki.site, inline, wiki.users["bob"].account_id)
    wiki.pages |= {"post": post, "file": file, "footer": first, "inline": inline}
    return wiki


V2_PATHS = (
    "/pages?body-format=storage",
    "/pages/{Plans}?body-format=view&include-labels=true",
    "/pages/{Plans}/labels",
    "/pages/{Plans}/versions?body-format=storage",
    "/pages/{Plans}/attachments",
    "/pages/{Plans}/footer-comments?body-format=storage",
    "/pages/{Plans}/inline-comments",
    "/pages/{Plans}/ancestors",
    "/pages/{Home}/children",
    "/pages/{Home}/direct-children",
    "/pages/{Home}/descendants",
    "/blogposts",
    "/blogposts/{post}",
    "/blogposts/{post}/footer-comments",
    "/attachments",
    "/attachments/{file}",
    "/attachments/{file}/versions",
    "/attachments/{file}/footer-comments",
    "/footer-comments",
    "/footer-comments/{footer}/children",
    "/inline-comments",
    "/folders/{A folder}",
    "/folders/{A folder}/direct-children",
    "/whiteboards/{A whiteboard}",
    "/databases/{A database}",
    "/embeds/{A embed}",
    "/spaces?description-format=plain",
    "/spaces/{ENG}",
    "/spaces/{ENG}/pages",
    "/spaces/{ENG}/blogposts",
    "/spaces/{ENG}/permissions",
    "/spaces/{ENG}/role-assignments",
    "/space-roles",
    "/space-role-mode",
)
EXPAND = "body.storage,version,space,history,ancestors,metadata.labels,container"
V1_PATHS = (
    f"/content/search?cql=space=ENG&expand={EXPAND},restrictions.read.restrictions.user",
    "/search?cql=space=ENG&expand=content.version,content.restrictions.read.restrictions.group",
    "/content/{Plans}/restriction",
    "/content/{Plans}/restriction/byOperation",
    "/content/{Plans}/restriction/byOperation/read",
    "/user/current",
    "/user/bulk?accountId=x",
    "/user/anonymous",
    "/user/memberof?accountId={alice}",
    "/group",
    "/group/by-id?id={members}",
    "/group/picker?query=conf",
    "/group/{members}/membersByGroupId",
    "/search/user?cql=user.fullname~'a'",
)


def ids_of(wiki: Wiki) -> dict[str, str]:
    named: dict[str, Content | Any] = {**wiki.pages, **wiki.spaces}
    people = {name: user.account_id for name, user in wiki.users.items()}
    return {name: thing.id for name, thing in named.items()} | people | {"members": wiki.members.id}


def answer_schema(document: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    """The schema of the 200 answer of the documented path that this one is an instance of; literal paths first."""
    for known in sorted(document["paths"], key=lambda known: known.count("{")):
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", known.removeprefix("/wiki/rest/api"))
        if re.fullmatch(pattern, path) and method in document["paths"][known]:
            schema = document["paths"][known][method]["responses"]["200"]["content"]["application/json"]["schema"]
            return {**schema, "components": document["components"]}
    raise LookupError(path)


def complaints(document: dict[str, Any], path: str, answer: Any, method: str = "get") -> list[str]:
    validator = Draft202012Validator(answer_schema(document, path, method))
    return [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(answer)]


@pytest.mark.parametrize("path", V2_PATHS)
async def test_v2_answers_have_the_documented_shape(documents: dict[str, Any], path: str) -> None:
    wiki = full_wiki()
    wiki.site.role_mode = "ROLES"
    asked = path.format(**ids_of(wiki))
    answered = await wiki.json(f"/wiki/api/v2{asked}", "alice")
    assert answered.get("results", True), "an empty list proves nothing"
    assert complaints(documents["v2"], asked.partition("?")[0], answered) == []


async def test_what_v2_is_asked_by_post_has_the_documented_shape(documents: dict[str, Any]) -> None:
    wiki = full_wiki()
    people = await wiki.json("/wiki/api/v2/users-bulk", json={"accountIds": [wiki.users["bob"].account_id]})
    types = await wiki.json(
        "/wiki/api/v2/content/convert-ids-to-types", json={"contentIds": [wiki.pages["file"].id, "1"]}
    )
    assert complaints(documents["v2"], "/users-bulk", people, "post") == []
    assert complaints(documents["v2"], "/content/convert-ids-to-types", types, "post") == []


@pytest.mark.parametrize("path", V1_PATHS)
async def test_v1_answers_have_the_documented_shape(documents: dict[str, Any], path: str) -> None:
    wiki = full_wiki()
    asked = path.format(**ids_of(wiki))
    answered = await wiki.json(f"/wiki/rest/api{asked}", "alice")
    assert complaints(documents["v1"], asked.partition("?")[0], answered) == []


async def test_the_oracle_has_the_documented_shape(documents: dict[str, Any]) -> None:
    wiki = full_wiki()
    path = f"/content/{wiki.pages['Plans'].id}/permission/check"
    asked = {"subject": {"type": "group", "identifier": wiki.members.id}, "operation": "read"}
    answered = await wiki.json(f"/wiki/rest/api{path}", json=asked)
    assert complaints(documents["v1"], path, answered, "post") == []
    assert answered["errors"][0]["translation"] == "Group does not have permission to the space"
