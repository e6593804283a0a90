"""The log of deviations from the protocol: recorded, assessed, acknowledged, voided."""

from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from records import signing
from records.context import acting
from records.models import Signature
from trial.models import Deviation, Participant

OWNERS = frozenset({"participant", "site", "about_type", "recorded_by"})


def record(
    participant: Participant,
    *,
    kind: str,
    text: str,
    happened_at: datetime,
    by: User | None = None,
    about: models.Model | None = None,
    severity: str = Deviation.Severity.MINOR,
) -> Deviation:
    """Write one line of the log; without `by` the system noticed it.

    What the system says again of the same kind about the same thing is the line that
    is there already.
    """
    row = Deviation(
        participant=participant,
        site_id=participant.site_id,
        kind=kind,
        severity=severity,
        text=text.strip()[:500],
        happened_at=happened_at,
        about_type=ContentType.objects.get_for_model(about) if about else None,
        about_id=about.pk if about else None,
        recorded_by=by,
    )
    row.clean_fields(exclude=OWNERS)
    if by is not None or about is None:
        row.save()
        return row
    same = {"kind": kind, "about_type": row.about_type, "about_id": row.about_id}
    Deviation.objects.bulk_create([row], ignore_conflicts=True)
    return Deviation.objects.get(recorded_by=None, **same)


@transaction.atomic
def assess(
    deviation: Deviation,
    *,
    severity: str,
    done: str,
    ethics_reported_on: date | None,
) -> Deviation:
    """Say how serious it was, what was done, and when the committee was told.

    An acknowledgement of what stood there before falls.
    """
    deviation = _standing(deviation)
    before = (deviation.severity, deviation.done, deviation.ethics_reported_on)
    if before == (severity, done, ethics_reported_on):
        return deviation
    happened_on = timezone.localdate(deviation.happened_at)
    if ethics_reported_on is not None and ethics_reported_on < happened_on:
        raise ValidationError(
            {"ethics_reported_on": _("This is before the deviation happened.")}
        )
    deviation.severity, deviation.done = severity, done
    deviation.ethics_reported_on = ethics_reported_on
    deviation.clean_fields(exclude=OWNERS)
    deviation.save()
    signing.take_away(deviation, reason=_("assessed anew"))
    return deviation


def acknowledge(
    deviation: Deviation, *, by: User, at: datetime | None = None
) -> Signature:
    """The investigator signs that they know of it, and of what was done."""
    deviation = _standing(deviation)
    if not deviation.done:
        raise ValidationError(
            _("Write down what was done before you acknowledge it."), code="not_done"
        )
    return signing.sign(
        deviation,
        by=by,
        meaning=Signature.Meaning.REVIEWED,
        content=content_of(deviation),
        at=at,
    )


@transaction.atomic
def void(deviation: Deviation, *, reason: str) -> Deviation:
    """It was none: the line stays, struck through, with the reason."""
    deviation = _standing(deviation)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is no deviation.")})
    deviation.void_reason = reason.strip()[:200]
    with acting(reason=deviation.void_reason):
        deviation.save(update_fields=["void_reason"])
        signing.take_away(deviation, reason=deviation.void_reason)
    return deviation


def with_acknowledgement(rows: QuerySet[Deviation]) -> QuerySet[Deviation]:
    """The rows with `acknowledged`: whether a signature stands on each."""
    return rows.annotate(acknowledged=acknowledged())


def acknowledged() -> Exists:
    """Whether a signature stands on a row, as a condition of a query."""
    standing = Signature.objects.filter(
        target_type=ContentType.objects.get_for_model(Deviation),
        target_id=OuterRef("pk"),
        fallen_at=None,
    )
    return Exists(standing)


def content_of(deviation: Deviation) -> dict[str, object]:
    """Exactly what an acknowledgement is bound to."""
    return {
        "participant": deviation.participant.subject_id,
        "kind": deviation.kind,
        "severity": deviation.severity,
        "happened_at": deviation.happened_at.isoformat(),
        "text": deviation.text,
        "done": deviation.done,
        "ethics_reported_on": deviation.ethics_reported_on,
    }


def _standing(deviation: Deviation) -> Deviation:
    """The row, held; ValidationError where it is void."""
    rows = Deviation.objects.select_for_update(of=("self",))
    deviation = rows.select_related("participant").get(pk=deviation.pk)
    if deviation.void_reason:
        raise ValidationError(_("This line of the log is void."), code="void")
    return deviation
