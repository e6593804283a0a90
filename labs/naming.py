"""New spellings of analytes; what was measured under them follows."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from labs.analytes import spelling
from labs.assessing import assess
from labs.models import Analyte, AnalyteName, Measurement, Plate, PlateAnalyte
from records.context import acting


@transaction.atomic
def name_analyte(text: str, analyte: Analyte, *, reason: str, by: User) -> int:
    """Say that `text` is this analyte; how many measurements followed.

    A spelling that names an analyte already is refused: two meanings of one name
    would make one of them wrong. What is measured on plates that were judged is named
    too, and gives no result by itself: results are made when a plate is approved.
    """
    row = AnalyteName(
        analyte=analyte,
        spelling=spelling(text)[:60],
        reason=reason.strip()[:200],
        added_at=timezone.now(),
        added_by=by,
    )
    row.full_clean()
    row.save()
    names = PlateAnalyte.objects.filter(analyte=None).values_list(
        "analyte_name", flat=True
    )
    meant = [name for name in names.distinct() if spelling(name) == row.spelling]
    if not meant:
        return 0
    with acting(reason=row.reason):
        nameless = {"analyte": None, "analyte_name__in": meant}
        plates = Plate.objects.filter(
            analytes__in=PlateAnalyte.objects.filter(**nameless)
        )
        ids = list(plates.values_list("pk", flat=True).distinct())
        followed = Measurement.objects.filter(**nameless).update(analyte=analyte)
        PlateAnalyte.objects.filter(**nameless).update(analyte=analyte)
    for plate in Plate.objects.filter(pk__in=ids, state=Plate.State.READ):
        assess(plate, meant)
    return followed
