"""Paper of the sample wiki: PDF by fpdf2, Word by python-docx."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from docx import Document
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from tools.sample_sheets import frozen

MADE = datetime(2024, 1, 15, 9, 0, tzinfo=UTC)

Section = tuple[str, Sequence[str]]
"""A heading and its paragraphs; a paragraph that starts with a dash is a list item."""

DATASHEET: Sequence[Section] = (
    (
        "What it does",
        (
            "The Heron G2 collects the readings of up to 60 Reedline gauges and carries them over LTE-M or NB-IoT.",
            "It keeps 72 hours of readings when the network is away, and delivers them in order.",
        ),
    ),
    (
        "Electrical",
        (
            "- Supply: 12 V, 18 Ah LiFePO4, charged by a 20 W panel",
            "- Consumption: 38 uA asleep, 85 mA listening, 410 mA while the modem sends",
            "- Autonomy: 11 days at the normal interval, 4 days in storm mode",
        ),
    ),
    (
        "Radio",
        (
            "- LoRaWAN 1.0.4, EU868 and AS923, eight channels, antenna 3 dBi",
            "- LTE-M / NB-IoT bands 1, 3, 8, 20, 28; two SIM slots",
            "- Range: 7 km in a valley, 15 km over water",
        ),
    ),
    (
        "Mechanical",
        (
            "- 240 x 180 x 90 mm, 2.1 kg, IP67",
            "- -35 to +60 degrees C",
            "- Mast clamp 40 to 90 mm, two M8 bolts, 12 Nm",
        ),
    ),
    (
        "Identity",
        (
            "Keys are made in a secure element and never leave it.",
            "The certificate is valid for 365 days; the gateway renews it by itself when 30 days are left.",
        ),
    ),
)
CARD: Sequence[Section] = (
    (
        "If the pager is away",
        (
            "- Platform primary: +46 31 555 01 71",
            "- Platform secondary: +46 31 555 01 72",
            "- Field primary: +46 31 555 01 73",
            "- Duty manager: +46 31 555 01 74",
        ),
    ),
    (
        "Carriers",
        ("- Nordvox network desk: +47 21 55 50 00, contract 88-1204", "- Telemar: +34 91 555 22 00, contract LK-77"),
    ),
    (
        "Escalation",
        (
            "- 0 min: primary",
            "- 10 min without acknowledgement: secondary",
            "- 20 min unresolved SEV 1: duty manager",
            "- 45 min unresolved SEV 1: CTO",
        ),
    ),
    ("Say it aloud", ("What I see. Since when. What I do next. When I speak again.",)),
)
TIMELINE: Sequence[Section] = (
    (
        "Project Kingfisher: timeline",
        (
            "Confidential. For the leadership of Larkspur only.",
            "- Letter of intent",
            "- Data room open for six weeks",
            "- Technical due diligence: repositories, models, one machine called Otter",
            "- Legal due diligence: licences, the contract of the largest customer",
            "- Decision of the board",
            "- Signing, announcement on the same day",
        ),
    ),
    (
        "Conditions",
        (
            "- EUR 0.5 million depend on the renewal of the largest customer",
            "- Both senior hydrologists stay for two years",
        ),
    ),
)
CHECKLIST: Sequence[Section] = (
    (
        "Before you leave the yard",
        (
            "- Permit printed, contact of the site called",
            "- Two life vests with dated tags, throw bag",
            "- Gauge, bracket, four M10 anchors, level and staff",
            "- Battery lot noted; lot 2231 stays at home",
        ),
    ),
    (
        "At the site",
        (
            "- Call in: place, time, two names",
            "- Survey the datum in two closings, difference under 4 mm",
            "- Tilt below 1 degree",
            "- Gateway signal better than -115 dBm",
            "- Storm mode for one hour, staff read every ten minutes, difference under 2 cm",
        ),
    ),
    ("Before you leave", ("- Five photos: serial, bracket, upstream, downstream, staff", "- Call out")),
)


def documents() -> dict[str, bytes]:
    """Every document by file name."""
    return {
        "heron-g2-datasheet.pdf": _pdf("Heron G2 gateway - data sheet", DATASHEET),
        "on-call-card.pdf": _pdf("On-call card", CARD),
        "kingfisher-timeline.pdf": _pdf("Kingfisher", TIMELINE),
        "installation-checklist.docx": _docx("Installing a gauge: checklist", CHECKLIST),
    }


def _pdf(title: str, sections: Sequence[Section]) -> bytes:
    pdf = FPDF()
    pdf.set_title(title)
    pdf.set_creation_date(MADE)
    pdf.add_page()
    _pdf_line(pdf, title, 20, "B")
    for heading, paragraphs in sections:
        pdf.ln(4)
        _pdf_line(pdf, heading, 13, "B")
        for paragraph in paragraphs:
            _pdf_line(pdf, paragraph, 11, "")
    return bytes(pdf.output())


def _pdf_line(pdf: FPDF, text: str, size: int, style: str) -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.multi_cell(0, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _docx(title: str, sections: Sequence[Section]) -> bytes:
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = "Elena Vidal"
    document.core_properties.created = document.core_properties.modified = MADE.replace(tzinfo=None)
    document.add_heading(title, level=0)
    for heading, paragraphs in sections:
        document.add_heading(heading, level=1)
        for paragraph in paragraphs:
            style = "List Bullet" if paragraph.startswith("- ") else None
            document.add_paragraph(paragraph.removeprefix("- "), style=style)
    buffer = io.BytesIO()
    document.save(buffer)
    return frozen(buffer.getvalue())
