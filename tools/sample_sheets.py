"""Tables of the sample wiki: Excel by openpyxl, CSV by hand."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

Row = Sequence[str | int | float]

CALIBRATION: Sequence[Row] = (
    ("Serial", "Plate at m", "Temperature C", "Measured m", "Residual mm"),
    *(
        (f"RL4-{22310 + unit}", plate, temperature, round(plate + residual / 1000, 4), residual)
        for unit, (plate, temperature, residual) in enumerate(
            (plate, temperature, round(((index * 37) % 29 - 14) / 10, 1))
            for index, (plate, temperature) in enumerate(
                (plate, temperature) for plate in (0.5, 2, 5, 12, 25) for temperature in (-20, 20, 50)
            )
        )
    ),
)
SURVEY: Sequence[Row] = (
    ("Point", "Backsight m", "Foresight m", "Height m"),
    ("Benchmark 4411", 1.482, "", 36.214),
    ("Turning point 1", 1.106, 0.934, "=D2+B2-C3"),
    ("Flange of the gauge", "", 0.611, "=D3+B3-C4"),
    ("Closing", "", 1.043, "=D3+B3-C5"),
)
EXPENSES: Sequence[Row] = (
    ("Day", "What for", "Kind", "Amount EUR", "Receipt no."),
    ("Tuesday", "Train Gothenburg - Dresden", "travel", 148.20, 1),
    ("Tuesday", "Dinner, two people", "meal", 92.00, 2),
    ("Wednesday", "Hotel, one night", "hotel", 131.00, 3),
    ("Sum", "", "", "=SUM(D2:D4)", ""),
)
EBRO: Sequence[Row] = (
    ("Phase", "Reach", "Gauges", "Gateways", "Installed", "Crew days"),
    (1, "Reinosa - Miranda", 48, 8, 48, 31),
    (2, "Miranda - Logrono", 37, 5, 37, 22),
    (2, "Logrono - Tudela", 41, 6, 33, 25),
    (2, "Aragon", 26, 4, 13, 19),
    (3, "Zaragoza - Mequinenza", 28, 4, 0, 20),
    (3, "Segre", 14, 2, 0, 11),
    (3, "Delta", 18, 2, 0, 12),
)
BUDGET: Sequence[Row] = (
    ("Million EUR", "This year", "Next year", "Change"),
    ("Revenue", 15.9, 18.8, "=C2/B2-1"),
    ("People", 8.7, 10.1, "=C3/B3-1"),
    ("Hardware", 3.2, 3.6, "=C4/B4-1"),
    ("Cloud", 0.74, 0.71, "=C5/B5-1"),
    ("Travel and field", 0.92, 1.04, "=C6/B6-1"),
    ("Kingfisher, reserve", 0, 2.7, ""),
)
SLO: Sequence[Row] = (
    ("month", "ingest_availability", "alert_p99_s", "api_availability", "completeness"),
    *(
        (f"M-{24 - month:02d}", round(99.99 - (month * 7 % 5) / 100, 2), 66 - month, 99.93, round(98.6 + month / 30, 2))
        for month in range(24)
    ),
)
PARTS: Sequence[Row] = (
    ("part", "number", "gothenburg", "dresden", "valencia", "minimum", "weeks"),
    ("Reedline 4, complete", "RL4-C", 44, 120, 61, 60, 9),
    ("Reedline 2, complete", "RL2-C", 12, 18, 4, 30, 14),
    ("Reedline 2, horn", "RL2-H-03", 0, 85, 20, 40, 6),
    ("Heron G2", "HG2", 31, 40, 52, 50, 7),
    ("Panel 20 W", "PV-20", 25, 10, 38, 20, 3),
    ("D cells, pair", "BAT-D2", 400, 150, 520, 300, 2),
    ("Bracket, bridge", "BR-B", 33, 5, 47, 25, 4),
)


def sheets() -> dict[str, bytes]:
    """Every table by file name."""
    return {
        "reedline-4-calibration.xlsx": _xlsx("Calibration", CALIBRATION),
        "site-survey-template.xlsx": _xlsx("Levelling", SURVEY),
        "expense-form.xlsx": _xlsx("Expenses", EXPENSES),
        "ebro-plan.xlsx": _xlsx("Plan", EBRO),
        "budget-draft.xlsx": _xlsx("Budget", BUDGET),
        "slo-history.csv": _csv(SLO),
        "spare-parts.csv": _csv(PARTS),
    }


def frozen(archive: bytes) -> bytes:
    """An Office file without the moment at which it was saved, so that equal content has equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-15T09:00:00Z", data)
            new.writestr(zipfile.ZipInfo(name, (2024, 1, 15, 9, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _xlsx(title: str, rows: Sequence[Row]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="D7EEF0")
    for letter in "ABCDEFG"[: len(rows[0])]:
        sheet.column_dimensions[letter].width = 22
    buffer = io.BytesIO()
    book.save(buffer)
    return frozen(buffer.getvalue())


def _csv(rows: Sequence[Row]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()
