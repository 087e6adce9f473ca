"""GET content, content/{id} and what hangs on one content: history, labels, children, descendants."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from starlette.requests import Request

from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.content_json import (
    CHILDREN,
    child_pages,
    children_json,
    contained,
    content_json,
    history_json,
    root_comments,
    single_json,
)
from confluence_emulator.datacenter.expansion import Expand, parse_expand
from confluence_emulator.datacenter.paging import integer, offset_page
from confluence_emulator.datacenter.refusals import Refused, no_content
from confluence_emulator.datacenter.shapes import label_json, type_of
from confluence_emulator.state import Content, Kind, Space, Status
from confluence_emulator.state.contents import TREE_KINDS

SINGLE_DEFAULT = ("history,space,version",)
MANY_IDS_SINCE = (10, 0)
LABEL_CAP = 200
KINDS: dict[str, frozenset[Kind]] = {
    "page": TREE_KINDS,
    "blogpost": frozenset({Kind.BLOGPOST}),
    "comment": frozenset({Kind.COMMENT}),
    "attachment": frozenset({Kind.ATTACHMENT}),
}
"""The types of Data Center and the kinds they show: whatever may stand in a tree is a page there."""


def statuses_of(request: Request, *, everything: frozenset[Status]) -> frozenset[Status]:
    """The states asked for with `status`, current by default; `any` means `everything`."""
    named = [name for text in request.query_params.getlist("status") for name in text.split(",") if name]
    if "any" in named:
        return everything
    known = {str(status): status for status in Status}
    unknown = [name for name in named if name not in known]
    if unknown:
        raise Refused(400, f"Unknown status: {unknown[0]}")
    return frozenset(known[name] for name in named) or frozenset({Status.CURRENT})


def kinds_of(name: str) -> frozenset[Kind]:
    """The kinds of a type's name; Refused 400 for another word."""
    if name not in KINDS:
        raise Refused(400, f"Unknown content type: {name}")
    return KINDS[name]


def expand_of(request: Request, default: Iterable[str] = ()) -> Expand:
    """What a request wants expanded."""
    return parse_expand(request.query_params.getlist("expand") or default)


def visible(
    caller: Caller, kinds: frozenset[Kind], statuses: frozenset[Status], space: Space | None = None
) -> Sequence[Content]:
    """The contents of a site or space in these states that the caller may view, by id; kept while nothing changes."""

    def make() -> Sequence[Content]:
        space_id = space.id if space is not None else ""
        listed = [each for kind in kinds for each in caller.site.listing(kind, space_id=space_id)]
        listed.sort(key=lambda each: each.number)
        return [each for each in listed if each.status in statuses and caller.sees(each)]

    key = (caller.user and caller.user.account_id, kinds, statuses, space and space.id)
    return caller.installation.kept(key, make)


def content_page(request: Request, caller: Caller, rows: Sequence[Content], *, default: int = 25) -> Json:
    """A page of contents with `expand`, under the caps that depend on it."""
    expand = expand_of(request)
    return offset_page(
        request, caller, rows, lambda each: content_json(each, caller, expand), default=default, cap=expand.cap
    )


def contents(request: Request, caller: Caller) -> Json:
    """GET content: by type, space, title, status; from 10.0 also by `ids`."""
    query = request.query_params
    states = statuses_of(request, everything=frozenset({Status.CURRENT, Status.TRASHED}))
    ids = [each for text in query.getlist("ids") for each in text.split(",") if each]
    if ids and caller.installation.release >= MANY_IDS_SINCE:
        known = (caller.site.contents.get(each) for each in dict.fromkeys(ids))
        return content_page(request, caller, [c for c in known if c and c.status in states and caller.sees(c)])
    space = caller.space(query["spaceKey"]) if query.get("spaceKey") else None
    rows = visible(caller, kinds_of(query.get("type", "page")), states, space)
    if title := query.get("title"):
        rows = [each for each in rows if each.title.casefold() == title.casefold()]
    if day := query.get("postingDay"):
        zone = caller.installation.zone
        rows = [each for each in rows if f"{each.created_at.astimezone(zone):%Y-%m-%d}" == day]
    return content_page(request, caller, rows)


def one_content(request: Request, caller: Caller) -> Json:
    """GET content/{id}: with `status=any` also in the trash; with `version` as it was."""
    states = statuses_of(request, everything=frozenset(Status))
    if "historical" in request.query_params.getlist("status"):
        states = frozenset({Status.CURRENT})
    content = caller.content(request.path_params["id"], states)
    number = integer(request, "version", 0)
    expand = expand_of(request, SINGLE_DEFAULT)
    if number in (0, content.version.number):
        return single_json(content, caller, expand)
    past = [version for version in content.versions if version.number <= number]
    if not past or past[-1].number != number:
        raise no_content(content.id)
    return {**single_json(replace(content, versions=past), caller, expand), "status": "historical"}


def history(request: Request, caller: Caller) -> Json:
    """GET content/{id}/history."""
    default = ("previousVersion,nextVersion,lastUpdated",)
    return history_json(caller.content(request.path_params["id"]), caller, expand_of(request, default))


def labels(request: Request, caller: Caller) -> Json:
    """GET content/{id}/label: 200 at a time."""
    prefixes = request.query_params.getlist("prefix")
    found = caller.content(request.path_params["id"]).labels
    rows = [label for label in found if not prefixes or label.prefix in prefixes]
    return offset_page(request, caller, rows, label_json, default=LABEL_CAP, cap=LABEL_CAP)


def children(request: Request, caller: Caller) -> Json:
    """GET content/{id}/child: the first of each expanded type."""
    return children_json(caller.content(request.path_params["id"]), caller, expand_of(request))


def children_of_type(request: Request, caller: Caller) -> Json:
    """GET content/{id}/child/page and child/attachment; attachments come 50 at a time and filter by name and type."""
    content, name = caller.content(request.path_params["id"]), request.path_params["type"]
    if name not in CHILDREN:
        raise Refused(400, f"Unknown content type: {name}")
    if name == "comment":
        return comments(request, caller)
    rows = CHILDREN[name](content, caller)
    if name == "attachment":
        wanted, media_type = request.query_params.get("filename"), request.query_params.get("mediaType")
        rows = [each for each in rows if wanted in (None, each.title) and media_type in (None, each.file.media_type)]
    return content_page(request, caller, rows, default=50 if name == "attachment" else 25)


def comments(request: Request, caller: Caller) -> Json:
    """GET content/{id}/child/comment: root comments, with `depth=all` replies too; by `location`, also several."""
    content = caller.content(request.path_params["id"])
    if content.kind is Kind.COMMENT:
        found = [each for each in caller.site.children(content.id) if each.status is Status.CURRENT]
    elif request.query_params.get("depth") == "all":
        found = contained(content, Kind.COMMENT, caller)
    else:
        found = root_comments(content, caller)
    locations = request.query_params.getlist("location")
    rows = [each for each in found if not locations or _location(each, caller) in locations]
    return content_page(request, caller, rows)


def descendants(request: Request, caller: Caller) -> Json:
    """GET content/{id}/descendant/{type}: pages at every depth below, or all comments."""
    content, name = caller.content(request.path_params["id"]), request.path_params["type"]
    if name == "page":
        return content_page(request, caller, list(_below(content, caller)))
    return content_page(request, caller, [each for each in _contained_in(content, caller) if type_of(each) == name])


def _contained_in(content: Content, caller: Caller) -> list[Content]:
    return [*contained(content, Kind.COMMENT, caller), *contained(content, Kind.ATTACHMENT, caller)]


def _below(content: Content, caller: Caller) -> Iterable[Content]:
    for child in child_pages(content, caller):
        yield child
        yield from _below(child, caller)


def _location(comment: Content, caller: Caller) -> str:
    root = comment
    while root.parent_id is not None:
        root = caller.site.contents[root.parent_id]
    if root.remark is None or not root.remark.inline:
        return "footer"
    return "resolved" if root.remark.resolution == "resolved" else "inline"
