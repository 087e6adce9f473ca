"""GET space, space/{key} and the contents of a space."""

from starlette.requests import Request

from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.contents import content_page, expand_of, kinds_of, visible
from confluence_emulator.datacenter.expansion import Expand
from confluence_emulator.datacenter.paging import offset_page
from confluence_emulator.datacenter.refusals import Refused
from confluence_emulator.datacenter.shapes import space_json
from confluence_emulator.state import Content, Space, Status

SPACE_CAP = 500
CURRENT = frozenset({Status.CURRENT})


def spaces(request: Request, caller: Caller) -> Json:
    """GET space: by key, type, status; at most 500 at once, and the next link of a capped page falls one short."""
    query, expand = request.query_params, _expand(request, caller)
    keys = {key.casefold() for name in ("spaceKey", "spaceKeys") for key in _words(request, name)}
    ids = {*_words(request, "spaceId"), *_words(request, "spaceIds")}
    kind, status = query.get("type"), query.get("status")

    def wanted(space: Space) -> bool:
        return (
            (not keys or space.key.casefold() in keys)
            and (not ids or str(space.number) in ids)
            and kind in (None, "personal" if space.kind == "personal" else "global")
            and status in (None, str(space.status))
            and caller.sight.space(space)
        )

    rows = sorted(filter(wanted, caller.site.spaces.values()), key=lambda space: space.number)
    undercount = int(caller.installation.quirks.undercounted_spaces)
    return offset_page(
        request, caller, rows, lambda space: space_json(space, caller, expand), cap=SPACE_CAP, undercount=undercount
    )


def one_space(request: Request, caller: Caller) -> Json:
    """GET space/{key}."""
    return space_json(caller.space(request.path_params["key"]), caller, _expand(request, caller))


def contents_of_space(request: Request, caller: Caller) -> Json:
    """GET space/{key}/content: pages and blog posts, each with its own paging."""
    space = caller.space(request.path_params["key"])
    return {name: content_page(request, caller, _rows(request, caller, space, name)) for name in ("page", "blogpost")}


def contents_of_type(request: Request, caller: Caller) -> Json:
    """GET space/{key}/content/{type}, with `depth=root` only the top of the tree."""
    space = caller.space(request.path_params["key"])
    return content_page(request, caller, _rows(request, caller, space, request.path_params["type"]))


def _rows(request: Request, caller: Caller, space: Space, name: str) -> list[Content]:
    root_only = request.query_params.get("depth") == "root"
    rows = visible(caller, kinds_of(name), CURRENT, space)
    return [each for each in rows if not root_only or each.parent_id is None]


def _words(request: Request, name: str) -> list[str]:
    return [word for text in request.query_params.getlist(name) for word in text.split(",") if word]


def _expand(request: Request, caller: Caller) -> Expand:
    """What to expand; permissions cannot be expanded by anyone but administrators, and the server breaks instead."""
    expand = expand_of(request)
    if "permissions" in expand and not caller.admin:
        raise Refused(500, "Internal server error")
    return expand
