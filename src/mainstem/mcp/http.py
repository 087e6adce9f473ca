"""The tools over HTTP, for whoever shows a key with each request. No cookie counts here, and no other site's page.

Requests stand alone: there are no sessions, so the methods that would keep one open are refused.
"""

from importlib import import_module
from typing import Any

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from mainstem.accounts.roles import Act, may
from mainstem.mcp.tools import MEMBER, Tools
from mainstem.wiring.callers import caller, key_in, same_site

NO_KEY = "Show an API key of yours: `Authorization: Bearer mst_...`. You make one in Mainstem, under API keys."


class Mcp:
    """ASGI application that serves the tools of one hub."""

    def __init__(self, tools: Tools, public_url: str = "") -> None:
        self._tools = tools
        self._public_url = public_url
        self._server: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        refusal = await self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        sdk = await anyio.to_thread.run_sync(import_module, "mainstem.mcp.server")
        if self._server is None:
            self._server = sdk.make_http_server(self._tools)
        await sdk.answer(self._server, scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        """Why a request is not answered; None when it is, and then its scope names who calls."""
        asked = Headers(scope=scope)
        if scope["path"] != "/mcp":
            return _told(404, "There is nothing here. The tools are at /mcp.")
        origin = asked.get("origin")
        if origin is not None and not same_site(origin, asked.get("host", ""), self._public_url):
            return _told(403, "This request came from another site, so it was refused.")
        holder = await anyio.to_thread.run_sync(caller, self._tools.reader, key_in(asked.get("authorization", "")))
        if holder is None:
            return _told(401, NO_KEY, {"WWW-Authenticate": "Bearer"})
        if not may(holder.member.role, Act.SEARCH_AND_READ):
            return _told(403, "Your role does not allow this.")
        if scope["method"] != "POST":
            return _told(405, "Call the tools by POST.", {"Allow": "POST"})
        scope[MEMBER] = holder.member
        return None


def _told(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    secure = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    content = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": message}}
    return JSONResponse(content, status, secure | (headers or {}))
