"""Confluence Cloud: v2 and v1 on the site's host, the same through the API gateway, and the media origin.

Read-only: contents change through the state's own functions or the control API.
"""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from confluence_emulator.cloud import refusals, v1, v2
from confluence_emulator.cloud.call import Served, answer
from confluence_emulator.cloud.gate import refused, routes
from confluence_emulator.cloud.media import serve_file

_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]

__all__ = ["Served", "cloud_routes"]


def cloud_routes(served: Served, *, elsewhere: str = "") -> Iterator[BaseRoute]:
    """Every route of Cloud, told apart by path alone, so that one server can play all of its hosts.

    elsewhere: a host (with its port) of the same server that is not Cloud's, where nobody must take it for Cloud.
    """

    async def tenant_info(request: Request) -> Response:
        if elsewhere and request.headers.get("host") == elsewhere:
            return refused(refusals.no_route(request.url.path))
        return answer({"cloudId": served.site.cloud_id})

    async def media(request: Request) -> Response:
        return await serve_file(served, request)

    yield Route("/_edge/tenant_info", tenant_info)
    yield Route("/file/{id}/binary", media)
    endpoints = (*v2.ENDPOINTS, *v1.ENDPOINTS)
    for gateway in (False, True):
        yield from routes(served, endpoints, gateway=gateway)
    yield Route("/wiki/rest/api/space/{key}/permission", _wrong_method, methods=_METHODS)
    yield Route("/wiki/{rest:path}", _unknown, methods=_METHODS)
    yield Route("/ex/confluence/{rest:path}", _unknown, methods=_METHODS)


async def _wrong_method(request: Request) -> Response:
    return refused(refusals.no_route(request.url.path, 405))


async def _unknown(request: Request) -> Response:
    return refused(refusals.no_route(request.url.path))
