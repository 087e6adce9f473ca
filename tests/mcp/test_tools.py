"""The tools over HTTP: each model finds and reads what its member would."""

import json

import pytest

from mainstem.accounts import membership
from mainstem.accounts.members import Member
from mainstem.accounts.roles import Role
from mainstem.store import api_keys as rows
from mainstem.store import members
from tests.api.conftest import key_of
from tests.mcp.conftest import Served, request

pytestmark = pytest.mark.anyio

NOT_FOR_CHARLIE = ("Broker", "Merger", "Engineering", "ENG", "Gateways", "Rotate", "greets")
INITIALIZE = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


async def test_a_client_is_welcomed_and_told_which_tools_there_are(tools: Served) -> None:
    welcome = await tools.asked("alice", "initialize", **INITIALIZE)
    assert welcome["serverInfo"]["name"] == "Mainstem"
    assert "cite their sources" in welcome["instructions"]
    listed = {tool["name"]: tool for tool in (await tools.asked("alice", "tools/list"))["tools"]}
    assert sorted(listed) == ["ask", "read", "search"]
    assert all(tool["annotations"]["readOnlyHint"] for tool in listed.values())
    assert "context" not in json.dumps([tool["inputSchema"] for tool in listed.values()])


async def test_everybody_finds_what_they_may_read(tools: Served) -> None:
    found = {}
    for who in ("alice", "bob", "charlie"):
        result = await tools.asked(who, "tools/call", name="search", arguments={"query": "broker"})
        answer = result["structuredContent"]
        found[who] = (answer["total"], {hit["title"] for hit in answer["hits"]})
    assert found["alice"] == (3, {"Broker certificates", "Gateways", "Merger"})
    assert found["bob"] == (2, {"Broker certificates", "Gateways"})
    assert found["charlie"] == (0, set())


async def test_a_document_is_read_as_markdown_with_its_source(tools: Served) -> None:
    id_ = tools.api.ids["certificates"]
    text, failed = await tools.called("bob", "read", document_id=id_)
    assert not failed
    assert text.startswith("# Broker certificates\n\n- Source: https://acme.example/wiki/1\n- Space: Engineering\n")
    assert "## By machine" in text
    assert f"/documents/{tools.api.ids['gateways']}" in text
    assert f"/documents/{tools.api.ids['merger']}" not in text
    section, _ = await tools.called("bob", "read", document_id=id_, section="by-hand")
    assert "- Section: By hand\n" in section
    assert "By machine" not in section


async def test_a_question_is_answered_from_what_one_may_read(tools: Served) -> None:
    hers, _ = await tools.called("alice", "ask", question="What about the broker of the merger?")
    his, _ = await tools.called("bob", "ask", question="What about the broker of the merger?")
    assert "The broker of the merger. [1]" in hers
    assert f"(document {tools.api.ids['merger']}): https://acme.example/wiki/4" in hers
    assert "The broker of the merger" not in his


async def test_an_outsider_gets_no_trace_of_anything_by_any_tool(tools: Served) -> None:
    told = [await tools.called("charlie", "search", query=query) for query in ("", "broker", "space:ENG")]
    told.append(await tools.called("charlie", "ask", question="How do I rotate certificates?"))
    told += [await tools.called("charlie", "read", document_id=id_) for id_ in (*tools.api.ids.values(), 999_999)]
    assert len({text for text, failed in told if failed}) == 1
    assert "There is no such document" in told[-1][0]
    for text, _ in told:
        assert not [word for word in NOT_FOR_CHARLIE if word in text], text


async def test_whoever_shows_no_key_of_theirs_is_refused_before_anything_is_read(tools: Served) -> None:
    revoked = key_of(tools.api.reader, "bob@hub.example")
    with tools.api.reader.engine.begin() as db:
        saved = members.with_email(db, "bob@hub.example")
        assert saved
        rows.revoke(db, saved.id, rows.of_member(db, saved.id)[0].id, tools.api.reader.clock())
    for shown in ("", "Bearer", "Bearer mst_wrong", f"Bearer {revoked}", "Basic YTpi"):
        async with tools.client(**({"Authorization": shown} if shown else {})) as client:
            client.cookies.set("mainstem_session", tools.api.hub.tokens["alice"])
            answer = await client.post("/mcp", json=request("tools/list"))
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "under API keys" in answer.json()["error"]["message"]


async def test_pages_of_other_sites_and_other_methods_are_refused(tools: Served) -> None:
    async with tools.client("alice", Origin="http://evil.example") as client:
        assert (await client.post("/mcp", json=request("tools/list"))).status_code == 403
    async with tools.client("alice") as client:
        assert (await client.get("/mcp")).status_code == 405
        assert (await client.delete("/mcp")).headers["allow"] == "POST"
        assert (await client.post("/mcp/other", json=request("tools/list"))).status_code == 404


async def test_what_makes_no_sense_is_said_to_the_model_and_breaks_nothing(tools: Served) -> None:
    for tool, arguments in (
        ("search", {"query": "x", "limit": 0}),
        ("search", {}),
        ("read", {"document_id": 0}),
        ("read", {"document_id": 2**70}),
        ("read", {"document_id": tools.api.ids["certificates"], "section": "nowhere"}),
        ("ask", {"question": ""}),
    ):
        text, failed = await tools.called("alice", tool, **arguments)
        assert failed, tool
        assert "Traceback" not in text
    async with tools.client("alice") as client:
        assert (await client.post("/mcp", content=b"{")).status_code == 400


async def test_who_is_shut_out_is_out_everywhere_at_once(tools: Served) -> None:
    hub, reader = tools.api.hub, tools.api.reader
    with reader.engine.begin() as db:
        olga, alice = (members.with_email(db, f"{who}@hub.example") for who in ("olga", "alice"))
    assert olga is not None
    assert alice is not None
    owner = Member(olga.id, olga.email, olga.name, Role(olga.role))
    search = request("tools/call", name="search", arguments={"query": "broker"})
    async with hub.browser("alice") as browser, tools.api.program("alice") as program, tools.client("alice") as model:

        async def answered() -> tuple[int, int, int]:
            asked = await browser.get("/search"), await program.get("/api/v1/me"), await model.post("/mcp", json=search)
            return asked[0].status_code, asked[1].status_code, asked[2].status_code

        assert await answered() == (200, 200, 200)
        with reader.engine.begin() as db:
            membership.shut_out(db, owner, alice.id, reader.clock())
        assert await answered() == (303, 401, 401)
        with reader.engine.begin() as db:
            membership.let_in(db, owner, alice.id, reader.clock())
        # The session has ended; the keys, which its member can revoke then, count again.
        assert await answered() == (303, 200, 200)


async def test_a_question_is_narrowed_by_operators(tools: Served) -> None:
    within, _ = await tools.called("alice", "ask", question="space:ENG What about the broker of the merger?")
    beside, _ = await tools.called("alice", "ask", question="space:HR What about the broker of the merger?")
    assert "The broker of the merger. [1]" in within
    assert "do not answer this" in beside
