"""What the installation says of itself, and the files it hands out."""

import re
from html import unescape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.installation import Installation
from confluence_emulator.datacenter.paging import integer
from confluence_emulator.datacenter.refusals import Refused, no_content
from confluence_emulator.state import Content, Kind, Version

MARKUP = re.compile(r"<[^>]+>")


def build_number(installation: Installation) -> int:
    """A build number that grows with the version: 9.2.1 is 9201."""
    major, minor, patch = (*installation.release, 0, 0)[:3]
    return major * 1000 + minor * 100 + patch


def server_information(_: Request, caller: Caller) -> Json:
    """GET server-information: version and address, for whoever is signed in."""
    if caller.user is None:
        raise Refused(401, "The calling user is not authenticated")
    build = build_number(caller.installation)
    return {
        "baseUrl": caller.installation.base_url,
        "version": caller.installation.version,
        "buildNumber": build,
        "marketplaceBuildNumber": build,
        "buildDate": "2026-01-15",
    }


def login_page(_: Request, caller: Caller) -> Response:
    """GET login.action: the page whose head tells the version to anyone."""
    installation = caller.installation
    head = (
        f'<meta name="ajs-version-number" content="{installation.version}">'
        f'<meta name="ajs-build-number" content="{build_number(installation)}">'
        f'<meta name="ajs-context-path" content="{installation.context}">'
    )
    return HTMLResponse(
        f"<!DOCTYPE html><html><head>{head}<title>Log In - Confluence</title></head><body></body></html>"
    )


def download(request: Request, caller: Caller) -> Response:
    """GET download/attachments/{id}/{file name}: the bytes, of an older version with `version`."""
    content_id, name = request.path_params["id"], request.path_params["name"]
    held = caller.site.contained(content_id, Kind.ATTACHMENT)
    found = next((each for each in held if each.title == name and caller.sees(each)), None)
    if found is None:
        raise no_content(content_id)
    number = integer(request, "version", found.version.number)
    version = next((each for each in found.versions if each.number == number), None)
    if version is None:
        raise no_content(found.id)
    return _bytes_of(version)


def extracted_text(request: Request, caller: Caller) -> Json:
    """GET content/{id}/child/attachment/{attachment}/extractedtext: the text of attachments that are text."""
    attachment = caller.content(request.path_params["attachment"])
    if attachment.container_id != request.path_params["id"]:
        raise no_content(attachment.id)
    return {"extractedText": _text_of(attachment)}


def _bytes_of(version: Version) -> Response:
    if version.file is None:
        raise Refused(404, "The attachment has no data")
    disposition = f"attachment; filename*=UTF-8''{quote(version.title, safe='')}"
    return Response(version.file.data, media_type=version.file.media_type, headers={"Content-Disposition": disposition})


def _text_of(attachment: Content) -> str:
    if not attachment.file.media_type.startswith("text/"):
        return ""
    return unescape(MARKUP.sub(" ", attachment.file.data.decode("utf-8", "replace")))
