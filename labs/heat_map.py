"""The picture of a plate for one analyte: rows, columns, levels, flags."""

import math
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from labs.models import Measurement, Plate, Well

BLOCKS = {
    "mfi": _("Median MFI"),
    "net_mfi": _("Net MFI"),
    "bead_count": _("Bead count"),
    "concentration_pg_ml": _("Concentration, pg/mL"),
}
SCARCE_BEADS = 50
LEVELS = 9
WELL = re.compile(r"([A-P])([0-9]{1,2})")


@dataclass(frozen=True)
class Place:
    """One well of the picture; `well` is None where the file has none."""

    name: str
    well: Well | None
    text: str
    level: int | None
    flags: str
    words: str


@dataclass(frozen=True)
class PlateGrid:
    block: str
    blocks: list[tuple[str, str]]
    columns: range
    rows: list[tuple[str, list[Place]]]


def grid_of(plate: Plate, analyte: str, block: str) -> PlateGrid:
    """Every place of the 96 or 384, coloured by the chosen block of one analyte."""
    block = block if block in BLOCKS else "mfi"
    rows = Measurement.objects.filter(well__plate=plate, analyte_name=analyte)
    measured = {row.well_id: row for row in rows}
    wells = {well.name: well for well in plate.wells.select_related("specimen")}
    letters, columns = size_of(list(wells))
    numbers = [
        value for row in measured.values() if (value := getattr(row, block)) is not None
    ]
    lowest, highest = (min(numbers), max(numbers)) if numbers else (0, 0)
    return PlateGrid(
        block=block,
        blocks=[(code, str(label)) for code, label in BLOCKS.items()],
        columns=columns,
        rows=[
            (
                letter,
                [
                    place_of(f"{letter}{n}", wells, measured, block, lowest, highest)
                    for n in columns
                ],
            )
            for letter in letters
        ],
    )


def size_of(names: list[str]) -> tuple[str, range]:
    """96 wells unless one lies beyond them."""
    found = [match for name in names if (match := WELL.fullmatch(name))]
    is_384 = any(match[1] > "H" or int(match[2]) > 12 for match in found)
    return ("ABCDEFGHIJKLMNOP", range(1, 25)) if is_384 else ("ABCDEFGH", range(1, 13))


def place_of(
    name: str,
    wells: dict[str, Well],
    measured: dict[int, Measurement],
    block: str,
    lowest: float,
    highest: float,
) -> Place:
    well = wells.get(name)
    row = measured.get(well.pk) if well else None
    if well is None or row is None:
        return Place(name, well, "", None, "void", name)
    value = getattr(row, block)
    text = "–" if value is None else shown(value)
    if block == "concentration_pg_ml" and value is None:
        text = row.concentration_text or "–"
    words = f"{name} {well.description}: {text} ({row.get_range_flag_display()})"
    return Place(
        name, well, text, level_of(value, lowest, highest), flags(well, row), words
    )


def flags(well: Well, row: Measurement) -> str:
    """The classes that mark a place: never by colour alone, the words say them too."""
    found = []
    if well.excluded_at is not None:
        found.append("excluded")
    if row.bead_count is not None and row.bead_count < SCARCE_BEADS:
        found.append("flagged")
    if row.range_flag != Measurement.RangeFlag.IN_RANGE:
        found.append("out-of-range")
    return " ".join(found)


def level_of(value: float | None, lowest: float, highest: float) -> int | None:
    """0 to 9 on a logarithmic scale, as fluorescence spreads over decades."""
    if value is None:
        return None
    low, high, at = (math.log10(max(x, 1)) for x in (lowest, highest, value))
    return 0 if high <= low else round(LEVELS * (at - low) / (high - low))


def shown(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
