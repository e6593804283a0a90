"""From text to rows of cells: the delimiter, quoting, and the line of each row."""

import csv
import re
from collections.abc import Iterable
from typing import Final

from labs.luminex.plate import PlateFileError, PlateWarning
from labs.luminex.textfile import TextFile
from labs.luminex.wording import quoted

NumberedRow = tuple[int, list[str]]
"""The physical line on which a row starts, from 1, and its cells."""

MOST_CELLS: Final = 3_000_000

_NAMED_TITLE: Final = re.compile(r'"?(?P<title>[^",;\t\r\n]+)"?(?P<delimiter>[,;\t])')
_MAY_RUN: Final = re.compile(r"^[=+@-]", re.MULTILINE)
_SIGNED_NUMBER: Final = re.compile(
    r"[+-](?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
)


def delimiter_after(lines: Iterable[str], titles: frozenset[str]) -> str | None:
    """What follows the first line that starts with one of `titles`, if any does."""
    for line in lines:
        found = _NAMED_TITLE.match(line)
        if found and found["title"].strip() in titles:
            return found["delimiter"]
    return None


def read_rows(file: TextFile, delimiter: str) -> list[NumberedRow]:
    """The rows of the file, blank ones included, unquoted.

    A cell may hold delimiters, doubled quotes and line ends where it is quoted.
    """
    if file.data.count(delimiter.encode()) > MOST_CELLS:
        raise PlateFileError(
            f"The file is too long for one plate: it has more than {MOST_CELLS:,} "
            "cells. Export a single batch and choose that file."
        )
    reader = csv.reader(file.lines, delimiter=delimiter)
    rows, start = [], 1
    try:
        for cells in reader:
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise PlateFileError(
            f"From line {start} on a quoted text is too long to be a cell, so a "
            "quotation mark was lost or added there. Export the plate again."
        ) from error
    return rows


def is_blank(cells: list[str]) -> bool:
    """Whether a row is empty, or made of empty cells only."""
    return not any(cells)


def trimmed(cells: list[str], width: int = 0) -> list[str]:
    """The cells without the empty ones at the end, down to `width` cells."""
    end = len(cells)
    while end > width and not cells[end - 1]:
        end -= 1
    return cells[:end]


def ends_broken(file: TextFile, last: NumberedRow, delimiter: str) -> bool:
    """Whether the last row stops inside a cell: an open quote, or no line end."""
    lines = file.lines[last[0] - 1 :]
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return not lines[-1].endswith(("\r", "\n", '"'))


def line_end_doubt(file: TextFile, rows: list[NumberedRow]) -> list[PlateWarning]:
    """Says so where rows end in LF or CR; line ends inside a cell are its own text."""
    bare = [n for n, line in enumerate(file.lines, 1) if not line.endswith("\r\n")]
    if bare and bare[-1] == len(file.lines) and file.lines[-1][-1:] not in "\r\n":
        bare.pop()
    starts = {start for start, _ in rows}
    first = next((n for n in bare if n + 1 in starts or n == len(file.lines)), None)
    if first is None:
        return []
    return [
        PlateWarning(
            "line_ends_changed",
            "Lines end in LF or CR where the instrument writes CR LF: the file went "
            "through another program after its export.",
            first,
        )
    ]


def formula_doubt(rows: Iterable[NumberedRow], decimal_mark: str) -> list[PlateWarning]:
    """Says so where a spreadsheet would take a cell for a formula."""
    # Most rows pass as a whole, which is many times as fast.
    suspects = (
        (line, cell)
        for line, cells in rows
        if _MAY_RUN.search("\n".join(cells))
        for cell in cells
        if cell and cell[0] in "=+@-" and not _is_harmless(cell, decimal_mark)
    )
    line, cell = next(suspects, (0, ""))
    if not line:
        return []
    return [
        PlateWarning(
            "formula_text",
            f"A spreadsheet would run {quoted(cell)} as a formula; it is kept as text.",
            line,
        )
    ]


def _is_harmless(cell: str, decimal_mark: str) -> bool:
    from_number = cell.replace(decimal_mark, ".") if decimal_mark == "," else cell
    return bool(_SIGNED_NUMBER.fullmatch(from_number)) or not cell.strip("-")
