"""Workbooks, .xlsx and the old .xls: from bytes to sheets of text, within limits.

Sizes are taken from the directory of the zip, so that a workbook which would unpack
too large is never unpacked; the number of cells that a library would lay out is known
before it is asked to.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from labs.luminex import ole
from labs.luminex.plate import PlateFileError

LARGEST_UNPACKED: Final = 64 << 20
MOST_CELLS: Final = 750_000
MOST_PARTS: Final = 2_000

_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_PLACE: Final = re.compile(rb"""r\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,10})["']""")
_SMALLEST_STREAM: Final = 4096
# What a zip whose directory points nowhere makes the standard library raise.
_DAMAGE: Final = (EOFError, OSError, ValueError, IndexError)


class Sheet(NamedTuple):
    """A sheet: its name, and its rows from the first one on, each cell as text."""

    name: str
    rows: list[list[str]]


def open_workbook(data: bytes) -> list[Sheet]:
    """The sheets of a workbook in their order; PlateFileError where it is none."""
    if data.startswith(ole.MAGIC):
        _check_old(data)
    else:
        data = _checked_zip(data)
    try:
        return _sheets(data)
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable() from error
    except BaseException as error:
        # The library's panic on damaged records is no Exception and has no name to
        # import, so it is told by the name of its class; all else goes on.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable() from error


def _sheets(data: bytes) -> list[Sheet]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    return [
        Sheet(sheet.name, _texts(sheet.to_python(skip_empty_area=False)))
        for sheet in sheets
    ]


def text_of(value: object) -> str:
    """The text of a cell: a number with the 15 digits that a spreadsheet keeps."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return format(value, ".15g")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def _texts(rows: Iterable[Iterable[object]]) -> list[list[str]]:
    return [[text_of(value) for value in row] for row in rows]


def _unreadable() -> PlateFileError:
    return PlateFileError(
        "This Office file cannot be opened: it is damaged or locked with a password. "
        "Save it without a password as .xlsx, or export the plate again."
    )


def _too_large() -> PlateFileError:
    return PlateFileError(
        "This workbook is too large for a plate: it would unpack to more than "
        f"{LARGEST_UNPACKED >> 20} MB or {MOST_CELLS:,} cells. Export one plate again."
    )


def _check_old(data: bytes) -> None:
    try:
        compound = ole.Compound(data)
        name = next((n for n in ("Workbook", "Book") if n in compound.streams), None)
        # A stream this small is stored in another way, and no plate fits into it.
        if name is None or compound.streams[name][1] < _SMALLEST_STREAM:
            raise _unreadable()
        records = compound.stream(name)
        if ole.is_encrypted(records):
            raise _unreadable()
        if ole.cells_spanned(records) > MOST_CELLS:
            raise _too_large()
    except ole.BrokenContainerError as error:
        raise _unreadable() from error


def _checked_zip(data: bytes) -> bytes:
    """The workbook's parts in a zip without compression, each of its declared size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _refuse_foreign(parts)
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise _too_large()
            return _unpacked(archive, parts)
    except (NotImplementedError, RuntimeError) as error:
        raise _unreadable() from error
    except (zipfile.BadZipFile, zlib.error, struct.error, *_DAMAGE) as error:
        raise _no_workbook("damaged") from error


def _refuse_foreign(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or len(names) < len(parts):
        raise _no_workbook("not one that a spreadsheet writes")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise _no_workbook("not a workbook")


def _no_workbook(what: str) -> PlateFileError:
    return PlateFileError(
        f"This is a zip file, but {what}. Unpack it and choose the export itself, or "
        "copy the workbook from the instrument again."
    )


def _unpacked(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bytes:
    out = io.BytesIO()
    cells = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
        for part in parts:
            if part.is_dir():
                continue
            # Reads no further than the size that the directory declares.
            content = archive.read(part)
            if part.filename.endswith((".xml", ".rels", ".vml")):
                _check_xml(content)
            if part.filename.startswith("xl/worksheets/"):
                cells += _cells_spanned(content)
                if cells > MOST_CELLS:
                    raise _too_large()
            copy.writestr(zipfile.ZipInfo(part.filename), content)
    return out.getvalue()


def _check_xml(content: bytes) -> None:
    if content.startswith(_WIDE):
        raise _unreadable()
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        raise PlateFileError(
            "This workbook declares XML entities, which no spreadsheet writes: it is "
            "not opened. Export the plate again from the instrument's software."
        )


def _cells_spanned(content: bytes) -> int:
    """The cells of the table that a sheet spans; those without a place count too."""
    placed = content.count(b"r=")
    if placed > MOST_CELLS:
        raise _too_large()
    rows = columns = 0
    for letters, digits in _PLACE.findall(content):
        rows = max(rows, int(digits))
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - ord("A") + 1
        columns = max(columns, column)
    return max(rows * columns, content.count(b"<c"))
