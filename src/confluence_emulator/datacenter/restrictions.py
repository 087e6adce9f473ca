"""Who may view or edit one content: the restrictions set on it, and those it inherits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request

from confluence_emulator.datacenter.callers import Caller, Json
from confluence_emulator.datacenter.expansion import Expand, parse_expand
from confluence_emulator.datacenter.paging import integer
from confluence_emulator.datacenter.refusals import Refused, wrong_type
from confluence_emulator.datacenter.shapes import group_json, person_json
from confluence_emulator.state import Content, Kind, Restriction

Member = TypeVar("Member")
EMBEDDED_LIMIT = 200
OPERATIONS = ("read", "update")


@dataclass(frozen=True, slots=True)
class Part:
    """Which stretch of the members is shown."""

    start: int = 0
    limit: int = EMBEDDED_LIMIT


def of_operation(content: Content, operation: str) -> Restriction:
    """The restriction of one operation, empty if there is none."""
    restriction = content.readers if operation == "read" else content.editors
    return restriction or Restriction()


def restrictions_json(content: Content, caller: Caller, expand: Expand) -> Json:
    """The restrictions of both operations by operation; those not expanded stand in `_expandable`."""
    links = {name: f"/rest/api/content/{content.id}/restriction/byOperation/{name}" for name in OPERATIONS}
    answer: Json = {name: operation_json(content, name, caller, expand[name]) for name in OPERATIONS if name in expand}
    answer["_expandable"] = {name: link for name, link in links.items() if name not in expand}
    answer["_links"] = {"self": f"{caller.installation.base_url}/rest/api/content/{content.id}/restriction/byOperation"}
    return answer


def operation_json(content: Content, operation: str, caller: Caller, expand: Expand, part: Part | None = None) -> Json:
    """One operation's restriction. Members come with `restrictions.user` and `restrictions.group`, 200 at a time."""
    part = part or Part()
    restriction = of_operation(content, operation)
    asked = expand["restrictions"]
    members: Json = {"_expandable": {name: "" for name in ("user", "group") if name not in asked}}
    if "user" in asked:
        members["user"] = _listed(restriction.users, lambda account_id: person_json(account_id, caller), part)
    if "group" in asked:
        groups = caller.site.groups
        named = [groups[group_id] for group_id in restriction.groups if group_id in groups]
        members["group"] = _listed(named, lambda group: group_json(group, caller), part)
    return {
        "operation": operation,
        "restrictions": members,
        "_links": {
            "self": f"{caller.installation.base_url}/rest/api/content/{content.id}/restriction/byOperation/{operation}"
        },
        "_expandable": {"content": f"/rest/api/content/{content.id}"},
    }


def by_operation(request: Request, caller: Caller) -> Json:
    """GET content/{id}/restriction/byOperation: both operations, with both lists unless `expand` says otherwise."""
    content = _restrictable(request, caller)
    every = [f"{name}.restrictions.{who}" for name in OPERATIONS for who in ("user", "group")]
    expand = parse_expand(request.query_params.getlist("expand") or every)
    answer = {name: operation_json(content, name, caller, expand[name]) for name in OPERATIONS}
    return {**answer, "_links": {"self": f"{caller.installation.base_url}{_path(content)}/byOperation"}}


def of_one_operation(request: Request, caller: Caller) -> Json:
    """GET content/{id}/restriction/byOperation/{operation}: one list, paged by `start` and `limit`."""
    content = _restrictable(request, caller)
    operation = request.path_params["operation"]
    if operation not in OPERATIONS:
        raise Refused(400, f"Unknown operation: {operation}")
    part = Part(integer(request, "start", 0), min(integer(request, "limit", 100), EMBEDDED_LIMIT))
    expand = parse_expand(request.query_params.getlist("expand") or ["restrictions.user,restrictions.group"])
    return operation_json(content, operation, caller, expand, part)


def relevant_view_restrictions(request: Request, caller: Caller) -> Json:
    """GET content/{id}/restriction/relevantViewRestrictions: its own view restriction and each inherited one.

    One entry for each restricted content, its own first. What the documents say of this answer's form is at odds with
    what its only known reader expects; this is the reader's form.
    """
    content = _restrictable(request, caller)
    above = reversed(caller.site.ancestors(content))
    restricted = [each for each in (content, *above) if each.readers is not None]
    expand = parse_expand(["restrictions.user,restrictions.group"])
    start, limit = integer(request, "start", 0), min(integer(request, "limit", 50), 50)
    chosen = restricted[start : start + limit]
    rows = [
        {**operation_json(each, "read", caller, expand), "content": {"id": each.id, "title": each.title}}
        for each in chosen
    ]
    return {"viewContentRestrictions": {"results": rows, "start": start, "limit": limit, "size": len(rows)}}


def _restrictable(request: Request, caller: Caller) -> Content:
    content = caller.content(request.path_params["id"])
    if content.kind in (Kind.COMMENT, Kind.ATTACHMENT):
        raise wrong_type(content.kind)
    return content


def _path(content: Content) -> str:
    return f"/rest/api/content/{content.id}/restriction"


def _listed(members: list[Member], shape: Callable[[Member], object], part: Part) -> Json:
    chosen = members[part.start : part.start + part.limit]
    return {
        "results": [shape(member) for member in chosen],
        "start": part.start,
        "limit": part.limit,
        "size": len(chosen),
    }
