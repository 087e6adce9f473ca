"""Attachments and comments of v2: site-wide, per container, one by id, replies and versions."""

from collections.abc import Callable

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, among, answer
from confluence_emulator.cloud.gate import Endpoint
from confluence_emulator.cloud.v2 import shapes
from confluence_emulator.cloud.v2.contents import SINGLE_FORMATS, body_format, content_of, statuses
from confluence_emulator.cloud.v2.paging import content_page, page_of, sort_of
from confluence_emulator.state import Content, Kind, Version

ATTACHMENT_STATUSES = ("current", "archived", "trashed")
COMMENT_STATUSES = ("current", "archived", "trashed", "deleted", "historical", "draft")
RESOLUTIONS = ("resolved", "open", "dangling", "reopened")
DATES = ("created-date", "modified-date")
ATTACHMENTS_A_PAGE = 50

Containers = tuple[tuple[str, Kind, str], ...]
_PAGES_AND_POSTS: Containers = (("pages", Kind.PAGE, "page"), ("blogposts", Kind.BLOGPOST, "blog post"))


def _wanted_attachment(call: Call) -> Callable[[Content], bool]:
    wanted = statuses(call, ("current", "archived"), ATTACHMENT_STATUSES)
    name, media_type = call.one("filename"), call.one("mediaType")
    return lambda content: (
        content.status in wanted and name in ("", content.title) and media_type in ("", content.file.media_type)
    )


def attachments(call: Call) -> Response:
    """All attachments, 50 a page unless asked otherwise."""
    return content_page(
        call,
        Kind.ATTACHMENT,
        _wanted_attachment(call),
        lambda content: shapes.attachment(call, content),
        sort=sort_of(call, DATES, "created-date"),
        default=ATTACHMENTS_A_PAGE,
    )


def attachment(call: Call) -> Response:
    """One attachment."""
    return answer(shapes.single(call, shapes.attachment(call, content_of(call, Kind.ATTACHMENT, "attachment"))))


def _attachments_of(kind: Kind, noun: str) -> Callable[[Call], Response]:
    def attachments_of(call: Call) -> Response:
        container = content_of(call, kind, noun)
        wanted = _wanted_attachment(call)
        rows = [content for content in call.site.contained(container.id, Kind.ATTACHMENT) if wanted(content)]
        return _within(call, rows, lambda content: shapes.attachment(call, content), default=ATTACHMENTS_A_PAGE)

    return attachments_of


def _within(call: Call, rows: list[Content], shape: Callable[[Content], shapes.Json], *, default: int = 25) -> Response:
    field, descending = sort_of(call, DATES, "created-date")
    seen = [content for content in rows if call.sight.content(content)]
    key = call.site.sort_key
    return page_of(call, seen, shape, lambda c: key(c, field), descending=descending, default=default, dated=True)


def is_inline(content: Content) -> bool:
    """Whether a comment is about marked text."""
    return content.remark is not None and content.remark.inline


def _comments(*, inline: bool) -> Callable[[Call], Response]:
    def comments(call: Call) -> Response:
        representation = body_format(call)
        return content_page(
            call,
            Kind.COMMENT,
            lambda content: content.status == "current" and is_inline(content) is inline,
            lambda content: shapes.comment(call, content, representation),
            sort=sort_of(call, DATES, "created-date"),
        )

    return comments


def _comments_of(kind: Kind, noun: str, *, inline: bool) -> Callable[[Call], Response]:
    def comments_of(call: Call) -> Response:
        container = content_of(call, kind, noun)
        return _listed(call, call.site.contained(container.id, Kind.COMMENT), inline=inline, parent_id=None)

    return comments_of


def _listed(call: Call, comments: list[Content], *, inline: bool, parent_id: str | None) -> Response:
    representation = body_format(call)
    wanted = statuses(call, ("current",), COMMENT_STATUSES)
    resolutions = call.many("resolution-status")
    wrong = among("resolution-status", resolutions, RESOLUTIONS)
    if wrong:
        raise refusals.v2(400, wrong)
    rows = [
        content
        for content in comments
        if content.status in wanted
        and content.parent_id == parent_id
        and is_inline(content) is inline
        and (not resolutions or (content.remark is not None and content.remark.resolution in resolutions))
    ]
    return _within(call, rows, lambda content: shapes.comment(call, content, representation))


def _comment_of(call: Call, name: str, *, inline: bool) -> Content:
    content = content_of(call, Kind.COMMENT, "comment", name)
    if is_inline(content) is not inline:
        raise refusals.v2(404, f"Cannot find a comment with id [{content.id}]")
    return content


def _comment(*, inline: bool) -> Callable[[Call], Response]:
    def comment(call: Call) -> Response:
        representation = body_format(call, SINGLE_FORMATS)
        content = _comment_of(call, "id", inline=inline)
        return answer(shapes.single(call, shapes.comment(call, content, representation)))

    return comment


def _replies(*, inline: bool) -> Callable[[Call], Response]:
    def replies(call: Call) -> Response:
        above = _comment_of(call, "id", inline=inline)
        return _listed(call, call.site.children(above.id), inline=inline, parent_id=above.id)

    return replies


def _versions(noun: str, find: Callable[[Call], Content]) -> Callable[[Call], Response]:
    def versions(call: Call) -> Response:
        content = find(call)
        representation = body_format(call)
        _, descending = sort_of(call, ("modified-date",), "-modified-date")

        def shape(of: Version) -> shapes.Json:
            named = {"id": content.id, "title": of.title}
            told = {} if content.kind is Kind.ATTACHMENT else {"body": shapes.body(of, representation)}
            return {**shapes.version(of), noun: {**named, **told}}

        return page_of(call, content.versions, shape, lambda of: (of.number, 0), descending=descending)

    return versions


_READ = ("read:comment:confluence",)
_FILES = ("read:attachment:confluence",)


def _comment_endpoints(word: str, *, inline: bool) -> tuple[Endpoint, ...]:
    base = f"/api/v2/{word}-comments"

    def find(call: Call) -> Content:
        return _comment_of(call, "id", inline=inline)

    containers = _PAGES_AND_POSTS if inline else (*_PAGES_AND_POSTS, ("attachments", Kind.ATTACHMENT, "attachment"))
    return (
        Endpoint(base, _comments(inline=inline), _READ),
        Endpoint(f"{base}/{{id}}", _comment(inline=inline), _READ),
        Endpoint(f"{base}/{{id}}/children", _replies(inline=inline), _READ),
        Endpoint(f"{base}/{{id}}/versions", _versions("comment", find), _READ),
        *(
            Endpoint(f"/api/v2/{path}/{{id}}/{word}-comments", _comments_of(kind, noun, inline=inline), _READ)
            for path, kind, noun in containers
        ),
    )


ENDPOINTS = (
    Endpoint("/api/v2/attachments", attachments, _FILES),
    Endpoint("/api/v2/attachments/{id}", attachment, _FILES),
    Endpoint(
        "/api/v2/attachments/{id}/versions",
        _versions("attachment", lambda call: content_of(call, Kind.ATTACHMENT, "attachment")),
        _FILES,
    ),
    *(
        Endpoint(f"/api/v2/{path}/{{id}}/attachments", _attachments_of(kind, noun), _FILES)
        for path, kind, noun in _PAGES_AND_POSTS
    ),
    *_comment_endpoints("footer", inline=False),
    *_comment_endpoints("inline", inline=True),
)
