"""A tree from markup that XML refuses: crossing tags, bare ampersands, control characters, foreign prefixes.

Everything outside a tag stays as text, CDATA included. It does not mend structure beyond closing what was left open.
"""

import html
import re
from collections import Counter
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

_TOKEN: Final = re.compile(
    r"""<!--.*?(?:-->|$)
      | <!\[CDATA\[(?P<cdata>.*?)(?:\]\][ ]?>|$)
      | <!DOCTYPE[^\[<>]{0,2000}(?:\[.{0,2000}?\]\s*)?>
      | <\?.*?(?:\?>|$)
      | </(?P<end>[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?)\s*>
      | <(?P<start>[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?)
        (?P<attributes>(?:\s+(?:"[^"]*"|'[^']*'|[^<>"'])*)?|\s[^<>]*)>
      | <(?P<slashed>[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?)/>
    """,
    re.DOTALL | re.VERBOSE | re.ASCII,
)
_ATTRIBUTE: Final = re.compile(
    r"""([A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=]+))""", re.ASCII
)
_REFERENCE: Final = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})


def tree(source: str) -> Element:
    """The root above `source`; prefixes become namespaces of the same name. Characters XML cannot hold are left out."""
    source = _NOT_XML.sub("", source)
    builder = etree.TreeBuilder()
    builder.start("r", {})
    open_tags = _OpenTags(builder)
    position = 0
    for token in _TOKEN.finditer(source):
        _text(builder, source[position : token.start()])
        position = token.end()
        _take(builder, open_tags, token)
    _text(builder, source[position:])
    open_tags.close_all()
    builder.end("r")
    return builder.close()


class _OpenTags:
    """What is open, innermost last, with a count of each so that a stray end tag costs nothing."""

    def __init__(self, builder: etree.TreeBuilder) -> None:
        self._builder = builder
        self._tags: list[str] = []
        self._counts: Counter[str] = Counter()

    def open(self, tag: str) -> None:
        self._tags.append(tag)
        self._counts[tag] += 1

    def close(self, tag: str) -> None:
        """Close down to the last such tag; an end tag that nothing opened counts for nothing."""
        while self._counts[tag]:
            last = self._tags.pop()
            self._counts[last] -= 1
            self._builder.end(last)
            if last == tag:
                return

    def close_all(self) -> None:
        while self._tags:
            self._builder.end(self._tags.pop())


def _take(builder: etree.TreeBuilder, open_tags: _OpenTags, token: re.Match[str]) -> None:
    if (name := token["start"]) is not None:
        _start(builder, open_tags, name, token["attributes"])
    elif (name := token["slashed"]) is not None:
        _start(builder, open_tags, name, "/")
    elif (name := token["end"]) is not None:
        open_tags.close(_clark(name))
    elif cdata := token["cdata"]:
        builder.data(cdata)


def _start(builder: etree.TreeBuilder, open_tags: _OpenTags, name: str, attributes: str) -> None:
    tag = _clark(name)
    found = {_clark(a): _decoded(b or c or d) for a, b, c, d in reversed(_ATTRIBUTE.findall(attributes))}
    builder.start(tag, found)
    if attributes.endswith("/") or tag in _VOID:
        builder.end(tag)
    else:
        open_tags.open(tag)


def _text(builder: etree.TreeBuilder, text: str) -> None:
    if text:
        builder.data(_decoded(text))


def _decoded(text: str) -> str:
    if "&" not in text:
        return text
    return _NOT_XML.sub("", _REFERENCE.sub(lambda reference: html.unescape(reference[0]), text))


def _clark(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{prefix}}}{local}" if colon else name.lower()
