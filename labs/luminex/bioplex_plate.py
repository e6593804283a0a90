"""A plate from the sheets of Bio-Plex Manager: its heads, tables and curves."""

import re
from datetime import datetime
from typing import Final

from labs.luminex.bioplex_curve import read_equation
from labs.luminex.bioplex_draft import Draft
from labs.luminex.bioplex_sheet import read_sheet
from labs.luminex.dates import AmbiguousDateError, ambiguous_date, read_date
from labs.luminex.delimited import formula_doubt
from labs.luminex.plate import PlateFile, PlateWarning
from labs.luminex.workbook import Sheet

SOFTWARE: Final = "Bio-Plex Manager"

_Head = dict[str, tuple[str, int]]
"""The text behind `Key:` in the first column, and its row."""

_HEAD_ROWS: Final = 40
_DATE: Final = re.compile(
    r"(?P<day>[0-9]{1,2})-(?P<month>[A-Za-z]{3})-(?P<year>[0-9]{4})(?:,?(?P<time> .*))?"
)
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)


def plate_of_sheets(sheets: list[Sheet], sha256: str) -> PlateFile | None:
    """The plate that the sheets of a workbook hold; None where none has a table."""
    draft = Draft()
    plates = []
    for sheet in sheets:
        analyte = _value(_head_of(sheet), "Analyte")
        if read_sheet(draft, sheet, analyte):
            plates.append(sheet)
            _read_curve(draft, sheet, analyte or sheet.name)
    if not plates:
        return None
    head = _head_of(plates[0])
    acquired_at, date_doubt = _acquired_at(head)
    return PlateFile(
        software=SOFTWARE,
        build=None,
        instrument=None,
        serial_number=_value(head, "Reader Serial Number"),
        batch=_value(head, "Plate ID"),
        protocol=None,
        acquired_at=acquired_at,
        analytes=tuple(draft.analytes),
        wells=tuple(draft.wells),
        descriptions=draft.descriptions,
        types=draft.types,
        blocks=draft.blocks(),
        standards=draft.standards(),
        controls=draft.controls(),
        curves=draft.curves,
        warnings=(
            *date_doubt,
            *draft.doubts(),
            *formula_doubt(
                (row for sheet in plates for row in enumerate(sheet.rows, 1)), "."
            ),
        ),
        checksum="absent",
        sha256=sha256,
    )


def _head_of(sheet: Sheet) -> _Head:
    head: _Head = {}
    for line, row in enumerate(sheet.rows[:_HEAD_ROWS], 1):
        key, colon, text = (row[0] if row else "").partition(":")
        if colon:
            head.setdefault(key.strip(), (text.lstrip(), line))
    return head


def _value(head: _Head, key: str) -> str | None:
    return head.get(key, ("", 0))[0] or None


def _acquired_at(head: _Head) -> tuple[datetime | None, list[PlateWarning]]:
    """The start of the run, as in `11-Jan-2007, 01:20 PM`."""
    text, line = head.get("Acquisition Date", ("", 0))
    found = _DATE.fullmatch(text.strip())
    if found and found["month"].lower() in _MONTHS:
        month = _MONTHS.index(found["month"].lower()) + 1
        text = f"{found['year']}-{month}-{found['day']}{found['time'] or ''}"
    try:
        return read_date(text, None), []
    except AmbiguousDateError:
        return None, [ambiguous_date(text, line)]


def _read_curve(draft: Draft, sheet: Sheet, analyte: str) -> None:
    """The curve of a sheet of one analyte, from the lines below its table."""
    regression = ""
    for row in sheet.rows:
        key, colon, text = (row[0] if row else "").partition(":")
        if colon and key.strip() == "Regression Type":
            regression = text.strip()
        elif colon and key.strip() == "Std. Curve" and analyte in draft.analytes:
            curve = read_equation(text, analyte, regression)
            if curve is not None:
                draft.curves.setdefault(analyte, curve)
