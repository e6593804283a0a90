"""Concentrations of files in pg/mL, the unit of everything that is stored."""

import re

from labs.luminex import PlateFile

_FACTORS = {"pg": 1.0, "ng": 1e3, "ug": 1e6, "mg": 1e9}
_MASS_IN_VOLUME = re.compile(r"(pg|ng|ug|mg)/(ml|l|dl)", re.I)
_VOLUMES = {"ml": 1.0, "dl": 1e-2, "l": 1e-3}


def in_pg_ml(value: float | None, unit: str) -> float | None:
    """A number of the file in pg/mL; None where its unit is no mass in a volume.

    A file without units is one of a kit whose standards were typed in pg/mL.
    """
    if value is None or not unit.strip():
        return value
    plain = unit.strip().replace("µ", "u").replace("μ", "u").replace(" ", "")
    found = _MASS_IN_VOLUME.fullmatch(plain)
    if found is None:
        return None
    return value * _FACTORS[found[1].lower()] * _VOLUMES[found[2].lower()]


def units_of(plate: PlateFile) -> dict[str, str]:
    """The unit of each analyte, as the block Units says it."""
    block = plate.blocks.get("Units")
    if block is None:
        return {}
    for row in block.rows:
        if row and row[0].strip().lower().startswith("units"):
            return dict(zip(block.columns[1:], row[1:], strict=False))
    return {}
