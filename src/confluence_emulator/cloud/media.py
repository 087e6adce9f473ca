"""The media origin: hands out files to whoever has the token, and to nobody who brings other credentials."""

from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import Response

from confluence_emulator.cloud.call import Served
from confluence_emulator.cloud.v1.files import token


async def serve_file(served: Served, request: Request) -> Response:
    """The bytes of one version of an attachment; 400 where an Authorization header was passed on."""
    if "authorization" in request.headers:
        return Response("Only one auth mechanism allowed", 400, media_type="text/plain")
    content = served.site.contents.get(request.path_params["id"])
    number = request.query_params.get("version", "")
    version = next((known for known in content.versions if str(known.number) == number), None) if content else None
    given = request.query_params.get("token", "")
    if content is None or version is None or version.file is None:
        return Response("Not Found", 404, media_type="text/plain")
    if not compare_digest(given, token(served.site, content, version)):
        return Response("Forbidden", 403, media_type="text/plain")
    return Response(version.file.data, media_type=version.file.media_type)
