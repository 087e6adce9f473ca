"""The addresses that people open, relative to the site's base, as `_links` give them."""

import base64
import struct
from urllib.parse import quote, quote_plus

from confluence_emulator.state import Content, Kind, Site, Space


def space_url(space: Space) -> str:
    """A space's home."""
    return f"/spaces/{space.key}" if space.kind == "personal" else f"/spaces/{space.key}/overview"


def web_url(site: Site, content: Content) -> str:
    """Where a person reads a content. Titles beyond ASCII are left out of the address."""
    space = site.spaces[content.space_id]
    if content.kind is Kind.COMMENT:
        above = web_url(site, site.container(content))
        return f"{above}?focusedCommentId={content.id}"
    if content.kind is Kind.ATTACHMENT:
        container = content.container_id
        return f"/pages/viewpageattachments.action?pageId={container}&preview=%2F{container}%2F{content.number}"
    if content.kind is Kind.BLOGPOST:
        return f"/spaces/{space.key}/blog/{content.created_at:%Y/%m/%d}/{content.id}{_slug(content)}"
    if content.kind is Kind.PAGE:
        home = content.id == space.homepage_id
        return f"/spaces/{space.key}/overview" if home else f"/spaces/{space.key}/pages/{content.id}{_slug(content)}"
    return f"/spaces/{space.key}/{content.kind}/{content.id}"


def _slug(content: Content) -> str:
    return f"/{quote_plus(content.title)}" if content.title.isascii() and content.title else ""


def tiny_url(content: Content) -> str:
    """The short address that Confluence derives from the id."""
    packed = base64.b64encode(struct.pack("<Q", content.number)).decode().rstrip("=").rstrip("A")
    return "/x/" + packed.replace("/", "-").replace("+", "_")


def download_url(content: Content) -> str:
    """The route that redirects to an attachment's file."""
    return f"/rest/api/content/{content.container_id}/child/attachment/{content.id}/download"


def old_download_url(content: Content) -> str:
    """The older address of a file, which works on the site's host alone."""
    at = int(content.modified_at.timestamp() * 1000)
    tail = f"?version={content.version.number}&modificationDate={at}&cacheVersion=1&api=v2"
    return f"/download/attachments/{content.container_id}/{quote(content.title)}{tail}"
