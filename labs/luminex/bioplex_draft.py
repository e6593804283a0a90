"""A Bio-Plex plate while it is read: readings by block, analyte and well.

Wells, analytes and blocks keep the order in which the file names them first.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from labs.luminex.plate import (
    Block,
    Control,
    PlateFileError,
    PlateWarning,
    Standard,
    VendorCurve,
    read_number,
)
from labs.luminex.tables import first_break_in_series, series_warning
from labs.luminex.wells import off_plate_doubt
from labs.luminex.wording import quoted

WELLS: Final = re.compile(r"[A-Z]{1,2}[0-9]{1,2}(?:,[A-Z]{1,2}[0-9]{1,2})*")
"""The text of a Well cell: one well, or those whose mean the row gives."""

_STANDARD: Final = re.compile(r"S[0-9]+")
_CONTROL: Final = re.compile(r"C[0-9]+")
# What the legend of every export explains: not available, taken out, out of range.
_EXPLAINED: Final = frozenset({"", "***", "---", "NaN", "N/A"})
_READINGS: Final = frozenset({"FI", "Bead Count", "Reading", "RegionCount"})
_COUNTS: Final = frozenset({"Bead Count", "RegionCount"})
_MOST_CELLS: Final = 2_000_000


@dataclass
class Draft:
    """What was read so far.

    `wells` maps a well to the row that names it first, `sheets` an analyte to the
    sheet that does; `readings` is by block, analyte and well.
    """

    analytes: dict[str, None] = field(default_factory=dict)
    wells: dict[str, int] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    expected: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    curves: dict[str, VendorCurve] = field(default_factory=dict)
    readings: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    repeated: tuple[str, int] | None = None
    unreadable: tuple[str, str, int] | None = None

    def add_well(self, well: str, kind: str, description: str, line: int) -> None:
        """A well with its type and description; the first naming counts."""
        self.wells.setdefault(well, line)
        if kind:
            self.types.setdefault(well, kind)
        if not self.descriptions.get(well):
            self.descriptions[well] = description

    def add_column(self, block: str, column: str, line: int) -> dict[str, str]:
        """The cells, by well, of a column (an analyte) of a block."""
        self.lines.setdefault(block, line)
        return self.readings.setdefault(block, {}).setdefault(column, {})

    def add_expected(self, kind: str, analyte: str, text: str, line: int) -> None:
        """The Exp Conc cell of a standard or control; other wells have none."""
        if _STANDARD.fullmatch(kind) or (_CONTROL.fullmatch(kind) and text):
            self.expected.setdefault((kind, analyte), (text, line))

    def look_at(self, block: str, text: str, line: int) -> None:
        """Keeps the first cell of readings that is neither number nor known word."""
        if self.unreadable is None and block in _READINGS and text not in _EXPLAINED:
            value, qualifier = read_number(text)
            if value is None and qualifier is None:
                self.unreadable = (block, text, line)

    def blocks(self) -> dict[str, Block]:
        """The blocks, each with the rows of the wells that it has."""
        columns = max((len(block) for block in self.readings.values()), default=0)
        if columns * len(self.wells) * len(self.readings) > _MOST_CELLS:
            raise PlateFileError(
                "The file is too large for one plate: it names too many wells and "
                "analytes. Export a single plate and choose that file."
            )
        return {name: self._block(name) for name in self.readings}

    def _block(self, name: str) -> Block:
        columns = self.readings[name]
        rows = tuple(
            (
                well,
                self.descriptions[well],
                *(cells.get(well, "") for cells in columns.values()),
            )
            for well in self.wells
            if any(well in cells for cells in columns.values())
        )
        titles = ("Location", "Sample", *columns)
        return Block(name, "well", self.lines[name], titles, rows)

    def standards(self) -> tuple[Standard, ...]:
        """The standards with their expected concentrations, by analyte."""
        return tuple(
            Standard(kind, analyte, read_number(text)[0])
            for (kind, analyte), (text, _) in self.expected.items()
            if _STANDARD.fullmatch(kind)
        )

    def controls(self) -> tuple[Control, ...]:
        """The controls; the file gives no range for them."""
        return tuple(
            Control(kind, analyte, read_number(text)[0], None, None)
            for (kind, analyte), (text, _) in self.expected.items()
            if _CONTROL.fullmatch(kind)
        )

    def doubts(self) -> list[PlateWarning]:
        """The warnings that the readings themselves give rise to."""
        return [
            *off_plate_doubt(self.wells.items()),
            *self._repeated_doubt(),
            *self._unreadable_doubt(),
            *self._count_doubt(),
            *self._missing_doubt(),
            *self._series_doubt(),
        ]

    def _repeated_doubt(self) -> list[PlateWarning]:
        if self.repeated is None:
            return []
        well, line = self.repeated
        message = f"Well {well} stands twice with the same cells; one was kept."
        return [PlateWarning("duplicate_well", message, line)]

    def _unreadable_doubt(self) -> list[PlateWarning]:
        if self.unreadable is None:
            return []
        block, text, line = self.unreadable
        message = f"{quoted(text)} in the column {quoted(block)} is no number."
        return [PlateWarning("unreadable_value", message, line)]

    def _count_doubt(self) -> list[PlateWarning]:
        if _COUNTS & self.readings.keys():
            return []
        message = "The file has no bead counts: nobody can tell how sure a reading is."
        return [PlateWarning("missing_block", message)]

    def _missing_doubt(self) -> list[PlateWarning]:
        """Wells that one analyte, or the bead counts, have and another lacks."""
        warnings = []
        for name in self.readings:
            if name not in _READINGS | {"Obs Conc", "MWObsConc"}:
                continue
            lacking = _first_gap(self.readings[name], self.wells)
            if lacking is not None:
                well, column = lacking
                message = f"{quoted(name)} of {quoted(column)} lacks well {well}."
                doubt = PlateWarning("missing_well", message, self.lines[name])
                warnings.append(doubt)
        return warnings

    def _series_doubt(self) -> list[PlateWarning]:
        for analyte in self.analytes:
            levels = sorted(
                (int(kind[1:]), value, line)
                for (kind, of), (text, line) in self.expected.items()
                if of == analyte
                and _STANDARD.fullmatch(kind)
                and (value := read_number(text)[0]) is not None
            )
            broken = first_break_in_series([value for _, value, _ in levels])
            if broken is not None:
                return [series_warning(analyte, levels[broken][2])]
        return []


def _first_gap(
    columns: Mapping[str, Mapping[str, str]], wells: Iterable[str]
) -> tuple[str, str] | None:
    gaps = (
        (well, column)
        for column, cells in columns.items()
        for well in wells
        if well not in cells
    )
    return next(gaps, None)
