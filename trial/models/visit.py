"""Visits: planned by the protocol, attended or missed by people."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.models.participant import Participant

UNSCHEDULED = "extra"


class Visit(models.Model):
    """One planned visit of a participant. `visit_type` is a code of the protocol.

    The window is kept as the protocol gave it when it was last planned: instants for
    24-h ratings, whole local days (first to last instant) for the others.

    An unscheduled visit has a code that begins with "extra", the instruments that were
    chosen for it, and the reason why it takes place.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ATTENDED = "attended", _("attended")
        MISSED = "missed", _("missed")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="visits"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="visits")
    visit_type = models.CharField(_("visit"), max_length=16)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    window_opens = models.DateTimeField(_("window opens"), null=True, blank=True)
    window_closes = models.DateTimeField(_("window closes"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.PLANNED
    )
    attended_at = models.DateTimeField(_("attended at"), null=True, blank=True)
    missed_reason = models.CharField(_("reason"), max_length=200, blank=True)
    instruments = models.JSONField(_("instruments"), default=list, blank=True)
    unscheduled_reason = models.CharField(
        _("why unscheduled"), max_length=200, blank=True
    )

    class Meta:
        ordering = ("window_opens", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "visit_type"], name="visit_once_a_type"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", attended_at=None, missed_reason="")
                | Q(state="attended", attended_at__isnull=False, missed_reason="")
                | (Q(state="missed", attended_at=None) & ~Q(missed_reason="")),
                name="visit_facts_go_with_its_state",
                violation_error_message=_(
                    "An attended visit has its time, a missed one its reason."
                ),
            ),
            models.CheckConstraint(
                condition=Q(window_opens=None, window_closes=None)
                | Q(window_closes__gte=F("window_opens")),
                name="visit_window_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=(
                    Q(visit_type__startswith=UNSCHEDULED) & ~Q(unscheduled_reason="")
                )
                | (
                    ~Q(visit_type__startswith=UNSCHEDULED)
                    & Q(unscheduled_reason="", instruments=[])
                ),
                name="visit_unscheduled_has_a_reason",
                violation_error_message=_("An unscheduled visit has its reason."),
            ),
        )
        indexes = (
            models.Index(fields=["site", "state", "window_opens"], name="visit_due"),
        )

    def __str__(self) -> str:
        return f"{self.participant} {self.visit_type}"

    @property
    def is_unscheduled(self) -> bool:
        return self.visit_type.startswith(UNSCHEDULED)

    def attend(self, at: datetime) -> None:
        """The participant came; the first thing done at the visit says when."""
        if self.state != self.State.ATTENDED:
            self.state, self.attended_at = self.State.ATTENDED, at
            self.missed_reason = ""
            self.save()

    def mark_missed(self, reason: str) -> None:
        """The participant did not come; ValidationError without a reason."""
        self.state, self.attended_at = self.State.MISSED, None
        self.missed_reason = reason.strip()[:200]
        self.full_clean()
        self.save()
