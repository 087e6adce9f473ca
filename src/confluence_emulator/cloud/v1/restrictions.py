"""Who may read or edit one content, directly, and the oracle that says whether somebody may."""

import hashlib

from starlette.responses import Response

from confluence_emulator.cloud import refusals
from confluence_emulator.cloud.call import Call, answer
from confluence_emulator.cloud.gate import Endpoint, Family
from confluence_emulator.cloud.v1 import shapes
from confluence_emulator.cloud.v1.contents import visible
from confluence_emulator.cloud.v1.paging import Expand, expand_of, integer
from confluence_emulator.state import Content, Principal, PrincipalKind, Sight
from confluence_emulator.state.visibility import may_use

OPERATIONS = ("read", "update")
DEFAULT_WINDOW, WIDEST_WINDOW = 100, 200
BOTH_LISTS: Expand = {"restrictions": {"user": {}, "group": {}}}


def _lists(call: Call, operation: str) -> Expand:
    """Which of the two lists are asked for; with and without the operation in front."""
    if not call.has("expand"):
        return BOTH_LISTS
    given = expand_of(call)
    merged: Expand = {}
    for tree in (given, given.get(operation, {})):
        if "restrictions" in tree:
            merged.setdefault("restrictions", {}).update(tree["restrictions"])
    return merged


def _links(call: Call) -> dict[str, str]:
    return {"self": f"{call.site.base_url}{call.path('')}", "base": call.site.base_url, "context": "/wiki"}


def by_operation(call: Call) -> Response:
    """Both operations by name, each list cut at 200: a full list is the signal to page."""
    content = visible(call)
    told = {name: shapes.restriction(call, content, name, _lists(call, name)) for name in OPERATIONS}
    return answer({**told, "_links": _links(call)})


def of_operation(call: Call) -> Response:
    """One operation, with `start` and `limit` for both lists."""
    content, operation = visible(call), call.part("operation")
    if operation not in OPERATIONS:
        raise refusals.v1_bad_request(f"Invalid operation: {operation}")
    window = (integer(call, "start", 0), min(integer(call, "limit", DEFAULT_WINDOW), WIDEST_WINDOW))
    shape = shapes.restriction(call, content, operation, _lists(call, operation), window)
    return answer({**shape, "_links": _links(call)})


def restrictions(call: Call) -> Response:
    """Both operations as a list."""
    content = visible(call)
    rows = [shapes.restriction(call, content, name, _lists(call, name)) for name in OPERATIONS]
    limit = integer(call, "limit", DEFAULT_WINDOW)
    told = {"results": rows, "start": 0, "limit": limit, "size": len(rows)}
    return answer({**told, "restrictionsHash": _hash(content), "_links": _links(call)})


def _hash(content: Content) -> str:
    return hashlib.sha256(repr((content.readers, content.editors)).encode()).hexdigest()


def check(call: Call) -> Response:
    """Whether a user or a group may do something to a content: the only official oracle."""
    content = visible(call)
    asked = call.body if isinstance(call.body, dict) else {}
    subject, operation = asked.get("subject", {}), asked.get("operation")
    kind, identifier = subject.get("type"), subject.get("identifier", "")
    if kind not in ("user", "group") or operation not in OPERATIONS:
        raise refusals.v1_bad_request("subject and operation must be given")
    wrong = _user_lacks(call, identifier, content) if kind == "user" else _group_lacks(call, identifier, content)
    errors = [{"translation": wrong, "args": []}] if wrong else []
    return answer({"hasPermission": not errors, "errors": errors, "_links": _links(call)})


def _user_lacks(call: Call, account_id: str, content: Content) -> str:
    user = call.site.users.get(account_id)
    if user is None or not may_use(call.site, user):
        return "User is not allowed to use Confluence"
    sight = Sight(call.site, user)
    if not sight.space(call.site.spaces[content.space_id]):
        return "User does not have permission to the space"
    return "" if sight.content(content) else "User does not have permission to the content"


def _group_lacks(call: Call, group_id: str, content: Content) -> str:
    space = call.site.spaces[content.space_id]
    group = Principal(PrincipalKind.GROUP, group_id)
    if not any(grant.principal == group and grant.operation == "read" for grant in space.grants.values()):
        return "Group does not have permission to the space"
    rules = [one.readers for one in (*call.site.ancestors(content), content) if one.readers is not None]
    passed = all(group_id in rule.groups for rule in rules)
    return "" if passed else "Group does not have permission to the content"


_ALL = ("read:confluence-content.all", "read:content.restriction:confluence")
_BASE = "/rest/api/content/{id}/restriction"
ENDPOINTS = (
    Endpoint(_BASE, restrictions, _ALL, Family.V1),
    Endpoint(f"{_BASE}/byOperation", by_operation, _ALL, Family.V1),
    Endpoint(f"{_BASE}/byOperation/{{operation}}", of_operation, _ALL, Family.V1),
    Endpoint(
        "/rest/api/content/{id}/permission/check",
        check,
        ("read:confluence-content.permission",),
        Family.V1,
        method="POST",
    ),
)
