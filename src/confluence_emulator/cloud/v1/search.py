"""CQL search of v1, with its traps: `start` is ignored, pages come up short, `totalSize` drifts, `next` forgets.

A short page loses nothing: the rest comes with the next one. Only a missing `next` is the end.
"""

import base64
import binascii
import html
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from confluence_emulator.cloud import refusals, urls
from confluence_emulator.cloud.call import Call, answer
from confluence_emulator.cloud.gate import Endpoint, Family
from confluence_emulator.cloud.refusals import Refusal
from confluence_emulator.cloud.v1 import shapes
from confluence_emulator.cloud.v1.paging import Expand, expand_of, page
from confluence_emulator.cloud.v2.shapes import instant
from confluence_emulator.cql import CqlError, SearchResult
from confluence_emulator.state import Content, Space, Status, User
from confluence_emulator.state.visibility import may_use

MAX_ROWS, MAX_EXPANDED_ROWS, MAX_BODIES, MAX_RENDERED = 250, 200, 50, 25
RENDERED = frozenset({"export_view", "styled_view", "anonymous_export_view"})
SHORTENED_FROM = 20
EXCERPT_LENGTH = 300

MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|<[^>]+>")
ASKED_WORDS = re.compile(r"~\s*[\"']([^\"']*)[\"']")


@dataclass(frozen=True)
class _Window:
    """One page of hits: where it starts, the limit in force, how many rows it gives, and which page it is."""

    offset: int
    limit: int
    rows: int
    turn: int


def _hits(call: Call) -> SearchResult:
    text = call.one("cql")
    if not text.strip():
        raise refusals.v1_bad_request("CQL was not parseable: cql must not be empty")
    if any(not words.strip() for words in ASKED_WORDS.findall(text)):
        raise Refusal(500, {"statusCode": 500, "message": "java.lang.IllegalArgumentException: empty search text"})
    archived = call.one("includeArchivedSpaces") == "true"
    try:
        return call.served.index.search(text, viewer=call.user, now=call.site.now(), archived_spaces=archived)
    except CqlError as error:
        raise refusals.v1_bad_request(f"Could not parse cql : {text}: {error}") from None


def _cursor(call: Call) -> tuple[int, int]:
    """The offset and the turn that the cursor names. `start` moves nothing."""
    if not call.has("cursor"):
        return 0, 0
    try:
        _, _, rest = call.one("cursor").partition("_t_")
        offset, turn = base64.urlsafe_b64decode(rest.partition("_h_")[0]).decode().split(":")
        return int(offset), int(turn)
    except (ValueError, binascii.Error):
        raise refusals.v1_bad_request("Invalid cursor") from None


def _window(call: Call, expand: Expand) -> _Window:
    text = call.one("limit", "25")
    if not text.isascii() or not text.isdigit():
        raise Refusal(404, "")
    bodies = expand.get("body", {})
    cap = MAX_EXPANDED_ROWS if expand else MAX_ROWS
    if bodies:
        cap = MAX_BODIES if RENDERED.isdisjoint(bodies) else MAX_RENDERED
    limit = min(int(text), cap)
    offset, turn = _cursor(call)
    missing = (2, 9, 0)[turn % 3] if limit >= SHORTENED_FROM else 0
    return _Window(offset, limit, limit - missing, turn)


def _links(call: Call, window: _Window, total: int) -> dict[str, Any]:
    path = call.path("")
    links = {"base": call.site.base_url, "context": "/wiki", "self": f"{call.site.base_url}{path}"}
    behind = window.offset + window.rows
    if behind < total and window.rows:
        place = base64.urlsafe_b64encode(f"{behind}:{window.turn + 1}".encode()).decode()
        query = [
            ("next", "true"),
            ("cursor", f"_t_{place}_h_{place}"),
            ("limit", window.limit),
            ("start", behind),
            *call.others("next", "cursor", "limit", "start", "excerpt"),
        ]
        links["next"] = f"{path}?{urlencode(query)}"
    return links


def search(call: Call) -> Response:
    """Rows about contents and spaces; `expand` starts with `content.`."""
    hits = _hits(call).hits
    expand = expand_of(call, below="content")
    window = _window(call, expand)
    shown = hits[window.offset : window.offset + window.rows]
    words = [word for asked in ASKED_WORDS.findall(call.one("cql")) for word in asked.split()]
    body = {
        "results": [_row(call, hit, words, expand) for hit in shown],
        "start": window.offset,
        "limit": window.limit,
        "size": len(shown),
        "totalSize": max(len(hits) + 3 - window.turn, len(shown)),
        "cqlQuery": call.one("cql"),
        "searchDuration": 12,
        "_links": _links(call, window, len(hits)),
    }
    return answer(body)


def _row(call: Call, hit: Content | Space, words: list[str], expand: Expand) -> shapes.Json:
    if isinstance(hit, Space):
        entity: shapes.Json = {"space": shapes.space(call, hit, {})}
        title, url, icon, at, text = hit.name, urls.space_url(hit), "space", hit.created_at, hit.description
        space = hit
    else:
        entity = {"content": shapes.content(call, hit, expand)}
        title, url, icon, at = hit.title, urls.web_url(call.site, hit), str(hit.kind), hit.modified_at
        text, space = hit.body or "", call.site.spaces[hit.space_id]
    return {
        **entity,
        "title": _marked(title, words),
        "excerpt": _excerpt(call, text, words),
        "url": url,
        "resultGlobalContainer": {"title": space.name, "displayUrl": f"/spaces/{space.key}"},
        "breadcrumbs": [],
        "entityType": "space" if isinstance(hit, Space) else "content",
        "iconCssClass": f"content-type-{icon}",
        "lastModified": instant(at),
        "friendlyLastModified": f"{at:%b %d, %Y}",
        "score": 0.0,
    }


def _marked(text: str, words: list[str], *, escape: bool = True) -> str:
    shown = html.escape(text) if escape else text
    for word in words:
        pattern = re.compile(rf"\b({re.escape(word.strip('*'))})\b", re.IGNORECASE)
        shown = pattern.sub(r"@@@hl@@@\1@@@endhl@@@", shown)
    return shown


def _excerpt(call: Call, storage: str, words: list[str]) -> str:
    style = call.one("excerpt", "highlight")
    if style == "none":
        return ""
    text = " ".join(html.unescape(MARKUP.sub(" ", storage)).split())[:EXCERPT_LENGTH]
    return _marked(text, words if style.startswith("highlight") else [], escape=not style.endswith("unescaped"))


def content_search(call: Call) -> Response:
    """Contents directly; `expand` as on contents. One unreadable ancestor fails the whole page of results."""
    found = _hits(call).contents
    expand = expand_of(call)
    window = _window(call, expand)
    shown = found[window.offset : window.offset + window.rows]
    if "restrictions" in expand.get("ancestors", {}):
        for hit in shown:
            _check_ancestors(call, hit)
    body = {
        "results": [shapes.content(call, hit, expand) for hit in shown],
        "start": window.offset,
        "limit": window.limit,
        "size": len(shown),
        "_links": _links(call, window, len(found)),
    }
    return answer(body)


def _check_ancestors(call: Call, hit: Content) -> None:
    """CONFCLOUD-77618: an ancestor that is somebody's draft takes every other row with it."""
    for above in call.site.ancestors(hit):
        if above.status is Status.DRAFT and call.visible(above.id) is None:
            raise refusals.v1_no_content(f"No content with id <ContentId{{id={above.id}}}> can be found")


def user_search(call: Call) -> Response:
    """People by `user.fullname ~ "..."`, paged by offset."""
    words = ASKED_WORDS.findall(call.one("cql"))
    if not words:
        raise refusals.v1_bad_request(f"Could not parse cql : {call.one('cql')}")
    wanted = words[0].casefold().rstrip("*")
    found = [user for user in call.site.users.values() if wanted in user.display_name.casefold()]
    shown = [user for user in found if may_use(call.site, user)]
    extra = {"totalSize": len(shown), "cqlQuery": call.one("cql"), "searchDuration": 3}
    return page(call, shown, lambda user: _user_row(call, user), limit=25, cap=MAX_ROWS, extra=extra)


def _user_row(call: Call, user: User) -> shapes.Json:
    return {
        "user": shapes.user(call, user),
        "title": html.escape(user.display_name),
        "excerpt": "",
        "url": f"/people/{user.account_id}",
        "breadcrumbs": [],
        "entityType": "user",
        "iconCssClass": "aui-icon content-type-profile",
        "lastModified": instant(call.site.now()),
        "score": 0.0,
    }


_SEARCH = ("search:confluence",)
ENDPOINTS = (
    Endpoint("/rest/api/search", search, _SEARCH, Family.SEARCH),
    Endpoint("/rest/api/search/user", user_search, ("read:content-details:confluence",), Family.SEARCH),
    Endpoint("/rest/api/content/search", content_search, _SEARCH, Family.SEARCH),
)
