"""Small tables that lab people fill in: CSV in any usual shape, or XLSX, as texts."""

import csv
import io
import zipfile

import openpyxl
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

MOST_BYTES = 1_000_000
MOST_UNPACKED = 20_000_000
MOST_ROWS = 5_000
Table = list[list[str]]


def read_table(file: File[bytes]) -> Table:
    """The rows of the first sheet, cells stripped; ValidationError says what to do."""
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(
            _("%(file)s is larger than 1 MB. A table of one plate is smaller.")
            % {"file": file.name},
            code="size",
        )
    content = file.read()
    rows = of_workbook(content) if content.startswith(b"PK") else of_text(content)
    found = [row for row in rows if any(row)]
    if not found:
        raise ValidationError(_("The table is empty."), code="empty")
    if len(found) > MOST_ROWS:
        raise ValidationError(_("The table has more than 5000 rows."), code="rows")
    return found


def of_workbook(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise ValidationError(_("The workbook is too large."), code="size")
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1)
        return [[text_of(cell) for cell in row] for row in rows]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as broken:
        raise ValidationError(
            _("This is no workbook that can be opened. Save it as .xlsx or CSV."),
            code="workbook",
        ) from broken


def text_of(cell: object) -> str:
    """Whole numbers without a point: a spreadsheet stores 12 as 12.0."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def of_text(content: bytes) -> Table:
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValidationError(
            _("This is neither CSV nor a workbook. Save it as .xlsx or CSV."),
            code="binary",
        )
    text = decoded(content)
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as broken:
        raise ValidationError(
            _("A line of this table is too long or has an open quote."), code="csv"
        ) from broken
    return [[cell.strip() for cell in row] for row in rows]


def decoded(content: bytes) -> str:
    """UTF-16 and UTF-8 by their marks, else UTF-8, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
