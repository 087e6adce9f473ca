"""Where an attachment's bytes are: a redirect to another origin, with a token and without the caller's credentials."""

import hashlib
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call
from confluence_emulator.cloud.gate import Endpoint, Family
from confluence_emulator.cloud.v1.contents import visible
from confluence_emulator.state import Content, Kind, Site, Version

REDIRECTED = 302


def token(site: Site, content: Content, version: Version) -> str:
    """The word that opens one version of one file on the media origin."""
    return hashlib.sha256(f"{site.cloud_id}:{content.id}:{version.number}".encode()).hexdigest()


def _redirect(call: Call, content: Content) -> Response:
    number = call.one("version")
    found = [known for known in content.versions if number in ("", str(known.number))]
    if not found or found[-1].file is None:
        raise refusals.v1_not_found(content.id)
    version = found[-1]
    query = urlencode({"token": token(call.site, content, version), "version": version.number, "client": "confluence"})
    url = f"{call.served.media_url}/file/{content.id}/binary?{query}"
    return RedirectResponse(url, REDIRECTED)


def download(call: Call) -> Response:
    """Redirect to an attachment's file."""
    content = visible(call, "attachment_id")
    if content.kind is not Kind.ATTACHMENT or content.container_id != call.part("id"):
        raise refusals.v1_not_found(call.part("attachment_id"))
    return _redirect(call, content)


def old_download(call: Call) -> Response:
    """The older address, by page and file name: a page of the site that the gateway does not pass on."""
    if call.gateway:
        raise refusals.no_route(call.path())
    container = visible(call)
    for content in call.site.contained(container.id, Kind.ATTACHMENT):
        if content.title == call.part("name") and call.sight.content(content):
            return _redirect(call, content)
    raise refusals.v1_not_found(container.id)


_FILES = ("readonly:content.attachment:confluence",)
ENDPOINTS = (
    Endpoint("/rest/api/content/{id}/child/attachment/{attachment_id}/download", download, _FILES, Family.V1),
    Endpoint("/download/attachments/{id}/{name}", old_download, (), Family.V1),
)
