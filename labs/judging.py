"""A lab scientist judges a plate: excludes wells, accepts or rejects, with reasons."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import mean, stdev

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from labs.models import Measurement, Plate, Result, Well
from records.models import Signature
from records.signing import sign

Flag = Measurement.RangeFlag


@transaction.atomic
def exclude_well(
    plate: Plate, well: str, *, reason: str, by: User, at: datetime | None = None
) -> Well:
    """Leave a well out of what is accepted. Nothing of it is deleted."""
    plate = _held(plate)
    row = Well.objects.select_for_update().get(plate=plate, name=well)
    if row.excluded_at is None:
        row.excluded_at, row.excluded_by = at or timezone.now(), by
        row.excluded_reason = reason.strip()[:200]
        row.full_clean()
        row.save()
    return row


@transaction.atomic
def reject(plate: Plate, *, reason: str, by: User) -> Plate:
    """None of the plate's numbers becomes a result."""
    plate = _held(plate)
    plate.state, plate.judged_reason = Plate.State.REJECTED, reason.strip()[:300]
    plate.judged_at, plate.judged_by = timezone.now(), by
    plate.full_clean()
    plate.save()
    return plate


@transaction.atomic
def accept(plate: Plate, *, by: User, at: datetime | None = None) -> int:
    """Make results of the plate's specimens; how many. An earlier result stays.

    Wells without a specimen wait: nothing unmatched becomes a result.
    """
    plate = _held(plate)
    at = at or timezone.now()
    plate.state, plate.judged_at, plate.judged_by = Plate.State.ACCEPTED, at, by
    plate.full_clean()
    plate.save()
    results = list(_results(plate, at))
    Result.objects.bulk_create(results, batch_size=2000)
    return len(results)


@transaction.atomic
def accept_signed(plate: Plate, *, by: User, at: datetime | None = None) -> int:
    """Accept, and sign what was accepted: file, plate and how many results."""
    n_results = accept(plate, by=by, at=at)
    content = {
        "plate": str(plate),
        "file": plate.upload.file_name,
        "sha256": plate.upload.sha256,
        "results": n_results,
        "excluded": list(
            plate.wells.exclude(excluded_at=None).values_list("name", "excluded_reason")
        ),
    }
    approved = Signature.Meaning.APPROVED
    sign(plate, by=by, meaning=approved, content=content, at=at)
    return n_results


def _results(plate: Plate, at: datetime) -> Iterable[Result]:
    wells = plate.wells.filter(specimen__isnull=False, excluded_at=None)
    rows = Measurement.objects.filter(well__in=wells, analyte__isnull=False)
    together: dict[tuple[int, int], list[Measurement]] = defaultdict(list)
    for row in rows.select_related("well").order_by("id"):
        assert row.well.specimen_id is not None
        assert row.analyte_id is not None
        together[row.well.specimen_id, row.analyte_id].append(row)
    latest = _latest_versions({specimen for specimen, _analyte in together})
    for (specimen, analyte), duplicates in together.items():
        value, cv, flag = combined(duplicates)
        yield Result(
            specimen_id=specimen,
            analyte_id=analyte,
            plate=plate,
            version=latest.get((specimen, analyte), 0) + 1,
            concentration_pg_ml=value,
            cv_percent=cv,
            range_flag=flag,
            n_wells=len(duplicates),
            accepted_at=at,
        )


def combined(
    duplicates: list[Measurement],
) -> tuple[float | None, float | None, str]:
    """Mean in pg/mL, CV in percent and flag of the wells of one specimen.

    Wells that disagree on being inside the curve give no number: one of two is never
    dropped.
    """
    flags = {row.range_flag for row in duplicates}
    values = [
        row.concentration_pg_ml
        for row in duplicates
        if row.concentration_pg_ml is not None
    ]
    if flags != {Flag.IN_RANGE}:
        return None, None, flags.pop() if len(flags) == 1 else Flag.NOT_AVAILABLE
    centre = mean(values)
    cv = 100 * stdev(values) / centre if len(values) > 1 and centre > 0 else None
    return centre, cv, Flag.IN_RANGE


def _latest_versions(specimens: set[int]) -> dict[tuple[int, int], int]:
    rows = Result.objects.filter(specimen__in=specimens).values_list(
        "specimen_id", "analyte_id"
    )
    return {(s, a): version for s, a, version in rows.annotate(latest=Max("version"))}


def _held(plate: Plate) -> Plate:
    plate = Plate.objects.select_for_update().get(pk=plate.pk)
    _must_be_open(plate)
    return plate


def _must_be_open(plate: Plate) -> None:
    if plate.state != Plate.State.READ:
        raise ValidationError(
            _("This plate is %(state)s already."),
            code="judged",
            params={"state": plate.get_state_display()},
        )
