"""Lots of the kit: what their sheet says of standards and controls."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Laboratory
from labs.models.analyte import Analyte


class KitLot(models.Model):
    """One lot of a kit, entered whole from its sheet or from a plate file."""

    class Source(models.TextChoices):
        SHEET = "sheet", _("its sheet")
        FILE = "file", _("a plate file")

    laboratory = models.ForeignKey(
        Laboratory, on_delete=models.PROTECT, related_name="lots"
    )
    kit = models.CharField(_("kit"), max_length=60)
    number = models.CharField(_("lot"), max_length=40)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    source = models.CharField(max_length=5, choices=Source.choices)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["laboratory", "kit", "number"],
                name="lot_once_a_laboratory",
                violation_error_message=_("This lot has been entered before."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=["sheet", "file"]), name="lot_source_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kit} {self.number}"


class LotLevel(models.Model):
    """An analyte in a standard: its concentration; in a control: its range."""

    class Kind(models.TextChoices):
        STANDARD = "standard", _("standard")
        CONTROL = "control", _("control")

    lot = models.ForeignKey(KitLot, on_delete=models.PROTECT, related_name="levels")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=40)
    analyte = models.ForeignKey(Analyte, on_delete=models.PROTECT, related_name="+")
    expected_pg_ml = models.FloatField(_("expected, pg/mL"), null=True, blank=True)
    low_pg_ml = models.FloatField(_("low, pg/mL"), null=True, blank=True)
    high_pg_ml = models.FloatField(_("high, pg/mL"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["lot", "name", "analyte"], name="lot_level_once_an_analyte"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="standard",
                    expected_pg_ml__isnull=False,
                    expected_pg_ml__gt=0,
                    low_pg_ml=None,
                    high_pg_ml=None,
                )
                | Q(
                    kind="control",
                    low_pg_ml__isnull=False,
                    high_pg_ml__isnull=False,
                    low_pg_ml__gte=0,
                    high_pg_ml__gt=F("low_pg_ml"),
                ),
                name="lot_level_has_its_numbers",
                violation_error_message=_(
                    "A standard has its concentration, a control its low and high."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.lot} {self.name} {self.analyte}"
