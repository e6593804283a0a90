"""What judging a plate rests on: the study's limits, and each analyte of each plate."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from labs.models.analyte import Analyte
from labs.models.plate import Plate
from labs.quality import LIMITS


class QualityLimit(models.Model):
    """One number of a quality rule. Fixed once a plate is accepted: a trigger sees to
    it, whoever writes."""

    code = models.CharField(max_length=20, unique=True)
    value = models.FloatField(_("limit"))

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__in=sorted(LIMITS)), name="quality_limit_is_known"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=1000),
                name="quality_limit_is_a_share_or_count",
                violation_error_message=_("A limit lies between 0 and 1000."),
            ),
        )

    def __str__(self) -> str:
        return self.code


class PlateAnalyte(models.Model):
    """One analyte on one plate: its standards, its curve, what the rules found.

    Concentrations are in pg/mL as in the standards: a specimen's limits are these
    times its dilution. `standards` holds the expected concentration and `controls` low
    and high by sample, `control_values` what their wells came to; `findings` what does
    not pass.
    """

    class CurveFrom(models.TextChoices):
        FILE = "file", _("of the file")
        FITTED = "fitted", _("fitted here")
        NONE = "none", _("no curve")

    class Verdict(models.TextChoices):
        PASS = "pass", _("passes")
        FLAG = "flag", _("flagged")
        FAIL = "fail", _("fails")

    plate = models.ForeignKey(Plate, on_delete=models.PROTECT, related_name="analytes")
    analyte_name = models.CharField(max_length=80)
    analyte = models.ForeignKey(
        Analyte, on_delete=models.PROTECT, null=True, related_name="+"
    )
    standards = models.JSONField(default=dict, blank=True)
    controls = models.JSONField(default=dict, blank=True)
    curve_from = models.CharField(max_length=8, choices=CurveFrom.choices)
    file_coefficients = models.JSONField(default=dict, blank=True)
    coefficients = models.JSONField(default=dict, blank=True)
    curve_note = models.CharField(max_length=200, blank=True)
    lloq_pg_ml = models.FloatField(null=True, blank=True)
    uloq_pg_ml = models.FloatField(null=True, blank=True)
    control_values = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    findings = models.JSONField(default=list, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    rejected_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["plate", "analyte_name"], name="plate_analyte_once_a_plate"
            ),
            models.CheckConstraint(
                condition=Q(curve_from="none", coefficients={})
                | (Q(curve_from__in=["file", "fitted"]) & ~Q(coefficients={})),
                name="plate_analyte_curve_has_coefficients",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["pass", "flag", "fail"]),
                name="plate_analyte_verdict_is_known",
            ),
            models.CheckConstraint(
                condition=Q(rejected_at=None, rejected_by=None, rejected_reason="")
                | (
                    Q(rejected_at__isnull=False, rejected_by__isnull=False)
                    & ~Q(rejected_reason="")
                ),
                name="plate_analyte_rejected_has_person_time_reason",
                violation_error_message=_("Say why the analyte is rejected."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.plate} {self.analyte_name}"
