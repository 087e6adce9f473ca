"""Files as people attach them, made small and by code: each function gives the bytes of one."""

import datetime
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

from docx import Document
from fpdf import FPDF
from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation
from pptx.util import Inches

ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    f'xmlns:{prefix}="{ODF}:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("presentation", "presentation"),
    )
)


def pdf(
    pages: Sequence[str], *, title: str = "", chapters: Mapping[int, str] | None = None, password: str = ""
) -> bytes:
    """A PDF with one text a page; chapters begin on pages counted from 0."""
    made = FPDF()
    made.set_font("helvetica")
    if title:
        made.set_title(title)
    if password:
        made.set_encryption(owner_password="owner", user_password=password)
    for number, text in enumerate(pages):
        made.add_page()
        if chapters and number in chapters:
            made.start_section(chapters[number])
        made.multi_cell(0, 6, text)
    return bytes(made.output())


def scan(text: str) -> bytes:
    """A PDF with one page that is a picture, and one with this text."""
    made = FPDF()
    made.set_font("helvetica")
    made.add_page()
    made.image(Image.new("L", (60, 30), 200), x=10, y=10, w=60)
    made.add_page()
    made.multi_cell(0, 6, text)
    return bytes(made.output())


def picture(text: str) -> bytes:
    """A PNG of a line of print."""
    made = Image.new("L", (900, 160), 255)
    ImageDraw.Draw(made).text((20, 40), text, font=ImageFont.load_default(40), fill=0)
    file = BytesIO()
    made.save(file, "PNG")
    return file.getvalue()


_LANGUAGES = r"""[ "$1" = --list-langs ] && printf 'Languages (2):\neng\ndeu\n' && exit"""


def tesseract(folder: Path, does: str) -> Path:
    """A program called tesseract in a folder, which has two languages and does what these lines of a shell say."""
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{_LANGUAGES}\n{does}\n", encoding="utf-8")
    program.chmod(0o700)
    return program


def word(title: str = "Handbook of pumps") -> bytes:
    """A document with headings, a list, and a table with a merged cell."""
    made = Document()
    made.core_properties.title = title
    made.add_heading("Pumps", 1)
    made.add_paragraph("All pumps are blue.")
    made.add_heading("Care", 2)
    made.add_paragraph("Oil them.", style="List Bullet")
    made.add_paragraph("Clean them.", style="List Bullet")
    table = made.add_table(3, 2)
    for row, texts in enumerate((("Part", "Price"), ("Valve", "12"), ("", "14"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    return _saved(made)


def sheets() -> bytes:
    """Two sheets with numbers, days and an empty column, and one that is empty."""
    made = Workbook()
    budget = made.worksheets[0]
    budget.title = "Budget"
    budget.append(["Item", "EUR", None, "Bought"])
    budget.append(["Pump", 1200.0, None, datetime.date(2024, 3, 1)])
    budget.append(["Valve & co", 0.5, None, datetime.datetime.fromisoformat("2024-03-01 09:30")])
    made.create_sheet("Nothing")
    made.create_sheet("Notes")["C3"] = "Ask <Ann>"
    return _saved(made)


def slides() -> bytes:
    """Two slides with title, points and notes, and one with a table alone."""
    made = Presentation()
    made.core_properties.title = "Deck of pumps"
    for number in (1, 2):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = f"Pump {number}"
        slide.placeholders[1].text = f"First of {number}\nSecond of {number}"
        slide.notes_slide.notes_text_frame.text = f"Say it aloud {number}"
    alone = made.slides.add_slide(made.slide_layouts[6])
    table = alone.shapes.add_table(2, 2, 0, 0, Inches(3), Inches(2)).table
    for row, texts in enumerate((("Part", "Price"), ("Valve", "12"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    return _saved(made)


def drawn(data: bytes) -> bytes:
    """The same document, workbook or presentation with the words "In a box" and "Drawn" in drawings."""
    with zipfile.ZipFile(BytesIO(data)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    drawing = f"<x {a}><a:p><a:r><a:t>In a </a:t></a:r><a:r><a:t>box</a:t></a:r></a:p><a:p><a:t>Drawn</a:t></a:p></x>"
    box = "<w:r><w:drawing><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r>"
    if "word/document.xml" in parts:
        parts["word/document.xml"] = parts["word/document.xml"].replace(
            b"</w:r></w:p>", f"</w:r>{box}</w:p>".encode(), 1
        )
    for place in ("word/diagrams/data1.xml", "xl/drawings/drawing1.xml"):
        if f"{place.partition('/')[0]}/" in " ".join(parts):
            parts[place] = drawing.encode()
    return archive(parts) if "ppt/presentation.xml" not in parts else _with_diagram(parts, drawing)


def _with_diagram(parts: dict[str, bytes], drawing: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="../diagrams/data1.xml"/></Relationships>'
    rels, types = "ppt/slides/_rels/slide1.xml.rels", "[Content_Types].xml"
    parts["ppt/diagrams/data1.xml"] = drawing.encode()
    parts[rels] = parts[rels].replace(b"</Relationships>", relation.encode())
    default = b'<Default Extension="data" ContentType="application/xml"/></Types>'
    parts[types] = parts[types].replace(b"</Types>", default)
    return archive(parts)


def open_document(content: str, *, kind: str = "text", title: str = "", encrypted: bool = False) -> bytes:
    """An OpenDocument file of a kind with this below `office:body`."""
    dc = "http://purl.org/dc/elements/1.1/"
    locked = "<encryption-data/>" if encrypted else ""
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": f"<manifest>{locked}</manifest>",
            "content.xml": f"<o:c xmlns:o='{ODF}:office:1.0' {NAMES}><office:body>{content}</office:body></o:c>",
            "meta.xml": f"<m xmlns:dc='{dc}'><dc:title>{title}</dc:title></m>",
        }
    )


ODT = (
    '<office:text><text:h text:outline-level="1">Pumps</text:h><text:p>All<text:s text:c="2"/>are '
    '<text:span>blue</text:span>.</text:p><text:h text:outline-level="2">Care</text:h>'
    "<text:list><text:list-item><text:p>Oil</text:p></text:list-item><text:list-item><text:p>Clean</text:p>"
    "</text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Part</text:p>"
    "</table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Valve</text:p>"
    "</table:table-cell></table:table-row></table:table></office:text>"
)
ODP = (
    '<office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Pumps</text:p>'
    "</draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>All blue</text:p></draw:text-box></draw:frame>"
    "<presentation:notes><draw:frame><draw:text-box><text:p>Say it</text:p></draw:text-box></draw:frame>"
    "</presentation:notes></draw:page><draw:page/></office:presentation>"
)
ODS = (
    '<office:spreadsheet><table:table table:name="Budget"><table:table-row><table:table-cell '
    'office:value-type="string"><text:p>Item</text:p></table:table-cell></table:table-row></table:table>'
    "</office:spreadsheet>"
)


def mail() -> bytes:
    """A message in plain text and HTML, with a file."""
    made = EmailMessage()
    made["Subject"] = "Offer for pumps"
    made["From"] = "Ann <ann@acme.example>"
    made["To"] = "bob@acme.example"
    made.set_content("Hello Bob,\n\nhere is the offer.\n")
    made.add_alternative("<p>Hello <b>Bob</b></p>", subtype="html")
    made.add_attachment(b"...", maintype="application", subtype="pdf", filename="offer.pdf")
    return made.as_bytes()


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these parts, packed fast."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def _saved(made: object) -> bytes:
    file = BytesIO()
    made.save(file)  # type: ignore[attr-defined]  # all of these libraries call it so
    return file.getvalue()


def far_sheet() -> bytes:
    """A sheet of two cells, as far apart as cells can be."""
    made = Workbook()
    made.worksheets[0]["A1"] = "near"
    made.worksheets[0]["XFD1048576"] = "far"
    return _saved(made)


def lying(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive that says of each part that it is ten bytes long."""
    raw = bytearray(archive(parts))
    for content in parts.values():
        while (at := raw.find(len(content).to_bytes(4, "little"))) >= 0:
            raw[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(raw)
