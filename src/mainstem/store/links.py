"""Links as rows: where documents lead, kept so that what points to a page can be found."""

from typing import Any

from mainstem.wiki.documents import (
    AttachmentTarget,
    ContentTarget,
    HubTarget,
    PageTarget,
    PersonTarget,
    SpaceTarget,
    Target,
    UrlTarget,
)
from mainstem.wiki.page_addresses import page_address

_EMPTY: dict[str, Any] = {
    "content_id": None,
    "space_key": None,
    "title": None,
    "posting_day": None,
    "filename": None,
    "address": None,
    "anchor": "",
}


def columns_of(target: Target) -> dict[str, Any]:
    """The columns of `tables.links` for one target, all but the document and the ordinal."""
    match target:
        case PageTarget():
            return _EMPTY | {"kind": "page"} | _page(target)
        case ContentTarget():
            return _EMPTY | {"kind": "content"} | _page(target)
        case AttachmentTarget(filename=filename, page=page):
            return _EMPTY | {"kind": "attachment", "filename": filename} | ({} if page is None else _page(page))
        case SpaceTarget(key=key):
            return _EMPTY | {"kind": "space", "space_key": key}
        case PersonTarget(id=person):
            return _EMPTY | {"kind": "person", "address": person}
        case UrlTarget(url=url):
            meant = page_address(url)
            return _EMPTY | (columns_of(meant.target) if meant else {}) | {"kind": "url", "address": url}
        case HubTarget(href=href):
            return _EMPTY | {"kind": "hub", "address": href}


def _page(target: PageTarget | ContentTarget) -> dict[str, Any]:
    if isinstance(target, ContentTarget):
        return {"content_id": target.content_id, "anchor": target.anchor}
    return {
        "content_id": target.content_id,
        "space_key": target.space_key,
        "title": target.title,
        "posting_day": target.posting_day,
        "anchor": target.anchor,
    }
