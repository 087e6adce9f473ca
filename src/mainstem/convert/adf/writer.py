"""Writes the elements of storage format, and nests what ADF tells flat: the marks on each stretch of a line."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, TypeAlias

from lxml import etree
from lxml.etree import _Element as Element

from mainstem.convert.flow import DEEPEST

Node: TypeAlias = Mapping[str, Any]
Style: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""An element that a mark becomes: its tag and attributes."""

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FARTHEST: Final = 100
"""Neighbours that are looked at to find which of several marks lasts longest."""

_MARKED: Final = frozenset({"text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "inlineExtension"})
_STYLES: Final[dict[str, Style]] = {
    "strong": ("strong", ()),
    "em": ("em", ()),
    "underline": ("u", ()),
    "strike": ("s", ()),
    "code": ("code", ()),
}
_PAGES: Final = frozenset({"page", "blogpost", "blog-post"})
_ID: Final = re.compile(r"/pages/(?:edit(?:-v2)?/|viewpage\.action\?pageId=)?(\d+)", re.ASCII)


class Writer:
    """Elements in the order in which they are written, below one root. `nodes` writes each type of node."""

    __slots__ = ("_builder", "_depth", "_nodes", "_other")

    def __init__(self, nodes: "Mapping[str, Callable[[Node, Writer], None]]", other: "Callable[[Node, Writer], None]"):
        self._builder = etree.TreeBuilder()
        self._nodes = nodes
        self._other = other
        self._depth = 0
        self._builder.start("r", {})

    def done(self) -> Element:
        """The root."""
        self._builder.end("r")
        return self._builder.close()

    def start(self, tag: str, given: Mapping[str, str] | None = None) -> None:
        """Open an element; attributes hold any text."""
        self._builder.start(tag, {name: _clean(value) for name, value in given.items()} if given else {})

    def end(self, tag: str) -> None:
        """Close the element opened last."""
        self._builder.end(tag)

    def data(self, text: str) -> None:
        """Any text; characters that XML cannot hold are left out."""
        if text:
            self._builder.data(_clean(text))

    def leaf(self, tag: str, text: str = "", given: Mapping[str, str] | None = None) -> None:
        """A whole element with this text; attributes without a value are left out."""
        self.start(tag, {name: value for name, value in given.items() if value} if given else None)
        self.data(text)
        self.end(tag)

    def start_macro(self, name: str, parameters: Mapping[str, str], *, alone: bool = False) -> None:
        """Open a macro; `alone`: it is a block of its own, as the editor notes by a layout."""
        self.start("{ac}structured-macro", {"{ac}name": name} | ({"data-layout": "default"} if alone else {}))
        for key, value in parameters.items():
            if value:
                self.leaf("{ac}parameter", value, {"{ac}name": key})

    def placeholder(self, name: str) -> None:
        """A macro without anything, which leaves its name to be seen."""
        self.start_macro(f"adf:{name}", {})
        self.end("{ac}structured-macro")

    def replay(self, root: Element) -> None:
        """The content of an element that was made elsewhere."""
        self.data(root.text or "")
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if element is root:
                continue
            if event == "start":
                self._builder.start(str(element.tag), {str(name): str(value) for name, value in element.items()})
                self._builder.data(element.text or "")
            else:
                self._builder.end(str(element.tag))
                self._builder.data(element.tail or "")

    def content(self, node: Node) -> None:
        """What is in a node, marks nested; what is nested too deeply keeps its words."""
        if self._depth >= DEEPEST:
            self.data(" ".join(words(node)))
            return
        self._depth += 1
        parts = children(node)
        if any("marks" in part for part in parts):
            self._styled(parts)
        else:
            for part in parts:
                self._write(part)
        self._depth -= 1

    def _write(self, part: Node) -> None:
        kind = part.get("type")
        write = self._nodes.get(kind, self._other) if isinstance(kind, str) else self._other
        write(part, self)

    def _styled(self, parts: list[Node]) -> None:
        styles = [_styles(part) for part in parts]
        opened: list[Style] = []
        for number, part in enumerate(parts):
            wanted = styles[number]
            keep = next((at for at, style in enumerate(opened) if style not in wanted), len(opened))
            while len(opened) > keep:
                self._close(opened.pop())
            new = [style for style in wanted if style not in opened]
            if len(new) > 1:
                new.sort(key=lambda style: -_extent(style, styles, number))
            for style in new:
                self._open(style)
                opened.append(style)
            self._write(part)
        for style in reversed(opened):
            self._close(style)

    def _open(self, style: Style) -> None:
        tag, given = style
        if tag.startswith("{ri}"):
            anchor = dict(given).get("anchor", "")
            self.start("{ac}link", {"{ac}anchor": anchor} if anchor else None)
            self.leaf(tag, "", {f"{{ri}}{name}": value for name, value in given if name != "anchor"})
            self.start("{ac}link-body")
        else:
            self.start(tag, dict(given))

    def _close(self, style: Style) -> None:
        tag = style[0]
        if tag.startswith("{ri}"):
            self.end("{ac}link-body")
            self.end("{ac}link")
        else:
            self.end(tag)


NodeWriter: TypeAlias = Callable[[Node, Writer], None]


def inside(tag: str) -> NodeWriter:
    """Writes the content of a node as that of one element."""

    def write(node: Node, writer: Writer) -> None:
        writer.start(tag)
        writer.content(node)
        writer.end(tag)

    return write


def apart(inner: NodeWriter) -> NodeWriter:
    """Writes a node as a block of its own."""

    def write(node: Node, writer: Writer) -> None:
        writer.start("div")
        inner(node, writer)
        writer.end("div")

    return write


def children(node: Node, key: str = "content") -> list[Node]:
    """The nodes in a node, or its marks; a lone one and bare strings count, anything else does not."""
    found = node.get(key)
    if isinstance(found, list):
        if all(type(part) is dict for part in found):
            return found
        return [{"type": "text", "text": part} if isinstance(part, str) else part for part in found if _is_part(part)]
    return [found] if isinstance(found, dict) else []


def _is_part(part: object) -> bool:
    return isinstance(part, dict | str)


def attributes(node: Node) -> Node:
    """What the node says of itself."""
    found = node.get("attrs")
    return found if isinstance(found, dict) else {}


def said(given: Node, name: str) -> str:
    """An attribute as text: "" unless it is text or a number."""
    value = given.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def words(node: Node) -> Iterator[str]:
    """The texts below a node in order, however deep."""
    waiting = children(node)[::-1]
    while waiting:
        part = waiting.pop()
        if text := said(part, "text") or said(attributes(part), "text"):
            yield text
        elif part.get("type") == "hardBreak":
            yield "\n"
        waiting.extend(reversed(children(part)))


def _styles(part: Node) -> list[Style]:
    if said(part, "type") not in _MARKED:
        return []
    styles: list[Style] = []
    for mark in children(part, "marks"):
        style = _style(mark)
        if style and style not in styles:
            styles.append(style)
    return styles


def _style(mark: Node) -> Style | None:
    kind = said(mark, "type")
    if kind == "link":
        return _link(attributes(mark))
    if kind == "subsup":
        side = said(attributes(mark), "type")
        return (side, ()) if side in ("sub", "sup") else None
    return _STYLES.get(kind)


def _link(given: Node) -> Style | None:
    """A link to an address, or to what the editor notes that the address is."""
    href = said(given, "href")
    noted = given.get("__confluenceMetadata")
    if isinstance(noted, dict):
        kind, title, key = said(noted, "linkType"), said(noted, "contentTitle"), said(noted, "spaceKey")
        if kind in _PAGES and title:
            number = _ID.search(href)
            places = {
                "content-title": title,
                "space-key": key,
                "content-id": said(noted, "contentId") or (number[1] if number else ""),
                "anchor": said(noted, "anchorName"),
            }
            return "{ri}page", tuple(places.items())
        if kind == "attachment" and (name := said(noted, "fileName")) and "container" not in noted:
            return "{ri}attachment", (("filename", name),)
        if kind == "space" and key:
            return "{ri}space", (("space-key", key),)
    return ("a", (("href", href),)) if href else None


def _extent(style: Style, styles: list[list[Style]], start: int) -> int:
    """How many parts in a row, from `start` on, bear this style."""
    following = islice(styles, start, start + _FARTHEST)
    return next((length for length, others in enumerate(following) if style not in others), _FARTHEST)


def _clean(text: str) -> str:
    return text if text.isascii() and text.isprintable() else _NOT_XML.sub("", text)
