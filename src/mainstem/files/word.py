"""The text of Word's documents (.docx), with their headings, lists and tables."""

from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree

from mainstem.files.archive import BROKEN, opened
from mainstem.files.body import Body, clean
from mainstem.files.errors import FileDamaged

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def read_word(path: Path, body: Body) -> str:
    """Write the document; the title among its facts. Raises FileUnread errors."""
    with opened(path, body.limits) as archive:
        title = _title(archive.read("docProps/core.xml")) if "docProps/core.xml" in archive.namelist() else ""
    try:
        with path.open("rb") as file:
            made = mammoth.convert_to_html(file, style_map=_STYLES, convert_image=_no_picture, id_prefix="file-")
    except (*BROKEN, ExpatError, ValueError, AttributeError, IndexError, TypeError):
        # What mammoth meets in a document that is not built as documents are, it does not name.
        raise FileDamaged from None
    body.markup(clean(made.value))
    return title


def _title(core: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(core, parser).findtext(_TITLE) or ""
    except etree.XMLSyntaxError:
        return ""


def _no_picture(_image: Any) -> list[Any]:
    return []
