"""The text of Word's documents (.docx), with their headings, lists and tables."""

import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree

from mainstem.files.archive import BROKEN, opened
from mainstem.files.body import Body, clean
from mainstem.files.drawings import boxes_of, drawn
from mainstem.files.errors import FileDamaged

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_TAG = re.compile("<[^>]*>")
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def read_word(path: Path, body: Body) -> str:
    """Write the document; the title among its facts. Raises FileUnread errors."""
    with opened(path, body.limits) as archive:
        names = archive.namelist()
        title = _title(archive.read("docProps/core.xml")) if "docProps/core.xml" in names else ""
        boxes = boxes_of(archive.read("word/document.xml")) if "word/document.xml" in names else []
        boxes += drawn(archive)
    try:
        with path.open("rb") as file:
            made = mammoth.convert_to_html(file, style_map=_STYLES, convert_image=_no_picture, id_prefix="file-")
    except (*BROKEN, ExpatError, ValueError, AttributeError, LookupError, TypeError):
        # What mammoth meets in a document that is not built as documents are, it does not name.
        raise FileDamaged from None
    text = clean(made.value)
    body.markup(text)
    said = " ".join(unescape(_TAG.sub("", text)).split())
    # Text boxes come along where the document says them in the old way too.
    body.points(box for box in boxes if " ".join(box.split()) not in said)
    return title


def _title(core: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(core, parser).findtext(_TITLE) or ""
    except etree.XMLSyntaxError:
        return ""


def _no_picture(_image: Any) -> list[Any]:
    return []
