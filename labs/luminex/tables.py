"""Standards, controls and curves, as an xPONENT export lists them in its tables."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from labs.luminex.blocks import ShapedBlock
from labs.luminex.plate import (
    Block,
    Control,
    PlateFileError,
    PlateWarning,
    Standard,
    VendorCurve,
    read_number,
)
from labs.luminex.wording import quoted

STANDARDS: Final = "Standard Expected Concentration"

_COEFFICIENT: Final = "Coefficient "
_OF_FIVE: Final = ("A", "B", "C", "D", "F")
_OF_FOUR: Final = _OF_FIVE[:-1]
# Real series fall by one factor at each level. A spreadsheet that takes the decimal
# point for a thousands separator multiplies by 1,000, and 2 orders of magnitude stand
# between that and any series a lab would pipette.
_LARGEST_STEP: Final = 100.0
_MOST_CELLS: Final = 100_000

Table = Mapping[str, Mapping[str, float | None]]


def standards_of(blocks: Mapping[str, Block], mark: str) -> tuple[Standard, ...]:
    """The expected concentrations of the standards, by standard and analyte."""
    return tuple(
        Standard(standard, analyte, concentration)
        for standard, row in _numbers(blocks.get(STANDARDS), mark).items()
        for analyte, concentration in row.items()
    )


def controls_of(blocks: Mapping[str, Block], mark: str) -> tuple[Control, ...]:
    """The controls with what their three tables say of them."""
    expected, low, high = (
        _numbers(blocks.get(name), mark)
        for name in (
            "Control Expected Concentration",
            "Control Range - Low",
            "Control Range - High",
        )
    )
    names = dict.fromkeys([*expected, *low, *high])
    return tuple(
        Control(name, analyte, *(t.get(name, {}).get(analyte) for t in tables))
        for tables in [(expected, low, high)]
        for name in names
        for analyte in dict.fromkeys(a for t in tables for a in t.get(name, {}))
    )


def curves_of(blocks: Mapping[str, Block], mark: str) -> dict[str, VendorCurve]:
    """The printed curves; analytes that lack one of their coefficients have none."""
    rows = _numbers(blocks.get("Analysis Coefficients"), mark)
    coefficients = {
        name.removeprefix(_COEFFICIENT).strip(): row
        for name, row in rows.items()
        if name.startswith(_COEFFICIENT)
    }
    equations = _texts(blocks.get("Analysis Types")).get("AnalysisType", {})
    r_squared = _numbers(blocks.get("R^2"), mark).get("Value", {})
    curves = {}
    for analyte in dict.fromkeys(a for row in coefficients.values() for a in row):
        equation = equations.get(analyte, "")
        values = {n: row.get(analyte) for n, row in coefficients.items()}
        found = {name: value for name, value in values.items() if value is not None}
        if found.keys() >= {*(_OF_FOUR if "4P" in equation else _OF_FIVE)}:
            curves[analyte] = VendorCurve(
                analyte=analyte,
                equation=equation,
                coefficients=MappingProxyType(found),
                weighting=None,
                lloq=None,
                uloq=None,
                r_squared=r_squared.get(analyte),
            )
    return curves


def series_doubt(shaped: Iterable[ShapedBlock], mark: str) -> list[PlateWarning]:
    """Says so where expected concentrations do not fall, or rise, steadily."""
    table = next((s for s in shaped if s.block.name == STANDARDS), None)
    if table is None:
        return []
    for column, analyte in enumerate(table.block.columns[1:], 1):
        levels = [
            (value, line)
            for line, row in table.numbered
            if column < len(row)
            and (value := read_number(row[column], mark)[0]) is not None
        ]
        broken = first_break_in_series([value for value, _ in levels])
        if broken is not None:
            return [series_warning(analyte, levels[broken][1])]
    return []


def series_warning(analyte: str, line: int | None) -> PlateWarning:
    """The warning for an analyte whose standards are no dilution series."""
    return PlateWarning(
        "standards_not_in_series",
        f"The expected concentrations of the standards of {quoted(analyte)} do not "
        "fall or rise steadily, as when a decimal point is lost. Compare them with the "
        "lot's certificate; they were read as written.",
        line,
    )


def first_break_in_series(levels: list[float]) -> int | None:
    """The index of the first level that leaves a steady series; None where none does.

    A series rises or falls throughout, no step more than a hundred times larger than
    the middle one. A blank (0) at either end belongs to it.
    """
    rising, falling = (
        next((i for i in range(1, len(ordered)) if ordered[i] < ordered[i - 1]), None)
        for ordered in (levels, [-level for level in levels])
    )
    if rising is not None and falling is not None:
        return max(rising, falling)
    steps = [
        (max(pair) / min(pair), i)
        for i, pair in enumerate(pairwise(levels), 1)
        if min(pair) > 0
    ]
    if len(steps) < 3:
        return None
    middle = sorted(step for step, _ in steps)[len(steps) // 2]
    return next((i for step, i in steps if step > _LARGEST_STEP * middle), None)


def _texts(block: Block | None) -> dict[str, dict[str, str]]:
    """A table's texts by the first cell of the row and the title of the column."""
    if block is None:
        return {}
    if len(block.rows) * len(block.columns) > _MOST_CELLS:
        raise PlateFileError(
            f"The block {quoted(block.name)} at line {block.line} is too long for one "
            "plate. Export a single batch and choose that file."
        )
    titles = block.columns[1:]
    return {
        row[0]: dict(zip(titles, row[1:], strict=False))
        for row in reversed(block.rows)
        if row
    }


def _numbers(block: Block | None, mark: str) -> dict[str, dict[str, float | None]]:
    return {
        name: {title: read_number(text, mark)[0] for title, text in row.items()}
        for name, row in reversed(_texts(block).items())
    }
