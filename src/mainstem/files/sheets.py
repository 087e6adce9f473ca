"""The text of spreadsheets - Excel's, old and new, and OpenDocument's - a table for each sheet."""

import datetime
import zipfile
from pathlib import Path
from typing import Any

import python_calamine as calamine

from mainstem.files.archive import opened
from mainstem.files.body import Body
from mainstem.files.drawings import drawn
from mainstem.files.errors import FileDamaged, FileLocked, TooMuch


def read_sheets(path: Path, body: Body) -> str:
    """Write every sheet under its name; spreadsheets tell no title. Raises FileUnread errors."""
    words: list[str] = []
    if zipfile.is_zipfile(path):
        with opened(path, body.limits) as archive:
            words += drawn(archive)
    try:
        with calamine.load_workbook(path) as book:
            cells = 0
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                cells += sheet.height * sheet.width
                if cells > body.limits.cells:
                    raise TooMuch(f"has more than {body.limits.cells // 1_000_000} million cells")
                rows = [[_written(cell) for cell in row] for row in sheet.to_python()]
                if any(any(row) for row in rows):
                    body.heading(2, name)
                    body.table(rows, headed=True)
            body.heading(2, "Drawings" if words else "")
            body.points(words)
    except calamine.PasswordError:
        raise FileLocked from None
    except calamine.CalamineError:
        raise FileDamaged from None
    return ""


def _written(cell: Any) -> str:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime.datetime():
            midnight = cell.time() == datetime.time()
            return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
        case _:
            return str(cell)
