"""What a plate file says, well by well, as rows: roles, numbers, flags."""

import re
from collections.abc import Iterator, Mapping

from labs.analytes import spelling
from labs.luminex import Cell, PlateFile
from labs.models import (
    Analyte,
    AnalyteName,
    Measurement,
    Plate,
    Well,
)
from labs.tubes import Tube, plain
from labs.units import in_pg_ml, units_of

Role = Well.Role
Flag = Measurement.RangeFlag
NOTHING = Cell("", None, None)

_BY_NAME = (
    (re.compile(r"(background|blank|bkg)\W*\d*", re.I), Role.BACKGROUND),
    (re.compile(r"(standard|std|s)\W*\d+", re.I), Role.STANDARD),
    (re.compile(r"(control|ctrl|qc|c)\W*(\d+|low|high|i+)", re.I), Role.CONTROL),
)
_BY_TYPE = {"S": Role.STANDARD, "B": Role.BACKGROUND, "C": Role.CONTROL}


def role_of(plate: PlateFile, well: str) -> str:
    """A well's role: by its Type where the file has one, else by its sample's name."""
    kind = plate.types.get(well, "")
    if kind:
        return _BY_TYPE.get(kind[0].upper(), Role.UNKNOWN)
    name = plate.descriptions.get(well, "").strip()
    for pattern, role in _BY_NAME:
        if pattern.fullmatch(name):
            return role
    return Role.UNKNOWN


def wells_of(row: Plate, plate: PlateFile, tubes: Mapping[str, Tube]) -> list[Well]:
    """The wells, each tied to the tube whose bar code is its sample's name."""
    levels = levels_of(plate)
    wells = []
    for name in plate.wells:
        role = role_of(plate, name)
        said = plate.descriptions.get(name, "")
        tube = tubes.get(plain(said)) if role == Role.UNKNOWN else None
        wells.append(
            Well(
                plate=row,
                name=name,
                description=said[:300],
                role=role,
                level=level_of(plate, name, levels),
                specimen_id=tube.specimen if tube else None,
                aliquot_id=tube.aliquot if tube else None,
                matched_by=Well.MatchedBy.FILE if tube else "",
                dilution_factor=dilution_of(plate, name),
            )
        )
    return wells


def levels_of(plate: PlateFile) -> dict[str, str]:
    """The names of standards and controls, by how they are compared."""
    names = [one.standard for one in plate.standards]
    names += [one.control for one in plate.controls]
    return {spelling(name): name for name in names}


def level_of(plate: PlateFile, well: str, levels: Mapping[str, str]) -> str:
    """The standard or control of a well: Bio-Plex names it by its Type."""
    said = (plate.descriptions.get(well, ""), plate.types.get(well, ""))
    return next((levels[s] for text in said if (s := spelling(text)) in levels), "")[
        :80
    ]


def measurements_of(wells: list[Well], plate: PlateFile) -> Iterator[Measurement]:
    known, units = known_analytes(), units_of(plate)
    for well in wells:
        for name in plate.analytes:
            result = cell_of(plate, "Result", well.name, name)
            flag, value, bound = judged(result, units.get(name, ""))
            yield Measurement(
                well=well,
                analyte_name=name[:80],
                analyte_id=known.get(spelling(name)),
                mfi=cell_of(plate, "Median", well.name, name).value,
                net_mfi=cell_of(plate, "Net MFI", well.name, name).value,
                bead_count=count_of(plate, well.name, name),
                concentration_text=result.text[:40],
                concentration_pg_ml=value,
                printed_bound_pg_ml=bound,
                range_flag=flag,
            )


def judged(result: Cell, unit: str = "") -> tuple[str, float | None, float | None]:
    """Flag, number and printed bound of a Result cell, in pg/mL.

    `< 0.105` and `> 3450` are bounds, not numbers; `*12.3` was extrapolated beyond the
    standards, which side is not said, so its number is not used. A number in a unit
    that is no mass in a volume is no concentration.
    """
    value = in_pg_ml(result.value, unit)
    if result.qualifier == "<":
        return Flag.BELOW, None, value
    if result.qualifier == ">":
        return Flag.ABOVE, None, value
    if result.qualifier == "*" or value is None:
        return Flag.NOT_AVAILABLE, None, None
    return Flag.IN_RANGE, value, None


def cell_of(plate: PlateFile, block: str, well: str, analyte: str) -> Cell:
    try:
        return plate.cell(block, well, analyte)
    except KeyError:
        return NOTHING


def count_of(plate: PlateFile, well: str, analyte: str) -> int | None:
    count = cell_of(plate, "Count", well, analyte).value
    return None if count is None else round(count)


def dilution_of(plate: PlateFile, well: str) -> float | None:
    return cell_of(plate, "Dilution Factor", well, "Dilution Factor").value


def known_analytes() -> dict[str, int]:
    names = AnalyteName.objects.values_list("spelling", "analyte_id")
    return dict(names)


def missing_analytes(names: tuple[str, ...]) -> list[str]:
    """The trial's analytes that a file does not name."""
    known = known_analytes()
    found = [known[text] for text in map(spelling, names) if text in known]
    return list(Analyte.objects.exclude(pk__in=found).values_list("name", flat=True))
