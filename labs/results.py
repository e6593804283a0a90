"""Results of an approved plate: one value of each specimen and analyte, versioned."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from labs.assessing import OfFile, Seen, limits_in_force, seen_of, with_net
from labs.models import Measurement, Plate, PlateAnalyte, Result, Specimen
from labs.quality import Limits, is_used
from labs.valuation import Range, Value, WellSeen, of_runs, value_of

Duplicates = Result.Duplicates


def latest() -> QuerySet[Result]:
    """The version in force of every result."""
    newer = Result.objects.filter(
        specimen=OuterRef("specimen"),
        analyte=OuterRef("analyte"),
        version__gt=OuterRef("version"),
    )
    return Result.objects.filter(~Exists(newer))


def make_results(plate: Plate, at: datetime) -> int:
    """Write the results of a plate; how many. An earlier version stays.

    Wells without a specimen wait: nothing unmatched becomes a result.
    """
    list(
        Specimen.objects.select_for_update()
        .filter(wells__plate=plate)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    before = standing_before(plate)
    results = [
        versioned(plate, specimen, row, value, before.get((specimen, row.analyte_name)))
        for specimen, row, value in values_on(plate)
    ]
    for result in results:
        result.accepted_at = at
    Result.objects.bulk_create(results, batch_size=2000)
    return len(results)


def standing_before(plate: Plate) -> dict[tuple[int, str], Result]:
    """What specimens of the plate have from earlier plates, by the plate's names."""
    names = dict(plate.analytes.values_list("analyte", "analyte_name"))
    specimens = plate.wells.exclude(specimen=None).values("specimen")
    rows = latest().filter(specimen__in=specimens, analyte__in=[n for n in names if n])
    return {(row.specimen_id, names[row.analyte_id]): row for row in rows}


def values_on(
    plate: Plate, name: str | None = None
) -> Iterator[tuple[int, PlateAnalyte, Value]]:
    """Specimen, analyte and value, of the trial's analytes that are not rejected.

    Of one analyte only where its `name` on the plate is given.
    """
    rows = plate.analytes.filter(rejected_at=None, analyte__isnull=False)
    analytes = list(rows if name is None else rows.filter(analyte_name=name))
    specimen_of = dict(
        plate.wells.filter(specimen__isnull=False).values_list("name", "specimen")
    )
    if not specimen_of:
        return
    limits = limits_in_force()
    seen = seen_of(plate, None if name is None else [name])
    printed = printed_in(plate)
    for row in analytes:
        together: dict[int, list[Seen]] = defaultdict(list)
        for one in with_net(seen[row.analyte_name]):
            if one.well in specimen_of and not one.left_out:
                together[specimen_of[one.well]].append(one)
        for specimen, wells in together.items():
            yield specimen, row, value_on(row, wells, printed, limits)


Printed = dict[tuple[str, str], tuple[float | None, str, float | None]]


def printed_in(plate: Plate) -> Printed:
    """What the file prints as result, by well and analyte: number, flag, bound."""
    rows = Measurement.objects.filter(
        well__plate=plate, well__specimen__isnull=False
    ).values_list(
        "well__name",
        "analyte_name",
        "concentration_pg_ml",
        "range_flag",
        "printed_bound_pg_ml",
    )
    return {(well, name): rest for well, name, *rest in rows}  # type: ignore[misc]


def value_on(
    row: PlateAnalyte, wells: list[Seen], printed: Printed, limits: Limits
) -> Value:
    used = [one for one in wells if is_used(one.beads, limits)]
    seen = [
        WellSeen(one.net, one.dilution, *printed[one.well, row.analyte_name])
        for one in used
    ]
    by = (
        Range(OfFile(row.coefficients), row.lloq_pg_ml, row.uloq_pg_ml)
        if row.coefficients
        else None
    )
    if not seen:
        return Value(None, None, "not_available", None, None, None, 0)
    return value_of(seen, by)


def versioned(
    plate: Plate,
    specimen: int,
    row: PlateAnalyte,
    value: Value,
    before: Result | None,
) -> Result:
    """The next version: in place of the one before, or made of both runs."""
    kind = Duplicates.WELLS if value.n > 1 else Duplicates.SINGLE
    if before is not None and plate.earlier == Plate.Earlier.RUN:
        value, kind = of_runs(as_value(before), value), Duplicates.RUNS
    assert row.analyte_id is not None
    return Result(
        specimen_id=specimen,
        analyte_id=row.analyte_id,
        plate=plate,
        version=before.version + 1 if before else 1,
        concentration_pg_ml=value.concentration,
        cv_percent=value.cv,
        range_flag=value.flag,
        printed_bound_pg_ml=value.bound,
        lloq_pg_ml=value.lloq,
        uloq_pg_ml=value.uloq,
        n_wells=value.n,
        duplicates=kind,
    )


def as_value(result: Result) -> Value:
    return Value(
        result.concentration_pg_ml,
        result.cv_percent,
        result.range_flag,
        result.printed_bound_pg_ml,
        result.lloq_pg_ml,
        result.uloq_pg_ml,
        result.n_wells,
    )
