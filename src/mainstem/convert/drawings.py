"""The words in a drawing of draw.io, and the text that one of PlantUML is made from, as their apps store them.

Nothing raises: what cannot be read has no words. What is packed is unpacked up to a bound, so that no bomb goes off.
"""

import binascii
import zlib
from base64 import b64decode
from collections.abc import Iterator
from itertools import accumulate
from typing import Final
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from mainstem.convert import storage_format

_SWELLING: Final = 60
"""How many bytes of XML one packed byte may become; what swells more is no drawing."""

_WORDIEST: Final = 4
"""How many characters of labels one character of a drawing may hold; further ones are left out."""

_LABELS: Final = {"mxCell": "value", "object": "label", "UserObject": "label"}
_UNSEEN: Final = frozenset({"script", "style"})


def looks_like_drawing(source: str) -> bool:
    """Whether a text is a drawing of draw.io, by how it begins."""
    return source.lstrip()[:20].startswith(("<mxfile", "<mxGraphModel", "<mxgraphmodel"))


def words_of_drawio(source: str) -> tuple[str, ...]:
    """The labels of a drawing of draw.io in reading order, each once; `source` is its file or one page of it."""
    root = _xml(source)
    if root is None:
        return ()
    labels = (label for page in _pages(root) for label in _labels(_model(page)))
    found = tuple(dict.fromkeys(filter(None, labels)))
    sizes = accumulate(map(len, found))
    return tuple(label for label, size in zip(found, sizes, strict=True) if size <= _WORDIEST * len(source))


def unpacked(data: str, swelling: int = _SWELLING) -> str:
    """Text that was escaped as in addresses, deflated and put into base 64, as PlantUML's and draw.io's apps do.

    "" where it is none, or would become more than `swelling` times as long.
    """
    try:
        packed = b64decode(data.strip(), validate=True)
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        raw = inflater.decompress(packed, swelling * len(packed))
    except (binascii.Error, zlib.error, ValueError):
        return ""
    return unquote(raw.decode("utf-8", "replace")) if inflater.eof else ""


def _xml(source: str) -> Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(source.strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _pages(root: Element) -> list[Element]:
    return list(root.iter("diagram")) if root.tag == "mxfile" else [root]


def _model(page: Element) -> Element | None:
    if page.tag != "diagram" or len(page):
        return page
    return _xml(unpacked(page.text or ""))


def _labels(model: Element | None) -> Iterator[str]:
    for element in () if model is None else model.iter(*_LABELS):
        yield _plain(element.get(_LABELS[str(element.tag)]) or "")


def _plain(label: str) -> str:
    """A label without its markup."""
    if "<" not in label and "&" not in label:
        return " ".join(label.split())
    words: list[str] = []
    skipping = 0
    for event, part in etree.iterwalk(storage_format.tree(label), events=("start", "end")):
        if part.tag in _UNSEEN:
            skipping += 1 if event == "start" else -1
        words.append((part.text if event == "start" and not skipping else part.tail if event == "end" else "") or "")
        if part.tag in ("br", "div", "p", "li"):
            words.append(" ")
    return " ".join("".join(words).split())
