"""A deviation from the protocol: one log, whether a person or the system notices."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.models.participant import Participant


class Deviation(models.Model):
    """What was not as the protocol asks. Without `recorded_by` the system noticed it.

    `about` is the visit, infusion or consent that it concerns, where there is one. The
    investigator's acknowledgement is a signature on the row. One that was recorded in
    error is voided with its reason and stays in the log.
    """

    class Kind(models.TextChoices):
        WINDOW = "window", _("outside its window")
        DOSE = "dose", _("dose")
        PROCEDURE = "procedure", _("procedure not done or done otherwise")
        SPECIMEN = "specimen", _("specimen")
        CONSENT = "consent", _("consent")
        ELIGIBILITY = "eligibility", _("eligibility")
        INFUSION_LIMIT = "infusion_limit", _("limit of an infusion")
        OTHER = "other", _("other")

    class Severity(models.TextChoices):
        MINOR = "minor", _("minor")
        MAJOR = "major", _("major")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="deviations"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="deviations")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    severity = models.CharField(
        _("severity"),
        max_length=5,
        choices=Severity.choices,
        default=Severity.MINOR,
    )
    text = models.CharField(_("what happened"), max_length=500)
    happened_at = models.DateTimeField(_("happened at"))
    about_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    about_id = models.BigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    done = models.CharField(_("what was done"), max_length=500, blank=True)
    ethics_reported_on = models.DateField(
        _("reported to the ethics committee on"), null=True, blank=True
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    void_reason = models.CharField(
        _("why it is no deviation"), max_length=200, blank=True
    )

    class Meta:
        ordering = ("-happened_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "window",
                        "dose",
                        "procedure",
                        "specimen",
                        "consent",
                        "eligibility",
                        "infusion_limit",
                        "other",
                    ]
                ),
                name="deviation_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["minor", "major"]),
                name="deviation_severity_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="deviation_says_what_happened",
                violation_error_message=_("Say what happened."),
            ),
            models.CheckConstraint(
                condition=Q(about_type=None, about_id=None)
                | Q(about_type__isnull=False, about_id__isnull=False),
                name="deviation_about_is_whole",
            ),
            models.UniqueConstraint(
                fields=["kind", "about_type", "about_id"],
                condition=Q(recorded_by=None),
                name="deviation_of_the_system_once",
            ),
        )
        indexes = (
            models.Index(fields=["site", "-happened_at"], name="deviation_of_site"),
        )

    def __str__(self) -> str:
        return f"{self.participant} {self.kind}"
