"""From the bytes of a CSV or XLSX file to cells with their places. Pure."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from assessments.instruments.words import Message
from assessments.instruments.words import mark as _

LARGEST_BYTES = 5 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 50 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 500, 60
# What a broken or hostile workbook makes the library raise.
BROKEN = (
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class UnreadableError(Exception):
    """The file as a whole cannot be read; the message says why."""

    def __init__(self, text: str, **values: int) -> None:
        self.message = Message(text, values)
        super().__init__(str(self.message))


@dataclass(frozen=True)
class Cell:
    """What stands at one place. A moment that XLSX keeps as such is `at`."""

    sheet: str
    row: int
    column: int
    text: str
    at: datetime | None = None
    is_formula: bool = False

    @property
    def place(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


def read(content: bytes) -> list[list[Cell]]:
    """The rows that say anything, the heads first, or UnreadableError."""
    if len(content) > LARGEST_BYTES:
        raise UnreadableError(_("The file is larger than 5 MB."))
    rows = workbook(content) if content.startswith(b"PK") else text(content)
    said: list[list[Cell]] = []
    for row in rows:
        if len(row) > MOST_COLUMNS:
            most = MOST_COLUMNS
            raise UnreadableError(_("A row has more than %(most)s columns."), most=most)
        if any(cell.text or cell.is_formula for cell in row):
            said.append(row)
        if len(said) > MOST_ROWS + 1:
            most = MOST_ROWS
            raise UnreadableError(
                _("The file has more than %(most)s rows. Divide it."), most=most
            )
    if not said:
        raise UnreadableError(_("The file is empty."))
    return said


def text(content: bytes) -> Iterator[list[Cell]]:
    """CSV in UTF-8, with or without a byte order mark, or in GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            decoded = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableError(_("The text is neither UTF-8 nor GB18030."))
    if "\0" in decoded:
        raise UnreadableError(_("This is neither a CSV nor an XLSX file."))
    try:
        for number, row in enumerate(csv.reader(io.StringIO(decoded, newline="")), 1):
            yield [
                Cell("", number, column, said.strip(), None, said.startswith("="))
                for column, said in enumerate(row, 1)
            ]
    except csv.Error as error:
        raise UnreadableError(_("This is neither a CSV nor an XLSX file.")) from error


def workbook(content: bytes) -> Iterator[list[Cell]]:
    """The first sheet of an XLSX file; formulas stay formulas, never computed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > LARGEST_UNPACKED_BYTES:
            raise UnreadableError(_("The workbook is too large when unpacked."))
        sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        width = MOST_COLUMNS + 1
        for number, row in enumerate(sheet.iter_rows(max_col=width), 1):
            if number > MOST_ROWS * 4:
                raise UnreadableError(
                    _("The file has more than %(most)s rows. Divide it."),
                    most=MOST_ROWS,
                )
            cells = [
                cell_of(sheet.title, number, column, one.value, one.data_type == "f")
                for column, one in enumerate(row, 1)
            ]
            while cells and not cells[-1].text:
                cells.pop()
            yield cells
    except BROKEN as error:
        raise UnreadableError(_("The workbook is broken.")) from error


def cell_of(sheet: str, row: int, column: int, value: object, is_formula: bool) -> Cell:
    at = None
    if isinstance(value, datetime):
        at, said = value, f"{value:%Y-%m-%d %H:%M}"
    elif isinstance(value, date):
        said = value.isoformat()
    elif isinstance(value, float) and value.is_integer():
        said = str(int(value))
    else:
        said = "" if value is None else str(value)
    return Cell(sheet, row, column, said.replace("\0", "").strip(), at, is_formula)
