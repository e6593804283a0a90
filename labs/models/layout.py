"""Where specimens are to lie before a run: made by lot, kept as it was made."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Laboratory
from labs.models.specimen import Specimen


class Layout(models.Model):
    """The plates of one layout; its seed and specimens give the same plates again."""

    laboratory = models.ForeignKey(
        Laboratory, on_delete=models.PROTECT, related_name="layouts"
    )
    name = models.SlugField(_("name"), max_length=60)
    seed = models.PositiveIntegerField(_("seed"))
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["laboratory", "name"],
                name="layout_once_a_name",
                violation_error_message=_("There is a layout of this name."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class LayoutWell(models.Model):
    """What is to lie in one well; `specimen` is None for standards and controls."""

    layout = models.ForeignKey(Layout, on_delete=models.PROTECT, related_name="wells")
    plate_number = models.PositiveSmallIntegerField()
    well = models.CharField(max_length=3)
    sample = models.CharField(max_length=24)
    specimen = models.ForeignKey(
        Specimen, on_delete=models.PROTECT, null=True, related_name="layout_wells"
    )

    class Meta:
        ordering = ("plate_number", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["layout", "plate_number", "well"],
                name="layout_well_once_a_plate",
            ),
            models.CheckConstraint(
                condition=Q(plate_number__gte=1) & ~Q(sample=""),
                name="layout_well_holds_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plate_number} {self.well} {self.sample}"
