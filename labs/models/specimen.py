"""A specimen: blood of one participant at one visit. The laboratory sees its code."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Laboratory, Site
from trial.models import Participant, Visit

# How red or milky the plasma looks, graded by eye.
GRADES = ((0, _("none")), (1, _("slight")), (2, _("moderate")), (3, _("strong")))


class Specimen(models.Model):
    code = models.CharField(_("bar code"), max_length=24, unique=True)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="specimens"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, related_name="specimen"
    )
    laboratory = models.ForeignKey(
        Laboratory, on_delete=models.PROTECT, related_name="specimens"
    )
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)
    missing_reason = models.CharField(_("reason"), max_length=200, blank=True)
    haemolysis = models.PositiveSmallIntegerField(
        _("haemolysis"), choices=GRADES, null=True, blank=True
    )
    lipaemia = models.PositiveSmallIntegerField(
        _("lipaemia"), choices=GRADES, null=True, blank=True
    )

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=False, missing_reason="")
                | (Q(drawn_at=None) & ~Q(missing_reason="")),
                name="specimen_is_drawn_or_missing_with_reason",
                violation_error_message=_(
                    "A specimen has the time of its draw, or the reason why there is "
                    "none."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(haemolysis=None) | Q(haemolysis__range=(0, 3)))
                & (Q(lipaemia=None) | Q(lipaemia__range=(0, 3))),
                name="specimen_grades_are_0_to_3",
            ),
        )

    def __str__(self) -> str:
        return self.code
