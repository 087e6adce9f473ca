"""The content tree of v2: folders and their like, ancestors, children, descendants, and ids turned into types."""

from collections.abc import Callable, Iterator

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, answer
from confluence_emulator.cloud.gate import Endpoint
from confluence_emulator.cloud.v2 import shapes
from confluence_emulator.cloud.v2.attached import is_inline
from confluence_emulator.cloud.v2.contents import content_of
from confluence_emulator.cloud.v2.paging import limit_of, numbered
from confluence_emulator.state import Content, Kind, Status

DEPTH, DEEPEST = 2, 10
IN_TREES = (Status.CURRENT, Status.ARCHIVED)
NOUNS = {
    Kind.PAGE: "pages",
    Kind.FOLDER: "folders",
    Kind.WHITEBOARD: "whiteboards",
    Kind.DATABASE: "databases",
    Kind.EMBED: "embeds",
}


def _node(kind: Kind) -> Callable[[Call], Response]:
    return lambda call: answer(shapes.single(call, shapes.node(call, content_of(call, kind, kind))))


def _seen_children(call: Call, above: Content) -> list[Content]:
    return [child for child in call.site.children(above.id) if child.status in IN_TREES and call.sight.content(child)]


def _child(content: Content) -> shapes.Json:
    return {
        "id": content.id,
        "status": content.status,
        "title": content.title,
        "type": content.kind,
        "childPosition": content.position,
    }


def _direct_children(kind: Kind) -> Callable[[Call], Response]:
    return lambda call: numbered(call, _seen_children(call, content_of(call, kind, kind)), _child)


def children(call: Call) -> Response:
    """The child pages of a page: folders, and whatever stands below them, are silently left out."""
    above = content_of(call, Kind.PAGE, "page")

    def shape(content: Content) -> shapes.Json:
        told = _child(content)
        del told["type"]
        return {**told, "spaceId": content.space_id}

    return numbered(call, [child for child in _seen_children(call, above) if child.kind is Kind.PAGE], shape)


def _ancestors(kind: Kind) -> Callable[[Call], Response]:
    def ancestors(call: Call) -> Response:
        # Names what the caller may not open, too; there is no cursor: the nearest ones are given, the topmost first.
        above = call.site.ancestors(content_of(call, kind, kind))
        rows = [{"id": one.id, "type": one.kind} for one in above[-limit_of(call) :]]
        return answer({"results": rows, "_links": {"base": call.site.base_url}})

    return ancestors


def _descendants(kind: Kind) -> Callable[[Call], Response]:
    def descendants(call: Call) -> Response:
        text = call.one("depth", str(DEPTH))
        depth = int(text) if text.isascii() and text.isdigit() else 0
        if not 1 <= depth <= DEEPEST:
            raise refusals.v2(400, f"Invalid value for depth: {text}. It must be between 1 and {DEEPEST}")
        return numbered(call, _levels(call, content_of(call, kind, kind), depth), lambda shape: shape)

    return descendants


def _levels(call: Call, above: Content, depth: int) -> Iterator[shapes.Json]:
    level = [above]
    for at in range(1, depth + 1):
        level = [child for parent in level for child in _seen_children(call, parent)]
        for child in level:
            yield {**_child(child), "parentId": child.parent_id, "depth": at}


def convert_ids(call: Call) -> Response:
    """The type of each content id; null for what the caller may not view."""
    ids = call.body.get("contentIds") if isinstance(call.body, dict) else None
    if not isinstance(ids, list):
        raise refusals.v2(400, "contentIds must be given")
    return answer({"results": {str(content_id): _type(call, str(content_id)) for content_id in ids}})


def _type(call: Call, content_id: str) -> str | None:
    content = call.visible(content_id)
    if content is None:
        return None
    if content.kind is Kind.COMMENT:
        return "inline-comment" if is_inline(content) else "footer-comment"
    return content.kind


_TREE = ("read:hierarchical-content:confluence",)
_METADATA = ("read:content.metadata:confluence",)
ENDPOINTS = (
    *(
        Endpoint(f"/api/v2/{path}/{{id}}", _node(kind), (f"read:{kind}:confluence",))
        for kind, path in NOUNS.items()
        if kind is not Kind.PAGE
    ),
    Endpoint("/api/v2/pages/{id}/children", children, ("read:page:confluence",)),
    *(
        Endpoint(f"/api/v2/{path}/{{id}}/direct-children", _direct_children(kind), _TREE)
        for kind, path in NOUNS.items()
    ),
    *(Endpoint(f"/api/v2/{path}/{{id}}/descendants", _descendants(kind), _TREE) for kind, path in NOUNS.items()),
    *(Endpoint(f"/api/v2/{path}/{{id}}/ancestors", _ancestors(kind), _METADATA) for kind, path in NOUNS.items()),
    Endpoint("/api/v2/content/convert-ids-to-types", convert_ids, _METADATA, method="POST"),
)
