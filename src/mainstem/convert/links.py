"""Targets from `ri:*` elements and addresses, and what an emitter shows for them.

Only addresses that cannot run code leave here: http, https, mailto, tel, ftp, and those without a scheme.
"""

import re
from datetime import date
from typing import Final
from urllib.parse import unquote

from lxml.etree import _Element as Element

from mainstem.convert import nodes
from mainstem.convert.flow import Flow, collapsed, line_of, walk
from mainstem.wiki.conversion import ImageForm
from mainstem.wiki.documents import (
    AttachmentTarget,
    ContentTarget,
    Destination,
    HubTarget,
    LinkResolver,
    PageTarget,
    PersonTarget,
    SpaceTarget,
    Target,
    UrlTarget,
)

_RI: Final = "{ri}"
_SAFE: Final = frozenset({"http", "https", "mailto", "tel", "ftp", "sftp", "ssh", "file"})
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_INVISIBLE: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]")
_DAY: Final = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")


def safe(url: str) -> str:
    """The address with blanks encoded, or "" when its scheme is not one of ours."""
    if url.startswith(("https://", "http://")) and url.isascii() and url.isprintable() and " " not in url:
        return url  # nearly all are like this
    bare = _INVISIBLE.sub("", url)
    scheme = _SCHEME.match(bare)
    if scheme and scheme[1].lower() not in _SAFE:
        return ""
    return bare if bare == url else url.strip().replace(" ", "%20").translate(_CONTROLS)


_CONTROLS: Final = dict.fromkeys((*range(32), *range(127, 160)))


def target_in(element: Element, anchor: str = "") -> Target | None:
    """The target that the first `ri:*` child of `element` names, if any."""
    for child in element:
        if child.tag in _TARGETS:
            return target_of(child, anchor)
    return None


def target_of(element: Element, anchor: str = "") -> Target | None:
    """The target that an `ri:*` element names; None when it names nothing."""
    make = _TARGETS.get(str(element.tag))
    return make(element, anchor) if make else None


def _page(element: Element, anchor: str) -> Target | None:
    title = element.get("{ri}content-title")
    content_id = element.get("{ri}content-id")
    if not title:
        return ContentTarget(content_id, anchor) if content_id else None
    return PageTarget(title, element.get("{ri}space-key") or None, content_id or None, _day(element), anchor)


def _day(element: Element) -> date | None:
    written = element.get("{ri}posting-day")
    parts = _DAY.match(written) if written else None
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


def _content(element: Element, anchor: str) -> Target | None:
    content_id = element.get("{ri}content-id")
    return ContentTarget(content_id, anchor) if content_id else None


def _attachment(element: Element, _: str) -> Target | None:
    filename, file_id = element.get("{ri}filename"), element.get("{ri}file-id")
    page = target_in(element)
    if not filename and not file_id:
        return None
    return AttachmentTarget(filename or "", page if isinstance(page, PageTarget | ContentTarget) else None, file_id)


def _space(element: Element, _: str) -> Target | None:
    key = element.get("{ri}space-key")
    return SpaceTarget(key) if key else None


def _person(element: Element, _: str) -> Target | None:
    identity = element.get("{ri}account-id") or element.get("{ri}userkey") or element.get("{ri}username")
    return PersonTarget(identity) if identity else None


def _url(element: Element, _: str) -> Target | None:
    url = element.get("{ri}value")
    return UrlTarget(url) if url else None


_TARGETS: Final = {
    "{ri}page": _page,
    "{ri}blog-post": _page,
    "{ri}content-entity": _content,
    "{ri}attachment": _attachment,
    "{ri}space": _space,
    "{ri}user": _person,
    "{ri}url": _url,
    "{ri}shortcut": _url,
}


def mention(element: Element, flow: Flow) -> None:
    """`ri:user`, wherever it stands: a mention."""
    person = target_of(element)
    if isinstance(person, PersonTarget):
        flow.reading.links[person] = None
        flow.run.append(nodes.Mention(person, element.get("{ri}username") or ""))


def confluence_link(element: Element, flow: Flow) -> None:
    """`ac:link` in all its forms."""
    anchor = unquote(element.get("{ac}anchor") or "")
    inner = flow.inner()
    target: Target | None = None
    username = ""
    if element.text and element.text.strip():
        inner.text(element.text)
    for child in element:
        tag = child.tag
        if tag in ("{ac}link-body", "{ac}plain-text-link-body"):
            walk(child, inner)
        elif tag in _TARGETS:
            target = target_of(child, anchor)
            username = child.get("{ri}username") or ""
        elif tag == "{ri}anchor":
            anchor = child.get("{ri}anchor") or anchor
        else:
            flow.reading.elements["{ac}link-body"](child, inner)
        if child.tail and child.tail.strip():
            inner.text(child.tail)
    if isinstance(target, PersonTarget) and not _says(inner):
        flow.run.append(nodes.Mention(target, username))
        remember(target, flow)
    else:
        _add(flow, inner, target, anchor)


def remember(target: Target | None, flow: Flow) -> None:
    """Count a target among those that the document leads to, unless its address could run code."""
    if target is not None and (type(target) is not UrlTarget or safe(target.url)):
        flow.reading.links[target] = None


def _add(flow: Flow, inner: Flow, target: Target | None, anchor: str) -> None:
    remember(target, flow)
    if target is None and not anchor:
        flow.wrap(inner, _unlinked)
    elif not _says(inner):
        flow.run.append(nodes.Link(target, (anchor,) if target is None else (), anchor if target is None else ""))
    else:
        flow.wrap(inner, lambda content: nodes.Link(target, content, anchor if target is None else ""))


def _says(inner: Flow) -> bool:
    return bool(inner.blocks) or any(type(part) is not str or part.strip() for part in inner.run)


def _unlinked(content: tuple[nodes.Inline, ...]) -> nodes.Inline:
    return content[0] if len(content) == 1 else nodes.UnknownSpan("{ac}link", (), content)


def html_link(element: Element, flow: Flow) -> None:
    """`a`: a link when it has an address, a place when it has only a name."""
    href = (element.get("href") or "").strip()
    if not href:
        if name := element.get("name") or element.get("id"):
            flow.run.append(nodes.Anchor(flow.reading.ids.give(name)))
        walk(element, flow)
        return
    if href.startswith("#"):
        target, anchor = None, href[1:]
    else:
        target, anchor = UrlTarget(href), ""
        remember(target, flow)
    if not len(element) and element.text and not flow.verbatim:
        if target is not None and element.text == href and element.get("data-card-appearance"):
            flow.run.append(nodes.Link(target))  # a card stands apart from the words beside it
            return
        flow.run.append(nodes.Link(target, (collapsed(element.text),), anchor))
        return
    content = flow.inner()
    walk(element, content)
    if content.run or content.blocks:
        flow.wrap(content, lambda inline: nodes.Link(target, inline, anchor))
    elif target is not None and element.get("data-card-appearance"):
        flow.run.append(nodes.Link(target))


def image(element: Element, flow: Flow) -> None:
    """`ac:image`; one with a caption or a layout is a block of its own, however it was stored."""
    target = target_in(element)
    link = element.get("{ac}href")
    caption: tuple[nodes.Inline, ...] = ()
    for child in element:
        if child.tag == "{ac}caption":
            caption = line_of(child, flow)
    alone = bool(caption) or element.get("{ac}layout") is not None
    if alone:
        flow.close()
    _picture(element, flow, target, "{ac}", caption, UrlTarget(link) if link else None)
    if alone:
        flow.close()


def html_image(element: Element, flow: Flow) -> None:
    """`img`."""
    source = element.get("src")
    _picture(element, flow, UrlTarget(source) if source else None, "", (), None)


def _picture(
    element: Element,
    flow: Flow,
    target: Target | None,
    prefix: str,
    caption: tuple[nodes.Inline, ...],
    link: Target | None,
) -> None:
    form = flow.reading.options.images
    if form is ImageForm.DROP:
        flow.run.append(" ")
        return
    alt, title, width, height = (element.get(prefix + name) or "" for name in ("alt", "title", "width", "height"))
    if form is ImageForm.ALT:
        alt = alt or title or (name_of(target) if isinstance(target, AttachmentTarget) else "")
        target = link = None
    for place in (target, link):
        remember(place, flow)
    if target is not None or alt or title or caption:
        flow.run.append(nodes.Image(target, alt, title, width, height, caption, link))


def shown(target: Target, links: LinkResolver) -> Destination:
    """Where a target leads and what to call it; `href` "" when it leads nowhere for this reader."""
    found = links.resolve(target)
    title = name_of(target)
    if found is None:
        return Destination("", title)
    href = safe(found.href)
    return Destination(href, (found.title if type(target) is not UrlTarget or found.title else "") or title)


def name_of(target: Target) -> str:
    """What storage itself tells a reader about a target; "" for bare ids."""
    match target:
        case UrlTarget(url=url):
            return url
        case PageTarget(title=title):
            return title
        case AttachmentTarget(filename=filename):
            return filename or "unnamed file"
        case SpaceTarget(key=key):
            return key
        case HubTarget(title=title):
            return title
        case _:
            return ""
