"""The text of OpenDocument's texts and presentations (.odt, .odp); its spreadsheets are read as all others are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

from mainstem.files.archive import opened
from mainstem.files.body import Body
from mainstem.files.errors import FileDamaged, FileLocked, TooMuch

_NAMES: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
_DEEPEST: Final = 6
_MOST_BLANKS: Final = 100
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


_HEADING, _PARAGRAPH, _LIST, _ITEM = map(_tag, ("text:h", "text:p", "text:list", "text:list-item"))
_TABLE, _ROW, _CELL, _PAGE, _NOTES = map(
    _tag, ("table:table", "table:table-row", "table:table-cell", "draw:page", "presentation:notes")
)
_UNSEEN: Final = frozenset(
    map(_tag, ("text:tracked-changes", "text:sequence-decls", "office:forms", "text:note-citation"))
)


def read_open_document(path: Path, body: Body) -> str:
    """Write the text, or slide by slide; the title among its facts. Raises FileUnread errors."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with opened(path, body.limits) as archive:
        try:
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
            if b"encryption-data" in manifest:
                raise FileLocked
            root = etree.fromstring(archive.read("content.xml"), parser)
            meta = archive.read("meta.xml") if "meta.xml" in archive.namelist() else b"<none/>"
            title = next(etree.fromstring(meta, parser).iter(_TITLE), None)
        except etree.XMLSyntaxError:
            raise FileDamaged from None
    pages = list(root.iter(_PAGE))
    if len(pages) > body.limits.pages:
        raise TooMuch(f"has {len(pages):,} slides, of {body.limits.pages:,} that are read")
    for number, page in enumerate(pages, start=1):
        _slide(body, number, page)
    if not pages:
        for part in root.iterfind("office:body/office:text", _NAMES):
            _blocks(body, part)
    return "" if title is None else str(title.text or "")


def _slide(body: Body, number: int, page: Element) -> None:
    named = page.find(".//*[@presentation:class='title']", _NAMES)
    title = "" if named is None else " ".join(" ".join(_words(named)).split())
    body.heading(2, f"Slide {number}: {title}" if title else f"Slide {number}")
    for shape in page:
        if shape is named:
            continue
        if shape.tag == _NOTES:
            body.paragraph("Notes: " + "\n".join(_lines(shape)) if "".join(_lines(shape)).strip() else "")
        else:
            _blocks(body, shape)


def _blocks(body: Body, root: Element) -> None:
    """What stands below an element, in its order. Iterative, for a file may nest as deeply as it likes."""
    waiting = list(reversed(root))
    while waiting:
        element = waiting.pop()
        if element.tag == _HEADING:
            level = element.get(_tag("text:outline-level")) or "1"
            body.heading(min(int(level), _DEEPEST) if level.isdigit() and int(level) else 1, "".join(_words(element)))
        elif element.tag == _PARAGRAPH:
            body.paragraph("".join(_words(element)))
        elif element.tag == _LIST:
            body.points("\n".join(_lines(item)) for item in element.iter(_ITEM) if item.find(_PARAGRAPH) is not None)
        elif element.tag == _TABLE:
            rows = [["\n".join(_lines(cell)) for cell in row.iterfind(_CELL)] for row in element.iter(_ROW)]
            body.table(rows, headed=True)
        elif element.tag not in _UNSEEN:
            waiting.extend(reversed(element))


def _lines(element: Element) -> Iterator[str]:
    """The paragraphs directly in an element, or in the boxes of a shape."""
    for paragraph in element.iter(_PARAGRAPH):
        if element.tag != _ITEM or paragraph.getparent() is element:
            yield "".join(_words(paragraph))


def _words(element: Element) -> Iterator[str]:
    """The text of an element as it is shown, blanks and line breaks among it."""
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if event == "end":
            if part is not element and part.tail:
                yield part.tail
            continue
        if part.tag == _tag("text:s"):
            count = part.get(_tag("text:c")) or "1"
            yield " " * min(int(count) if count.isdigit() else 1, _MOST_BLANKS)
        elif part.tag == _tag("text:tab"):
            yield "\t"
        elif part.tag == _tag("text:line-break"):
            yield "\n"
        if part.text and part.tag not in _UNSEEN:
            yield part.text
