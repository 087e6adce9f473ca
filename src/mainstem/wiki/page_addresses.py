"""What an address of a Confluence site means: a page, a file or a space, in the words of Cloud and of Data Center.

Pure. Which site an address is of, and what stands there for whom, is for others to say. What is not understood here -
people, searches, macros' own addresses - stays an address.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from mainstem.wiki.documents import AttachmentTarget, ContentTarget, PageTarget, SpaceTarget

InSite = PageTarget | ContentTarget | AttachmentTarget | SpaceTarget


@dataclass(frozen=True, slots=True)
class PageAddress:
    """An address understood. `site` is what stands before Confluence's own path, without a slash at its end.

    It is "" for an address that is relative to its site's host, and then the context path, if there is one.
    """

    site: str
    target: InSite


_KEY: Final = r"~?[^/?#]+"
_TINY: Final = re.compile(r"[A-Za-z0-9_-]{1,11}")
_LONGEST: Final = 4_000
_WIDEST: Final = 8
"""Bytes of an id in a tiny address."""


def page_address(url: str) -> PageAddress | None:
    """What an address, whole or relative to its site, means; None for all that names no page, file or space."""
    if len(url) > _LONGEST:
        return None
    try:
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query, max_num_fields=50).items()}
    except ValueError:
        return None
    if parts.scheme not in {"http", "https", ""} or (parts.scheme and not parts.netloc):
        return None
    for form, read in _FORMS:
        if (found := form.search(parts.path)) and (target := read(found, query, _anchor(parts.fragment))):
            host = f"{parts.scheme}://{parts.netloc}" if parts.scheme else parts.netloc and f"//{parts.netloc}"
            return PageAddress(f"{host}{parts.path[: found.start()]}".rstrip("/"), target)
    return None


def _anchor(fragment: str) -> str:
    return unquote(fragment)


Query = dict[str, str]
Reader = Callable[["re.Match[str]", Query, str], InSite | None]


def _by_id(found: "re.Match[str]", _: Query, anchor: str) -> InSite:
    return ContentTarget(found["id"], anchor)


def _action(_: "re.Match[str]", query: Query, anchor: str) -> InSite | None:
    if (id_ := query.get("pageId", "")).isdigit():
        return ContentTarget(id_, anchor)
    if query.get("spaceKey") and query.get("title"):
        return PageTarget(query["title"], query["spaceKey"], anchor=anchor)
    return None


def _tiny(found: "re.Match[str]", _: Query, anchor: str) -> InSite | None:
    """Ids in base 64, the lowest byte first, without the zeros at the end; two signs differ from what is usual."""
    if not _TINY.fullmatch(found["tiny"]):
        return None
    written = found["tiny"].replace("_", "+").replace("-", "/").ljust(11, "A") + "="
    try:
        number = int.from_bytes(base64.b64decode(written, validate=True)[:_WIDEST], "little")
    except binascii.Error:
        return None
    return ContentTarget(str(number), anchor) if number else None


def _titled(found: "re.Match[str]", _: Query, anchor: str) -> InSite:
    return PageTarget(unquote_plus(found["title"]), _key(found), anchor=anchor)


def _posted(found: "re.Match[str]", _: Query, anchor: str) -> InSite | None:
    try:
        day = date(*(int(found[part]) for part in ("year", "month", "day")))
    except ValueError:
        return None
    return PageTarget(unquote_plus(found["title"]), _key(found), posting_day=day, anchor=anchor)


def _file(found: "re.Match[str]", _: Query, __: str) -> InSite:
    return AttachmentTarget(unquote_plus(found["name"]), ContentTarget(found["id"]))


def _space(found: "re.Match[str]", _: Query, __: str) -> InSite:
    return SpaceTarget(_key(found))


def _space_named(_: "re.Match[str]", query: Query, __: str) -> InSite | None:
    return SpaceTarget(query["key"]) if query.get("key") else None


def _key(found: "re.Match[str]") -> str:
    return unquote(found["key"])


_FORMS: Final[tuple[tuple["re.Pattern[str]", Reader], ...]] = tuple(
    (re.compile(form), read)
    for form, read in (
        (r"/spaces/viewspace\.action$", _space_named),
        (rf"/spaces/(?P<key>{_KEY})/pages/(?:edit-v2/|edit/)?(?P<id>\d+)(?=/|$)", _by_id),
        (rf"/spaces/(?P<key>{_KEY})/blog/(?:\d+/\d+/\d+/)?(?P<id>\d+)(?=/|$)", _by_id),
        (rf"/spaces/(?P<key>{_KEY})/(?:folder|whiteboard|database|embed)/(?P<id>\d+)(?=/|$)", _by_id),
        (rf"/spaces/(?P<key>{_KEY})(?:/overview|/pages|/blog)?/?$", _space),
        (r"/(?:pages|spaces)/(?:view|edit|copy|release|diff)\w*\.action$", _action),
        (r"/x/(?P<tiny>[\w-]+)/?$", _tiny),
        (r"/download/(?:attachments|thumbnails)/(?P<id>\d+)/(?P<name>[^/]+)$", _file),
        (r"/rest/api/content/\d+/child/attachment/(?P<id>(?:att)?\d+)/download$", _by_id),
        (
            rf"/display/(?P<key>{_KEY})/(?P<year>\d{{4}})/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<title>[^/]+)/?$",
            _posted,
        ),
        (rf"/display/(?P<key>{_KEY})/(?P<title>[^/]+)/?$", _titled),
        (rf"/display/(?P<key>{_KEY})/?$", _space),
    )
)
"""In this order; each is looked for behind whatever context path there is."""
