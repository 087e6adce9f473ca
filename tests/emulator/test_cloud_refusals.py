"""Requests to Cloud that make no sense, or that name what is not there."""

import pytest

from confluence_emulator.state import Remark, changes
from tests.emulator.cloud_wiki import Wiki, build

V1, V2 = "/wiki/rest/api", "/wiki/api/v2"
pytestmark = pytest.mark.anyio


@pytest.fixture
def wiki() -> Wiki:
    wiki = build()
    wiki.site.role_mode = "ROLES"
    wiki.pages["inline"] = changes.comment(wiki.site, wiki.pages["Home"], None, "<p>x</p>", remark=Remark(inline=True))
    return wiki


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{V2}/spaces?description-format=x", 400),
        (f"{V2}/spaces?sort=age", 400),
        (f"{V2}/space-roles/x", 404),
        (f"{V2}/pages/{{Home}}?version=9", 404),
        (f"{V2}/pages/{{Home}}?status=trashed", 404),
        (f"{V2}/pages/{{Home}}/inline-comments?resolution-status=x", 400),
        (f"{V2}/footer-comments/{{inline}}", 404),
        (f"{V2}/blogposts/{{Home}}", 404),
        (f"{V1}/content?type=whiteboard", 400),
        (f"{V1}/content/{{Home}}/restriction/byOperation/fly", 400),
        (f"{V1}/content/{{Home}}/child/attachment/{{inline}}/download", 404),
        (f"{V1}/group/picker", 400),
        (f"{V1}/group/x/membersByGroupId", 404),
        ("/wiki/download/attachments/{Home}/nothing.txt", 404),
        ("/file/x/binary?token=x&version=1", 404),
    ],
)
async def test_each_is_refused_with_its_status(wiki: Wiki, path: str, status: int) -> None:
    ids = {title: content.id for title, content in wiki.pages.items()}
    who = None if path.startswith("/file") else "alice"
    assert (await wiki.ask(path.format(**ids), who)).status_code == status


@pytest.mark.parametrize(
    "path", [f"{V2}/users-bulk", f"{V2}/content/convert-ids-to-types", f"{V1}/content/{{}}/permission/check"]
)
@pytest.mark.parametrize("body", [[], {}, {"accountIds": "x"}])
async def test_bodies_of_another_shape_are_refused(wiki: Wiki, path: str, body: object) -> None:
    assert (await wiki.ask(path.format(wiki.pages["Home"].id), json=body)).status_code == 400


async def test_a_body_that_is_not_json_is_refused_in_the_words_of_its_api(wiki: Wiki) -> None:
    for path, said in ((f"{V2}/users-bulk", "errors"), (f"{V1}/content/1/permission/check", "statusCode")):
        response = await wiki.ask(path, json=None, content=b"{")
        assert (response.status_code, said in response.json()) == (400, True)


async def test_the_oracle_asks_for_a_group_in_space_and_every_restriction(wiki: Wiki) -> None:
    engineers = wiki.site.group_by_name("engineers")
    assert engineers is not None
    told = []
    for title in ("Home", "Secret"):
        asked = {"subject": {"type": "group", "identifier": engineers.id}, "operation": "read"}
        path = f"{V1}/content/{wiki.pages[title].id}/permission/check"
        told.append((await wiki.json(path, "bob", json=asked))["hasPermission"])
    assert told == [True, False]
