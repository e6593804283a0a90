"""The dose drawn up by one person and checked by another."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from records import signing
from records.models import Signature
from trial import drug, gate, schedule
from trial.dose import dose_mg, rate_ml_per_h, vials_for, volume_ml
from trial.models import Infusion, Lot, Movement, Preparation

ROWS = frozenset({"infusion", "participant", "site", "lot"})


def standing(infusion: Infusion) -> Preparation | None:
    """The preparation that was not made anew."""
    rows = infusion.preparations.select_related("lot", "prepared_by", "checked_by")
    return rows.filter(voided_at=None).first()


def computed(
    infusion: Infusion, weight_kg: Decimal, lot: Lot, mg_per_kg: Decimal
) -> Preparation:
    """Dose, volume and rate for a weight and a lot; nothing is kept yet."""
    plan = schedule.protocol_of(infusion.participant).infusion
    dose = dose_mg(mg_per_kg, weight_kg)
    volume = volume_ml(dose, lot.concentration_mg_per_ml)
    return Preparation(
        infusion=infusion,
        participant_id=infusion.participant_id,
        site_id=infusion.site_id,
        lot=lot,
        weight_kg=weight_kg,
        mg_per_kg=mg_per_kg,
        dose_mg=dose,
        most_mg=dose_mg(plan.bedside.most_mg_per_kg, weight_kg),
        concentration_mg_per_ml=lot.concentration_mg_per_ml,
        volume_ml=volume,
        rate_ml_per_h=rate_ml_per_h(volume, plan.minutes),
    )


@transaction.atomic
def prepare(
    infusion: Infusion, lot: Lot, *, by: User, mg_per_kg: Decimal | None = None
) -> Preparation:
    """Draw up the dose for the weight of the gate, from vials that are in date."""
    _must_be_planned(infusion)
    weight = gate.gate_of(infusion).weight_kg
    if weight is None:
        raise ValidationError(_("Weigh first: the dose follows from the weight."))
    if lot.expires_on < timezone.localdate():
        raise ValidationError(
            {"lot": _("This lot expired on %(on)s.") % {"on": lot.expires_on}}
        )
    plan = schedule.protocol_of(infusion.participant).infusion
    row = computed(infusion, weight, lot, mg_per_kg or plan.dose_mg_per_kg)
    row.excepted_by = infusion.exceptions.filter(line="dose").first()
    row.prepared_by, row.prepared_at = by, timezone.now()
    row.full_clean(exclude=ROWS)
    row.save()
    return row


@transaction.atomic
def check(row: Preparation, *, by: User) -> Preparation:
    """A second person has computed the same; the vials leave the shelf. The caller has
    checked who `by` is. Checking again what is checked changes nothing."""
    row = Preparation.objects.select_for_update().get(pk=row.pk)
    if row.checked_by_id is not None or row.voided_at is not None:
        return row
    _must_be_planned(row.infusion)
    row.checked_by, row.checked_at = by, timezone.now()
    row.full_clean(exclude=ROWS)
    row.save()
    signing.sign(
        row, by=by, meaning=Signature.Meaning.REVIEWED, content=content_of(row)
    )
    drug.move(
        row.lot,
        Movement.Kind.DISPENSED,
        by=row.prepared_by,
        witness=by,
        infusion=row.infusion,
        vials=vials_for(row.dose_mg, row.lot.vial_mg),
    )
    return row


@transaction.atomic
def void(row: Preparation, *, reason: str) -> None:
    """The dose will be prepared anew; vials that were opened stay in the ledger."""
    _must_be_planned(row.infusion)
    row.voided_at, row.void_reason = timezone.now(), reason.strip()[:200]
    row.full_clean(exclude=ROWS)
    row.save()


def must_be_checked(infusion: Infusion, weight_kg: Decimal | None) -> Preparation:
    """The dose of this infusion, checked by a second person for this weight."""
    row = standing(infusion)
    if row is None or row.checked_by_id is None:
        raise ValidationError(
            _("No dose without a second person: nobody has checked it yet."),
            code="check",
        )
    if row.weight_kg != weight_kg:
        raise ValidationError(
            _("The dose was prepared for another weight. Prepare it anew."),
            code="check",
        )
    return row


def content_of(row: Preparation) -> dict[str, object]:
    """Exactly what the second person signs."""
    return {
        "participant": row.infusion.participant.subject_id,
        "infusion": row.infusion.number,
        "weight_kg": row.weight_kg,
        "dose_mg": row.dose_mg,
        "lot": row.lot.code,
        "concentration_mg_per_ml": row.concentration_mg_per_ml,
        "volume_ml": row.volume_ml,
        "rate_ml_per_h": row.rate_ml_per_h,
        "prepared_by": row.prepared_by.full_name,
    }


def _must_be_planned(infusion: Infusion) -> None:
    if infusion.state != Infusion.State.PLANNED:
        raise ValidationError(
            _("Infusion %(number)s is %(state)s already."),
            code="state",
            params={
                "number": infusion.number,
                "state": infusion.get_state_display(),
            },
        )
