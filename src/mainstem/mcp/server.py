"""The tools as the protocol's SDK serves them. No other module imports it, so it is loaded at the first call."""

from collections.abc import Callable
from typing import Annotated, Any

import anyio.to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.types import Receive, Scope, Send

from mainstem.accounts.members import Member
from mainstem.mcp.tools import MEMBER, NOTHING, Hits, Tools

AT_ONCE = 50
LARGEST_BODY = 100_000
INSTRUCTIONS = (
    "Mainstem holds what an organisation wrote in Confluence, as far as the member whose key is shown may read it. "
    "Search first, then read the documents that fit; cite their sources. In a document, a link to /documents/12 "
    "leads to the document whose id is 12."
)
LOOKS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Query = Annotated[
    str,
    Field(
        max_length=1000,
        description='Words, "phrases", -exclusions and operators such as space:ENG property:owner=mara updated:<30d.',
    ),
]

Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1000,
        description="A question in words; operators before it, as in search, narrow where it is looked for: "
        "space:ENG type:page label:howto.",
    ),
]


def make_server(tools: Tools, member_of: Callable[[Context], Member | None]) -> MCPServer[Any]:
    """A server of these tools. `member_of` says who calls, at each call; None is refused."""
    server: MCPServer[Any] = MCPServer("Mainstem", title="Mainstem", instructions=INSTRUCTIONS, log_level="WARNING")

    def calling(context: Context) -> Member:
        member = member_of(context)
        if member is None:
            raise ToolError("This API key lets nobody in any more. Make another one in Mainstem, under API keys.")
        return member

    @server.tool(title="Search Confluence", annotations=LOOKS)
    def search(
        context: Context,
        query: Query,
        limit: Annotated[int, Field(ge=1, le=AT_ONCE)] = 10,
        offset: Annotated[int, Field(ge=0, le=10_000)] = 0,
    ) -> Hits:
        """Find documents by words, among all that you may read. Without words, operators list the newest first."""
        return tools.search(calling(context), query, limit, offset)

    @server.tool(title="Read a document", annotations=LOOKS, structured_output=False)
    def read(
        context: Context,
        document_id: Annotated[int, Field(ge=1, le=2**63 - 1)],
        section: Annotated[str, Field(max_length=250, description="One section alone, as search names it.")] = "",
    ) -> str:
        """Read a document, or one section of it, as Markdown, with its source in Confluence."""
        text = tools.read(calling(context), document_id, section)
        if text is None:
            raise ToolError(NOTHING)
        return text

    @server.tool(title="Ask a question", annotations=LOOKS, structured_output=False)
    async def ask(context: Context, question: Question) -> str:
        """Answer a question from the documents that you may read, each sentence with the passage it rests on."""
        member = await anyio.to_thread.run_sync(calling, context)
        return await tools.ask(member, question)

    return server


def make_http_server(tools: Tools) -> MCPServer[Any]:
    """A server for requests whose scope names who calls."""

    def member_of(context: Context) -> Member | None:
        request = context.request_context.request
        found = None if request is None else request.scope.get(MEMBER)
        return found if isinstance(found, Member) else None

    return make_server(tools, member_of)


async def answer(server: MCPServer[Any], scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request: no session outlives it, so no key is trusted longer than it lasts."""
    app = server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=LARGEST_BODY,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    async with server.session_manager.run():
        await app(scope, receive, send)
