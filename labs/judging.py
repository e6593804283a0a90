"""A lab scientist judges a plate, with reasons; a second reader approves.

Only what a second reader approved becomes results (`labs.results`). Nothing is deleted.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from labs.assessing import assess, limits_in_force
from labs.models import (
    Measurement,
    Plate,
    PlateAnalyte,
    QualityLimit,
    Result,
    Well,
)
from labs.quality import plate_verdict
from labs.results import make_results, standing_before
from records.models import Signature
from records.signing import sign, take_away


@transaction.atomic
def exclude_well(
    plate: Plate,
    well: str,
    *,
    reason: str,
    by: User,
    at: datetime | None = None,
    analyte: str = "",
) -> Well | Measurement:
    """Leave a well out, whole or for one analyte. Nothing of it is deleted.

    The curve of an analyte is drawn anew where one of its own wells is left out, and
    of no other.
    """
    plate = _held(plate, Plate.State.READ)
    place = Well.objects.select_for_update().get(plate=plate, name=well)
    row: Well | Measurement = place
    if analyte:
        row = place.measurements.select_for_update().get(analyte_name=analyte)
    if row.excluded_at is not None:
        return row
    row.excluded_at, row.excluded_by = at or timezone.now(), by
    row.excluded_reason = reason.strip()[:200]
    row.validate_constraints()
    row.save(update_fields=["excluded_at", "excluded_by", "excluded_reason"])
    assess(plate, [analyte] if analyte else None)
    return row


@transaction.atomic
def reject_analyte(plate: Plate, name: str, *, reason: str, by: User) -> PlateAnalyte:
    """No number of this analyte on this plate becomes a result."""
    plate = _held(plate, Plate.State.READ)
    row = PlateAnalyte.objects.select_for_update().get(plate=plate, analyte_name=name)
    if row.rejected_at is None:
        row.rejected_at, row.rejected_by = timezone.now(), by
        row.rejected_reason = reason.strip()[:200]
        row.full_clean(exclude={"plate", "analyte"})
        row.save(update_fields=["rejected_at", "rejected_by", "rejected_reason"])
    return row


@transaction.atomic
def reject(plate: Plate, *, reason: str, by: User) -> Plate:
    """None of the plate's numbers becomes a result. Signed, with the reason."""
    plate = _held(plate, Plate.State.READ)
    plate.state, plate.judged_reason = Plate.State.REJECTED, reason.strip()[:300]
    plate.judged_at, plate.judged_by = timezone.now(), by
    plate.full_clean()
    plate.save()
    _sign(plate, by, Signature.Meaning.REVIEWED, plate.judged_at)
    return plate


@transaction.atomic
def accept(
    plate: Plate,
    *,
    by: User,
    at: datetime | None = None,
    reason: str = "",
    earlier: str = Plate.Earlier.REPEAT,
) -> Plate:
    """Find the plate good, and sign: a second reader is still to approve it.

    What fails by the rules and is not rejected needs a reason.
    """
    plate = _held(plate, Plate.State.READ)
    # From here on nobody changes a limit: the trigger of the table sees the plate.
    list(QualityLimit.objects.select_for_update().values_list("pk", flat=True))
    failing = failing_analytes(plate)
    if failing and not reason.strip():
        raise ValidationError(
            _("Say why you accept what fails by the rules, or reject it: %(names)s.")
            % {"names": ", ".join(failing)},
            code="fails",
        )
    if earlier == Plate.Earlier.RUN and has_two_runs(plate):
        raise ValidationError(
            _("Some specimens have two runs already: accept this plate as a repeat."),
            code="runs",
        )
    at = at or timezone.now()
    plate.state, plate.judged_at, plate.judged_by = Plate.State.ACCEPTED, at, by
    plate.judged_reason, plate.earlier = reason.strip()[:300], earlier
    plate.full_clean()
    plate.save()
    _sign(plate, by, Signature.Meaning.REVIEWED, at)
    return plate


@transaction.atomic
def approve(plate: Plate, *, by: User, at: datetime | None = None) -> int:
    """The second reader: sign, and make the results; how many."""
    plate = _held(plate, Plate.State.ACCEPTED)
    at = at or timezone.now()
    plate.state, plate.approved_at, plate.approved_by = Plate.State.APPROVED, at, by
    plate.full_clean()
    plate.save()
    n_results = make_results(plate, at)
    _sign(plate, by, Signature.Meaning.APPROVED, at, results=n_results)
    return n_results


@transaction.atomic
def send_back(plate: Plate, *, reason: str, by: User) -> Plate:
    """The second reader does not agree: the plate is to be judged again."""
    plate = _held(plate, Plate.State.ACCEPTED)
    if not reason.strip():
        raise ValidationError(_("Say why the plate is sent back."), code="reason")
    if plate.judged_by_id == by.pk:
        raise ValidationError(
            _("The second reader is not the person who accepted the plate."),
            code="same_person",
        )
    plate.state, plate.judged_at, plate.judged_by = Plate.State.READ, None, None
    plate.judged_reason = ""
    plate.full_clean()
    plate.save()
    take_away(plate, reason=_("Sent back: %(reason)s") % {"reason": reason.strip()})
    return plate


def failing_analytes(plate: Plate) -> list[str]:
    """Analytes of the plate that fail by the rules and are not rejected."""
    fails = plate.analytes.filter(verdict=PlateAnalyte.Verdict.FAIL, rejected_at=None)
    return list(fails.values_list("analyte_name", flat=True))


def has_two_runs(plate: Plate) -> bool:
    """Whether a value of a specimen of the plate is made of two runs already."""
    before = standing_before(plate).values()
    return any(one.duplicates == Result.Duplicates.RUNS for one in before)


def verdict_on(analytes: list[PlateAnalyte]) -> str:
    """What the rules say of the whole plate."""
    verdicts: list[Any] = [row.verdict for row in analytes if row.rejected_at is None]
    return plate_verdict(verdicts, limits_in_force())


def _sign(
    plate: Plate, by: User, meaning: str, at: datetime, **more: object
) -> Signature:
    """Sign file, plate, what was left out and rejected, and why it was accepted."""
    left_out = plate.wells.exclude(excluded_at=None)
    single = Measurement.objects.filter(well__plate=plate).exclude(excluded_at=None)
    rejected = plate.analytes.exclude(rejected_at=None)
    content = {
        "plate": str(plate),
        "file": plate.upload.file_name,
        "sha256": plate.upload.sha256,
        "judgement": plate.state,
        "reason": plate.judged_reason,
        "excluded": list(left_out.values_list("name", "excluded_reason")),
        "excluded_for_one_analyte": list(
            single.values_list("well__name", "analyte_name", "excluded_reason")
        ),
        "rejected": list(rejected.values_list("analyte_name", "rejected_reason")),
        **more,
    }
    return sign(plate, by=by, meaning=meaning, content=content, at=at)


def _held(plate: Plate, state: Plate.State) -> Plate:
    plate = Plate.objects.select_for_update().get(pk=plate.pk)
    if plate.state != state:
        raise ValidationError(
            _("This plate is judged already: %(state)s.")
            if state == Plate.State.READ
            else _("This plate does not wait for a second reader: %(state)s."),
            code="judged",
            params={"state": plate.get_state_display()},
        )
    return plate
