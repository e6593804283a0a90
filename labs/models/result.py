"""What the laboratory answers for: one value of an analyte in a specimen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from labs.models.analyte import Analyte
from labs.models.plate import Measurement, Plate
from labs.models.specimen import Specimen


class Result(models.Model):
    """Approved; a later plate supersedes it by a higher version, nothing deletes it.

    A number beyond `lloq_pg_ml` or `uloq_pg_ml`, which are those of its plate times its
    dilution, stands with its flag. Outside the curve there is none, and the bound that
    the instrument printed stands in `printed_bound_pg_ml`.
    """

    class Duplicates(models.TextChoices):
        SINGLE = "single", _("one well")
        WELLS = "wells", _("wells of one plate")
        RUNS = "runs", _("runs")

    specimen = models.ForeignKey(
        Specimen, on_delete=models.PROTECT, related_name="results"
    )
    analyte = models.ForeignKey(Analyte, on_delete=models.PROTECT, related_name="+")
    plate = models.ForeignKey(Plate, on_delete=models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField()
    concentration_pg_ml = models.FloatField(null=True)
    cv_percent = models.FloatField(null=True)
    range_flag = models.CharField(max_length=14, choices=Measurement.RangeFlag.choices)
    printed_bound_pg_ml = models.FloatField(null=True)
    lloq_pg_ml = models.FloatField(null=True)
    uloq_pg_ml = models.FloatField(null=True)
    n_wells = models.PositiveSmallIntegerField()
    duplicates = models.CharField(
        max_length=6, choices=Duplicates.choices, default=Duplicates.WELLS
    )
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
            models.CheckConstraint(
                condition=Q(printed_bound_pg_ml=None)
                | Q(concentration_pg_ml=None, range_flag__in=["below", "above"]),
                name="result_bound_stands_for_no_number",
            ),
            models.CheckConstraint(
                condition=Q(duplicates__in=["single", "wells", "runs"]),
                name="result_duplicates_are_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.specimen} {self.analyte} v{self.version}"
