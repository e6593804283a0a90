"""The trial's table of concentrations: a line a specimen, a column an analyte.

The laboratory sees specimen codes only; participant and visit are read for those who
may see them and left out of the query for everybody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from labs.models import Analyte, Measurement, Result

# Field -> its title in the file.
SHOWN = {
    "specimen__code": "specimen",
    "analyte__code": "analyte",
    "concentration_pg_ml": "concentration_pg_ml",
    "range_flag": "range_flag",
    "printed_bound_pg_ml": "printed_bound_pg_ml",
    "lloq_pg_ml": "lloq_pg_ml",
    "uloq_pg_ml": "uloq_pg_ml",
    "cv_percent": "cv_percent",
    "n_wells": "n_wells",
    "duplicates": "duplicates",
    "plate__batch": "plate",
    "version": "version",
}
NAMED = {
    "specimen__participant__subject_id": "participant",
    "specimen__visit__visit_type": "visit",
}
MARKS = {"below": "<", "above": ">"}
ARROWS = {"below": " ↓", "above": " ↑"}


@dataclass(frozen=True)
class Cell:
    """One value as shown: its number or bound, and in words how it lies."""

    text: str
    arrow: str
    words: str


@dataclass(frozen=True)
class Line:
    code: str
    participant: str
    visit: str
    cells: list[Cell | None]


def lines_of(
    results: QuerySet[Result], analytes: list[Analyte], *, named: bool
) -> list[Line]:
    """A line a specimen, sorted by participant and visit, or by its code."""
    place = {analyte.pk: number for number, analyte in enumerate(analytes)}
    keys = (*NAMED, "specimen__code") if named else ("specimen__code",)
    rows = results.filter(analyte__in=analytes).order_by(*keys)
    found: dict[str, Line] = {}
    names = tuple(NAMED) if named else ()
    for row in rows.values_list(
        "specimen__code",
        "analyte",
        "concentration_pg_ml",
        "range_flag",
        "printed_bound_pg_ml",
        "cv_percent",
        *names,
    ):
        code, analyte, value, flag, bound, cv, *who = row
        participant, visit = who or ("", "")
        blank: list[Cell | None] = [None] * len(analytes)
        line = found.setdefault(code, Line(code, participant, visit, blank))
        line.cells[place[analyte]] = cell_of(value, flag, bound, cv)
    return list(found.values())


def cell_of(
    value: float | None, flag: str, bound: float | None, cv: float | None
) -> Cell:
    words = str(Measurement.RangeFlag(flag).label)
    if cv is not None:
        words += f", CV {cv:.1f} %"
    if value is not None:
        return Cell(shown(value), ARROWS.get(flag, ""), words)
    mark = MARKS.get(flag, "–")
    return Cell(f"{mark} {shown(bound)}" if bound is not None else mark, "", words)


def shown(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def csv_rows(
    results: QuerySet[Result], *, named: bool
) -> tuple[list[str], Iterator[tuple[object, ...]]]:
    """Titles and lines: one value a line, numbers at full precision."""
    fields = {**NAMED, **SHOWN} if named else SHOWN
    order = (*NAMED, "specimen__code") if named else ("specimen__code",)
    rows = results.order_by(*order, "analyte__position").values_list(*fields)
    return list(fields.values()), rows.iterator(5000)
