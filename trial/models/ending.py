"""How a participant's part in the trial ended, and the attempts to reach them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.endings import ENDINGS
from trial.models.participant import Participant


class Ending(models.Model):
    """One line of `trial.endings` that came true for a participant, on a date. The
    investigator signs it."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="endings"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(
        _("ending"),
        max_length=12,
        choices=[(ending.code, _(ending.label)) for ending in ENDINGS.values()],
    )
    ended_on = models.DateField(_("since"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        ordering = ("ended_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(code__in=sorted(ENDINGS)), name="ending_is_known"
            ),
            models.CheckConstraint(
                condition=Q(code="completed") | ~Q(reason=""),
                name="ending_has_a_reason",
                violation_error_message=_("Give the reason, in the person's words."),
            ),
            models.UniqueConstraint(
                fields=["participant", "code"], name="ending_once_a_participant"
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant} {self.code}"


class ContactAttempt(models.Model):
    """An attempt to reach a participant who did not come."""

    class Way(models.TextChoices):
        TELEPHONE = "telephone", _("telephone")
        MESSAGE = "message", _("message")
        LETTER = "letter", _("letter")
        CONTACT_PERSON = "contact", _("through the contact person")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="contact_attempts"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("way"), max_length=9, choices=Way.choices)
    tried_at = models.DateTimeField(_("tried at"))
    outcome = models.CharField(_("what came of it"), max_length=200)
    tried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("tried_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(way__in=["telephone", "message", "letter", "contact"]),
                name="contact_way_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=""), name="contact_says_what_came_of_it"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tried_at:%Y-%m-%d} {self.way}"
