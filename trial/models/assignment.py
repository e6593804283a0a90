"""Who rates and who infuses one participant: never the same person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.models.participant import Participant


class Assignment(models.Model):
    """A duty of a person towards a participant; one a person, for good.

    Whoever saw an infusion knows what a rater must not be coloured by, so an
    assignment is not taken back: another person is assigned beside.
    """

    class Duty(models.TextChoices):
        MADRS_RATER = "madrs_rater", _("rates MADRS")
        INFUSION_NURSE = "infusion_nurse", _("gives infusions")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="assignments"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    duty = models.CharField(_("duty"), max_length=16, choices=Duty.choices)
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "person"],
                name="assignment_one_duty_a_person",
                violation_error_message=_(
                    "Who gives a participant's infusions may not rate their MADRS."
                ),
            ),
            models.CheckConstraint(
                condition=Q(duty__in=["madrs_rater", "infusion_nurse"]),
                name="assignment_duty_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant}: {self.person} {self.get_duty_display()}"
