"""The application as a whole: which dialect answers where, and that faults and the control API are in place."""

import httpx
import pytest

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.app import create_app, open_desk
from confluence_emulator.faults import parse_fault
from tests.emulator.cloud_wiki import Wiki, basic, build

CLOUD, SERVER = "https://acme.atlassian.net", "http://localhost:8090"
pytestmark = pytest.mark.anyio


async def status(wiki: Wiki, deployment: str, url: str, headers: dict[str, str] | None = None) -> int:
    app = create_app(wiki.site, deployment=deployment)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), headers=headers) as client:
        return (await client.get(url)).status_code


@pytest.mark.parametrize(
    ("deployment", "url", "answered"),
    [
        ("cloud", f"{CLOUD}/_edge/tenant_info", 200),
        ("cloud", f"{SERVER}/confluence/rest/api/space", 404),
        ("datacenter", f"{CLOUD}/_edge/tenant_info", 404),
        ("datacenter", f"{SERVER}/confluence/rest/api/space", 200),
        ("both", f"{CLOUD}/_edge/tenant_info", 200),
        ("both", f"{SERVER}/_edge/tenant_info", 404),
        ("both", f"{SERVER}/confluence/rest/api/space", 200),
    ],
)
async def test_each_deployment_answers_where_it_is_and_nowhere_else(deployment: str, url: str, answered: int) -> None:
    assert await status(build(), deployment, url) == answered


async def test_one_change_shows_in_both_dialects() -> None:
    wiki = build()
    page = wiki.page("Everywhere")
    token = {"Authorization": f"Bearer alice-{CredentialKind.PERSONAL_ACCESS_TOKEN}"}
    assert await status(wiki, "both", f"{CLOUD}/wiki/api/v2/pages/{page.id}", basic("alice")) == 200
    assert await status(wiki, "both", f"{SERVER}/confluence/rest/api/content/{page.id}", token) == 200


async def test_faults_strike_and_the_control_api_sees_the_traffic() -> None:
    wiki = build()
    desk = open_desk(wiki.site, faults=[parse_fault("429:every=2,path=/api/v2/pages")])
    wiki.app = create_app(wiki.site, desk=desk)
    statuses = [(await wiki.ask("/wiki/api/v2/pages")).status_code for _ in range(4)]
    assert statuses == [200, 429, 200, 429]
    assert (await wiki.json("/_control/requests"))["by_status"] == {"200": 2, "429": 2}
    assert wiki.app.state.desk is desk


def test_an_unknown_deployment_is_refused() -> None:
    with pytest.raises(ValueError, match="cloud, datacenter, both"):
        create_app(build().site, deployment="server")
