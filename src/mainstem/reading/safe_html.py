"""The last gate before a reader's browser: an allow list of what our converter writes, and nothing beside it.

The converter escapes and cleans already. This gate knows neither it nor its input, so that a mistake there is no hole.
It narrows further: only our own classes, ids on headings and named places alone, pictures by http, boxes that nobody
can type into.
"""

from typing import Final

import nh3

from mainstem.reading.colours import CLASSES

_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_TAGS: Final = {
    *_HEADINGS,
    *("p", "ul", "ol", "li", "blockquote", "hr", "pre", "code", "div", "span", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "img", "br", "strong", "em", "u", "s", "sub", "sup", "small"),
    *("time", "input", "figure", "figcaption"),
}
_ATTRIBUTES: Final = {
    "a": {"href"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "time": {"datetime"},
    "input": {"checked"},
    "pre": {"data-language"},
    "div": {"data-macro", "data-include"},
    "span": {"data-macro", "data-colour"},
}
_PLACES: Final = {"span": {"id", "data-macro", "data-colour"}} | {heading: {"id"} for heading in _HEADINGS}
_PANELS: Final = {"panel", "info", "note", "tip", "warning", "error", "success"}
_INCLUDES: Final = ("include", "included", "bare", "missing")
_CLASSES: Final = {
    "div": {*_PANELS, *_INCLUDES, "columns", "column", "excerpt", "hidden", "properties", "unknown", "listing"},
    "p": {"panel-title", "source"},
    "ul": {"tasks", "decisions"},
    "li": {"decided"},
    "figure": {"code"},
    "code": {"formula", "display"},
    "a": {"mention"},
    "span": {"unresolved", "picture", "caption", "mention", "status", "issue", "macro", *CLASSES},
}
_BOX: Final = {"input": {"type": "checkbox", "disabled": "", "aria-label": "Task"}}
_SCHEMES: Final = {"http", "https", "mailto", "tel", "ftp", "sftp", "ssh", "file"}
_PICTURES: Final = ("http://", "https://", "/")


def safe(html: str, *, anchors: bool) -> str:
    """The fragment without anything that could run, load in secret, post, or pass for our own page.

    `anchors` False takes the ids away too: for the second fragment of a page, whose ids might be those of the first.
    """
    return (_WITH_ANCHORS if anchors else _WITHOUT).clean(html)


def _loads(_tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "src" or value.startswith(_PICTURES) else None


def _cleaner(attributes: dict[str, set[str]]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=attributes,
        attribute_filter=_loads,
        set_tag_attribute_values=_BOX,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


_WITH_ANCHORS: Final = _cleaner(_ATTRIBUTES | _PLACES)
_WITHOUT: Final = _cleaner(_ATTRIBUTES)
