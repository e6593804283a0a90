"""What a file is, by its bytes alone, and which reader it belongs to."""

import hashlib
import re
from pathlib import Path
from typing import Final

from labs.luminex import bioplex, intelliflex, xponent
from labs.luminex.blocks import DATA_TYPE, PROGRAM
from labs.luminex.delimited import delimiter_after
from labs.luminex.plate import PlateFile, PlateFileError
from labs.luminex.textfile import TextFile, decode

LARGEST_FILE: Final = 64 << 20

_WORKBOOKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_FOREIGN: Final = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
}
_BLANKS: Final = b" \t\r\n\v\f\0"
_MARKS: Final = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff")
_HTML: Final = re.compile(rb"<!doctype\s+html|<html\b", re.I)
_HTML_PART: Final = re.compile(rb"<(head|body|table|div|p|meta|script|style)\b", re.I)
_BEAD_COLUMNS: Final = frozenset({"RID", "CL1", "CL2"})
_OPENING: Final = 4096
_OPENING_LINES: Final = 20


def read_plate(path: str | Path) -> PlateFile:
    """The plate that a file holds, exactly as the file says it.

    The name decides nothing, the bytes do. Raises PlateFileError for any file that is
    no whole plate, and OSError where the path cannot be opened.
    """
    with Path(path).open("rb") as opened:
        data = opened.read(LARGEST_FILE + 1)
    return read_bytes(data)


def read_bytes(data: bytes) -> PlateFile:
    """The plate that a file's bytes hold; PlateFileError where they hold none."""
    if len(data) > LARGEST_FILE:
        raise PlateFileError(
            f"The file is too large for a plate: more than {LARGEST_FILE >> 20} MB. "
            "Choose the file that the instrument's software exported."
        )
    opening = _MARKS.sub(b"", data[:_OPENING], count=1).replace(b"\0", b"").lstrip()
    _refuse_empty(data)
    _refuse_foreign(opening)
    if data.startswith(_WORKBOOKS):
        return bioplex.read_workbook(data)
    if opening.startswith(b"<"):
        return bioplex.read_xml(data)
    return _read_text(decode(data), hashlib.sha256(data).hexdigest())


def _refuse_empty(data: bytes) -> None:
    mark = _MARKS.match(data)
    body = data[mark.end() :] if mark else data
    if not body.strip(_BLANKS if mark else _BLANKS[:-1]):
        raise PlateFileError(
            "The file is empty. Export the plate again from the instrument's software, "
            "or copy the file again."
        )


def _refuse_foreign(opening: bytes) -> None:
    for magic, kind in _FOREIGN.items():
        if opening.startswith(magic):
            raise PlateFileError(
                f"This is {kind}, not the export of a plate. Choose the file that the "
                "instrument's software exported (.csv, .xls, .xlsx or .xml)."
            )
    if opening.startswith(b"<") and (
        _HTML.search(opening) or _HTML_PART.match(opening)
    ):
        raise PlateFileError(
            "This is a web page (HTML), not the export of a plate: a download may have "
            "failed. Choose the file that the instrument's software exported."
        )


def _read_text(file: TextFile, sha256: str) -> PlateFile:
    opening = [line for line in file.lines[:_OPENING_LINES] if line.strip()]
    delimiter = delimiter_after(opening[:1], intelliflex.FIRST_TITLES)
    if delimiter:
        return intelliflex.read_table(file, delimiter, sha256)
    for title in (DATA_TYPE, PROGRAM):
        delimiter = delimiter_after(file.lines, frozenset({title}))
        if delimiter:
            return xponent.read_export(file, delimiter, sha256)
    raise _no_export(opening)


def _no_export(opening: list[str]) -> PlateFileError:
    cells = [set(re.findall(r"[^\",;\t\r\n]+", line)) for line in opening]
    if any(row >= _BEAD_COLUMNS for row in cells):
        return PlateFileError(
            "This is not a Luminex export of a plate but the bead events of one well. "
            "Choose the batch export of the plate, which lists Median and Count."
        )
    return PlateFileError(
        "This is not a Luminex export: it has no “DataType:” blocks and no bead "
        "regions. Choose the file that the instrument's software exported."
    )
