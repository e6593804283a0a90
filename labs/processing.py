"""From the tube of blood to frozen plasma: steps, grades, aliquots."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from labs import blood_limits
from labs.models import Aliquot, Specimen, SpecimenStep

MOST_ALIQUOTS = 12
G_TOLERANCE = 0.05


@transaction.atomic
def record_step(step: SpecimenStep, *, g_shown: int | None = None) -> SpecimenStep:
    """Write one step; what passes a limit of the protocol becomes a deviation.

    A centrifuge that shows its g must agree with speed and radius, or one of the
    three was misread.
    """
    specimen = step.specimen
    if specimen.drawn_at is None:
        raise ValidationError(_("This blood was not drawn."), code="missing")
    before = list(specimen.steps.all())
    earliest = max(
        [specimen.drawn_at, *(one.at for one in before if is_before(one, step))]
    )
    if step.at < earliest:
        raise ValidationError(
            {"at": _("This is before the step that comes before it.")}, code="order"
        )
    if g_shown and step.g and abs(step.g - g_shown) > G_TOLERANCE * step.g:
        raise ValidationError(
            _("%(rpm)s rpm at %(radius)s cm are %(g)s g, not %(shown)s g.")
            % {
                "rpm": step.rpm,
                "radius": step.radius_cm,
                "g": step.g,
                "shown": g_shown,
            },
            code="g",
        )
    step.passed = blood_limits.passed(
        specimen, blood_limits.facts_of_step(step, before)
    )
    step.full_clean()
    step.save()
    blood_limits.record(specimen, step.passed, at=step.at, about=step)
    return step


def is_before(one: SpecimenStep, step: SpecimenStep) -> bool:
    order = list(SpecimenStep.Kind.values)
    return order.index(one.kind) < order.index(step.kind)


@transaction.atomic
def grade(specimen: Specimen, *, haemolysis: int, lipaemia: int) -> None:
    """How the plasma looks, as seen when it was taken off."""
    specimen.haemolysis, specimen.lipaemia = haemolysis, lipaemia
    specimen.full_clean(exclude={"participant", "site", "visit", "laboratory"})
    specimen.save(update_fields=["haemolysis", "lipaemia"])


@transaction.atomic
def split(specimen: Specimen, *, tubes: int, volume_ul: int) -> list[Aliquot]:
    """Fill tubes of plasma, each with the specimen's code and its number."""
    Specimen.objects.select_for_update().get(pk=specimen.pk)
    if not specimen.steps.filter(kind=SpecimenStep.Kind.SPUN).exists():
        raise ValidationError(_("Record the spin first: this is not plasma yet."))
    last = specimen.aliquots.count()
    if not 1 <= tubes <= MOST_ALIQUOTS - last:
        raise ValidationError(
            _("A specimen has at most %(n)s tubes.") % {"n": MOST_ALIQUOTS},
            code="tubes",
        )
    made = [
        Aliquot(
            specimen=specimen,
            laboratory_id=specimen.laboratory_id,
            number=number,
            code=f"{specimen.code}-{number}",
            volume_ul=volume_ul,
        )
        for number in range(last + 1, last + tubes + 1)
    ]
    for one in made:
        one.full_clean(exclude={"specimen", "laboratory"})
    return Aliquot.objects.bulk_create(made)
