"""The words that a document shows, found without the converter: by expat in storage format, by `json` in ADF, by
`html.parser` in HTML.

It knows which elements hold parameters and ids, and which ones part words; nothing else.
"""

import json
import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from markdown_it import MarkdownIt

from mainstem.wiki.documents import Converted

WORD = re.compile(r"[^\W_]+")
_NOTHINGS = re.compile("[\xad\u200b\ufeff]")
_SKIPPED = {
    *("ac:parameter", "ac:default-parameter", "ac:task-id", "ac:task-uuid", "ac:task-status", "ac:placeholder"),
    *("ac:adf-attribute", "ac:adf-fallback", "ac:adf-mark", "script", "style"),
}
_INLINE = {
    *("a", "b", "strong", "em", "i", "u", "s", "del", "ins", "sub", "sup", "span", "code", "font", "small", "big"),
    *("ac:link", "ac:link-body", "ac:plain-text-link-body", "ac:inline-comment-marker", "ac:placeholder"),
}
_OUTSIDE_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)|&([A-Za-z]+[0-9]*);", re.DOTALL)
_KEPT = {"amp", "lt", "gt", "quot", "apos"}


def _without_names(source: str) -> str:
    """Named characters as themselves, except in CDATA."""
    return _OUTSIDE_CDATA.sub(
        lambda found: found[0] if found[1] or found[2] in _KEPT else unescape(found[0]).replace("&", "&amp;"), source
    )


def _is_skipped(tag: str) -> bool:
    return tag in _SKIPPED or tag.startswith("fab:")


def _gap(tag: str) -> str:
    return "" if tag in _INLINE or (tag.startswith("ri:") and tag != "ri:user") else " "


def _raised(parts: list[str], place: int) -> None:
    """Part a raised number, whose pieces begin at `place`, from what stands before: ten to the ninth is no 109."""
    if re.fullmatch(r"[+\-\u2212]?[0-9]+", _NOTHINGS.sub("", "".join(parts[place:]))):
        parts.insert(place, " ")


def counted(text: str) -> Counter[str]:
    """The words of a text; soft hyphens and zero-width spaces are no part of them."""
    return Counter(WORD.findall(_NOTHINGS.sub("", text)))


def in_storage(source: str) -> Counter[str]:
    """The words between the tags of a sound document in storage format."""
    parts: list[str] = []
    raised: list[int] = []
    skipped = 0

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal skipped
        skipped += _is_skipped(tag)
        parts.append(_gap(tag))
        if tag == "sup":
            raised.append(len(parts))

    def end(tag: str) -> None:
        nonlocal skipped
        skipped -= _is_skipped(tag)
        if tag == "sup":
            _raised(parts, raised.pop())
        parts.append(_gap(tag))

    def text(data: str) -> None:
        if not skipped:
            parts.append(data)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(f"<root>{_without_names(source)}</root>", True)
    return counted("".join(parts))


def in_adf(source: str) -> Counter[str]:
    """The words of the text nodes of a sound document in ADF, and of the attributes that a reader sees as text."""
    return counted(_said(json.loads(source)))


def _said(node: dict[str, Any]) -> str:
    kind, attributes = node.get("type"), node.get("attrs") or {}
    if kind == "text":
        said = [str(node.get("text", ""))]
        if any((mark.get("attrs") or {}).get("type") == "sup" for mark in node.get("marks") or ()):
            _raised(said, 0)
        return "".join(said)
    seen = {"status": "text", "expand": "title", "nestedExpand": "title", "media": "alt"}
    inside = "".join(map(_said, [*node.get("content", []), *filter(None, [attributes.get("originalValue")])]))
    return f" {attributes.get(seen.get(str(kind), ''), '')} {inside} " if kind != "placeholder" else ""


class _Shown(HTMLParser):
    """What a page shows: its text, alternative texts of pictures, languages aside."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.raised: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append("" if tag in _INLINE else " ")
        self.parts.extend(f" {value} " for name, value in attrs if name in ("alt", "title") and value)
        if tag == "sup":
            self.raised.append(len(self.parts))

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup" and self.raised:
            _raised(self.parts, self.raised.pop())
        self.parts.append("" if tag in _INLINE else " ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def shown(html: str) -> str:
    """The text of an HTML fragment, with blanks where blocks part it."""
    page = _Shown()
    page.feed(html)
    page.close()
    return "".join(page.parts)


def rendered(markdown: str) -> str:
    """The text of Markdown as a renderer of CommonMark and GitHub's tables shows it."""
    return shown(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def in_passages(converted: Converted) -> Counter[str]:
    """The words of all passages, each heading path counted where it first stands."""
    paths = {
        (passage.anchor, *passage.heading_path[: depth + 1])
        for passage in converted.passages
        for depth in range(len(passage.heading_path))
    }
    texts = [passage.text for passage in converted.passages]
    return counted("\n".join([*texts, *(path[-1] for path in paths)]))
