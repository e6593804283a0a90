"""Exports of Bio-Plex Manager: workbooks (.xls, .xlsx) and XML.

A workbook may also hold an xPONENT or INTELLIFLEX export that a spreadsheet saved
under a new name; its rows are then read by the rules of that export.
"""

import csv
import hashlib
import io
from dataclasses import replace
from typing import Final

from labs.luminex import intelliflex, xponent
from labs.luminex.bioplex_plate import plate_of_sheets
from labs.luminex.bioplex_xml import read_xml
from labs.luminex.blocks import DATA_TYPE
from labs.luminex.checksum import CRC_TITLE
from labs.luminex.plate import PlateFile, PlateFileError, PlateWarning
from labs.luminex.textfile import decode
from labs.luminex.workbook import Sheet, open_workbook

__all__ = ["read_workbook", "read_xml"]

# Doubts about bytes that this program wrote itself, not the instrument.
_OWN_BYTES: Final = frozenset({"line_ends_changed", "resaved_by_spreadsheet"})


def read_workbook(data: bytes) -> PlateFile:
    """The plate that a workbook holds; PlateFileError where it holds none."""
    sheets = open_workbook(data)
    sha256 = hashlib.sha256(data).hexdigest()
    plate = plate_of_sheets(sheets, sha256)
    if plate is not None:
        return plate
    for sheet in sheets:
        resaved = _saved_text_export(sheet, sha256)
        if resaved is not None:
            return resaved
    raise PlateFileError(
        "This workbook holds no plate: no sheet has a header row with Type, Well and "
        "FI. Choose the file that the instrument's software exported."
    )


def _saved_text_export(sheet: Sheet, sha256: str) -> PlateFile | None:
    """The plate of a text export whose rows a spreadsheet keeps as a sheet."""
    first_cells = [row[0].strip() for row in sheet.rows if row and any(row)]
    if DATA_TYPE in first_cells:
        text = decode(_as_text(sheet.rows))
        plate = xponent.read_export(text, ",", sha256)
    elif first_cells and first_cells[0] in intelliflex.FIRST_TITLES:
        text = decode(_as_text(sheet.rows))
        plate = intelliflex.read_table(text, ",", sha256)
    else:
        return None
    doubts = [doubt for doubt in plate.warnings if doubt.code not in _OWN_BYTES]
    resaved = PlateWarning(
        "resaved_by_spreadsheet",
        "A spreadsheet saved this text export as a workbook. It may have changed "
        "numbers and dates, and the checksum cannot be verified any more.",
    )
    return replace(plate, warnings=(resaved, *doubts))


def _as_text(rows: list[list[str]]) -> bytes:
    """Rows as the text export they were, up to the checksum, which is lost."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        if row and row[0] == CRC_TITLE:
            break
        writer.writerow(row)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", errors="replace")
