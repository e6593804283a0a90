"""The cytokines of the trial, and the names under which files speak of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Analyte(models.Model):
    """One of the trial's analytes; `code` is the CDISC LBTESTCD."""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


class AnalyteName(models.Model):
    """A spelling that files use; compared without case, spaces and hyphens.

    Those that came with the software were added by nobody.
    """

    analyte = models.ForeignKey(
        Analyte, on_delete=models.PROTECT, related_name="spellings"
    )
    spelling = models.CharField(
        _("spelling"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("This spelling names an analyte already.")},
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    added_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ("analyte", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(added_by=None, added_at=None, reason="")
                | (Q(added_by__isnull=False, added_at__isnull=False) & ~Q(reason="")),
                name="analyte_name_added_has_person_time_reason",
                violation_error_message=_("Say why this spelling is that analyte."),
            ),
        )

    def __str__(self) -> str:
        return self.spelling
