"""The tools of a hub over HTTP, and models that call them: Alice's, Bob's (may read less), Charlie's (outsider)."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from mainstem.mcp.http import Mcp
from mainstem.mcp.tools import Tools
from mainstem.web.addresses import Ours
from tests.api.conftest import Api, api, key_of
from tests.web.conftest import ORIGIN, hub, unfounded

__all__ = ["api", "hub", "unfounded"]

HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}


@dataclass
class Served:
    """The tools of the small wiki."""

    api: Api
    app: Mcp

    def client(self, who: str = "", **headers: str) -> httpx.AsyncClient:
        """A client that shows somebody's key; "" for none."""
        shown = {"Authorization": f"Bearer {key_of(self.api.reader, f'{who}@hub.example')}"} if who else {}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=HEADERS | shown | headers)

    async def asked(self, who: str, method: str, **params: Any) -> dict[str, Any]:
        """What a model of somebody is answered."""
        async with self.client(who) as client:
            answer = await client.post("/mcp", json=request(method, **params))
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result

    async def called(self, who: str, tool: str, **arguments: Any) -> tuple[str, bool]:
        """The text that a tool gives a model of somebody, and whether it is an error."""
        result = await self.asked(who, "tools/call", name=tool, arguments=arguments)
        return "".join(each["text"] for each in result["content"]), bool(result.get("isError"))


def request(method: str, **params: Any) -> dict[str, Any]:
    """A request as the protocol has it."""
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


@pytest.fixture
def tools(api: Api) -> Served:
    return Served(api, Mcp(Tools(api.reader, Ours())))
