"""The words in drawings of office files - shapes, text boxes, diagrams - that the readers of their text leave out."""

import re
import zipfile
from collections.abc import Iterator
from typing import Final

from lxml import etree

_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN: Final = re.compile(r"(?:xl/drawings/drawing|(?:word|xl)/diagrams/data)\d+\.xml")


def words_of(part: bytes) -> list[str]:
    """The paragraphs of a part that holds drawings; none of one that cannot be read, for the rest of the file can."""
    return _paragraphs(part, _DRAWING, within=None)


def boxes_of(document: bytes) -> list[str]:
    """The paragraphs in the text boxes of a Word document's body."""
    return _paragraphs(document, _WORD, within=f"{_WORD}txbxContent")


def drawn(archive: zipfile.ZipFile) -> Iterator[str]:
    """The paragraphs in the diagrams of a Word document, and in the drawings of a workbook. Raises as archives do."""
    for name in sorted(archive.namelist()):
        if _DRAWN.fullmatch(name):
            yield from words_of(archive.read(name))


def _paragraphs(part: bytes, language: str, *, within: str | None) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        return []
    places = [root] if within is None else root.iter(within)
    paragraphs = (paragraph for place in places for paragraph in place.iter(f"{language}p"))
    said = ("".join(paragraph.itertext(f"{language}t")).strip() for paragraph in paragraphs)
    return list(dict.fromkeys(text for text in said if text))
