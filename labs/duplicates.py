"""Wells that hold the same thing, side by side: how far apart they lie."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import mean, stdev

from labs.assessing import limits_in_force
from labs.models import Measurement, Plate, Well
from labs.plate_curves import is_left_out


@dataclass(frozen=True)
class Duplicates:
    """The wells of one specimen, standard or control for one analyte."""

    role: str
    name: str
    rows: tuple[Measurement, ...]
    passes_cv: float
    flagged_cv: float

    @property
    def values(self) -> list[float]:
        """pg/mL of the wells that are counted."""
        return [
            row.concentration_pg_ml
            for row in self.rows
            if row.concentration_pg_ml is not None and not is_left_out(row)
        ]

    @property
    def mean_pg_ml(self) -> float | None:
        return mean(self.values) if self.values else None

    @property
    def cv_percent(self) -> float | None:
        return cv(self.values)

    @property
    def mfi_cv_percent(self) -> float | None:
        counted = (row for row in self.rows if not is_left_out(row))
        return cv([row.mfi for row in counted if row.mfi is not None])

    @property
    def verdict(self) -> str:
        """passes, flagged, repeat; or none where there are no two numbers."""
        found = self.cv_percent
        if found is None:
            return "none"
        if found <= self.passes_cv:
            return "passes"
        return "flagged" if found <= self.flagged_cv else "repeat"


def cv(values: list[float]) -> float | None:
    if len(values) < 2 or mean(values) <= 0:
        return None
    return 100 * stdev(values) / mean(values)


def duplicates_of(plate: Plate, analyte: str) -> list[Duplicates]:
    """Groups of two wells and more, in the order of the file."""
    limits = limits_in_force()
    rows = Measurement.objects.filter(well__plate=plate, analyte_name=analyte)
    together: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
    for row in rows.select_related("well__specimen").order_by("well_id"):
        together[row.well.role, held_by(row.well)].append(row)
    return [
        Duplicates(role, name, tuple(found), limits["cv_pass"], limits["cv_flag"])
        for (role, name), found in together.items()
        if name and len(found) > 1
    ]


def held_by(well: Well) -> str:
    """What a well holds: its specimen, its standard or control, else its own text."""
    if well.specimen:
        return well.specimen.code
    return well.level or well.description.strip()
