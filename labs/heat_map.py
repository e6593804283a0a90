"""The picture of a plate for one analyte: rows, columns, levels, flags."""

import math
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from labs.models import Measurement, Plate, Well

BLOCKS = {
    "mfi": gettext_lazy("Median MFI"),
    "net_mfi": gettext_lazy("Net MFI"),
    "bead_count": gettext_lazy("Bead count"),
    "concentration_pg_ml": gettext_lazy("Concentration, pg/mL"),
}
SCARCE_BEADS = 50
LEVELS = 9
WELL = re.compile(r"([A-P])([0-9]{1,2})")


@dataclass(frozen=True)
class Place:
    """One well of the picture; `well` is None where the file has none."""

    name: str
    well: Well | None
    measurement: Measurement | None
    text: str
    level: int | None
    flags: str
    words: str


@dataclass(frozen=True)
class PlateGrid:
    """`beside` are wells of the file that no plate has."""

    block: str
    blocks: list[tuple[str, str]]
    columns: range
    rows: list[tuple[str, list[Place]]]
    beside: list[Place]

    def place(self, name: str) -> Place | None:
        """The place that a link names, where the file has a well."""
        for _letter, places in self.rows:
            for place in places:
                if place.name == name and place.well:
                    return place
        return next((place for place in self.beside if place.name == name), None)


def grid_of(plate: Plate, analyte: str, block: str) -> PlateGrid:
    """Every place of the 96 or 384, coloured by the chosen block of one analyte."""
    block = block if block in BLOCKS else "mfi"
    rows = Measurement.objects.filter(well__plate=plate, analyte_name=analyte)
    measured = {row.well_id: row for row in rows}
    wells = list(plate.wells.select_related("specimen"))
    by_place = {name: well for well in wells for name in places_of(well.name)}
    letters, columns = size_of(list(by_place))
    picture = Picture(by_place, measured, block)
    on_plate = {f"{letter}{n}" for letter in letters for n in columns}
    return PlateGrid(
        block=block,
        blocks=[(code, str(label)) for code, label in BLOCKS.items()],
        columns=columns,
        rows=[
            (letter, [picture.place(f"{letter}{n}") for n in columns])
            for letter in letters
        ],
        beside=[picture.place(name) for name in by_place if name not in on_plate],
    )


def places_of(name: str) -> list[str]:
    """Bio-Plex writes two wells that it averaged as one: `A1,A2` lies at both."""
    return [part.strip() for part in name.split(",")]


def size_of(names: list[str]) -> tuple[str, range]:
    """96 wells unless one lies beyond them."""
    found = [match for name in names if (match := WELL.fullmatch(name))]
    is_384 = any(match[1] > "H" or 12 < int(match[2]) <= 24 for match in found)
    return ("ABCDEFGHIJKLMNOP", range(1, 25)) if is_384 else ("ABCDEFGH", range(1, 13))


class Picture:
    """The places of one block of one analyte, on the scale of their own numbers."""

    def __init__(
        self, wells: dict[str, Well], measured: dict[int, Measurement], block: str
    ) -> None:
        self.wells, self.measured, self.block = wells, measured, block
        values = (getattr(row, block) for row in measured.values())
        numbers = [value for value in values if value is not None]
        self.lowest = min(numbers, default=0.0)
        self.highest = max(numbers, default=0.0)

    def place(self, name: str) -> Place:
        well = self.wells.get(name)
        row = self.measured.get(well.pk) if well else None
        if well is None or row is None:
            words = f"{name} {well.description}" if well else name
            return Place(name, well, None, "–" if well else "", None, "void", words)
        value = getattr(row, self.block)
        text = "–" if value is None else shown(value)
        if self.block == "concentration_pg_ml" and value is None:
            text = row.concentration_text or "–"
        found = flags(well, row)
        words = "; ".join((f"{name} {well.description}: {text}", *found.values()))
        level = level_of(value, self.lowest, self.highest)
        return Place(name, well, row, text, level, " ".join(found), words)


def flags(well: Well, row: Measurement) -> dict[str, str]:
    """The classes that mark a place by shape, with the words that say the same."""
    found = {}
    if well.excluded_at is not None or row.excluded_at is not None:
        why = well.excluded_reason or row.excluded_reason
        found["excluded"] = f"{_('excluded')}: {why}"
    if row.bead_count is not None and row.bead_count < SCARCE_BEADS:
        found["flagged"] = _("%(n)s beads") % {"n": row.bead_count}
    if row.range_flag != Measurement.RangeFlag.IN_RANGE:
        found["out-of-range"] = str(row.get_range_flag_display())
    return found


def level_of(value: float | None, lowest: float, highest: float) -> int | None:
    """0 to 9 on a logarithmic scale, as fluorescence spreads over decades."""
    if value is None:
        return None
    low, high, at = (math.log10(max(x, 1)) for x in (lowest, highest, value))
    return 0 if high <= low else round(LEVELS * (at - low) / (high - low))


def shown(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
