"""What a Luminex export says, to the letter: the types that every reader fills.

No number is stored: a cell keeps its text, and its value is read from the text when
it is asked for. So nothing can stand in a plate that does not stand in the file.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

Checksum = Literal["matches", "matches after restoring line ends", "differs", "absent"]
BlockKind = Literal["well", "sample", "table"]
Row = tuple[str, ...]

WARNING_CODES: Final = frozenset(
    {
        "line_ends_changed",
        "resaved_by_spreadsheet",
        "checksum_differs",
        "truncated",
        "missing_block",
        "missing_well",
        "duplicate_well",
        "wells_out_of_order",
        "ambiguous_date",
        "decimal_comma",
        "unknown_encoding",
        "well_off_plate",
        "formula_text",
        "unreadable_value",
        "standards_not_in_series",
    }
)

_NUMBER: Final = r"[+-]?(?:[0-9]+(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUALIFIED: Final = {
    mark: re.compile(rf" *([<>*]?) *({_NUMBER.format(mark=re.escape(mark))}) *")
    for mark in (".", ",")
}
_OUT_OF_RANGE: Final = re.compile(r"OOR *([<>])")
LOCATION: Final = re.compile(
    r"\s*[0-9]*\((?P<plate>[0-9]+),\s*(?P<well>[A-Z]{1,2}[0-9]{1,2})\)\s*"
)


class PlateFileError(Exception):
    """A file that cannot be read as a plate: what is wrong, where, and what to do.

    The message is one or two sentences for a lab person, 20 to 500 characters long.
    """


@dataclass(frozen=True)
class PlateWarning:
    """A doubt about the file. `line` is the first physical line concerned, from 1."""

    code: str
    message: str
    line: int | None = None

    def __post_init__(self) -> None:
        if self.code not in WARNING_CODES:
            raise ValueError(f"{self.code!r} is no code of the closed list of warnings")


@dataclass(frozen=True)
class Cell:
    """One cell: its text exactly, and the finite number that the text is, if any.

    `qualifier` is "<", ">" (outside the curve) or "*" (extrapolated).
    """

    text: str
    value: float | None
    qualifier: str | None


def read_cell(text: str, decimal_mark: str = ".") -> Cell:
    """The cell that a text is, its number written with `decimal_mark` ("." or ",").

    The value is None unless the whole text is one finite number, possibly after a
    qualifier: `NaN`, `N/A`, `1_000`, `1e999` and the empty text have none.
    """
    value, qualifier = read_number(text, decimal_mark)
    return Cell(text, value, qualifier)


def read_number(text: str, decimal_mark: str = ".") -> tuple[float | None, str | None]:
    """The finite number that a whole text is, and its qualifier, as in `read_cell`."""
    found = _QUALIFIED[decimal_mark].fullmatch(text)
    if found:
        value = float(found[2].replace(",", "."))
        if math.isfinite(value):
            return value, found[1] or None
    out_of_range = _OUT_OF_RANGE.fullmatch(text)
    return None, out_of_range[1] if out_of_range else None


def well_of(location: str) -> str:
    """The well that a Location cell names: `13(1,B1)` is B1, `A1,A2` is itself."""
    found = LOCATION.fullmatch(location)
    return found["well"] if found else location


@dataclass(frozen=True)
class Block:
    """One block of the file: its column titles, and the rows under them as text.

    `line` is the physical line on which the block starts, from 1 (in a workbook: the
    row of its sheet). `kind` says what its rows are named by: a well ("well"), the
    name of a sample ("sample"), or something else ("table").
    """

    name: str
    kind: BlockKind
    line: int
    columns: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Standard:
    """The expected concentration of an analyte in a standard, in the file's unit."""

    standard: str
    analyte: str
    expected_concentration: float | None


@dataclass(frozen=True)
class Control:
    """The expected concentration of an analyte in a control and its allowed range."""

    control: str
    analyte: str
    expected_concentration: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class VendorCurve:
    """The curve of an analyte as the instrument's software fitted and printed it."""

    analyte: str
    equation: str
    coefficients: Mapping[str, float]
    weighting: str | None
    lloq: float | None
    uloq: float | None
    r_squared: float | None


@dataclass(frozen=True)
class PlateFile:
    """One plate as its file tells it. See `cell` for the readings.

    `acquired_at` is naive: the instrument's local time. `analytes`, `wells` and
    `blocks` stand in the file's order, with the file's names. `decimal_mark` is that
    of the file's numbers; `no_results` lists the cells (block, well, analyte) whose
    number the file itself declares to be no result, so that their value is None.
    """

    software: str | None
    build: str | None
    instrument: str | None
    serial_number: str | None
    batch: str | None
    protocol: str | None
    acquired_at: datetime | None
    analytes: tuple[str, ...]
    wells: tuple[str, ...]
    descriptions: Mapping[str, str]
    types: Mapping[str, str]
    blocks: Mapping[str, Block]
    standards: tuple[Standard, ...]
    controls: tuple[Control, ...]
    curves: Mapping[str, VendorCurve]
    warnings: tuple[PlateWarning, ...]
    checksum: Checksum
    sha256: str
    decimal_mark: str = "."
    no_results: frozenset[tuple[str, str, str]] = frozenset()

    def __post_init__(self) -> None:
        for name in ("descriptions", "types", "blocks", "curves"):
            read_only = MappingProxyType(dict(getattr(self, name)))
            object.__setattr__(self, name, read_only)

    def cell(self, block: str, well: str, analyte: str) -> Cell:
        """The cell of a block in the row of a well and the column of an analyte.

        In a block of kind "sample" the second argument is the sample's name. A row
        that is shorter than its header ends in empty cells. KeyError names what is
        not there.
        """
        if block not in self.blocks:
            raise KeyError(f"the file has no block {block!r}")
        row = self.rows_of(block).get(well)
        if row is None:
            raise KeyError(f"the block {block!r} has no row {well!r}")
        column = self._columns[block].get(analyte)
        if column is None:
            raise KeyError(f"the block {block!r} has no column {analyte!r}")
        cell = read_cell(row[column] if column < len(row) else "", self.decimal_mark)
        if (block, well, analyte) in self.no_results:
            return Cell(cell.text, None, None)
        return cell

    def rows_of(self, block: str) -> Mapping[str, Row]:
        """The rows of a block by well, or by their first cell where it has no wells."""
        return self._rows[block]

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, Row]]:
        return {name: _by_first_cell(block) for name, block in self.blocks.items()}

    @cached_property
    def _columns(self) -> Mapping[str, Mapping[str, int]]:
        return {
            name: {title: i for i, title in reversed([*enumerate(block.columns)]) if i}
            for name, block in self.blocks.items()
        }


def _by_first_cell(block: Block) -> dict[str, Row]:
    """Rows by what names them; of two rows with one name the first counts."""
    rows: dict[str, Row] = {}
    for row in block.rows:
        name = row[0] if row else ""
        rows.setdefault(well_of(name) if block.kind == "well" else name, row)
    return rows
