"""The text of PowerPoint's presentations (.pptx), slide by slide, with tables and speaker notes."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from lxml.etree import XMLSyntaxError
from pptx import Presentation
from pptx.exc import PythonPptxError

from mainstem.files.archive import BROKEN, opened
from mainstem.files.body import Body
from mainstem.files.drawings import words_of
from mainstem.files.errors import FileDamaged, TooMuch

_DEEPEST: Final = 20
"""How far groups of shapes are followed into each other."""


def read_slides(path: Path, body: Body) -> str:
    """Write every slide under its number and title; the title among the file's facts. Raises FileUnread errors."""
    with opened(path, body.limits):
        pass
    try:
        deck = Presentation(str(path))
        if len(deck.slides) > body.limits.pages:
            raise TooMuch(f"has {len(deck.slides):,} slides, of {body.limits.pages:,} that are read")
        for number, slide in enumerate(deck.slides, start=1):
            _slide(body, number, slide)
        return deck.core_properties.title or ""
    except (*BROKEN, PythonPptxError, XMLSyntaxError, ValueError, AttributeError, LookupError, TypeError):
        # What it meets in a file that is not built as presentations are, python-pptx does not name.
        raise FileDamaged from None


def _slide(body: Body, number: int, slide: Any) -> None:
    named = slide.shapes.title
    title = " ".join(named.text_frame.text.split()) if named is not None and named.has_text_frame else ""
    body.heading(2, f"Slide {number}: {title}" if title else f"Slide {number}")
    _shapes(body, (shape for shape in slide.shapes if named is None or shape.shape_id != named.shape_id), 0)
    for related in slide.part.rels.values():
        if related.reltype.endswith("/diagramData") and not related.is_external:
            body.points(words_of(related.target_part.blob))
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) and notes.text.strip():
        body.paragraph(f"Notes: {notes.text}")


def _shapes(body: Body, shapes: Iterable[Any], depth: int) -> None:
    for shape in shapes:
        if shape.has_text_frame:
            body.points(paragraph.text for paragraph in shape.text_frame.paragraphs)
        elif getattr(shape, "has_table", False) and shape.has_table:
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            body.table(rows, headed=bool(shape.table.first_row))
        elif hasattr(shape, "shapes") and depth < _DEEPEST:
            _shapes(body, shape.shapes, depth + 1)
