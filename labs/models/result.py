"""What the laboratory answers for: one value of an analyte in a specimen."""

from django.db import models
from django.db.models import Q

from labs.models.analyte import Analyte
from labs.models.plate import Measurement, Plate
from labs.models.specimen import Specimen


class Result(models.Model):
    """Accepted; a later plate supersedes it by a higher version, nothing deletes it."""

    specimen = models.ForeignKey(
        Specimen, on_delete=models.PROTECT, related_name="results"
    )
    analyte = models.ForeignKey(Analyte, on_delete=models.PROTECT, related_name="+")
    plate = models.ForeignKey(Plate, on_delete=models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField()
    concentration_pg_ml = models.FloatField(null=True)
    cv_percent = models.FloatField(null=True)
    range_flag = models.CharField(max_length=14, choices=Measurement.RangeFlag.choices)
    n_wells = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField()

    class Meta:
        ordering = ("specimen", "analyte", "version")
        constraints = (
            models.UniqueConstraint(
                fields=["specimen", "analyte", "version"], name="result_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(range_flag="in_range", concentration_pg_ml__isnull=False)
                | Q(range_flag__in=["below", "above"])
                | Q(range_flag="not_available", concentration_pg_ml=None),
                name="result_value_goes_with_its_flag",
            ),
        )

    def __str__(self) -> str:
        return f"{self.specimen} {self.analyte} v{self.version}"
