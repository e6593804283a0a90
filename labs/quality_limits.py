"""The study's limits of the quality rules, changed until a plate is accepted."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from labs.assessing import assess
from labs.models import Plate, QualityLimit, Result

JUDGED = (Plate.State.ACCEPTED, Plate.State.APPROVED)


def are_fixed() -> bool:
    """Whether a plate was accepted: from then on the limits are as they were."""
    accepted = Plate.objects.filter(state__in=JUDGED).exists()
    return accepted or Result.objects.exists()


@transaction.atomic
def change(values: Mapping[str, float]) -> int:
    """Set the limits, and look at every open plate again; how many limits changed."""
    rows = list(QualityLimit.objects.select_for_update().order_by("pk"))
    changed = [row for row in rows if values[row.code] != row.value]
    if changed and are_fixed():
        raise ValidationError(
            _("Limits are fixed once a plate is accepted. They were not changed."),
            code="fixed",
        )
    for row in changed:
        row.value = values[row.code]
        row.full_clean()
        row.save(update_fields=["value"])
    if changed:
        for plate in Plate.objects.filter(state=Plate.State.READ):
            assess(plate)
    return len(changed)
