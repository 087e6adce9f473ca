"""The content and space family of v1: gone for OAuth, deprecated but alive for Basic. Read-only."""

from collections.abc import Callable

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, answer
from confluence_emulator.cloud.gate import Endpoint, Family
from confluence_emulator.cloud.v1 import shapes
from confluence_emulator.cloud.v1.paging import expand_of, integer, page
from confluence_emulator.cloud.v2.attached import is_inline
from confluence_emulator.state import Content, Kind, Space, Status

MAX_ROWS = 1000
MAX_LABELS = 200
MAX_START = 100_000
CHILD_FILES = 50
UNCAPPED = 1_000_000
LISTED = {Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT}


def visible(call: Call, name: str = "id") -> Content:
    """The content that the path names, if the caller may view it and it is not in the trash."""
    content = call.visible(call.part(name))
    if content is None or content.status is Status.TRASHED:
        raise refusals.v1_not_found(call.part(name))
    return content


def contents(call: Call) -> Response:
    """The contents of a type, of one space or all."""
    kind = call.one("type", "page")
    if kind == Kind.FOLDER:
        raise refusals.Refusal(501, {"statusCode": 501, "message": "Cannot fetch folders with ContentFinder"})
    if kind not in LISTED:
        raise refusals.v1_bad_request(f"Unsupported content type: {kind}")
    if integer(call, "start", 0) > MAX_START:
        raise refusals.v1_bad_request(f"start must not be greater than {MAX_START}")
    space_id = _space(call, call.one("spaceKey")).id if call.has("spaceKey") else ""
    status, title = call.one("status", "current"), call.one("title")
    rows = [
        content
        for content in call.site.listing(Kind(kind), space_id=space_id)
        if status in ("any", content.status)
        and title.casefold() in ("", content.title.casefold())
        and call.sight.content(content)
    ]
    expand = expand_of(call)
    return page(call, rows, lambda content: shapes.content(call, content, expand), limit=25, cap=MAX_ROWS)


def content(call: Call) -> Response:
    """One content; trashed ones only where `status` asks for them."""
    found = call.visible(call.part("id"))
    asked = call.many("status") or ["current", "archived"]
    if found is None or ("any" not in asked and found.status not in asked):
        raise refusals.v1_not_found(call.part("id"))
    expand = expand_of(call) if call.has("expand") else {"space": {}, "history": {}, "version": {}}
    shape = shapes.content(call, found, expand)
    shape["_links"] |= {"base": call.site.base_url, "context": "/wiki"}
    return answer(shape)


def labels(call: Call) -> Response:
    """The labels of a content."""
    found = visible(call)
    if integer(call, "limit", MAX_LABELS) == 0:
        raise refusals.v1_bad_request("limit must be greater than 0")
    rows = shapes.labels(call, found)["results"]
    return page(call, rows, lambda row: row, limit=MAX_LABELS, cap=MAX_LABELS)


def history(call: Call) -> Response:
    """Who made a content and who changed it last."""
    return answer(shapes.history(call, visible(call), {"lastUpdated": {}}))


def versions(call: Call) -> Response:
    """All versions, the newest first."""
    rows = visible(call).versions[::-1]
    return page(call, rows, lambda of: shapes.version(call, of), limit=MAX_LABELS, cap=MAX_LABELS)


def _children(kind: Kind, limit: int, cap: int) -> Callable[[Call], Response]:
    def children(call: Call) -> Response:
        rows = [child for child in call.site.children(visible(call).id) if child.kind is kind]
        return _shown(call, rows, limit, cap)

    return children


def _shown(call: Call, rows: list[Content], limit: int, cap: int) -> Response:
    expand = expand_of(call)
    seen = [row for row in rows if row.status is Status.CURRENT and call.sight.content(row)]
    return page(call, seen, lambda row: shapes.content(call, row, expand), limit=limit, cap=cap)


def child_attachments(call: Call) -> Response:
    """The attachments of a content."""
    rows = call.site.contained(visible(call).id, Kind.ATTACHMENT)
    name, media_type = call.one("filename"), call.one("mediaType")
    rows = [row for row in rows if name in ("", row.title) and media_type in ("", row.file.media_type)]
    return _shown(call, rows, CHILD_FILES, UNCAPPED)


def child_comments(call: Call) -> Response:
    """The comments of a content: root ones, or with `depth=all` the replies too."""
    above = visible(call)
    if above.kind is Kind.COMMENT:
        return _shown(call, call.site.children(above.id), 25, MAX_ROWS)
    everything = call.one("depth") == "all"
    places = call.many("location")
    rows = [
        row
        for row in call.site.contained(above.id, Kind.COMMENT)
        if (everything or row.parent_id is None) and (not places or _location(row) in places)
    ]
    return _shown(call, rows, 25, MAX_ROWS)


def _location(comment: Content) -> str:
    if not is_inline(comment):
        return "footer"
    return "resolved" if comment.remark is not None and comment.remark.resolution == "resolved" else "inline"


def descendants(call: Call) -> Response:
    """Everything of a kind below a content."""
    kind = call.part("type")
    above = visible(call)
    below = call.site.children(above.id)
    for child in below:
        below.extend(call.site.children(child.id))
    if kind in (Kind.COMMENT, Kind.ATTACHMENT):
        holders = [above, *below]
        rows = [row for holder in holders for row in call.site.contained(holder.id, Kind(kind))]
    else:
        rows = [row for row in below if row.kind == kind]
    return _shown(call, rows, 25, MAX_LABELS)


def _space(call: Call, key: str) -> Space:
    found = call.site.space_by_key(key)
    if found is None or not call.sight.space(found):
        raise refusals.v1_no_space(key)
    return found


def spaces(call: Call) -> Response:
    """The spaces the caller may view."""
    keys = {key.casefold() for key in call.many("spaceKey")}
    kind, status = call.one("type"), call.one("status")
    rows = [
        space
        for space in call.visible_spaces()
        if (not keys or space.key.casefold() in keys) and kind in ("", space.kind) and status in ("", space.status)
    ]
    expand = expand_of(call)
    return page(call, rows, lambda row: shapes.space(call, row, expand), limit=25, cap=MAX_ROWS)


def space(call: Call) -> Response:
    """One space by key, in any case."""
    shape = shapes.space(call, _space(call, call.part("key")), expand_of(call))
    shape["_links"] |= {"base": call.site.base_url, "context": "/wiki"}
    return answer(shape)


_ALL = ("read:confluence-content.all",)
_SUMMARY = ("read:confluence-content.summary", "read:confluence-content.all")
_SPACES = ("read:confluence-space.summary",)
_CHILD = "/rest/api/content/{id}/child"
ENDPOINTS = (
    Endpoint("/rest/api/content", contents, _SUMMARY, Family.OLD_V1),
    Endpoint("/rest/api/content/{id}", content, _SUMMARY, Family.OLD_V1),
    Endpoint("/rest/api/content/{id}/label", labels, _SUMMARY, Family.OLD_V1),
    Endpoint("/rest/api/content/{id}/history", history, _SUMMARY, Family.OLD_V1),
    Endpoint("/rest/api/content/{id}/version", versions, _SUMMARY, Family.OLD_V1),
    Endpoint(f"{_CHILD}/page", _children(Kind.PAGE, 25, UNCAPPED), _SUMMARY, Family.OLD_V1),
    Endpoint(f"{_CHILD}/folder", _children(Kind.FOLDER, 25, MAX_ROWS), _SUMMARY, Family.OLD_V1),
    Endpoint(f"{_CHILD}/attachment", child_attachments, _SUMMARY, Family.OLD_V1),
    Endpoint(f"{_CHILD}/comment", child_comments, _SUMMARY, Family.OLD_V1),
    Endpoint("/rest/api/content/{id}/descendant/{type}", descendants, _SUMMARY, Family.V1),
    Endpoint("/rest/api/space", spaces, _SPACES, Family.OLD_V1),
    Endpoint("/rest/api/space/{key}", space, _SPACES, Family.OLD_V1),
)
